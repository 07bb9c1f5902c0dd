"""All statements of a run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from executive_suite.facts.fact import GROUP, MissingInputError
from executive_suite.formats import series
from executive_suite.metrics.accounting.statement_tie import balances_kept
from executive_suite.metrics.book import unclassified
from executive_suite.metrics.book.book import book
from executive_suite.statements import ties
from executive_suite.statements.balance_sheet import balance_sheet, listed
from executive_suite.statements.cash_flow import cash_flow_direct, cash_flow_indirect
from executive_suite.statements.cells import ELIMINATION, Cell, Line, Statement
from executive_suite.statements.equity import equity
from executive_suite.statements.hidden import Key, hidden
from executive_suite.statements.income_statement import income_statement
from executive_suite.statements.mutual import unpaired
from executive_suite.statements.open_items import open_items
from executive_suite.statements.periods import Period, periods
from executive_suite.statements.trial_balance import trial_balance
from executive_suite.statements.worksheet import Worksheet, worksheet

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context
    from executive_suite.statements.accounts import Accounts
    from executive_suite.statements.sums import Sums

_OF_BOOKS: Mapping[Statement, Callable[[Accounts, Sums, Period], Iterator[Line]]] = {
    Statement.BALANCE_SHEET: balance_sheet,
    Statement.INCOME: income_statement,
    Statement.CASH_DIRECT: cash_flow_direct,
    Statement.CASH_INDIRECT: cash_flow_indirect,
    Statement.TRIAL_BALANCE: trial_balance,
    Statement.EQUITY: equity,
}
_OF_CASH = {Statement.CASH_DIRECT, Statement.CASH_INDIRECT}


@dataclass(frozen=True)
class Statements:
    """Every cell, and what could not be made.

    Attributes:
        cells: By statement, column and period; periods before a column's first line have none.
        missing: Why statements are missing: one sentence for each input that is absent.
        untied: By how much the group's statements differ from the figures of its reports; empty if they do not.
        hidden: Statement, column and period of what shows no profit, as lines wait to be classified: one line
            ``difference`` says so, which is no tie that fails.
    """

    cells: tuple[Cell, ...]
    missing: tuple[str, ...]
    untied: str = ""
    hidden: Collection[Key] = ()


def statements(context: Context, spans: tuple[Period, ...] = ()) -> Statements:
    """All statements of a report date, of some periods; by default of those that the command prints."""
    spans, missing = spans or periods(context), []
    cells: list[Cell] = []
    sheet: Worksheet | None = None
    untied, without = "", dict[Key, list[Line]]()
    try:
        sheet = worksheet(context, spans)
        without = hidden(context, sheet, spans)
        missing += [f"no profit: {reason}"] if (reason := unclassified.why_any(context)) and without else []
        of_books = set(_OF_BOOKS)
        if not sheet.accounts.cash.any():
            of_books -= _OF_CASH
            missing.append("no cash flows: no account is marked as cash")
        elif reason := _level(context):
            of_books -= {Statement.BALANCE_SHEET, *_OF_CASH}
            missing.append(f"no balance sheet and cash flows: {reason}")
        cells += _of_books(sheet, spans, without, of_books)
        untied = _untied(context, sheet)
    except MissingInputError as error:
        missing.append(f"no statement from the ledger: {error}")
    try:
        cells += open_items(context, spans, sheet)
    except MissingInputError as error:
        missing.append(f"no receivables and payables: {error}")
    return Statements(tuple(cells), tuple(missing), untied, frozenset(without))


def _level(context: Context) -> str:
    """Why only the changes of cash are known, in words; empty if its balances are."""
    try:
        book(context).require_level()
    except MissingInputError as error:
        return str(error)
    return ""


def _untied(context: Context, sheet: Worksheet) -> str:
    """What the statements of the group count and the figures of its reports leave out, in words."""
    names = dict(zip(sheet.accounts.ids, sheet.accounts.names, strict=True))
    kept = [
        f"{account} {names[account]} {ties.money(abs(total.cents))} {'debit' if total.cents > 0 else 'credit'}"
        for account, total in balances_kept(context).items()
    ]
    return f"group statements keep what the figures of the reports leave out: {series(kept)}" if kept else ""


def _of_books(
    sheet: Worksheet, spans: tuple[Period, ...], without: Mapping[Key, list[Line]], made: Collection[Statement]
) -> Iterator[Cell]:
    between = unpaired(sheet, spans)
    for statement in (one for one in _OF_BOOKS if one in made):
        for column, sums in sheet.columns.items():
            for period in filter(sums.known, spans):
                instead = without.get((statement, column, period.name))
                for line in instead or _lines(sheet, statement, column, period, between[period]):
                    yield Cell(statement, column, period.name, line.line, line.label, line.amount_cents, line.reason)


def _lines(
    sheet: Worksheet, statement: Statement, column: str, period: Period, between: Mapping[Statement, list[Line]]
) -> list[Line]:
    """The lines of a statement, then what does not tie; what elimination leaves open is the group's."""
    sums = sheet.columns[column]
    lines = list(_OF_BOOKS[statement](sheet.accounts, sums, period))
    if column == ELIMINATION:
        return lines
    unknown = listed(sheet.accounts, np.where(sheet.accounts.unknown, sums.balances(period.end), 0))
    if column != GROUP:
        return [*lines, *ties.untied(statement, lines, unknown, 0)]
    rest = ties.untied(statement, lines, unknown, ties.explained(between, statement))
    return [*lines, *between.get(statement, ()), *rest]
