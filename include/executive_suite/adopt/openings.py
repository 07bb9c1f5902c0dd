"""Opening balances: what accounts had before the first entry, on the day before, against equity."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from executive_suite.adopt import charting
from executive_suite.adopt.charting import Charted
from executive_suite.adopt.entities import Entity
from executive_suite.adopt.kept import ACCOUNTS, Kept, Row
from executive_suite.adopt.periods import period
from executive_suite.adopt.proof import balances_at
from executive_suite.adopt.reading import NotReadableError, Reading

UNKNOWN = "opening_unknown"
_ONE = re.compile(r":opening-(\d{4}-\d\d-\d\d)$")


def is_one(row: Row) -> bool:
    """Whether a line of the ledger is an opening balance that was read as a balance, not as an entry."""
    return _ONE.search(row["txn_id"]) is not None


Told = Mapping[tuple[str, str], int]
"""Day and account to the cents that a file stated."""


def told_before(kept: Kept, owner: Entity) -> Told:
    """The balances that files stated: what is kept comes to them, as long as nothing is added before their day."""
    rows = [row for row in kept.rows("ledger") if row["entity_id"] == owner.entity_id and is_one(row)]
    at = {day: balances_at(kept, owner.entity_id, date.fromisoformat(day)) for day in {row["date"] for row in rows}}
    return {
        (row["date"], row["account"]): at[row["date"]].get(row["account"], 0)
        for row in rows
        if row["account"] != charting.OPENING
    }


def opened(kept: Kept, chart: Charted, owner: Entity, reading: Reading, told: Told) -> Iterator[str]:
    """Post the balances before a file's first day, as far as what is kept does not come to them.

    Revenue and expenses have no balance before a period: what a ledger carries forward of them is the owners'. Where
    files cover the days before without a gap, a difference is named and nothing is posted.

    Args:
        kept: The folder, with the file's entries; not yet with the file itself.
        chart: The accounts.
        owner: Whose books.
        reading: The file.
        told: Balances that files stated before, of before the file's entries were added.

    Yields:
        What a person must know, one sentence each.

    Raises:
        NotReadableError: a balance is not in whole cents.
    """
    covers = period(reading)
    if covers is None:
        return
    day = covers[0] - timedelta(days=1)
    stated = _stated(chart, owner, reading)
    if reading.kind == "bank":
        yield from _levels(kept, chart, owner, reading, stated, day)
    new, ours = [], balances_at(kept, owner.entity_id, day)
    for account, cents in stated.items():
        left = cents - ours.get(account, 0)
        if left and _is_covered(kept, owner, reading, day):
            yield (
                f"{reading.file}: says that {account} had {_money(cents)} at the end of {day}; what was read before "
                f"comes to {_money(cents - left)}"
            )
        elif left:
            new.append(_row(owner, account, left, day.isoformat(), reading.file))
    if new:
        yield from _posted(kept, chart, owner, new, day, reading.file)
    yield from _followed(kept, chart, owner, reading, told)


def _levels(
    kept: Kept, chart: Charted, owner: Entity, reading: Reading, stated: Mapping[str, int], day_before: date
) -> Iterator[str]:
    """Mark the cash of a bank of which no file states a balance; once one does, it had the rest before its first line.

    Statements rarely say which days they cover, so that a gap between two of them does not show; it is named.

    Books are their own statement: what they hold is their cash. A bank's lines alone are only changes of it.
    """
    for key in dict.fromkeys(chart.key(owner.entity_id, one.name) for one in reading.accounts):
        rows = [row for row in kept.rows("account") if row["account"] == key and row["is_cash"] == "true"]
        lines = [row for row in kept.rows("ledger") if (row["account"], row["entity_id"]) == (key, owner.entity_id)]
        marked = any(row.get(UNKNOWN) == "true" for row in rows)
        first_seen = not any(is_one(row) or row["source_file"] != reading.file for row in lines)
        if key in stated and marked:
            day = date.fromisoformat(min(row["date"] for row in lines)) - timedelta(days=1)
            left = stated[key] - balances_at(kept, owner.entity_id, day_before).get(key, 0)
            yield from _posted(
                kept, chart, owner, [_row(owner, key, left, day.isoformat(), reading.file)], day, reading.file
            )
            if not _is_covered(kept, owner, reading, day_before):
                yield (
                    f"{reading.file}: if lines of {key} are missing before its first one, the cash of the days before "
                    "is wrong by them"
                )
        elif key not in stated and lines and first_seen and rows:
            yield (
                f"{reading.file}: states no balance of {key}, so that only the changes of its cash are known; cash is "
                "n/a until a statement with a balance is brought"
            )
        for row in rows:
            row[UNKNOWN] = "true" if key not in stated and (marked or (first_seen and lines)) else ""


def _money(cents: int) -> str:
    return f"{Decimal(cents) / 100:,.2f}"


def _stated(chart: Charted, owner: Entity, reading: Reading) -> dict[str, int]:
    """The balances that a file states, in cents, by account; without revenue and expenses."""
    found: dict[str, int] = {}
    for one in reading.accounts:
        key = chart.key(owner.entity_id, one.name)
        if one.opening is None or key not in chart.kinds or chart.kinds[key].type in {"revenue", "expense"}:
            continue
        if (one.opening * 100) % 1:
            msg = f"{reading.file}: the opening balance of {key}, {one.opening}, is not in whole cents"
            raise NotReadableError(msg)
        found[key] = found.get(key, 0) + int(one.opening * 100)
    return found


def _is_covered(kept: Kept, owner: Entity, reading: Reading, day: date) -> bool:
    """Whether files of the same books (or of the bank's accounts) that were read before cover a day."""
    accounts = {line.account for line in reading.bank_lines}
    return any(
        one.begins <= day.isoformat() <= one.ends
        for one in kept.files
        if one.entity_id == owner.entity_id
        and one.kind == reading.kind
        and one.begins
        and (not accounts or accounts & {*one.account.split(ACCOUNTS)})
    )


def _followed(kept: Kept, chart: Charted, owner: Entity, reading: Reading, told: Told) -> Iterator[str]:
    """Where a file goes further back than those before it, their opening balances follow from its entries.

    Within its days nothing is left of them; a difference is named. After a gap what moved in between is left.
    """
    ledger, covers = kept.rows("ledger"), period(reading)
    if covers is None:
        return
    kinds = {one.file: one.kind for one in kept.files}
    later = [
        row
        for row in ledger
        if row["entity_id"] == owner.entity_id
        and is_one(row)
        and row["date"] >= covers[0].isoformat()
        and kinds.get(row.get("source_file", "")) == reading.kind
    ]
    for day in sorted({row["date"] for row in later}):
        own = [row for row in later if row["date"] == day]
        ledger[:] = [row for row in ledger if not any(row is one for one in own)]
        last, left = date.fromisoformat(day), []
        balances = balances_at(kept, owner.entity_id, last)
        for row in own:
            cents = told.get((day, row["account"]), int(row["amount_cents"]))
            ours = balances.get(row["account"], 0)
            if row["account"] == charting.OPENING or cents == ours:
                continue
            if last <= covers[1]:
                yield (
                    f"{row['source_file']}: says that {row['account']} had {_money(cents)} at the end of {last}; "
                    f"{reading.file} comes to {_money(ours)}"
                )
            else:
                left.append({**row, "amount_cents": str(cents - ours)})
        yield from _posted(kept, chart, owner, left, last, own[0]["source_file"])


def _posted(kept: Kept, chart: Charted, owner: Entity, new: Sequence[Row], day: date, file: str) -> Iterator[str]:
    """Post balances as one transaction, next to those of that day; what they do not sum to is equity."""
    ledger, key = kept.rows("ledger"), f"{owner.entity_id}:opening-{day.isoformat()}"
    own = [row for row in ledger if row["txn_id"] == key and row["account"] != charting.OPENING]
    own += new
    ledger[:] = [row for row in ledger if row["txn_id"] != key]
    rest = -sum(int(row["amount_cents"]) for row in own)
    if rest:
        own.append(_row(owner, charting.opening_account(kept, chart, file), rest, day.isoformat(), file))
    ledger += ({**row, "txn_id": key, "line": str(number)} for number, row in enumerate(own, 1))
    if rest and new:
        yield (
            f"{owner.name}: the opening balances of {day} leave {_money(-rest)} {owner.currency}, which is kept as "
            f"equity ({charting.OPENING})"
        )


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
