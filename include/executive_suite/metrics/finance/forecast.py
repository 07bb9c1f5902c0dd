"""The 13-week cash forecast: cash now, receipts and payments that are due, week by week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure
from executive_suite.metrics.accounting import documents
from executive_suite.metrics.book.book import NEEDS, NEEDS_ACTIVITY, book
from executive_suite.metrics.book.chosen import balances
from executive_suite.metrics.cut import months_between
from executive_suite.metrics.finance.burn import run_rate
from executive_suite.metrics.finance.expected import Flow, payments_due, receipts_due
from executive_suite.metrics.finance.margins import DEPRECIATION
from executive_suite.metrics.finance.variance import budget_rows, counts_for_group
from executive_suite.metrics.finance.window import window
from executive_suite.metrics.registry import metric
from executive_suite.period import Month

WEEKS = 13
WEEKS_BACK = 4
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Week:
    """One week of the forecast, cents.

    Attributes:
        starts: First day that counts.
        ends: Sunday.
        payments: Cash out, positive.
    """

    starts: date
    ends: date
    opening: int
    receipts: int
    payments: int

    @property
    def label(self) -> str:
        """ISO week, ``YYYY-Www``."""
        return _label(self.starts)

    @property
    def closing(self) -> int:
        """Cash at its end."""
        return self.opening + self.receipts - self.payments


def weekly(cash: int, flows: Sequence[Flow], first: date, weeks: int = WEEKS) -> tuple[Week, ...]:
    """The forecast by ISO week; the first week begins on ``first``, the others on Mondays.

    >>> flows = [Flow(date(2026, 5, 4), 500), Flow(date(2026, 5, 1), -200)]
    >>> [(week.label, week.closing) for week in weekly(1_000, flows, date(2026, 5, 1), 2)]
    [('2026-W18', 800), ('2026-W19', 1300)]
    """
    found = []
    starts, opening = first, cash
    for _ in range(weeks):
        ends = starts + timedelta(days=7 - starts.isoweekday())
        inside = [flow.cents for flow in flows if starts <= flow.day <= ends]
        paid = -sum(cents for cents in inside if cents < 0)
        week = Week(starts, ends, opening, sum(inside) + paid, paid)
        found.append(week)
        starts, opening = ends + timedelta(days=1), week.closing
    return tuple(found)


def _label(day: date) -> str:
    """The ISO week of a day."""
    year, number, _ = day.isocalendar()
    return f"{year}-W{number:02d}"


def spread(cents: int, month: Month, first: date, last: date) -> Iterator[Flow]:
    """A month's payment spread over its days, exact in total; days outside ``first`` to ``last`` are left out.

    >>> sum(flow.cents for flow in spread(1_000, Month(2026, 2), date(2026, 2, 1), date(2026, 2, 28)))
    -1000
    """
    days = ((month + 1).first - month.first).days
    for number in range(days):
        day = month.first + timedelta(days=number)
        if first <= day <= last:
            yield Flow(day, -(cents * (number + 1) // days - cents * number // days))


@metric(
    "cash_forecast_13_week",
    "cash_forecast_low",
    needs={**NEEDS_ACTIVITY, **documents.NEEDS, "booking": ("booking_id", "status")},
)
def _forecast(context: Context) -> Iterator[Fact]:
    recent, cash = window(context), book(context).at_hand()
    about: dict[str, Any] = {
        "inputs": {"ledger": cash.lines, **{name: len(context.rows(name)) for name in ("invoice", "booking")}},
        "assumed": recent.assumed,
    }
    if recent.missing:
        names = ("cash_forecast_13_week", "cash_forecast_low")
        yield from context.facts(dict.fromkeys(names, recent.missing), **about)
        return
    first = context.report_date
    last = first + WEEKS * WEEK
    spent = run_rate(context)["gross_burn"].over(GROUP, recent.months).cents // len(recent.months)
    due = payments_due(context)
    flows = [*receipts_due(context, last), *due, *_running_costs(context, due, spent, last)]
    weeks = weekly(cash.cents, flows, first)
    for week in weeks:
        divided = about | {"week": week.label, "ends": week.ends.isoformat()}
        for line, cents in (("receipts", week.receipts), ("payments", week.payments), ("closing", week.closing)):
            yield context.fact("cash_forecast_13_week", Measure(cents), **divided, line=line)
    lowest = min(weeks, key=lambda week: week.closing)
    basis = "running costs as budgeted" if context.has("budget") else "running costs at the mean gross burn: no budget"
    when = f"in {lowest.label}, the week to {lowest.ends.isoformat()}"
    yield from context.facts(
        {
            "cash_forecast_13_week": Measure(weeks[-1].closing, reason=basis),
            "cash_forecast_low": Measure(lowest.closing, reason=when),
        },
        **about,
    )


def complete_weeks(report_date: date, count: int) -> tuple[date, ...]:
    """The Sundays of the latest ``count`` weeks that ended before a date, oldest first.

    >>> [day.isoformat() for day in complete_weeks(date(2026, 5, 1), 2)]
    ['2026-04-19', '2026-04-26']
    """
    last = report_date - timedelta(days=report_date.isoweekday())
    return tuple(last - back * WEEK for back in range(count - 1, -1, -1))


@metric("cash_week_end", needs=NEEDS)
def _week_ends(context: Context) -> Iterator[Fact]:
    weeks = complete_weeks(context.report_date, WEEKS_BACK)
    for ends, cash in balances(context, book(context).cash_accounts, weeks).items():
        yield cash.fact(context, "cash_week_end", week=_label(ends), ends=ends.isoformat())


def _running_costs(context: Context, due: Sequence[Flow], spent: int, last: date) -> Iterator[Flow]:
    """Costs that no payable covers yet: the budgeted expense, or the mean gross burn, less a month's payables."""
    planned = fixed_budget(context) if context.has("budget") else {}
    for month in months_between(context.report_date, Month.of(last)):
        covered = -sum(flow.cents for flow in due if Month.of(flow.day) == month)
        rest = max(0, planned.get(month, spent) - covered)
        yield from spread(rest, month, context.report_date, last)


def fixed_budget(context: Context) -> Mapping[Month, int]:
    """Budgeted expense of the group by month that does not depend on sales: not variable, not depreciation."""
    accounts = context.rows("account", "account", "type", "cost_behaviour", "subtype")
    fixed = {
        row.account
        for row in accounts
        if row.type == "expense" and row.cost_behaviour != "variable" and row.subtype not in DEPRECIATION
    }
    found: dict[Month, int] = defaultdict(int)
    for row in budget_rows(context):
        if row.account in fixed and counts_for_group(context, row):
            found[Month.of(row.month)] += row.amount_cents
    return found
