"""Opening balances: what accounts had before the first entry, on the day before, against equity."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from executive_suite.adopt import charting
from executive_suite.adopt.charting import Charted
from executive_suite.adopt.entities import Entity
from executive_suite.adopt.kept import Kept, Row
from executive_suite.adopt.proof import balance_at
from executive_suite.adopt.reading import NotReadableError, Reading

_ONE = re.compile(r":opening-(\d{4}-\d\d-\d\d)$")


def is_one(row: Row) -> bool:
    """Whether a line of the ledger is an opening balance that was read as a balance, not as an entry."""
    return _ONE.search(row["txn_id"]) is not None


def opened(kept: Kept, chart: Charted, owner: Entity, reading: Reading) -> Iterator[str]:
    """Post the balances before a file's first day, for the accounts whose books begin with it.

    A balance before the first day of books that are kept already is compared, and not posted again; one before an
    earlier day takes the place of a later one.

    Yields:
        What a person must know of it, one sentence each.

    Raises:
        NotReadableError: a balance is not in whole cents.
    """
    begins = min(filter(None, (reading.begins, *(entry.day for entry in reading.entries))), default=None)
    balances = [(one, one.opening) for one in reading.accounts if one.opening is not None]
    if not balances or begins is None:
        return
    day = begins - timedelta(days=1)
    own = [row for row in kept.rows("ledger") if row["entity_id"] == owner.entity_id]
    posted = {row["account"]: row for row in own if is_one(row) and row["account"] != charting.OPENING}
    first = {row["account"]: row["date"] for row in sorted(own, key=lambda row: row["date"], reverse=True)}
    new: dict[str, Row] = {}
    for account, balance in balances:
        key = chart.key(owner.entity_id, account.name)
        if (balance * 100) % 1:
            msg = f"{reading.file}: the opening balance of {key}, {balance}, is not in whole cents"
            raise NotReadableError(msg)
        if first.get(key, "9") <= day.isoformat():
            yield from _compared(kept, owner, reading, key, balance, day)
        elif balance:
            new[key] = _row(owner, key, int(balance * 100), day.isoformat(), reading.file)
    if new:
        yield from _posted(kept, chart, owner, {**posted, **new}, reading.file)


def _compared(kept: Kept, owner: Entity, reading: Reading, account: str, balance: Decimal, day: date) -> Iterator[str]:
    ours = Decimal(balance_at(kept, owner.entity_id, {account}, day)) / 100
    if ours != balance:
        yield (
            f"{reading.file}: says that {account} had {balance:,.2f} at the end of {day}; "
            f"what was read before comes to {ours:,.2f}"
        )


def _posted(kept: Kept, chart: Charted, owner: Entity, lines: dict[str, Row], file: str) -> Iterator[str]:
    """Post all opening balances of an entity, one transaction a day; what they do not sum to is equity."""
    ledger = kept.rows("ledger")
    ledger[:] = [row for row in ledger if row["entity_id"] != owner.entity_id or not is_one(row)]
    by_day: dict[str, list[Row]] = defaultdict(list)
    for row in lines.values():
        by_day[row["date"]].append(row)
    for day, own in sorted(by_day.items()):
        if rest := -sum(int(row["amount_cents"]) for row in own):
            equity = charting.opening_account(kept, chart, file)
            own.append(_row(owner, equity, rest, day, file))
            yield (
                f"{owner.name}: the opening balances of {day} leave {Decimal(-rest) / 100:,.2f} {owner.currency}, "
                f"which is kept as equity ({equity})"
            )
        key = f"{owner.entity_id}:opening-{day}"
        ledger += ({**row, "txn_id": key, "line": str(number)} for number, row in enumerate(own, 1))


def _row(owner: Entity, account: str, cents: int, day: str, file: str) -> Row:
    return {
        "date": day,
        "entity_id": owner.entity_id,
        "account": account,
        "amount_cents": str(cents),
        "currency": owner.currency,
        "memo": "Opening balance",
        "source_file": file,
    }
