"""Business units as management sees them: revenue, direct cost, contribution, and what changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from executive_suite.dataset.labels import entity_names
from executive_suite.dataset.memo import per_context
from executive_suite.dataset.reporting_currency import reporting_currency
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact, Qualifier, Why
from executive_suite.facts.measure import Measure, not_applicable, qualified
from executive_suite.metrics.arithmetic import ratio
from executive_suite.metrics.book.book import NEEDS, MonthlySums, Sum, as_month, book, lines, totals
from executive_suite.metrics.finance.variance import NEEDS_BUDGET, budget
from executive_suite.metrics.registry import metric
from executive_suite.period import Month, last_complete_month

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context


@dataclass(frozen=True, slots=True)
class Segment:
    """One business unit in one month.

    Attributes:
        entity_id: The entity; the group for its totals.
        month: The month.
        revenue: Credits are above zero.
        direct_cost: Debits are above zero.
    """

    entity_id: str
    month: Month
    revenue: Sum
    direct_cost: Sum

    @property
    def contribution(self) -> Sum:
        """Revenue less direct cost."""
        return self.revenue - self.direct_cost

    @property
    def figures(self) -> Mapping[str, Sum]:
        """Metric to amount."""
        return {
            "segment_revenue": self.revenue,
            "segment_direct_cost": self.direct_cost,
            "segment_contribution": self.contribution,
        }


@per_context
def segments(context: Context) -> tuple[Segment, ...]:
    """Every entity and the group, by complete month since its first posting.

    Returns:
        The group's own postings are shared cost: they belong to no segment, but to the group's totals.

    Raises:
        MissingInputError: ledger, account or a column of them is absent.
    """
    sums = book(context)
    revenue, cost = -sums.monthly(sums.of_type("revenue")), sums.monthly(sums.of_type("expense"))
    for (kind, month), charged in between_entities(context).items():
        if kind == "revenue":
            revenue[GROUP, month] += charged
        elif kind == "expense":
            cost[GROUP, month] += -charged
    return tuple(
        Segment(entity, month, revenue[entity, month], cost[entity, month])
        for entity in sums.entities
        for month in sums.complete(entity, context)
    )


def between_entities(context: Context) -> Mapping[tuple[str, Month], Sum]:
    """What entities charged each other, by type of account and month, debits positive; it counts no ledger lines."""
    here, posted = np.flatnonzero(charges_between(context)), lines(context)
    if not len(here):
        return {}
    month = posted.month[here]
    shape = (len(posted.accounts), int(np.ptp(month)) + 1)
    (account, since), cents, _ = totals((posted.account[here], month - month.min()), shape, posted.cents[here])
    types, found = {row.account: row.type for row in context.rows("account")}, MonthlySums()
    for name, index, amount in zip(posted.accounts[account], since + month.min(), cents.tolist(), strict=True):
        if name in types:
            found[types[name], as_month(int(index))] += Sum(amount)
    return found


@per_context
def charges_between(context: Context) -> npt.NDArray[np.bool_]:
    """Which ledger lines are charges between entities of the group: their counterparty is one of them."""
    ledger = context.table("ledger")
    if "counterparty_id" not in ledger.columns or not context.has("entity"):
        return np.zeros(len(ledger), dtype=bool)
    own = [row.entity_id for row in context.rows("entity", "entity_id")]
    return ledger["counterparty_id"].isin(own).to_numpy(dtype=bool)


_SOURCE = "ASC 280 (management approach; mandatory for public companies only)"


@metric(
    Definition(
        "segment_revenue",
        "Segment revenue",
        "cents",
        "Revenue accounts of the entity in a complete month; in the group's figure charges between entities are taken "
        "out.",
        _SOURCE,
        "higher",
    ),
    Definition(
        "segment_direct_cost",
        "Segment direct cost",
        "cents",
        "Expense accounts of the entity in a complete month. Cost posted to the group itself is shared: it is shown "
        "unallocated and belongs to no segment.",
        _SOURCE,
        "lower",
    ),
    Definition(
        "segment_contribution",
        "Segment contribution",
        "cents",
        "Segment revenue less segment direct cost in a complete month. The group's figure is after shared cost.",
        _SOURCE,
        "higher",
    ),
    needs=NEEDS,
)
def _segments(context: Context) -> Iterator[Fact]:
    for segment in segments(context):
        for metric_id, amount in segment.figures.items():
            yield amount.fact(context, metric_id, entity_id=segment.entity_id, period=str(segment.month))
    sums, last = book(context), last_complete_month(context.report_date)
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


_CHANGE_SOURCE = "Management reporting practice (IBCS: actual against prior period and plan)"


@metric(
    Definition(
        "metric_change",
        "Change against the month before and the budget",
        "cents",
        "Value of the last complete month less the value of the month before, or less the budget, of revenue, direct "
        "cost and contribution by segment. The undivided figure is the change of the group's contribution; its reason "
        "names the driver.",
        _CHANGE_SOURCE,
        "higher",
    ),
    Definition(
        "metric_change_ratio",
        "Relative change against the month before and the budget",
        "ratio",
        "The change over the size of the value it is compared with; n/a when that is 0.",
        _CHANGE_SOURCE,
        "higher",
    ),
    needs=NEEDS,
)
def _changes(context: Context) -> Iterator[Fact]:
    last = last_complete_month(context.report_date)
    table = {(segment.entity_id, segment.month): segment for segment in segments(context)}
    change: dict[str, int] = {}
    for entity in book(context).entities:
        now, before = table.get((entity, last)), table.get((entity, last + -1))
        if now is None or before is None:
            continue
        inputs = {"ledger": now.contribution.lines + before.contribution.lines}
        for metric_id, prior in before.figures.items():
            yield from _compared(
                context,
                now.figures[metric_id].cents,
                prior.cents,
                inputs=inputs,
                entity_id=entity,
                metric=metric_id,
                against="prior_month",
            )
        change[entity] = now.contribution.cents - before.contribution.cents
    whole = _group_change(context, change)
    yield context.fact("metric_change", whole, inputs={"ledger": len(context.table("ledger"))}, period=str(last))
    yield from _against_budget(context, table, last)


def _group_change(context: Context, change: Mapping[str, int]) -> Measure:
    """The change of the group's contribution, with the entity that drove most of it."""
    if GROUP not in change:
        return not_applicable("no complete month before the last one")
    whole = Measure(change[GROUP])
    moved = [(entity, cents) for entity, cents in change.items() if cents and entity != GROUP]
    if not moved:
        return whole
    entity, cents = max(moved, key=lambda one: abs(one[1]))
    amount = f"{'+' if cents > 0 else '−'}{abs(cents) // 100:,} {reporting_currency(context.tables)}"
    words = f"largest driver: {entity_names(context).get(entity, entity)} {amount}"
    return qualified(whole, words, Qualifier(Why.LARGEST_DRIVER, count=cents, subject=entity))


