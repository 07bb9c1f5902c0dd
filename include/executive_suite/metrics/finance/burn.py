"""Burn: what operations cost in cash, month by month, and the mean of the recent complete months."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.dataset.parameters import optional_param, param
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.arithmetic import mean
from executive_suite.metrics.book.book import NEEDS_ACTIVITY, MonthlySums, book, paid_out
from executive_suite.metrics.finance.window import SIZE, Window, latest
from executive_suite.metrics.registry import metric

SHORT_WINDOW_MONTHS = 3
"""The window of the figures next to the main ones; part of their definition, not a threshold."""

SHORT = {"window_months": str(SHORT_WINDOW_MONTHS)}

STATISTICS: Mapping[str, Callable[[list[int]], int | Decimal]] = {"": mean, "min": min, "max": max}

NET_BURN = Definition(
    "net_burn",
    "Net burn",
    "cents/month",
    "Operating cash paid minus operating cash received in a complete calendar month; the headline is the mean of the "
    "latest complete months (param burn_window_months). Customer deposits are cash in; capital expenditure, owners' "
    "money and transfers between own accounts are not part of it. Below zero, operations generate cash.",
    "ASC 230-10-45-25, direct method; net burn as in venture practice",
    "lower",
)
GROSS_BURN = Definition(
    "gross_burn",
    "Gross burn",
    "cents/month",
    "Operating cash paid in a complete calendar month, not reduced by receipts. Cash lines are netted by transaction "
    "first, so a transfer between own accounts is no payment. The headline is the mean of the latest complete months.",
    "ASC 230-10-45-25, direct method; gross burn as in venture practice",
    "lower",
)
FCF_BURN = Definition(
    "free_cash_flow_burn",
    "Free cash flow burn",
    "cents/month",
    "Net burn plus capital expenditure (cash paid for investing). Receipts from selling assets are left out.",
    "Free cash flow = operating cash flow less capital expenditure",
    "lower",
)
WINDOW = Definition(
    "burn_window",
    "Window of means",
    "months",
    "How many of the latest complete months means and sums are taken over (param burn_window_months).",
    "Parameter of the group",
)


@dataclass(frozen=True)
class Burn:
    """Three burns by entity and month.

    Attributes:
        net: Net burn, positive when cash is consumed.
        gross: Operating cash paid.
        free: Net burn plus capital expenditure.
    """

    net: MonthlySums
    gross: MonthlySums
    free: MonthlySums


@per_context
def burn(context: Context) -> Burn:
    """The burns of every entity and of the group.

    Cash paid counts transactions whose cash lines of one activity come to less than zero.

    Raises:
        MissingInputError: ledger, account or a column that they need is absent.
    """
    context.table("ledger", *NEEDS_ACTIVITY["ledger"], "txn_id")
    sums = book(context)
    net = -sums.monthly(sums.cash & sums.in_activity("operating"))
    capital_expenditure = paid_out(context, sums.cash_accounts, "investing")
    return Burn(net, paid_out(context, sums.cash_accounts, "operating"), net + capital_expenditure)


@metric(NET_BURN, GROSS_BURN, FCF_BURN, needs=NEEDS_ACTIVITY)
def _burns(context: Context) -> Iterator[Fact]:
    found = burn(context)
    for metric_id, series in (
        ("net_burn", found.net),
        ("gross_burn", found.gross),
        ("free_cash_flow_burn", found.free),
    ):
        for entity in book(context).entities:
            for month in book(context).complete(entity, context):
                yield series[entity, month].fact(context, metric_id, entity_id=entity, period=str(month))
            yield from _means(context, metric_id, entity, series)


def _means(context: Context, metric_id: str, entity: str, series: MonthlySums) -> Iterator[Fact]:
    """Mean and extremes of the window, and the mean of the short one."""
    complete, size = book(context).complete(entity, context), optional_param(context, SIZE)
    whole = (
        Window((), not_evaluable(f"param {SIZE} has no value"))
        if size is None
        else latest(complete, size.whole, assumed=size.assumed)
    )
    for months, statistic, dimensions in (
        *((whole, name, {"statistic": name} if name else {}) for name in STATISTICS),
        (latest(complete, SHORT_WINDOW_MONTHS), "", SHORT),
    ):
        cells = [series[entity, month] for month in months.months]
        yield context.fact(
            metric_id,
            months.missing or Measure(STATISTICS[statistic]([cell.cents for cell in cells])),
            inputs={"ledger": sum(cell.lines for cell in cells)},
            entity_id=entity,
            assumed=months.assumed,
            **dimensions,
        )


@metric(WINDOW, needs={"param": ("param", "value")})
def _window_size(context: Context) -> Iterator[Fact]:
    size = param(context, SIZE)
    yield context.fact("burn_window", Measure(size.whole), inputs={"param": 1}, assumed=size.assumed)
