"""Burn: what operations cost in cash, month by month, and the mean of the recent complete months."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from executive_suite.dataset.memo import per_context
from executive_suite.dataset.parameters import Parameter, optional_param, param
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.arithmetic import mean
from executive_suite.metrics.book.book import NEEDS_ACTIVITY, Monthly, Sum, book, cash_accounts, paid_out
from executive_suite.metrics.registry import metric
from executive_suite.period import Month

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

SHORT_WINDOW_MONTHS = 3
"""The window of the figures beside the main ones; part of their definition, not a threshold."""

STATISTICS: Mapping[str, Callable[[list[int]], int]] = {"min": min, "max": max}

NET_BURN = Definition(
    "net_burn",
    "Net burn",
    "cents/month",
    "Operating cash paid minus operating cash received in a complete calendar month; the headline is the mean of the "
    "latest complete months (param burn_window_months). Customer deposits are cash in; capital expenditure, owners' "
    "money and transfers between own accounts are not part of it. Below zero means that operations bring in cash.",
    "ASC 230-10-45-25, direct method; net burn as in venture practice",
    "lower",
)
GROSS_BURN = Definition(
    "gross_burn",
    "Gross burn",
    "cents/month",
    "Operating cash paid in a complete calendar month, whatever came in. Cash lines of one transaction are netted "
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

    net: Monthly
    gross: Monthly
    free: Monthly


@per_context
def burn(context: Context) -> Burn:
    """The burns of every entity and of the group.

    Raises:
        MissingInputError: ledger, account or a column that they need is absent.
    """
    context.table("ledger", *NEEDS_ACTIVITY["ledger"])
    sums = book(context)
    movement = sums.monthly(sums.cash & sums.in_activity("operating"))
    net = {key: -value for key, value in movement.items()}
    paid = cash_paid(context, "operating")
    capex = cash_paid(context, "investing")
    free = {key: net.get(key, Sum()) + capex.get(key, Sum()) for key in net.keys() | capex.keys()}
    return Burn(net, paid, free)


def cash_paid(context: Context, activity: str) -> Monthly:
    """Cash paid by entity and month: transactions whose cash lines of that activity come to less than zero.

    Netting by transaction keeps transfers between own accounts, and between entities for the group, out.
    """
    context.table("ledger", *NEEDS_ACTIVITY["ledger"], "txn_id")
    cash = cash_accounts(context.table("account", *NEEDS_ACTIVITY["account"]))
    return paid_out(context, cash, activity)


def window(months: tuple[Month, ...], count: int) -> tuple[Month, ...] | None:
    """The latest ``count`` of the complete months, or None when there are fewer."""
    return months[-count:] if count > 0 and len(months) >= count else None


def too_few(have: int, need: int) -> Measure:
    """Not evaluable, because the history is shorter than the window."""
    months = "complete month" if have == 1 else "complete months"
    return not_evaluable(f"{have} {months} with postings begun, {need} needed")


@metric(NET_BURN, GROSS_BURN, FCF_BURN, needs=NEEDS_ACTIVITY)
def burn_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    found = burn(context)
    size = optional_param(context, "burn_window_months")
    for metric_id, series in (
        ("net_burn", found.net),
        ("gross_burn", found.gross),
        ("free_cash_flow_burn", found.free),
    ):
        for entity in book(context).entities:
            yield from _months(context, metric_id, entity, series)
            yield from _means(context, metric_id, entity, series, size)


def _months(context: Context, metric_id: str, entity: str, series: Monthly) -> Iterator[Fact]:
    for month in book(context).complete(entity, context):
        cell = series.get((entity, month), Sum())
        yield context.fact(
            metric_id, Measure(cell.cents), inputs={"ledger": cell.lines}, entity_id=entity, period=str(month)
        )


def _means(context: Context, metric_id: str, entity: str, series: Monthly, size: Parameter | None) -> Iterator[Fact]:
    """Mean and extremes of the window, and the mean of the short one beside them."""
    short = {"window_months": str(SHORT_WINDOW_MONTHS)}
    months = book(context).complete(entity, context)
    for count, dimensions in ((None if size is None else size.whole, {}), (SHORT_WINDOW_MONTHS, short)):
        chosen = None if count is None else window(months, count)
        cells = [series.get((entity, month), Sum()) for month in chosen or ()]
        lines_used = sum(cell.lines for cell in cells)
        amounts = [cell.cents for cell in cells]
        if count is None:
            missing = not_evaluable("param burn_window_months has no value")
        else:
            missing = too_few(len(months), count)
        measures = {"": Measure(mean(amounts)) if amounts else missing}
        if not dimensions:
            measures |= {
                name: Measure(function(amounts)) if amounts else missing for name, function in STATISTICS.items()
            }
        for statistic, measure in measures.items():
            yield context.fact(
                metric_id,
                measure,
                inputs={"ledger": lines_used},
                entity_id=entity,
                assumed=size is not None and size.assumed and not dimensions,
                **({"statistic": statistic} if statistic else dimensions),
            )


@metric(WINDOW, needs={"param": ("param", "value")})
def window_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    size = param(context, "burn_window_months")
    yield context.fact("burn_window", Measure(size.whole), inputs={"param": 1}, assumed=size.assumed)
