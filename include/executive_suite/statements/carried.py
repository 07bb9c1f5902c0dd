"""The statements as reports and workbooks carry them: amounts by period, and what each line is added up in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING

from executive_suite.facts.fact import MissingInputError
from executive_suite.facts.statements import FinancialStatements, StatementDifference, StatementPeriod, StatementRow
from executive_suite.statements import report
from executive_suite.statements.accounts import accounts
from executive_suite.statements.cells import DIFFERENCE, RETAINED, SUBTOTALS, Cell, Statement
from executive_suite.statements.periods import Period, periods, quarters

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

_OF_CASH = {f"net_cash_{section}": "net_cash_change" for section in ("operating", "investing", "financing")}
_ADDED: Mapping[Statement, Mapping[str, str]] = {
    Statement.CASH_DIRECT: _OF_CASH,
    Statement.CASH_INDIRECT: {"net_income": "net_cash_operating", **_OF_CASH},
    Statement.EQUITY: {"equity_opening": "equity_closing", "net_income": "equity_closing"},
}
"""What subtotals are themselves added up in."""


def carried(context: Context) -> FinancialStatements:
    """The statements of a report date."""
    return _of(context, periods(context))


def of_quarters(context: Context) -> FinancialStatements:
    """The statements of the latest quarter that has ended, of the one before it, and of the same a year earlier."""
    return _of(context, quarters(context))


def _of(context: Context, spans: tuple[Period, ...]) -> FinancialStatements:
    made = report.statements(context, spans)
    return FinancialStatements(
        tuple(StatementPeriod(span.name, span.first, span.last) for span in spans),
        tuple(_rows(cell for cell in made.cells if cell.line != DIFFERENCE)),
        tuple(
            StatementDifference(
                cell.statement.value, cell.entity_id, cell.period, cell.label, cell.amount_cents, cell.reason
            )
            for cell in made.cells
            if cell.line == DIFFERENCE and (cell.statement, cell.entity_id, cell.period) not in made.hidden
        ),
        made.missing,
        _tied(context),
    )


def _tied(context: Context) -> Mapping[str, tuple[str, ...]]:
    try:
        known = accounts(context)
    except MissingInputError:
        return {}
    chosen = {"cash": known.cash, **{name: known.of_subtype(name) for name in ("receivable", "payable")}}
    return {
        name: tuple(account for account, is_one in zip(known.ids, flags, strict=True) if is_one)
        for name, flags in chosen.items()
    }


def _rows(cells: Iterable[Cell]) -> Iterator[StatementRow]:
    found: dict[tuple[Statement, str], list[Cell]] = {}
    for cell in cells:
        found.setdefault((cell.statement, cell.entity_id), []).append(cell)
    for (statement, entity_id), own in found.items():
        yield from _merged(statement, entity_id, own)


def _merged(statement: Statement, entity_id: str, cells: list[Cell]) -> Iterator[StatementRow]:
    """The lines of all periods, each once: accounts in order before the subtotal that they are added up in."""
    amounts: dict[str, dict[str, int]] = {}
    last: dict[str, tuple[Cell, str]] = {}
    for _, of_period in groupby(cells, key=lambda cell: cell.period):
        total = ""
        for cell in reversed(list(of_period)):
            total = cell.line if cell.line in SUBTOTALS else total
            amounts.setdefault(cell.line, {})[cell.period] = cell.amount_cents
            last[cell.line] = cell, total
    totals = list(dict.fromkeys(cell.line for cell in cells if cell.line in SUBTOTALS))

    def place(line: str) -> tuple[int, bool, bool, str]:
        total = last[line][1]
        return (
            totals.index(total) if total else len(totals),
            line == total,
            line.rpartition(":")[2] == RETAINED,
            line,
        )

    for line in sorted(last, key=place):
        cell, total = last[line]
        part = _ADDED.get(statement, {}).get(line, "") if line == total else total
        yield StatementRow(statement.value, entity_id, line, cell.label, part, amounts[line])
