"""The path of cash: pure arithmetic from cash now and dated items to balances by week and month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from executive_suite.facts.cash_path import WEEKS
from executive_suite.metrics.cut import months_between
from executive_suite.period import Month, months_later

Kind = Literal["lease", "contract", "receivable", "booking", "takings", "payable", "run_rate", "tax", "debt", "capital"]

MONTHS = 12
WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Item:
    """Cash that comes or goes on a day.

    Attributes:
        day: When.
        cents: In (positive) or out (negative).
        kind: What it comes from.
        entity_id: Whose.
        key: The row or account behind it: an id of its table.
    """

    day: date
    cents: int
    kind: Kind
    entity_id: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Days that one step of the path covers, both included; ``by`` week (ISO) or month, and its label."""

    by: Literal["week", "month"]
    label: str
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the path, cents.

    Attributes:
        span: Its days.
        opening: Cash at its beginning.
        kinds: Cash received (line receipts) or paid (line payments, positive), by line and kind.
    """

    span: Span
    opening: int
    kinds: Mapping[tuple[str, Kind], int]

    def line(self, name: str) -> int:
        """All receipts, or all payments, of the step."""
        return sum(cents for (line, _), cents in self.kinds.items() if line == name)

    @property
    def closing(self) -> int:
        """Cash at its end."""
        return self.opening + self.line("receipts") - self.line("payments")


TABLES: Mapping[Kind, str] = {
    "lease": "lease",
    "contract": "client_contract",
    "receivable": "invoice",
    "payable": "invoice",
    "booking": "booking",
}
"""Where the rows of dated items are."""


def rows_of(items: Iterable[Item], within: Span) -> Mapping[str, tuple[str, ...]]:
    """The keys of the rows that date items within some days, by table; empty for tables that date none of them."""
    found: dict[str, dict[str, None]] = {table: {} for table in TABLES.values()}
    for item in items:
        if item.kind in TABLES and within.starts <= item.day <= within.ends:
            found[TABLES[item.kind]][item.key] = None
    return {table: tuple(keys) for table, keys in found.items()}


def horizon(first: date) -> date:
    """The last day of the path: twelve months ahead.

    >>> horizon(date(2026, 5, 1)).isoformat()
    '2027-04-30'
    """
    return months_later(first, MONTHS) - timedelta(days=1)


def spans(first: date) -> tuple[Span, ...]:
    """Thirteen ISO weeks (the first begins on ``first``, the others on Mondays), then months to the horizon.

    >>> found = spans(date(2026, 5, 1))
    >>> [(span.label, span.ends.isoformat()) for span in (found[0], found[12], found[13], found[-1])]
    [('2026-W18', '2026-05-03'), ('2026-W30', '2026-07-26'), ('2026-07', '2026-07-31'), ('2027-04', '2027-04-30')]
    """
    found: list[Span] = []
    starts, last = first, horizon(first)
    for _ in range(WEEKS):
        ends = starts + timedelta(days=WEEK_DAYS - starts.isoweekday())
        year, number, _ = starts.isocalendar()
        found.append(Span("week", f"{year}-W{number:02d}", starts, ends))
        starts = ends + timedelta(days=1)
    while starts <= last:
        month = Month.of(starts)
        ends = min(last, (month + 1).first - timedelta(days=1))
        found.append(Span("month", str(month), starts, ends))
        starts = ends + timedelta(days=1)
    return tuple(found)


def month_ends(first: date) -> dict[Month, date]:
    """The last day of each month of the path, the horizon where that comes sooner.

    >>> found = month_ends(date(2026, 5, 15))
    >>> [day.isoformat() for day in (*found.values(),)][::12]
    ['2026-05-31', '2027-05-14']
    """
    last = horizon(first)
    return {month: min(last, (month + 1).first - timedelta(days=1)) for month in months_between(first, Month.of(last))}


def steps(cash: int, items: Iterable[Item], within: Sequence[Span]) -> tuple[Step, ...]:
    """The path: each step opens with what the one before closes with; items outside the spans are left out.

    >>> items = [Item(date(2026, 5, 2), 500, "lease", "a"), Item(date(2026, 5, 4), -200, "run_rate", "a")]
    >>> [(step.span.label, step.closing) for step in steps(1_000, items, spans(date(2026, 5, 1))[:2])]
    [('2026-W18', 1500), ('2026-W19', 1300)]
    """
    sums: dict[date, dict[tuple[str, Kind], int]] = defaultdict(lambda: defaultdict(int))
    ends = [span.ends for span in within]
    place = {span.starts + timedelta(days=n): span.ends for span in within for n in range(_days(span))}
    for item in items:
        if item.day in place and item.cents:
            line = "receipts" if item.cents > 0 else "payments"
            sums[place[item.day]][line, item.kind] += abs(item.cents)
    found: list[Step] = []
    opening = cash
    for span, end in zip(within, ends, strict=True):
        found.append(Step(span, opening, dict(sorted(sums[end].items()))))
        opening = found[-1].closing
    return tuple(found)


def _days(span: Span) -> int:
    return (span.ends - span.starts).days + 1


def daily(items: Iterable[Item]) -> dict[date, int]:
    """The net of all items by day."""
    found: dict[date, int] = defaultdict(int)
    for item in items:
        found[item.day] += item.cents
    return found


def first_below(cash: int, moves: Mapping[date, int], level: int, first: date, last: date) -> date | None:
    """The first day at whose end cash is below a level; None if that does not happen by ``last``.

    >>> moves = {date(2026, 5, 2): -600, date(2026, 5, 3): 400, date(2026, 5, 9): -900}
    >>> first_below(1_000, moves, 0, date(2026, 5, 1), date(2026, 5, 31))
    datetime.date(2026, 5, 9)
    """
    for day in sorted(moves):
        if first <= day <= last:
            cash += moves[day]
            if cash < level:
                return day
    return None
