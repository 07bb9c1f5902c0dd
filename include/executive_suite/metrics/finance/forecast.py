"""The 13-week cash forecast: cash now, what is due to come in and to go out, week by week."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from executive_suite.dataset.parameters import param
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure
from executive_suite.metrics.accounting import documents
from executive_suite.metrics.book.book import (
    NEEDS,
    NEEDS_ACTIVITY,
    Sum,
    as_month,
    book,
    cash_accounts,
    lines,
    month_index,
)
from executive_suite.metrics.finance.burn import burn, too_few, window
from executive_suite.metrics.finance.cash import balance
from executive_suite.metrics.finance.expected import Flow, payments_due, receipts_due
from executive_suite.metrics.finance.margins import DEPRECIATION
from executive_suite.metrics.finance.variance import latest_budget
from executive_suite.metrics.registry import metric
from executive_suite.period import Month

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

WEEKS = 13
WEEKS_BACK = 4
WEEK = timedelta(days=7)
DAY = timedelta(days=1)

FORECAST = Definition(
    "cash_forecast_13_week",
    "13-week cash forecast",
    "cents",
    "Cash now, plus open receivables by expected date (due date plus the usual delay; none over 90 days past due), "
    "balances of confirmed bookings less their variable cost on the day of service, rents and retainers on the first "
    "of a month, less open payables by due date and running costs (the month's budgeted expense that does not vary "
    "with sales; without a budget the mean gross burn), so far as no payable covers them, spread over its days. "
    "By ISO week from Monday, the first from the report date. Undivided: cash after 13 weeks.",
    "Treasury practice: direct method of receipts and disbursements",
    "higher",
)
LOW = Definition(
    "cash_forecast_low",
    "Lowest cash of the forecast",
    "cents",
    "The lowest week-end balance of the 13-week forecast; the reason names the week.",
    "Treasury practice: direct method of receipts and disbursements",
    "higher",
)


WEEK_END = Definition(
    "cash_week_end",
    "Cash at week end",
    "cents",
    "Cash balance at the end of each of the latest four complete ISO weeks: what an earlier forecast is measured by.",
    "Treasury practice: forecast against actual",
    "higher",
)


@dataclass(frozen=True, slots=True)
class Week:
    """One week of the forecast, cents.

    Attributes:
        label: ISO week, ``YYYY-Www``.
        starts: First day that counts.
        ends: Sunday.
        opening: Cash at its start.
        receipts: Cash in.
        payments: Cash out, positive.
    """

    label: str
    starts: date
    ends: date
    opening: int
    receipts: int
    payments: int

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
        year, number, _ = starts.isocalendar()
        week = Week(
            f"{year}-W{number:02d}",
            starts,
            ends,
            opening,
            sum(cents for cents in inside if cents > 0),
            -sum(cents for cents in inside if cents < 0),
        )
        found.append(week)
        starts, opening = ends + DAY, week.closing
    return tuple(found)


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


@metric(FORECAST, LOW, needs={**NEEDS_ACTIVITY, **documents.NEEDS, "booking": ("booking_id", "status")})
def forecast_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    size = param(context, "burn_window_months")
    sums = book(context)
    complete = sums.complete(GROUP, context)
    months = window(complete, size.whole)
    cash = balance(sums, GROUP)
    inputs = {"ledger": cash.lines, "invoice": len(context.table("invoice")), "booking": len(context.table("booking"))}
    if months is None:
        missing = too_few(len(complete), size.whole)
        for metric_id in ("cash_forecast_13_week", "cash_forecast_low"):
            yield context.fact(metric_id, missing, inputs=inputs, assumed=size.assumed)
        return
    first = context.report_date
    last = first + WEEKS * WEEK
    gross = burn(context).gross
    run_rate = sum(gross.get((GROUP, month), Sum()).cents for month in months) // len(months)
    due = payments_due(context)
    flows = [*receipts_due(context, last), *due, *_running_costs(context, due, run_rate, last)]
    weeks = weekly(cash.cents, flows, first)
    for week in weeks:
        for line, cents in (("receipts", week.receipts), ("payments", week.payments), ("closing", week.closing)):
            yield context.fact(
                "cash_forecast_13_week",
                Measure(cents),
                inputs=inputs,
                assumed=size.assumed,
                week=week.label,
                ends=week.ends.isoformat(),
                line=line,
            )
    lowest = min(weeks, key=lambda week: week.closing)
    basis = "running costs as budgeted" if context.has("budget") else "running costs at the mean gross burn: no budget"
    yield context.fact(
        "cash_forecast_13_week", Measure(weeks[-1].closing, reason=basis), inputs=inputs, assumed=size.assumed
    )
    yield context.fact(
        "cash_forecast_low",
        Measure(lowest.closing, reason=f"in {lowest.label}, the week to {lowest.ends.isoformat()}"),
        inputs=inputs,
        assumed=size.assumed,
    )


def complete_weeks(report_date: date, count: int) -> tuple[date, ...]:
    """The Sundays of the latest ``count`` weeks that ended before a date, oldest first.

    >>> [day.isoformat() for day in complete_weeks(date(2026, 5, 1), 2)]
    ['2026-04-19', '2026-04-26']
    """
    last = report_date - timedelta(days=report_date.isoweekday())
    return tuple(last - back * WEEK for back in range(count - 1, -1, -1))


@metric(WEEK_END, needs=NEEDS)
def week_end_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    known = lines(context)
    cash = known.on(cash_accounts(context.table("account")))
    every_day = context.table("ledger")["date"].to_numpy()
    begun = context.table("ledger")["date"].min()
    weeks = complete_weeks(context.report_date, WEEKS_BACK)
    # Most lines are older than every week told of: they are added up once, and without a copy.
    late = np.flatnonzero(cash & (every_day > np.datetime64(weeks[0])))
    days, cents = every_day[late], known.cents[late]
    before = int(known.cents.sum(where=cash)) - int(cents.sum())
    lines_before = int(np.count_nonzero(cash)) - len(late)
    for ends in weeks:
        if not begun <= pd.Timestamp(ends):  # nor when nothing was ever posted
            continue
        by_then = days <= np.datetime64(ends)
        year, number, _ = ends.isocalendar()
        yield context.fact(
            "cash_week_end",
            Measure(before + int(cents[by_then].sum())),
            inputs={"ledger": lines_before + int(by_then.sum())},
            week=f"{year}-W{number:02d}",
            ends=ends.isoformat(),
        )


def _running_costs(context: Context, due: Sequence[Flow], run_rate: int, last: date) -> Iterator[Flow]:
    """Costs that no payable covers yet: the month's budgeted expense, or the run rate, less the payables due in it."""
    planned = fixed_budget(context) if context.has("budget") else {}
    month = Month.of(context.report_date)
    while month.first <= last:
        covered = -sum(flow.cents for flow in due if Month.of(flow.day) == month)
        rest = max(0, planned.get(month, run_rate) - covered)
        yield from spread(rest, month, context.report_date, last)
        month += 1


def fixed_budget(context: Context) -> Mapping[Month, int]:
    """Budgeted expense of the group by month that is paid whatever is sold: not variable, not depreciation."""
    accounts = context.table("account", "account", "type", "cost_behaviour", "subtype")
    chosen = (accounts["type"] == "expense") & (accounts["cost_behaviour"].fillna("") != "variable")
    chosen &= ~accounts["subtype"].fillna("").isin(DEPRECIATION)
    rows = latest_budget(context)
    rows = rows[rows["account"].isin(accounts.loc[chosen, "account"])]
    found: dict[Month, int] = {}
    for index, cents in zip(month_index(rows["month"]), rows["amount_cents"], strict=True):
        month = as_month(int(index))
        found[month] = found.get(month, 0) + int(cents)
    return found
