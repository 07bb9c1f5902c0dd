"""The board's section on the statements of a quarter, next to the quarter before and the same a year earlier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from executive_suite import formats
from executive_suite.facts.statements import FinancialStatements
from executive_suite.rendering.blocks import Kpi, Section, Table, section
from executive_suite.reports import phrases, statement_lines
from executive_suite.reports.absence import left, none
from executive_suite.reports.board import quarter
from executive_suite.reports.kpis import NOTHING_SET
from executive_suite.reports.selection import Selection
from executive_suite.reports.statement_lines import NAMES, amount
from executive_suite.reports.tables.builder import figures, table, words
from executive_suite.reports.tables.lean import lean
from executive_suite.statements.cells import Statement
from executive_suite.wording import say


def results(s: Selection) -> Section:
    """The section on the statements."""
    books = s.figures.quarters
    if not books.rows:
        return section("The quarter in the books", point=_missing(s), covered=False)
    kinds = (Statement.INCOME, Statement.BALANCE_SHEET, Statement.CASH_DIRECT)
    shown: dict[str, Any] = {one.value: _short(s, one) for one in kinds if books.of(one)}
    return section(
        "The quarter in the books",
        point=result(s),
        rows=dict(statement_lines.whole(books, lambda _: _columns(s))),
        **shown,
    )


def result(s: Selection) -> str:
    """The result of the quarter next to the one before and to last year's; what is missing if there is none."""
    books = s.figures.quarters
    now, before, year_ago = quarter.compared(s)
    value = _at(books, "net_income", now.name)
    if value is None:
        return _missing(s)
    told = say(
        "{quarter} brought a {kind} of {value}",
        quarter=quarter.named(now),
        kind=_kind(value),
        value=formats.money(abs(value)),
    )
    others = [
        say("a {kind} of {value} in {quarter}", kind=_kind(then), value=formats.money(abs(then)), quarter=named)
        for one in (before, year_ago)
        if (then := _at(books, "net_income", one.name)) is not None and (named := quarter.named(one))
    ]
    after = say(", after {others}", others=formats.series(others)) if others else ""
    return f"{told}{after}."


def equity(s: Selection) -> Kpi:
    """Equity at the end of the quarter next to a year earlier."""
    books = s.figures.quarters
    now, _, before = quarter.compared(s)
    ends = formats.near(str(now.months[-1]))
    label = say("Equity, end of {month}", month=ends)
    value, then = (books.amount(Statement.BALANCE_SHEET, "total_equity", one.name) for one in (now, before))
    if value is None:
        return Kpi(label, None, "cents", _missing(s))
    words_ = (
        none(NOTHING_SET, left(one for one in (then,) if one is not None))
        if then is None
        else f"{formats.month(str(before.months[-1]))}: {formats.money(then)}"
    )
    return Kpi(label, value, "cents", words_)


def _at(books: FinancialStatements, line: str, period: str) -> int | None:
    return books.amount(Statement.INCOME, line, period)


def _kind(cents: int) -> str:
    return say("loss") if cents < 0 else say("profit")


def _missing(s: Selection) -> str:
    books = s.figures.quarters
    missing = " ".join(map(phrases.sentence, books.missing))
    return say("Not available: {value}", value=missing or none("no ledger is recorded.", left(books.rows)))


def _columns(s: Selection) -> Sequence[tuple[str, str]]:
    """The quarters with books: a heading and the name of the period."""
    named = ((quarter.named(one), one.name) for one in quarter.compared(s))
    known = {name for row in s.figures.quarters.rows for name in row.amounts}
    return [one for one in named if one[1] in known]


def _short(s: Selection, statement: Statement) -> Table:
    columns = _columns(s)
    title = say("{name} by quarter", name=say(NAMES[statement]))
    if statement is Statement.BALANCE_SHEET:
        title = say("{name} at the end of the quarter", name=say(NAMES[statement]))
    return lean(
        table(
            title,
            statement_lines.short(s.figures.quarters, statement, *(name for _, name in columns)),
            (
                words("Line", lambda line: line.label),
                *(
                    figures(head, lambda line, place=place: amount(line.amounts[place]))  # type: ignore[misc]
                    for place, (head, _) in enumerate(columns)
                ),
            ),
        )
    )
