"""What a processor paid out, found again in the bank: a transfer between own accounts, and no sale."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from executive_suite.adopt import merging
from executive_suite.adopt.charting import HIDDEN
from executive_suite.adopt.classify import Kind
from executive_suite.adopt.kept import Kept, Row

CLEARING = "clearing"
"""Subtype of the account on which a processor's payouts wait for the bank."""
_LATEST = timedelta(days=10)
"""How long a payout takes to the bank at most, holidays included."""


def answered(kept: Kept, entity: str, kinds: Mapping[str, Kind]) -> int:
    """Book money received in the bank, whose other side nobody told, against the payout of that amount just before.

    Args:
        kept: Its lines are booked where they wait.
        entity: Whose.
        kinds: The chart.

    Returns:
        How many lines were booked.
    """
    clearing = {account for account, kind in kinds.items() if kind.subtype == CLEARING}
    held = merging.held(row for row in kept.rows("ledger") if row["entity_id"] == entity) if clearing else []
    waiting = sorted(
        (one.day, cents, account) for one in held for account, cents, _ in one.money[1] if account in clearing
    )
    open_ = [one for one in waiting if one[1] > 0]
    for day, cents, account in waiting:
        if cents < 0:
            _taken(open_, day, -cents, account)
    count = 0
    for one in sorted(held, key=lambda one: one.day):
        row = _received(list(one.rows.values()))
        payout = _taken(open_, one.day, -int(row["amount_cents"])) if row is not None else ""
        if row is not None and payout:
            row["account"] = payout
            count += 1
    return count


def _received(rows: list[Row]) -> Row | None:
    """The hidden side of a transaction that is one line of a bank, money received; None if it is anything else."""
    lines = [row for row in rows if row["amount_cents"] != "0"]
    hidden = [row for row in lines if row["account"] == HIDDEN and int(row["amount_cents"]) < 0]
    return hidden[0] if len(lines) == 2 and len(hidden) == 1 else None  # noqa: PLR2004 - the bank and the other side


def _taken(open_: list[tuple[date, int, str]], day: date, cents: int, account: str = "") -> str:
    """Take the payout of an amount that came latest before a day off the list; its account, empty if there is none."""
    for one in reversed(open_):
        if one[1] == cents and one[0] <= day <= one[0] + _LATEST and account in {"", one[2]}:
            open_.remove(one)
            return one[2]
    return ""
