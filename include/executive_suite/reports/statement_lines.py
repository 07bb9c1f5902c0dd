"""The financial statements as reports show them: in a few lines, and with every line in tables that fit a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from executive_suite.facts.statements import FinancialStatements, StatementRow
from executive_suite.rendering.blocks import NOTHING, Cell, Table
from executive_suite.reports.tables.builder import Col, figures, table, words
from executive_suite.statements.cells import Statement
from executive_suite.wording import noted, say

NAMES = {
    Statement.INCOME: noted("Income statement"),
    Statement.BALANCE_SHEET: noted("Balance sheet"),
    Statement.CASH_DIRECT: noted("Cash flows"),
    Statement.CASH_INDIRECT: noted("Cash flows, indirect"),
    Statement.TRIAL_BALANCE: noted("Trial balance"),
    Statement.EQUITY: noted("Equity"),
    Statement.RECEIVABLES: noted("Receivables"),
    Statement.PAYABLES: noted("Payables"),
}
_PARTS = (
    (Statement.INCOME, "Revenue", ("total_revenue",)),
    (Statement.INCOME, "Expenses and result", ("total_expenses", "net_income")),
    (Statement.BALANCE_SHEET, "Assets", ("total_assets",)),
    (Statement.BALANCE_SHEET, "Liabilities and equity", ("total_liabilities", "total_equity")),
    (Statement.CASH_DIRECT, "Operating", ("net_cash_operating",)),
    (
        Statement.CASH_DIRECT,
        "Investing, financing and the change in cash",
        ("net_cash_investing", "net_cash_financing", "cash_opening", "net_cash_change", "cash_closing"),
    ),
    (Statement.EQUITY, "From the beginning to the end", ("equity_closing",)),
)
"""The tables of all lines: each part is a table of its own, so that none is too long for a page."""
_SHORT: Mapping[Statement, tuple[tuple[str, str], ...]] = {
    Statement.INCOME: (
        (noted("Revenue"), "total_revenue"),
        (noted("Expenses"), "total_expenses"),
        (noted("Net income"), "net_income"),
    ),
    Statement.CASH_DIRECT: (
        (noted("Operations"), "net_cash_operating"),
        (noted("Investments"), "net_cash_investing"),
        (noted("Financing"), "net_cash_financing"),
        (noted("Change in cash"), "net_cash_change"),
    ),
}
Columns = Callable[[Statement], Sequence[tuple[str, str]]]
"""Heading and name of the period of each column of amounts of a statement."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its cents by period; None where there are no books or nothing on the line."""

    label: str
    amounts: tuple[int | None, ...]


def short(books: FinancialStatements, statement: Statement, *periods: str) -> list[Line]:
    """The group's income statement, balance sheet or cash flows in three to five lines."""

    def at(of: Statement, line: str) -> tuple[int | None, ...]:
        return tuple(books.amount(of, line, period) for period in periods)

    if statement is not Statement.BALANCE_SHEET:
        return [Line(say(label), at(statement, line)) for label, line in _SHORT[statement]]
    assets, cash = at(statement, "total_assets"), at(Statement.CASH_DIRECT, "cash_closing")
    others = tuple(None if one is None else one - (own or 0) for one, own in zip(assets, cash, strict=True))
    return [
        Line(say("Cash"), cash),
        Line(say("Other assets"), others),
        Line(say("Total assets"), assets),
        Line(say("Liabilities"), at(statement, "total_liabilities")),
        Line(say("Equity"), at(statement, "total_equity")),
    ]


def whole(books: FinancialStatements, columns: Columns) -> Iterator[tuple[str, Table]]:
    """Every line of the group, a table for each part of a statement, by the name of its block."""

    def column(head: str, period: str) -> Col[StatementRow]:
        return figures(head, lambda row: amount(row.amounts.get(period)))

    for statement, part, totals in _PARTS:
        rows = [row for row in books.of(statement) if row.part in totals or row.line in totals]
        if rows:
            yield (
                f"{statement.value}_{totals[0]}",
                table(
                    f"{NAMES[statement]}: {part.lower()}",
                    rows[:-1] or rows,
                    (words("Line", lambda row: row.label), *(column(*one) for one in columns(statement))),
                    total=rows[-1] if rows[1:] else None,
                    total_name=rows[-1].label,
                ),
            )


def amount(cents: int | None) -> Cell:
    """An amount of a statement; a dash where there is none."""
    return Cell(NOTHING) if cents is None else Cell(cents, "cents")
