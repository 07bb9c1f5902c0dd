"""Proof: what was read, against what the files themselves say."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from executive_suite.adopt.charting import Charted
from executive_suite.adopt.entities import Entity
from executive_suite.adopt.kept import Kept, Row
from executive_suite.adopt.reading import Measure, Reading, Total
from executive_suite.adopt.settings import FISCAL
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.period import Month

_OWN = frozenset({"debits", "credits"})
_OF_ACCOUNTS = frozenset({"balance", "change", "statement"})
OWED = {"receivables": "receivable", "payables": "payable"}
"""What is owed, to the subtype of the accounts that hold it."""
_TYPES = {"revenue": {"revenue"}, "expenses": {"expense"}, "profit": {"revenue", "expense"}}
SHOWN = {"cash_balance": "cash", "revenue": "revenue", "expenses": "expenses", "net_income": "profit"}
"""What is shown of a month, by metric."""
MONTHS = 3
_MONTH = len("2025-01")


@dataclass(frozen=True, slots=True)
class Check:
    """One figure that a file states, and what was read comes to.

    Attributes:
        file: Which file.
        row: Where it states it; 0 if that is not known.
        what: The figure, in words.
        told: As the file states it.
        ours: What was read comes to.
        of_itself: Whether it sums the file's own rows, so that a difference is a misreading.
        measure: Of the total.
    """

    file: str
    row: int
    what: str
    told: Decimal
    ours: Decimal
    of_itself: bool = False
    measure: Measure | Literal[""] = ""

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


def balances_at(kept: Kept, entity: str, day: date) -> Mapping[str, int]:
    """Cents on each account of an entity at the end of a day, debit positive; an account without any is left out."""
    last, found = day.isoformat(), Counter[str]()
    for row in latest(kept):
        if row["entity_id"] == entity and row["date"] <= last:
            found[row["account"]] += int(row["amount_cents"])
    return found


def checks(kept: Kept, chart: Charted, readings: Iterable[tuple[Entity, Reading]]) -> list[Check]:
    """Every total that a file states and that can be compared."""
    rows = latest(kept)
    year = int(next((row["value"] for row in kept.rows("param") if row["param"] == FISCAL), "1"))
    found = []
    for owner, reading in readings:
        own = [row for row in rows if row["entity_id"] == owner.entity_id]
        books = _Books(chart, owner, own, reading, year)
        for total in reading.totals:
            ours = books.sum_of(total)
            if ours is not None:
                found.append(
                    Check(
                        reading.file,
                        total.origin.row,
                        _what(total),
                        total.amount,
                        ours,
                        total.measure in _OWN,
                        total.measure,
                    )
                )
    return found


def _what(total: Total) -> str:
    about = f"{total.measure} of {total.account}" if total.account else total.measure
    return f"{about}, {total.begins} to {total.ends}" if total.begins else f"{about} at {total.ends}"


@dataclass(frozen=True, slots=True)
class _Books:
    """What was read of one entity, to compare with the totals of one file.

    Attributes:
        chart: The accounts.
        owner: The entity.
        rows: Its ledger as last known.
        reading: The file.
        year: First month of the fiscal year.
    """

    chart: Charted
    owner: Entity
    rows: list[Row]
    reading: Reading
    year: int

    def sum_of(self, total: Total) -> Decimal | None:
        """What was read comes to, in the currency's main unit; None if there is nothing to compare with."""
        if total.measure in _OWN:
            sign = 1 if total.measure == "debits" else -1
            amounts = [line.amount * sign for entry in self.reading.entries for line in entry.lines]
            return sum((amount for amount in amounts if amount > 0), Decimal()) if amounts else None
        if self.reading.named and total.account:  # one journal of several: its own part of the account
            lines = [line for entry in self.reading.entries for line in entry.lines if line.account == total.account]
            return sum((line.amount for line in lines), Decimal())
        if not self.rows:
            return None
        chosen = self._accounts(total)
        if not chosen and (total.measure in {"change", "statement"} or not (total.account or total.measure in OWED)):
            return None  # what the books do not have, and a file says is owed or on an account, is a difference
        begins = total.begins.isoformat() if total.begins else ""
        sign = -1 if total.measure in {"revenue", "profit", "payables"} else 1
        cents = sign * self._cents(chosen, begins, total.ends.isoformat())
        if total.measure == "balance":
            carried = self._carried(total, chosen)
            if carried is None:
                return None
            cents += carried
        return Decimal(cents) / 100

    def _accounts(self, total: Total) -> set[str]:
        """The accounts that a total is about: one with those below it, or those of a type."""
        used = {row["account"] for row in self.rows}
        if total.measure in _OF_ACCOUNTS:
            name = self.chart.key(self.owner.entity_id, total.account) if total.account else ""
            return {key for key in used if name and (key == name or key.startswith(f"{name}:"))}
        if total.measure in OWED:
            return {key for key in used if self.chart.kinds[key].subtype == OWED[total.measure]}
        return {key for key in used if self.chart.kinds[key].type in _TYPES[total.measure]}

    def _cents(self, accounts: Collection[str], begins: str, ends: str) -> int:
        return sum(
            int(row["amount_cents"])
            for row in self.rows
            if row["account"] in accounts and begins <= row["date"] <= ends
        )

    def _carried(self, total: Total, accounts: Collection[str]) -> int | None:
        """What the file's program carries over the end of a year: profit goes from its accounts to retained earnings.

        None where the records do not go back to the year's first day.
        """
        known = accounts or {self.chart.key(self.owner.entity_id, total.account)} & self.chart.kinds.keys()
        kinds = {self.chart.kinds[key] for key in known}
        profit = bool(kinds) and {kind.type for kind in kinds} <= {"revenue", "expense"}
        retained = any(kind.subtype == "retained_earnings" for kind in kinds)
        if not profit and not retained:
            return 0
        months_back = (total.ends.month - self.year) % 12
        first = (Month.of(total.ends) + -months_back).first.isoformat()
        if min(row["date"] for row in self.rows) > first and self.reading.kind == "totals":
            return None
        if profit:
            opening = [one.opening for one in self.reading.accounts if one.name == total.account and one.opening]
            if opening and self.reading.begins:
                return int(opening[0] * 100) - self._cents(accounts, "", _before(self.reading.begins))
            return -self._cents(accounts, "", _before(date.fromisoformat(first)))
        gained = {key for key, kind in self.chart.kinds.items() if kind.type in {"revenue", "expense"}}
        return self._cents(gained, "", _before(date.fromisoformat(first)))


