"""The accounting section on the statements: short in the body, every line among the rows, and whether they tie."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from executive_suite import formats
from executive_suite.facts.fact import GROUP
from executive_suite.facts.statements import FinancialStatements, StatementDifference
from executive_suite.rendering.blocks import NOTHING, Cell, Section, Table, section
from executive_suite.reports import phrases, statement_lines
from executive_suite.reports.absence import left, none
from executive_suite.reports.accounting import income
from executive_suite.reports.selection import Selection
from executive_suite.reports.statement_lines import NAMES, Line, amount
from executive_suite.reports.tables.builder import figures, table, words
from executive_suite.reports.tables.lean import lean
from executive_suite.statements.cells import Statement
from executive_suite.wording import noted, say

_MOST_DIFFERENCES = 20


def statements(s: Selection) -> Section:
    """The section on the statements."""
    books = s.figures.statements
    if not books.rows:
        missing = " ".join(map(phrases.sentence, books.missing))
        point = say("Not available: {value}", value=missing or none("no ledger is recorded.", left(books.rows)))
        return section("Financial statements", point=point, covered=False, rows=income.rows(s))
    cash: dict[str, Any] = {}
    if books.of(Statement.CASH_DIRECT):
        cash["cash"] = _short(books, Statement.CASH_DIRECT)
    return section(
        "Financial statements",
        point=" ".join(filter(None, (_result(books), income.summary(s), _ties(s)))),
        rows=dict(_whole(books)) | _untied(s) | income.rows(s),
        income=_short(books, Statement.INCOME),
        balance=_short(books, Statement.BALANCE_SHEET),
        **cash,
    )


def _result(books: FinancialStatements) -> str:
    """The result of the year so far, next to the year before, and what is left of the equity."""
    now, before = _at(books, Statement.INCOME, "net_income")
    if now is None:
        return ""
    equity = _at(books, Statement.BALANCE_SHEET, "total_equity")[0] or 0
    kind = say("loss") if now < 0 else say("profit")
    told = say("The {kind} of the year to date is {abs}", kind=kind, abs=formats.money(abs(now)))
    if before is not None:
        told += say(
            ", after a {value} of {before} a year before",
            value=say("loss") if before < 0 else say("profit"),
            before=formats.money(abs(before)),
        )
    return say("{told}; equity is {equity}.", told=told, equity=formats.money(equity))


def _ties(s: Selection) -> str:
    """Whether every statement ties, and what differs if one does not."""
    books = s.figures.statements
    if books.differences:
        first = _worst(books)[0]
        untied = {(one.statement, one.entity_id) for one in books.differences}
        count, verb = formats.counted(len(untied), "statement"), phrases.are(len(untied), "does", "do")
        whose = say("the group") if first.entity_id == GROUP else s.entity(first.entity_id)
        name = say(NAMES[Statement(first.statement)]).lower()
        away = formats.money(abs(first.amount_cents))
        return say(
            "Not everything ties: {count} {verb} not, first the {name} of {whose}, by {away}.",
            count=count,
            verb=verb,
            name=name,
            whose=whose,
            away=away,
        )
    parts = [say("assets equal liabilities and equity")]
    parts += [say("cash flows end with the cash of the balance sheet")] if books.of(Statement.CASH_DIRECT) else []
    documents = [name for name in (Statement.RECEIVABLES, Statement.PAYABLES) if books.of(name)]
    parts += [say("open invoices equal receivables and payables")] if documents else []
    return say("The statements tie: {parts}.", parts=formats.series(parts))


def _worst(books: FinancialStatements) -> list[StatementDifference]:
    """The latest differences first, the group's before those of units, the largest amount first."""
    names = [period.name for period in books.periods]
    return sorted(
        books.differences,
        key=lambda one: (one.entity_id != GROUP, -names.index(one.period), -abs(one.amount_cents), one.statement),
    )


def _at(books: FinancialStatements, statement: Statement, line: str) -> tuple[int | None, int | None]:
    """Cents of a line of the group: the year to date, and the same days a year before."""
    return (
        books.amount(statement, line, books.periods[-2].name),
        books.amount(statement, line, books.periods[-1].name),
    )


def _short(books: FinancialStatements, statement: Statement) -> Table:
    year, before = books.periods[-2:]
    when = say("at {last}", last=formats.day(year.last))
    if statement is not Statement.BALANCE_SHEET:
        when = say("{first} to {last}", first=formats.day_of_year(year.first), last=formats.day(year.last))

    def change(line: Line) -> Cell:
        now, then = line.amounts
        return Cell(NOTHING) if then is None else Cell((now or 0) - then, "cents", signed=True)

    return lean(
        table(
            f"{NAMES[statement]}, {when}",
            statement_lines.short(books, statement, year.name, before.name),
            (
                words("Line", lambda line: line.label),
                figures("This year", lambda line: amount(line.amounts[0])),
                figures("Year before", lambda line: amount(line.amounts[1])),
                figures("Change", change),
            ),
        )
    )


def _whole(books: FinancialStatements) -> Iterator[tuple[str, Table]]:
    """Every line of the group: the last complete month, the year to date, and the same days a year before."""
    month, year, before = books.periods[-3:]

    def columns(statement: Statement) -> list[tuple[str, str]]:
        at_end = statement is Statement.BALANCE_SHEET
        found = [(noted("Year to date") if not at_end else formats.day(year.last), year.name)]
        if not (at_end and month.last == year.last):
            found.insert(0, (formats.month(month.name), month.name))
        return [*found, (noted("A year before"), before.name)]

    yield from statement_lines.whole(books, columns)


def _untied(s: Selection) -> dict[str, Table]:
    """What does not tie, with both sides; nothing if everything does."""
    books = s.figures.statements
    if not books.differences:
        return {}
    shown = _worst(books)[:_MOST_DIFFERENCES]
    every = {period.name: period for period in books.periods}
    return {
        "differences": table(
            "What does not tie",
            shown,
            (
                words("Statement", lambda one: say(NAMES[Statement(one.statement)])),
                words("Unit", lambda one: s.entity(one.entity_id)),
                words("Until", lambda one: Cell(every[one.period].last.isoformat(), "date")),
                figures("Difference", lambda one: Cell(one.amount_cents, "cents")),
                words("Why", lambda one: phrases.capital(one.reason)),
            ),
            note=phrases.left_out(len(books.differences) - len(shown), "difference"),
        )
    }
