"""The road to profitability: when the plan says that income stays above zero, and where each milestone stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
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
STATUS = Definition(
    "milestone_status",
    "Milestone status",
    "text",
    "Achieved (before the report date), slipped (due before the report date and not achieved), or days to go.",
    "Milestone plan",
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
def profitability_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    planned = budget(context)
    first = Month.of(context.report_date)
    for entity in sorted({GROUP, *(key[0] for key in planned)}):
        income = {month: plan for (who, month, line), plan in planned.items() if (who, line) == (entity, "net_income")}
        ahead = {month: plan for month, plan in income.items() if month >= first}
        inputs = {"budget": sum(plan.lines for plan in ahead.values())}
        if not ahead:
            measure = not_evaluable(f"no budget from {first} on")
        else:
            reached = profitability_month({m: plan.cents for m, plan in ahead.items()}, first)
            measure = (
                not_applicable(f"not reached: the budget ends {max(ahead)}")
                if reached is None
                else Measure(reached.first.isoformat())
            )
        yield context.fact("profitability_month", measure, inputs=inputs, entity_id=entity)


@metric(STATUS, needs={"milestone": ("milestone_id", "report", "title", "due_on", "achieved_on")})
def milestone_status_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    day = pd.Timestamp(context.report_date)
    for row in context.table("milestone").sort_values(["due_on", "milestone_id"]).to_dict("records"):
        due, achieved = pd.Timestamp(row["due_on"]), row["achieved_on"]
        if not pd.isna(achieved) and achieved < day:
            status = f"achieved {achieved.date().isoformat()}"
        elif due < day:
            status = f"slipped by {(day - due).days} days"
        else:
            status = f"{(due - day).days} days to go"
        yield context.fact(
            "milestone_status",
            Measure(status),
            inputs={"milestone": 1},
            assumed=row.get("assumed") is True,
            milestone=str(row["milestone_id"]),
            report=str(row["report"]),
            title=str(row["title"]),
            due_on=due.date().isoformat(),
            target=f"{row.get('target_metric', '')} {row.get('target_value', '')}".strip(),
        )