def _against_budget(context: Context, table: Mapping[tuple[str, Month], Segment], last: Month) -> Iterator[Fact]:
    """Revenue of the last complete month against the latest version of the budget."""
    if not context.has("budget") or not set(NEEDS_BUDGET["budget"]) <= set(context.table("budget").columns):
        return
    plans = budget(context).items()
    of_month = {entity: plan for (entity, month, line), plan in plans if (month, line) == (last, "revenue")}
    planned = {entity: abs(plan.cents) for entity, plan in of_month.items() if entity != GROUP}
    for entity, cents in ({GROUP: sum(planned.values())} | planned).items():
        segment = table.get((entity, last))
        if segment is not None and planned:
            yield from _compared(
                context,
                segment.revenue.cents,
                cents,
                inputs={"ledger": segment.revenue.lines, "budget": of_month[GROUP].lines},
                entity_id=entity,
                metric="segment_revenue",
                against="budget",
            )


def _compared(context: Context, value: int, prior: int, **about: Any) -> Iterator[Fact]:
    """The change of a figure of the last complete month, in money and as a fraction."""
    period = str(last_complete_month(context.report_date))
    yield context.fact("metric_change", Measure(value - prior), period=period, **about)
    yield context.fact("metric_change_ratio", relative_change(value, prior), period=period, **about)
