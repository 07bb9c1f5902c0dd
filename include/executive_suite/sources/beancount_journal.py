"""Beancount journals, read by beancount's own library."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from beancount import loader
from beancount.core import convert, data

from executive_suite.sources.postings import Account, Journal, Posting, Transaction, refused


def read(path: Path) -> Journal:
    """A journal as beancount reads it; beancount's own errors become faults."""
    entries, errors, options = loader.load_file(str(path))
    roots = (options[f"name_{root}"] for root in ("assets", "liabilities", "equity", "income", "expenses"))
    kinds = dict(zip(roots, ("asset", "liability", "equity", "revenue", "expense"), strict=True))
    opened: dict[str, Account] = {}
    transactions = []
    for entry in entries:
        if isinstance(entry, data.Open):
            kind = kinds[entry.account.partition(":")[0]]
            opened[entry.account] = Account(entry.account, kind, row=entry.meta["lineno"], tags=_tags(entry.meta))
        elif isinstance(entry, data.Transaction):
            transactions.append(_transaction(entry))
    faults = []
    for error in errors:
        place = error.source or {}
        # An error without a line, such as a missing plugin, has no place, or the loader's own name.
        file = Path(place.get("filename", path))
        name = file.name if file.is_file() else path.name
        faults.append(refused(name, int(place.get("lineno", 0)), error.message, "beancount", "bean-check"))
    names = [opened[name] for name in sorted(opened)]
    return Journal(tuple(transactions), tuple(names), tuple(faults), tuple(map(Path, options["include"])))


def _transaction(entry: data.Transaction) -> Transaction:
    postings = []
    for posting in entry.postings:
        weight = convert.get_weight(posting)  # type: ignore[no-untyped-call] # untyped in beancount
        row = (posting.meta or {}).get("lineno") or entry.meta["lineno"]
        postings.append(Posting(posting.account, weight.number, weight.currency, row, _tags(posting.meta or {})))
    memo = " | ".join(part for part in (entry.payee, entry.narration) if part)
    return Transaction(entry.date, memo, Path(entry.meta["filename"]).name, tuple(postings), _tags(entry.meta))


def _tags(meta: Mapping[str, Any]) -> dict[str, str]:
    return {name: value for name, value in meta.items() if isinstance(value, str) and name != "filename"}
