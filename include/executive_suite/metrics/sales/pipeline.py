"""The pipeline of open opportunities against the rest of the year's revenue target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from executive_suite.dataset.behind import Behind
from executive_suite.dataset.context import Context
from executive_suite.dataset.group import fiscal_year
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_applicable
from executive_suite.metrics.accounting.obligations import earned
from executive_suite.metrics.arithmetic import CENT_HUNDREDTH, WHOLE_BP, quotient, whole_cents
from executive_suite.metrics.book.book import book
from executive_suite.metrics.cut import newest, units
from executive_suite.metrics.finance.variance import budget
from executive_suite.metrics.registry import metric
from executive_suite.period import Month

COLUMNS = ("opp_id", "valid_from", "entity_id", "stage", "amount_cents", "probability_bp", "expected_close")
CLOSED = ("won", "lost")


@per_context
def latest(context: Context) -> tuple[Any, ...]:
    """Every opportunity in its last known stage, by id."""
    return newest(context.rows_in_force("opportunity", "opp_id", "stage"), lambda row: row.opp_id)


def weighted(deals: Iterable[Any]) -> int:
    """Sum of amount times probability of opportunities, cents, rounded half up once.

    >>> from types import SimpleNamespace as Deal
    >>> weighted([Deal(amount_cents=100_000, probability_bp=2_500), Deal(amount_cents=1, probability_bp=5_000)])
    25001
    """
    return whole_cents(Fraction(sum(deal.amount_cents * deal.probability_bp for deal in deals), WHOLE_BP))


def gap(target: int, recognized: int, weighted_cents: int) -> Measure:
    """The part of a target that neither recognized revenue nor the weighted pipeline covers, cents; never below zero.

    Source: sales-operations convention.

    >>> gap(500_000, 600_000, 0).value
    0
    """
    if target <= 0:
        return not_applicable("no revenue target is set")
    return Measure(max(0, target - recognized - weighted_cents))


def coverage(target: int, recognized: int, open_cents: int) -> Measure:
    """Open unweighted pipeline over the rest of a target, times.

    >>> coverage(500_000, 600_000, 0).reason
    'target already met'
    >>> coverage(500_000, 200_000, 900_000).value
    Decimal('3.00')
    """
    if target <= 0:
        return not_applicable("no revenue target is set")
    if recognized >= target:
        return not_applicable("target already met")
    return Measure(quotient(open_cents, target - recognized, CENT_HUNDREDTH))


def year_target(context: Context, entity_id: str) -> tuple[int, int, Mapping[str, Behind]]:
    """The year's revenue target and how much of it is recognized, cents, and the rows of each table behind them."""
    months = fiscal_year(context, context.report_date).months
    planned = budget(context)["revenue"].over(entity_id, months)
    recognized, used = _recognized(context, entity_id, months)
    return planned.cents, recognized, {"budget": planned, **used}


def _recognized(context: Context, entity_id: str, months: Sequence[Month]) -> tuple[int, dict[str, Behind]]:
    """Revenue of the year so far: by the schedule of obligations, of entities that have none in it by the ledger."""
    found, used, scheduled = 0, dict[str, Behind](), _scheduled(context)
    if scheduled:
        sales = units(context, (sale for sale in earned(context) if sale.month in months)).get(entity_id, ())
        found, used = sum(sale.cents for sale in sales), {"rev_schedule": sales}
    if (scheduled and not context.has("ledger")) or (entity_id != GROUP and entity_id in scheduled):
        return found, used
    sums = book(context)
    booked = sums.of_type("revenue") & sums.within(months)
    posted = -sums.total(booked & ~sums.owned_by(*scheduled), entity_id)
    return found + posted.cents, used | ({"ledger": posted} if posted.lines else {})


def _scheduled(context: Context) -> frozenset[str]:
    """The entities with obligations in the schedule."""
    rows = context.rows("rev_schedule", "entity_id") if context.has("rev_schedule") else ()
    return frozenset(row.entity_id for row in rows)


def in_window(context: Context, deals: Iterable[Any]) -> list[Any]:
    """Open deals expected to close from the report date to the end of its fiscal year."""
    first, end = context.report_date, (fiscal_year(context, context.report_date).last + 1).first
    return [deal for deal in deals if is_open(deal) and deal.expected_close and first <= deal.expected_close < end]


def is_open(deal: Any) -> bool:
    """Neither won nor lost."""
    return deal.stage not in CLOSED


@metric("pipeline_weighted", needs={"opportunity": COLUMNS})
def _weighted(context: Context) -> Iterator[Fact]:
    for entity, deals in units(context, latest(context)).items():
        still_open = [deal for deal in deals if is_open(deal)]
        stale = [deal for deal in still_open if deal.expected_close and deal.expected_close < context.report_date]
        undated = sum(deal.expected_close is None for deal in still_open)
        parts = [f"{len(stale)} stale left out"] if stale else []
        parts += [f"{undated} without expected close left out"] if undated else []
        value = Measure(weighted(in_window(context, deals)), reason="; ".join(parts))
        yield context.fact("pipeline_weighted", value, inputs={"opportunity": deals}, entity_id=entity)
        for state, those in (("open", still_open), ("stale", stale)) if entity == GROUP else ():
            inputs = {"opportunity": those}
            yield context.fact("pipeline_weighted", Measure(weighted(those)), inputs=inputs, state=state)


@metric("pipeline_gap", "pipeline_coverage", needs={"opportunity": COLUMNS})
def _against_target(context: Context) -> Iterator[Fact]:
    deals = units(context, in_window(context, latest(context)))
    for entity in units(context, context.rows("budget", "entity_id")):
        own, (target, recognized, inputs) = deals.get(entity, ()), year_target(context, entity)
        left_open = sum(deal.amount_cents for deal in own)
        yield from context.facts(
            {
                "pipeline_gap": gap(target, recognized, weighted(own)),
                "pipeline_coverage": coverage(target, recognized, left_open),
            },
            inputs={"opportunity": own, **inputs},
            entity_id=entity,
        )
