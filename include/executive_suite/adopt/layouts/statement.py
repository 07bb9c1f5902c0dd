"""Profit and loss, and balance sheets: totals by period, which verify what was read and are never entries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from executive_suite.adopt import labels
from executive_suite.adopt import sheet as sheets
from executive_suite.adopt.layouts.postings import reading
from executive_suite.adopt.reading import Measure, NotReadableError, Reading, Total
from executive_suite.adopt.sheet import Row, Sheet
from executive_suite.adopt.style import StyleError

_PROFIT = re.compile(
    r"net (?:income|profit|earnings|loss|profit/\(?loss\)?)(?: ?\(loss\))?|profit for the (?:year|period)|"
    r"(?:utilidad|ganancia|beneficio|resultado) net[ao]s?|ingresos? netos?|(?:netto|rein)(?:gewinn|ertrag|einkommen)|"
    r"jahresüberschuss|(?:bénéfice|résultat|revenu|profit) nets?",
    re.IGNORECASE,
)
_REVENUE = re.compile(
    r"(?:trading |operating |other |ordinary )?(?:income|revenues?|sales)|otros ingresos|ingresos|"
    r"(?:sonstige )?(?:erträge|einnahmen|umsatzerlöse)|(?:autres )?(?:revenus|produits)",
    re.IGNORECASE,
)
_ASSETS = re.compile(r"(?:total )?(?:assets|activos?|aktiva|actifs?)", re.IGNORECASE)
_CLAIMS = re.compile(
    r"liabilities|equity|liabilities (?:and|&) .*|pasivos?.*|passiva|passifs?.*|net assets|patrimonio.*|eigenkapital|"
    r"capitaux propres",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of amounts and what it covers."""

    place: int
    begins: date | None
    ends: date


def profit_and_loss(sheet: Sheet) -> Reading:
    """Revenue, expenses and profit by period.

    Expenses are all that is between revenue and profit, cost of sales included.

    Raises:
        NotReadableError: no column has a period, or no row is the net income.
    """
    totals: list[Total] = []
    columns = _columns(sheet)
    profits = [row for row in sheet.rows if _PROFIT.fullmatch(_bare(row.label))]
    if not profits:
        msg = f"{sheet.upload.name}: a profit and loss without a row of its net income"
        raise NotReadableError(msg)
    incomes = _outermost(sheet.rows)
    for column in columns:
        profit = _amount(sheet, profits[-1], column)
        if profit is None:
            continue
        totals.append(_total(sheet, "profit", profit, column, profits[-1]))
        found = [amount for row in incomes if (amount := _amount(sheet, row, column)) is not None]
        if found:
            revenue = sum(found, Decimal(0))
            totals.append(_total(sheet, "revenue", revenue, column, incomes[0]))
            totals.append(_total(sheet, "expenses", revenue - profit, column, profits[-1]))
    return reading(sheet, totals=tuple(totals))


def balance_sheet(sheet: Sheet) -> Reading:
    """The balance of each account, debit positive.

    Raises:
        NotReadableError: no column has a day.
    """
    totals: list[Total] = []
    for column in _columns(sheet):
        side = 1
        for row in sheet.rows:
            label = _bare(row.label)
            side = 1 if _ASSETS.fullmatch(label) else -1 if _CLAIMS.fullmatch(label) else side
            amount = _amount(sheet, row, column)
            if amount is None or labels.total_of(row.label) is not None or _PROFIT.fullmatch(label):
                continue
            point = _Column(column.place, None, column.ends)
            totals.append(_total(sheet, "balance", amount * side, point, row, row.label))
    return reading(sheet, totals=tuple(totals))


def _outermost(rows: Sequence[Row]) -> list[Row]:
    """The totals of revenue, without those of accounts inside it that have such a name ("Sales" below "Income")."""
    spans: list[tuple[int, int]] = []
    for at, row in enumerate(rows):
        of = labels.total_of(row.label)
        if of and _REVENUE.fullmatch(_bare(of)):
            heads = (place for place in range(at - 1, -1, -1) if rows[place].label.casefold() == of.casefold())
            spans.append((next(heads, at), at))
    return [rows[end] for begin, end in spans if not any(other < begin and end < last for other, last in spans)]


def _bare(text: str) -> str:
    return text.strip(" :").removeprefix("Less ").removeprefix("Plus ")


def _columns(sheet: Sheet) -> list[_Column]:
    """The columns whose header states a period, or the total of the title's."""
    found: dict[tuple[date | None, date], _Column] = {}
    title = sheet.title.period
    for place, header in enumerate(sheet.header):
        if place == 0:
            continue
        stated = sheets.stated_period(header)
        if stated is None and title and (not header or labels.total_of(header) == ""):
            stated = title
        if stated is None:
            continue
        begins, ends = stated
        if begins is None and title and title[1] == ends:
            begins = title[0]
        found.setdefault((begins, ends), _Column(place, begins, ends))
    if not found:
        looked_for = "'Jan 2025' above a column, or a period in the title, was looked for"
        msg = f"{sheet.upload.name}: no column with a period; {looked_for}"
        raise NotReadableError(msg)
    return list(found.values())


def _amount(sheet: Sheet, row: Row, column: _Column) -> Decimal | None:
    text = row.cells[column.place] if column.place < len(row.cells) else ""
    if not text.strip("-\u2013\u2014 "):
        return None
    try:
        return sheet.style.amount(row.number, text)
    except StyleError as error:
        raise sheet.refused(error.row, str(error)) from None


def _total(sheet: Sheet, measure: Measure, amount: Decimal, column: _Column, row: Row, account: str = "") -> Total:
    return Total(measure, amount, column.ends, sheet.origin(row), account, column.begins)
