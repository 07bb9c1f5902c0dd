"""The accounting function's system, the milestones of each report's roadmap, and the month of profitability."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import GROUP, Fact, Qualifier, Why
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.cut import Cut, grouped
from executive_suite.metrics.finance.variance import NEEDS_BUDGET, budget
from executive_suite.metrics.registry import metric
from executive_suite.period import Month

ROADMAP = "accounting"
HELD_MONTHS = 3
NEEDS: Mapping[str, tuple[str, ...]] = {"milestone": ("milestone_id", "report", "due_on", "achieved_on")}


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


@metric("accounting_system_deployed", needs={"system": ("category", "status")})
def _system(context: Context) -> Iterator[Fact]:
    systems = [row for row in context.rows("system") if row.category == "accounting"]
    deployed = any(
        row.status == "deployed" and ((since := row.get("since")) is None or since < context.report_date)
        for row in systems
    )
    yield context.fact("accounting_system_deployed", Measure(deployed), inputs={"system": systems})


@metric("milestones_due", "milestones_slipped", needs=NEEDS)
def _milestones(context: Context) -> Iterator[Fact]:
    by_report = grouped(context.rows("milestone"), lambda row: row.report)
    for report, own in ({ROADMAP: ()} | by_report).items():
        named = {} if report == ROADMAP else {"report": report}
        plan = Cut(context, "milestone", own, dimensions=named)
        slipped = plan.where(lambda row: progress(row, context.report_date).why is Why.SLIPPED)
        yield plan.fact("milestones_due", Measure(len(plan)))
        yield plan.fact("milestones_slipped", Measure(len(slipped)))


@metric("milestone_status", needs={"milestone": (*NEEDS["milestone"], "title")})
def _status(context: Context) -> Iterator[Fact]:
    for row in context.rows("milestone"):
        found = progress(row, context.report_date)
        words = {
            Why.ACHIEVED: f"achieved {row.achieved_on}",
            Why.SLIPPED: f"slipped by {found.count} days",
            Why.AHEAD: f"{found.count} days to go",
        }
        yield context.fact(
            "milestone_status",
            Measure(words[found.why], qualifier=found),
            inputs={"milestone": (row,)},
            assumed=row.assumed,
            milestone=row.milestone_id,
            report=row.report,
            title=row.title,
            due_on=row.due_on.isoformat(),
            target=f"{row.text('target_metric')} {row.text('target_value')}".strip(),
        )


def progress(milestone: Any, day: date) -> Qualifier:
    """Whether a milestone is achieved, slipped or still ahead at the start of a day."""
    if milestone.achieved_on is not None and milestone.achieved_on < day:
        return Qualifier(Why.ACHIEVED)
    days = (day - milestone.due_on).days
    return Qualifier(Why.SLIPPED, count=days) if days > 0 else Qualifier(Why.AHEAD, count=-days)


@metric("profitability_month", needs=NEEDS_BUDGET)
def _profitability(context: Context) -> Iterator[Fact]:
    first = Month.of(context.report_date)
    planned = budget(context)["net_income"]
    for entity in {GROUP, *(whose for whose, _ in planned)}:
        plans = {month: plan for (whose, month), plan in planned.items() if whose == entity and month >= first}
        reached = profitability_month({month: plan.cents for month, plan in plans.items()}, first)
        if not plans:
            measure = not_evaluable(f"no budget from {first} on")
        elif reached is None:
            measure = not_applicable(f"not reached: the budget ends {max(plans)}")
        else:
            measure = Measure(reached.first.isoformat())
        inputs = {"budget": tuple(plans.values())}
        yield context.fact("profitability_month", measure, inputs=inputs, entity_id=entity)
