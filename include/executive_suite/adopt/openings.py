"""Opening balances: what accounts had before the first entry, on the day before, as equity until books say what it is."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from executive_suite.adopt import charting
from executive_suite.adopt.entities import Entity
from executive_suite.adopt.kept import Row
from executive_suite.adopt.reading import NotReadableError, Reading

if TYPE_CHECKING:
    from executive_suite.adopt.session import Session

_MARK = ":opening"


def is_one(row: Row) -> bool:
    """Whether a line of the ledger is an opening balance that was read as a balance, not as an entry."""
    return row["txn_id"].endswith(_MARK)


def opened(session: Session, owner: Entity, reading: Reading) -> None:
    """Post the balances before a file's first day, for the accounts whose books begin with it.

    A balance before the first day of books that are kept already is compared, and not posted again.

    Raises:
        NotReadableError: a balance is not in whole cents.
    """
    balances = {
        session.chart.key(owner.entity_id, one.name): one.opening for one in reading.accounts if one.opening is not None
    }
    begins = _begins(reading)
    if not balances or begins is None or reading.kind not in {"books", "bank"}:
        return
    day = begins - timedelta(days=1)
    ledger = session.kept.rows("ledger")
    own = [row for row in ledger if row["entity_id"] == owner.entity_id]
    there = {row["account"]: row for row in own if is_one(row)}
    new: dict[str, int] = {}
    for account, balance in balances.items():
        if balance * 100 != int(balance * 100):
            msg = f"{reading.file}: the opening balance of {account}, {balance}, is not in whole cents"
            raise NotReadableError(msg)
        earlier = any(row["account"] == account and row["date"] <= day.isoformat() for row in own)
        if account in there and there[account]["date"] > day.isoformat():
            new[account] = int(balance * 100)  # the file goes further back than those before
        elif account in there or earlier:
            _compare(session, owner, reading, account, balance, day)
        elif balance:
            new[account] = int(balance * 100)
    if new:
        _post(session, owner, reading, new, day)


def _begins(reading: Reading) -> date | None:
    days = [entry.day for entry in reading.entries]
    return min(filter(None, (reading.begins, *days)), default=None)


def _compare(session: Session, owner: Entity, reading: Reading, account: str, balance: Decimal, day: date) -> None:
    from executive_suite.adopt.proof import balance_at

    ours = balance_at(session.kept, owner.entity_id, [account], day)
    if ours != balance * 100:
        session.notes.append(
            f"{reading.file}: says that {account} had {balance:,.2f} at the end of {day}; "
            f"what was read before comes to {Decimal(ours) / 100:,.2f}"
        )


def _post(session: Session, owner: Entity, reading: Reading, new: dict[str, int], day: date) -> None:
    ledger = session.kept.rows("ledger")
    key = f"{owner.entity_id}{_MARK}"
    kept_ = {
        row["account"]: int(row["amount_cents"]) for row in ledger if row["txn_id"] == key and row["account"] not in new
    }
    file = {row["account"]: row for row in ledger if row["txn_id"] == key}
    ledger[:] = [row for row in ledger if row["txn_id"] != key]
    equity = charting.opening_account(session.kept, session.chart, reading.file)
    lines = {**kept_, **new}
    lines.pop(equity, None)
    lines[equity] = -sum(lines.values())
    for number, (account, amount) in enumerate(lines.items(), 1):
        was = file.get(account) if account not in new else None
        ledger.append(
            {
                "txn_id": key,
                "line": str(number),
                "date": day.isoformat() if was is None or account == equity else was["date"],
                "entity_id": owner.entity_id,
                "account": account,
                "amount_cents": str(amount),
                "currency": owner.currency,
                "memo": "Opening balance",
                "source_file": reading.file if was is None else was["source_file"],
                "source_row": "" if was is None else was.get("source_row", ""),
            }
        )
    if rest := lines[equity]:
        session.notes.append(
            f"{reading.file}: opening balances of {day} come to {Decimal(-rest) / 100:,.2f} {owner.currency}; "
            f"that is kept as equity, account {equity}"
        )
