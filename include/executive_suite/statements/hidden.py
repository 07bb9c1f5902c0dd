"""What statements say of a period with lines that wait to be classified: cash, and why there is no profit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from executive_suite.facts.fact import GROUP
from executive_suite.metrics.book import unclassified
from executive_suite.metrics.cut import months_between
from executive_suite.period import Month
from executive_suite.statements.cash_flow import cash_lines
from executive_suite.statements.cells import DIFFERENCE, ELIMINATION, PARENT, Line, Statement
from executive_suite.statements.worksheet import parent_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from executive_suite.dataset.context import Context
    from executive_suite.statements.periods import Period
    from executive_suite.statements.worksheet import Worksheet

_OF_CASH = (Statement.CASH_DIRECT, Statement.CASH_INDIRECT)
_OF_PROFIT = (Statement.INCOME, Statement.EQUITY)
_LABEL = "Not classified"
Key = tuple[Statement, str, str]
"""Statement, column, name of the period."""


def hidden(context: Context, sheet: Worksheet, spans: Iterable[Period]) -> dict[Key, list[Line]]:
    """The lines in place of statements that show profit or what cash was for; none for those that can be made.

    A line ``difference`` says why, with what waits: profit if all of it were income. Balance sheet and trial balance
    show the account itself.
    """
    found: dict[Key, list[Line]] = {}
    if not unclassified.waiting(context):
        return found
    for column, sums in sheet.columns.items():
        whose = parent_of(context) if column == PARENT else column
        for period in filter(sums.known, spans):
            months = months_between(period.first, Month.of(period.last))
            reason = unclassified.why(context, whose, months)
            if not reason or column == ELIMINATION:
                continue
            cash = list(cash_lines(sheet.accounts, sums, period))
            for statement in _OF_CASH if sheet.accounts.cash.any() else ():
                found[statement, column, period.name] = [*cash, Line(DIFFERENCE, _LABEL, 0, reason)]
            for statement in _OF_PROFIT:
                waits = Line(DIFFERENCE, _LABEL, _cents(context, whose, months), reason)
                found[statement, column, period.name] = [waits]
    return found


def _cents(context: Context, whose: str, months: tuple[Month, ...]) -> int:
    return -sum(
        one.cents
        for (entity, month), one in unclassified.waiting(context).items()
        if whose in {GROUP, entity} and month in months
    )
