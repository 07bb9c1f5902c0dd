"""Plans of a run that speak of the same thing: the rows in which they may disagree."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from executive_suite.conditions.rows import Rows
from executive_suite.dataset.group import fiscal_year
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.metrics.arithmetic import RATIO, quotient
from executive_suite.metrics.book.book import chart
from executive_suite.metrics.finance.units import units
from executive_suite.metrics.finance.variance import budget_rows
from executive_suite.period import Month

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context


def revenue_plans(context: Context, facts: Iterable[Fact]) -> Rows:
    """The year's revenue targets by break-even, and the budget of the entities that sell the same units.

    One row, with the part of the larger by which they are apart; none where either is missing.
    """
    year = fiscal_year(context, context.report_date)
    wanted = {str(month) for month in year.months}
    due = [fact.number for fact in facts if fact.metric_id == "revenue_target" and fact.period in wanted]
    sellers = {unit.entity_id for unit in units(context)}
    sold = {row.account for row in chart(context).values() if row.type == "revenue"}
    budget = sum(
        row.amount_cents
        for row in budget_rows(context)
        if row.account in sold and row.entity_id in sellers and str(Month.of(row.month)) in wanted
    )
    target = sum(int(number) for number in due if number is not None)
    if len(due) < len(wanted) or None in due or target <= 0 or budget <= 0:
        return Rows(())
    row = {
        "entity_id": next(iter(sellers)) if len(sellers) == 1 else GROUP,
        "year": str(year.name),
        "target_cents": target,
        "budget_cents": budget,
        "unlike_cents": abs(target - budget),
        "apart": quotient(abs(target - budget), max(target, budget), RATIO),
    }
    return Rows(tuple(row), [row])