def _before(day: date) -> str:
    return (day - timedelta(days=1)).isoformat()


def months(facts: Iterable[Fact], names: Mapping[str, str]) -> Iterator[str]:
    """Cash, revenue, expenses and profit of the last three months: of the group, and of each company of several.

    A month that is not over is one of them, and says so.

    Args:
        facts: Of the group.
        names: Entity to its name.
    """
    by: dict[tuple[str, str], dict[str, Fact]] = defaultdict(dict)
    for fact in facts:
        if fact.metric_id in SHOWN and not fact.dimensions:
            by[fact.entity_id, fact.period[:_MONTH]].setdefault(fact.metric_id, fact)
    days = {fact.period for fact in facts if fact.metric_id == "cash_balance" and not fact.monthly}
    over = {period for _, period in by} - {day[:_MONTH] for day in days if day.endswith("-01")}
    last = sorted(over)[-MONTHS:]
    one = len({entity for entity, _ in by} - {GROUP}) == 1
    if last:
        yield f"{'':<24}{'month':<16}" + "".join(f"{word:>16}" for word in SHOWN.values())
    for (entity, month), own in sorted(by.items(), key=lambda item: (item[0][0] == GROUP, item[0])):
        if month in last and not (one and entity != GROUP):
            so_far = " (so far)" if month in {day[:_MONTH] for day in days} else ""
            figures = "".join(f"{_figure(own.get(metric)):>16}" for metric in SHOWN)
            yield f"{names.get(entity, entity)[:22]:<24}{month + so_far:<16}{figures}"


def _figure(fact: Fact | None) -> str:
    return "n/a" if fact is None or not isinstance(fact.value, int) else f"{Decimal(fact.value) / 100:,.2f}"
