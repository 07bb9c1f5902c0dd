"""Burn: what operations cost in cash, month by month, and the mean of the recent complete months."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.dataset.parameters import optional_param, param
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


@metric("net_burn", "gross_burn", "free_cash_flow_burn", needs=NEEDS_ACTIVITY)
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


@metric("burn_window", needs={"param": ("param", "value")})
def _window_size(context: Context) -> Iterator[Fact]:
    size = param(context, SIZE)
    yield context.fact("burn_window", Measure(size.whole), inputs={"param": 1}, assumed=size.assumed)
