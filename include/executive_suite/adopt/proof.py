"""Proof: what was read, against what the files themselves say."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from executive_suite.adopt.charting import Charted
from executive_suite.adopt.entities import Entity
from executive_suite.adopt.kept import Kept, Row
from executive_suite.adopt.reading import Reading, Total


@dataclass(frozen=True, slots=True)
class Check:
    """One figure that a file states, and what was read comes to."""

    file: str
    row: int
    what: str
    told: Decimal
    ours: Decimal

    @property
    def agrees(self) -> bool:
        """Whether both are one figure."""
        return self.told == self.ours


def latest(kept: Kept) -> list[Row]:
    """The lines of the ledger as last known."""
    found: dict[tuple[str, str], Row] = {}
    for row in kept.rows("ledger"):
        key = row["txn_id"], row["line"]
        if key not in found or row.get("recorded_at", "") >= found[key].get("recorded_at", ""):
            found[key] = row
    return list(found.values())


def balance_at(kept: Kept, entity: str, accounts: Collection[str], day: date) -> int:
    """Cents on some accounts of an entity at the end of a day, debit positive."""
    last = day.isoformat()
    return sum(
        int(row["amount_cents"])
        for row in latest(kept)
        if row["entity_id"] == entity and row["account"] in accounts and row["date"] <= last
    )


def checks(kept: Kept, chart: Charted, readings: Iterable[tuple[Entity, Reading]]) -> list[Check]:
    """Every total that a file states and that can be compared."""
    rows = latest(kept)
    found = []
    for owner, reading in readings:
        own = [row for row in rows if row["entity_id"] == owner.entity_id]
        for total in reading.totals:
            ours = _ours(total, own, chart, owner, reading)
            if ours is not None:
                found.append(Check(reading.file, total.origin.row, _what(total), total.amount, ours))
    return found


def _what(total: Total) -> str:
    about = f"{total.measure} of {total.account}" if total.account else total.measure
    return f"{about}, {total.begins} to {total.ends}" if total.begins else f"{about} at {total.ends}"


def _ours(total: Total, own: list[Row], chart: Charted, owner: Entity, reading: Reading) -> Decimal | None:
    """What was read comes to, in the currency's main unit; None if there is nothing to compare with."""
    if total.measure in {"debits", "credits"}:
        if not reading.entries:
            return None
        sign = 1 if total.measure == "debits" else -1
        amounts = (line.amount * sign for entry in reading.entries for line in entry.lines)
        return sum((amount for amount in amounts if amount > 0), Decimal())
    begins = total.begins.isoformat() if total.begins else ""
    within = [row for row in own if begins <= row["date"] <= total.ends.isoformat()]
    if total.measure in {"balance", "change", "statement"}:
        name = chart.key(owner.entity_id, total.account) if total.account else ""
        if not name:
            return None
        there = {key for key in chart.kinds if key == name or key.startswith(f"{name}:")}
        if not there & {row["account"] for row in own}:
            return None
        return Decimal(sum(int(row["amount_cents"]) for row in within if row["account"] in there)) / 100
    if not own:
        return None
    types = {"revenue": {"revenue"}, "expenses": {"expense"}, "profit": {"revenue", "expense"}}[total.measure]
    sign = 1 if total.measure == "expenses" else -1
    chosen = [row for row in within if chart.kinds[row["account"]].type in types]
    return Decimal(sign * sum(int(row["amount_cents"]) for row in chosen)) / 100
