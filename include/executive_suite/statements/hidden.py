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
    from executive_suite.dataset.context import Context
    from executive_suite.statements.accounts import Accounts
    from executive_suite.statements.periods import Period
    from executive_suite.statements.sums import Sums

_OF_CASH = {Statement.CASH_DIRECT, Statement.CASH_INDIRECT}
_OF_PROFIT = {Statement.INCOME, Statement.EQUITY}


def hidden(
    context: Context, accounts: Accounts, sums: Sums, statement: Statement, column: str, period: Period
) -> list[Line]:
    """The lines in place of a statement that shows profit or what cash was for; none where it can be made.

    A line ``difference`` says why, with what waits: profit if all of it were income. Balance sheet and trial balance
    show the account itself.
    """
    if not unclassified.waiting(context) or column == ELIMINATION or statement not in _OF_CASH | _OF_PROFIT:
        return []
    whose = parent_of(context) if column == PARENT else column
    months = months_between(period.first, Month.of(period.last))
    reason = unclassified.why(context, whose, months)
    if not reason:
        return []
    cash = list(cash_lines(accounts, sums, period)) if statement in _OF_CASH else []
    return [*cash, Line(DIFFERENCE, "Not classified", 0 if cash else _cents(context, whose, months), reason)]


def _cents(context: Context, whose: str, months: tuple[Month, ...]) -> int:
    return -sum(
        one.cents
        for (entity, month), one in unclassified.waiting(context).items()
        if whose in {GROUP, entity} and month in months
    )
