"""The accounting section on income: by month and by entity, and the change in cash."""

from __future__ import annotations

from collections.abc import Iterable

from executive_suite import formats
from executive_suite.facts.fact import GROUP
from executive_suite.rendering.blocks import Cell, Chart, Table
from executive_suite.reports import months, phrases, pictures
from executive_suite.reports.absence import left
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import Col, figures, table, words
from executive_suite.wording import say

MONTHS = 6
"""Complete months that the statements of this report cover."""
_MOST_ENTITIES = 15
_STATEMENT = {
    "Revenue": "revenue",
    "Expenses": "expenses",
    "Net income": "net_income",
    "Change in cash": "net_cash_change",
}


def summary(s: Selection) -> str:
    """For how long money has been lost, or what the last month brought."""
    return months.losses(s.months("net_income", months.YEAR), say("The group"))


def rows(s: Selection) -> dict[str, Chart | Table]:
    """Income by month, as picture and table, and by entity."""
    year = s.months("net_income", months.YEAR)
    shown = [fact.period for fact in s.months("net_income", MONTHS)]
    names = [
        entity
        for entity in s.entities("net_income")
        if any(fact.period in shown for fact in s.months("net_income", MONTHS, entity))
    ]
    more = len(names) - _MOST_ENTITIES

    def summed(metric_id: str, entity: str) -> Cell:
        return cells.together(s.months(metric_id, MONTHS, entity), metric_id)

    def statement(first: Col[str], *, by: str) -> Iterable[Col[str]]:
        yield first
        for head, metric_id in _STATEMENT.items():
            if by == "month":
                yield figures(head, lambda m, i=metric_id: s.fact(i, period=m) if m else summed(i, GROUP))  # type: ignore[misc]
            else:
                yield figures(head, lambda entity, i=metric_id: summed(i, entity))  # type: ignore[misc]

    return {
        "chart": pictures.by_month(
            s,
            "income",
            "Net income",
            year,
            instead=phrases.unless(s.month("net_income"), "no complete month"),
            finding=months.losses(year, say("The group")),
        ),
        "months": table(
            "Income statement and change in cash by complete month, group, actual",
            shown,
            tuple(statement(words("Month", lambda m: Cell(m, "month")), by="month")),
            total="",
            total_name=formats.counted(len(shown), "month"),
            empty=phrases.unless(
                s.month("net_income"), "Not available: the ledger has no complete month.", left(shown)
            ),
        ),
        "entities": table(
            say("Income and change in cash by entity, {shown} together, actual", shown=months.latest(len(shown))),
            names[:_MOST_ENTITIES],
            tuple(statement(words("Entity", s.entity), by="entity")),
            total=GROUP,
            note=phrases.left_out(more, "entity"),
            empty=phrases.unless(s.month("net_income"), "Not available: no entity has postings.", left(names)),
        ),
    }
