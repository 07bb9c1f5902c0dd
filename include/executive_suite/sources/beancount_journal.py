"""Beancount journals, read by beancount's own library."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from beancount import loader
from beancount.core import convert, data

from executive_suite.schema.quality import Fault, shown
from executive_suite.sources.journal import Account, Journal, Posting, Transaction


def read(path: Path) -> Journal:
    """What beancount makes of a journal; its own errors become faults."""
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
    faults = tuple(
        Fault(
            Path(error.source["filename"]).name,
            int(error.source["lineno"]),
            "",
            "",
            f"must be what beancount accepts ({shown(error.message)})",
            "correct the journal until bean-check is silent",
        )
        for error in errors
    )
    return Journal(tuple(transactions), tuple(opened[name] for name in sorted(opened)), faults)


def _transaction(entry: data.Transaction) -> Transaction:
    postings = []
    for posting in entry.postings:
        weight = convert.get_weight(posting)  # type: ignore[no-untyped-call] # beancount types this one not at all
        row = (posting.meta or {}).get("lineno") or entry.meta["lineno"]
        postings.append(Posting(posting.account, weight.number, weight.currency, row, _tags(posting.meta or {})))
    memo = " | ".join(part for part in (entry.payee, entry.narration) if part)
    return Transaction(entry.date, memo, Path(entry.meta["filename"]).name, tuple(postings), _tags(entry.meta))


def _tags(meta: Mapping[str, Any]) -> dict[str, str]:
    return {name: value for name, value in meta.items() if isinstance(value, str) and name != "filename"}
