"""Beancount journals, read by beancount's own library, in a process of its own.

A journal is a program: plugins are code, options change where it comes from, and a cache next to the file is a pickle.
So what a journal asks for is looked at first, and then read without our environment, by ``python -m`` of this module.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from executive_suite import canonical
from executive_suite.sources import confined, included
from executive_suite.sources.postings import Account, Journal, Posting, Price, Transaction, bounded, refused

if TYPE_CHECKING:
    from beancount.core import data

UNTITLED = "Beancount"
"""The title of a journal that states none."""

_ROOT = Path(__file__).parents[2]


def read(path: Path) -> Journal:
    """A journal as beancount reads it; beancount's own errors become faults."""
    if faults := included.beancount(path):
        return Journal((), (), tuple(faults))
    # Without our variables; the cache of beancount is a pickle next to the journal, which anyone may have put there.
    # And without its cache, beancount removes one that it finds, which is not ours to remove.
    nowhere = "/nonexistent/{filename}"
    environment = {
        "PYTHONPATH": str(_ROOT),
        "BEANCOUNT_DISABLE_LOAD_CACHE": "1",
        "BEANCOUNT_LOAD_CACHE_FILENAME": nowhere,
    }
    done = confined.run([sys.executable, "-B", "-P", "-m", __name__, str(path)], environment, reads=path)
    if done.complaint:
        last = done.complaint.rpartition("Error: ")[2]
        return Journal((), (), (refused(path.name, 0, last, "beancount", "bean-check"),))
    return bounded(_restored(json.loads(done.printed)))


def _restored(record: dict[str, Any]) -> Journal:
    """The journal that ``_print`` wrote."""
    found: Journal = canonical.restored(Journal, record)
    exact = tuple(
        replace(entry, postings=tuple(replace(one, amount=Decimal(str(one.amount))) for one in entry.postings))
        for entry in found.transactions
    )
    prices = tuple(replace(one, rate=Decimal(str(one.rate))) for one in found.prices)
    balances = {name: Decimal(str(amount)) for name, amount in found.balances.items()}
    return replace(found, transactions=exact, prices=prices, balances=balances, files=tuple(map(Path, found.files)))


def loaded(path: Path) -> Journal:
    """A journal as the library reads it, in this process."""
    from beancount import loader
    from beancount.core import data

    loader.initialize(use_cache=False)
    entries, errors, options = loader.load_file(str(path))
    roots = (options[f"name_{root}"] for root in ("assets", "liabilities", "equity", "income", "expenses"))
    kinds = dict(zip(roots, ("asset", "liability", "equity", "revenue", "expense"), strict=True))
    opened: dict[str, Account] = {}
    transactions = []
    held: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if isinstance(entry, data.Open):
            kind = kinds[entry.account.partition(":")[0]]
            opened[entry.account] = Account(entry.account, kind, row=entry.meta["lineno"], tags=_tags(entry.meta))
        elif isinstance(entry, data.Transaction):
            transactions.append(_transaction(entry))
            for posting in entry.postings:
                if posting.units is not None:
                    held[posting.account].add(posting.units.currency)
    faults = []
    for error in errors:
        place = error.source or {}
        # An error without a line, such as a missing plugin, has no place, or the loader's own name.
        file = Path(place.get("filename", path))
        name = file.name if file.is_file() else path.name
        faults.append(refused(name, int(place.get("lineno", 0)), error.message, "beancount", "bean-check"))
    names = [replace(opened[name], held=tuple(sorted(held[name]))) for name in sorted(opened)]
    return Journal(
        tuple(transactions),
        tuple(names),
        tuple(faults),
        tuple(map(Path, options["include"])),
        title="" if options["title"] == UNTITLED else options["title"],
        currency=next(iter(options["operating_currency"]), ""),
        prices=(*_paid(entries), *_stated(entries)),
        balances=_balances(entries),
    )


def _balances(entries: data.Directives) -> dict[str, Decimal]:
    from beancount.core import realization

    found = {}
    for account in realization.iter_children(realization.realize(entries)):  # type: ignore[no-untyped-call] # untyped
        positions = account.balance.get_positions()
        if len(positions) <= 1 and all(position.cost is None for position in positions):
            found[account.account] = positions[0].units.number if positions else Decimal(0)
    return found


def _paid(entries: data.Directives) -> Iterator[Price]:
    from beancount.core import data
    from beancount.core.amount import Amount
    from beancount.core.position import Cost

    for entry in data.filter_txns(entries):
        for posting in entry.postings:
            paid = posting.price if posting.price is not None else posting.cost
            if posting.units is not None and isinstance(paid, Amount | Cost) and paid.number is not None:
                yield Price(entry.date, posting.units.currency, paid.number, paid.currency)


def _stated(entries: data.Directives) -> Iterator[Price]:
    from beancount.core import data

    for entry in entries:
        if isinstance(entry, data.Price) and entry.amount.number is not None:
            yield Price(entry.date, entry.currency, entry.amount.number, entry.amount.currency)


def _transaction(entry: data.Transaction) -> Transaction:
    from beancount.core import convert

    postings = []
    for posting in entry.postings:
        weight = convert.get_weight(posting)  # type: ignore[no-untyped-call] # untyped in beancount
        row = (posting.meta or {}).get("lineno") or entry.meta["lineno"]
        postings.append(Posting(posting.account, weight.number, weight.currency, row, _tags(posting.meta or {})))
    memo = " | ".join(part for part in (entry.payee, entry.narration) if part)
    return Transaction(entry.date, memo, Path(entry.meta["filename"]).name, tuple(postings), _tags(entry.meta))


def _tags(meta: Mapping[str, Any]) -> dict[str, str]:
    return {name: value for name, value in meta.items() if isinstance(value, str) and name != "filename"}


if __name__ == "__main__":
    json.dump(asdict(loaded(Path(sys.argv[1]))), sys.stdout, default=str)
