"""The road to profitability: when the plan has income stay above zero."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.book.book import Sum
from executive_suite.metrics.finance.variance import NEEDS_BUDGET, budget
from executive_suite.metrics.registry import metric
from executive_suite.period import Month

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

HELD_MONTHS = 3

MONTH = Definition(
    "profitability_month",
    "Month of profitability",
    "date",
    "First day of the first month, from the month of the report date on, whose budgeted net income is zero or above "
    "and stays so for three months; n/a when the budget never gets there.",
    "Budget; break-even over time",
)


def profitability_month(income: Mapping[Month, int], first: Month, held: int = HELD_MONTHS) -> Month | None:
    """The first month from ``first`` on with income of zero or above, held that many months; None when never.

    >>> income = {Month(2026, 5): 1, Month(2026, 6): -1, Month(2026, 7): 0, Month(2026, 8): 5, Month(2026, 9): 5}
    >>> str(profitability_month(income, Month(2026, 5)))
    '2026-07'
    """
    for month in sorted(m for m in income if m >= first):
        if all(income.get(month + ahead, -1) >= 0 for ahead in range(held)):
            return month
    return None


@metric(MONTH, needs=NEEDS_BUDGET)
def _profitability(context: Context) -> Iterator[Fact]:
    first = Month.of(context.report_date)
    ahead: dict[str, dict[Month, Sum]] = {GROUP: {}}
    for (entity, month), plan in budget(context)["net_income"].items():
        own = ahead.setdefault(entity, {})
        if month >= first:
            own[month] = plan
    for entity, plans in ahead.items():
        reached = profitability_month({month: plan.cents for month, plan in plans.items()}, first)
        if not plans:
            measure = not_evaluable(f"no budget from {first} on")
        elif reached is None:
            measure = not_applicable(f"not reached: the budget ends {max(plans)}")
        else:
            measure = Measure(reached.first.isoformat())
        inputs = {"budget": sum(plan.lines for plan in plans.values())}
        yield context.fact("profitability_month", measure, inputs=inputs, entity_id=entity)
