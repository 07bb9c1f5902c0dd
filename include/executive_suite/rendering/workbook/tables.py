"""A table of a report as a sheet: real numbers in a list with filters, a total as a formula, remarks in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from xlsxwriter.utility import xl_col_to_name

from executive_suite import formats
from executive_suite.rendering.blocks import Cell, Table
from executive_suite.rendering.workbook.sheets import Entry, Kind, Look, Place, Sheet
from executive_suite.wording import say

_WIDEST = 60
_FIRST = 2
"""The row below title and headings, from 0."""
_CENTS = 100
"""Cents of the main unit of money."""
_POINTS = 10_000
"""Basis points of the whole."""


def of_table(table: Table, name: str) -> Sheet:
    """The table as a sheet; a last column has what marks tell in the other formats, if a row has any."""
    remarks = [_remarks(row) for row in table.lines]
    entries: dict[Place, Entry] = {(0, 0): Entry(table.title, look="title")}
    widths, heights = {}, {}
    for place, column in enumerate(table.columns):
        left = column.align == "left"
        entries[1, place] = Entry(column.title, "text" if left else "whole", "head", indent=int(left and place > 0))
        wide = max([len(column.title), *(_width(row[place]) for row in table.lines)])
        widths[place] = min(_WIDEST, wide + 4)
    for row, cells in enumerate(table.lines, start=_FIRST):
        look: Look = "total" if table.total and row == _FIRST + len(table.rows) else "plain"
        for place, cell in enumerate(cells):
            entries[row, place] = _entry(table, place, cell, look)
        heights[row] = max(lines(words, _WIDEST) for words in (*(cell.text for cell in cells), _remarks(cells)))
    columns = len(table.columns)
    if any(remarks):
        entries[1, columns] = Entry(say("Remarks"), look="head", indent=1)
        widths[columns] = min(_WIDEST, max(map(len, remarks)) + 4)
        entries |= {(row, columns): Entry(words, indent=1) for row, words in enumerate(remarks, start=_FIRST) if words}
        columns += 1
    last = (_FIRST + len(table.rows) - 1, columns - 1)
    return Sheet(name, entries, widths, heights, frozen=(_FIRST, 1), filtered=((1, 0), last))


def lines(words: str, wide: int) -> int:
    """Lines that words take in a column, with 10% to spare for wide letters."""
    return max(1, -(-len(words) * 11 // (wide * 10)))


def _entry(table: Table, place: int, cell: Cell, look: Look) -> Entry:
    kind = _kind(cell)
    if kind == "text":
        left = table.columns[place].align == "left"  # words next to figures need a gap
        return Entry(cell.text, "text" if left else "whole", look, indent=int(left and place > 0))
    if kind == "date":
        return Entry(date.fromisoformat(str(cell.value)), kind, look)
    formula = ""
    if look == "total" and kind == "money" and _sums(table, place, cell):
        letter = xl_col_to_name(place)
        formula = f"SUM({letter}{_FIRST + 1}:{letter}{_FIRST + len(table.rows)})"
    return Entry(_value(cell), kind, look, formula)


def _kind(cell: Cell) -> Kind:
    """How a cell is written; ``text`` for words."""
    if cell.unit == "date":
        return "date" if isinstance(cell.value, str) and cell.value else "text"
    if cell.number is None:
        return "text"
    if formats.is_money(cell.unit):
        return "money"
    return "ratio" if cell.unit in {"ratio", "bp"} else "number"


def _value(cell: Cell) -> Decimal:
    main, _, _ = cell.unit.partition("/")
    found = Decimal(cell.number or 0)
    if main == "bp":
        return found / _POINTS
    return found * _CENTS if formats.is_money(cell.unit) and main != "cents" else found


def _width(cell: Cell) -> int:
    """Letters of a cell as the workbook shows it: an amount has its cents there."""
    return len(f"{_value(cell) / _CENTS:,.2f}") if _kind(cell) == "money" else len(cell.text)


def _remarks(row: tuple[Cell, ...]) -> str:
    """What marks tell readers of the other formats: why a value is missing, and what rests on assumed data."""
    notes = list(dict.fromkeys(cell.note for cell in row if cell.note))
    return "; ".join([*([say("assumed")] if any(cell.assumed for cell in row) else []), *notes])


def _sums(table: Table, column: int, total: Cell) -> bool:
    """Whether the total is the sum of the column: only then is it written as one."""
    parts = [row[column].number for row in table.rows]
    found = [Decimal(part) for part in parts if part is not None]
    return len(found) == len(parts) and sum(found) == total.number
