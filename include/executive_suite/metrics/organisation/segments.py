"""Business units as management sees them: revenue, direct cost, contribution, and what changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.labels import entity_names
from executive_suite.dataset.memo import per_context
from executive_suite.dataset.reporting_currency import reporting_currency
from executive_suite.facts.fact import GROUP, Fact, MissingInputError, Qualifier, Why
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable, qualified
from executive_suite.metrics.accounting.income import income_statement
from executive_suite.metrics.arithmetic import ratio
from executive_suite.metrics.book.book import NEEDS, MonthlySums, Sum, book
from executive_suite.metrics.finance.variance import NEEDS_BUDGET, budget
from executive_suite.metrics.registry import metric
from executive_suite.period import Month, last_complete_month


@per_context
def segments(context: Context) -> Mapping[str, MonthlySums]:
    """Revenue, direct cost and contribution by entity and month, the group's without charges between entities.

    The group's own postings are shared cost: they belong to no segment, but to the group's totals.
    """
    statement = income_statement(context)
    revenue, cost = statement["revenue"], statement["expenses"]
    return {"segment_revenue": revenue, "segment_direct_cost": cost, "segment_contribution": revenue + -cost}


@metric("segment_revenue", "segment_direct_cost", "segment_contribution", needs=NEEDS)
def _segments(context: Context) -> Iterator[Fact]:
    sums, last = book(context), last_complete_month(context.report_date)
    for metric_id, amounts in segments(context).items():
        for entity in sums.entities:
            yield from amounts.facts(context, metric_id, entity, sums.complete(entity, context))
    shared = sums.monthly(sums.of_type("expense") & sums.entity.among((GROUP,)))
    for (_, month), cost in shared.items():
        if month <= last:
            yield cost.fact(context, "segment_direct_cost", period=str(month), part="shared")


def relative_change(now: int, before: int) -> Measure:
    """Change over the prior value's size; not applicable when the prior value is zero.

    >>> relative_change(150, 100).value, relative_change(5, 0).reason
    (Decimal('0.5000000000'), 'the prior value is 0: only the change in money is shown')
    """
    return ratio(now - before, abs(before), "the prior value is 0: only the change in money is shown")


@metric("metric_change", "metric_change_ratio", needs=NEEDS, classified="all_before")
def _changes(context: Context) -> Iterator[Fact]:
    figures, last = segments(context), last_complete_month(context.report_date)
    change: dict[str, int] = {}
    for entity in book(context).entities:
        if last + -1 not in book(context).complete(entity, context):
            continue
        moves = {metric_id: (sums[entity, last], sums[entity, last + -1]) for metric_id, sums in figures.items()}
        contribution = sum(moves["segment_contribution"], Sum())
        about = {"entity_id": entity, "inputs": {"ledger": contribution}, "against": "prior_month"}
        for metric_id, (now, before) in moves.items():
            yield from _compared(context, now.cents, before.cents, metric=metric_id, **about)
        now, before = moves["segment_contribution"]
        change[entity] = now.cents - before.cents
    whole = _group_change(context, change)
    yield context.fact("metric_change", whole, inputs={"ledger": context.table("ledger")}, period=str(last))
    yield from _against_budget(context, last)


def _group_change(context: Context, change: Mapping[str, int]) -> Measure:
    """The change of the group's contribution, with the entity that drove most of it."""
    if GROUP not in change:
        return not_applicable("no complete month before the last one")
    whole = Measure(change[GROUP])
    moved = [(entity, cents) for entity, cents in change.items() if cents and entity != GROUP]
    if not moved:
        return whole
    entity, cents = max(moved, key=lambda one: abs(one[1]))
    name, sign = entity_names(context).get(entity, entity), "+" if cents > 0 else "\u2212"
    words = f"largest driver: {name} {sign}{abs(cents) // 100:,} {reporting_currency(context.tables)}"
    return qualified(whole, words, Qualifier(Why.LARGEST_DRIVER, count=cents, subject=entity))


def _against_budget(context: Context, last: Month) -> Iterator[Fact]:
    """Revenue of the last complete month against the latest version of the budget."""
    if not context.has("budget") or not set(NEEDS_BUDGET["budget"]) <= set(context.table("budget").columns):
        return
    about = {"metric": "segment_revenue", "against": "budget"}
    try:
        planned = budget(context)["revenue"]
    except MissingInputError as missing:
        refused = dict.fromkeys(("metric_change", "metric_change_ratio"), not_evaluable(str(missing)))
        yield from context.facts(refused, inputs={"budget": 0}, period=str(last), **about)
        return
    for (entity, month), plan in planned.items():
        if month == last and last in book(context).complete(entity, context):
            revenue = segments(context)["segment_revenue"][entity, last]
            inputs = {"ledger": revenue, "budget": plan}
            yield from _compared(context, revenue.cents, plan.cents, inputs=inputs, entity_id=entity, **about)


def _compared(context: Context, value: int, prior: int, **about: Any) -> Iterator[Fact]:
    """The change of a figure of the last complete month, in money and as a fraction."""
    period = str(last_complete_month(context.report_date))
    yield context.fact("metric_change", Measure(value - prior), period=period, **about)
    yield context.fact("metric_change_ratio", relative_change(value, prior), period=period, **about)
