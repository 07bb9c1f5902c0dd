"""A report's tables as a workbook: real numbers, frozen headings, totals as formulas, text never as a formula."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import xlsxwriter

from executive_suite import formats
from executive_suite.rendering.blocks import Cell, Column, Page, Table

_FORMATS = {"money": "#,##0.00", "ratio": "0.0%", "number": "#,##0.##", "date": "yyyy-mm-dd"}
_PARTS = {"cents": 100, "bp": 10_000}
"""Units that a workbook converts to the main unit."""
_NAME = 31
_PAPERS = {"us-letter": 1, "a4": 9}
_WIDEST = 60
_LINE = 15
"""Points of height that a line of text takes."""


def make(page: Page, blocks: tuple[Any, ...], report_date: date) -> bytes:
    """A workbook with sheets on the report, its key figures and decisions, and one for each table that has rows.

    Args:
        page: Title, message, foot and definitions, for the first sheet.
        blocks: The view's blocks; tables become sheets in their order.
        report_date: Serves as the creation date, so that the same report gives the same bytes.
    """
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    stamp = datetime.combine(report_date, time.min, tzinfo=UTC).replace(tzinfo=None)
    book.set_properties({"title": page.title, "author": "Executive Suite", "created": stamp})
    _about(book, page)
    _figures(book, page)
    _decisions(book, page)
    taken = {"about", "key figures", "decisions"}
    for block in blocks:
        if isinstance(block, Table) and block.rows:
            _sheet(book, block, _sheet_name(block.title, taken))
    book.close()
    return target.getvalue()


def _about(book: Any, page: Page) -> None:
    sheet = book.add_worksheet("About")
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    label_wide, words_wide = 34, 100
    sheet.set_column(0, 0, label_wide, wrap)
    sheet.set_column(1, 1, words_wide, wrap)
    rows = [(page.title, page.period), *(("", line) for line in page.message)]
    rows += [("Dataset", page.foot.dataset_hash), ("Cut-off", page.foot.cut_off), ("Coverage", page.foot.coverage)]
    if page.sample:
        rows.append(
            ("Sample data", "Fictional history based on stated assumptions and a few facts about a real group.")
        )
    rows += [("Unit", "Amounts are in the currency's main unit; shares are fractions shown as percentages.")]
    rows += [(f"{item.name} ({item.unit})", f"{item.definition} {item.source}") for item in page.definitions]
    for number, (label, words) in enumerate(rows):
        # Programs that open the workbook do not measure wrapped text: without a height, lines overlap.
        sheet.set_row(number, _LINE * max(_lines(label, label_wide), _lines(words, words_wide)))
        sheet.write_string(number, 0, label, bold)
        sheet.write_string(number, 1, words, wrap)
    _printed(sheet)


def _lines(words: str, wide: int) -> int:
    """Lines that words take in a column, with 10% to spare for wide letters."""
    return max(1, -(-len(words) * 11 // (wide * 10)))


def _figures(book: Any, page: Page) -> None:
    """The figures of page one, as numbers and as shown."""
    columns = (
        Column("Figure"),
        Column("Number", "right"),
        Column("As shown", "right"),
        Column("Compared with"),
        Column("Note"),
    )
    rows = tuple(
        (
            Cell(kpi.label, assumed=kpi.assumed),
            Cell(kpi.value, kpi.unit) if Cell(kpi.value, kpi.unit).number is not None else Cell(),
            Cell(kpi.text),
            Cell(kpi.comparison),
            Cell(kpi.note),
        )
        for kpi in page.kpis
    )
    if rows:
        _sheet(book, Table("Key figures, as on page one", columns, rows), "Key figures")


def _decisions(book: Any, page: Page) -> None:
    """What the reader is asked to decide."""
    columns = (Column("Decision"), Column("Why"), Column("Owner"), Column("By"), Column("Amount"))
    rows = tuple(
        (Cell(item.what), Cell(item.why), Cell(item.owner), Cell(item.due), Cell(item.stake)) for item in page.decisions
    )
    if rows:
        _sheet(book, Table("Decisions needed, as on page one", columns, rows), "Decisions")


def _sheet(book: Any, block: Table, name: str) -> None:
    sheet = book.add_worksheet(name)
    heads = {
        side: book.add_format(
            {"bold": True, "bottom": 2, "text_wrap": True, "align": side, "indent": int(side == "left")}
        )
        for side in ("left", "right")
    }
    sheet.write_string(0, 0, block.title, book.add_format({"bold": True}))
    for number, column in enumerate(block.columns):
        sheet.write_string(1, number, column.title, heads[column.align])
        column_cells = [row[number] for row in block.lines]
        sheet.set_column(number, number, min(_WIDEST, max([len(column.title), *map(_width, column_cells)]) + 3))
    looks = {kind: book.add_format({"num_format": code}) for kind, code in _FORMATS.items()}
    totals = {kind: book.add_format({"num_format": code, "bold": True, "top": 2}) for kind, code in _FORMATS.items()}
    for side in ("left", "right"):
        # Words next to right-aligned figures need a gap.
        look = {"align": side, "text_wrap": True, "valign": "top", "indent": int(side == "left")}
        looks[side] = book.add_format(look)
        totals[side] = book.add_format({**look, "bold": True, "top": 2})
    _remarked(sheet, block, heads["left"], looks["left"])
    for row, cells in enumerate(block.rows, start=2):
        sheet.set_row(row, _LINE * max(_lines(words, _WIDEST) for words in (*(c.text for c in cells), _remarks(cells))))
        for place, cell in enumerate(cells):
            _write(sheet, row, place, cell, looks, block.columns[place].align)
    if block.total:
        last = len(block.rows) + 1
        for place, cell in enumerate(block.total):
            if _kind(cell) == "money" and _sums(block, place, cell):
                letter = xlsxwriter.utility.xl_col_to_name(place)
                formula = f"=SUM({letter}3:{letter}{last + 1})"
                sheet.write_formula(last + 1, place, formula, totals["money"], _number(cell))
            else:
                _write(sheet, last + 1, place, cell, totals, block.columns[place].align)
    sheet.freeze_panes(2, 1)
    _printed(sheet)
    sheet.repeat_rows(0, 1)


def _remarked(sheet: Any, block: Table, head: Any, words_format: Any) -> None:
    """A last column for what marks tell in the other formats, if a row has any."""
    remarks = [_remarks(row) for row in block.lines]
    if not any(remarks):
        return
    place = len(block.columns)
    sheet.write_string(1, place, "Remarks", head)
    sheet.set_column(place, place, min(_WIDEST, max(map(len, remarks)) + 3))
    for row, words in enumerate(remarks, start=2):
        if words:
            sheet.write_string(row, place, words, words_format)


def _printed(sheet: Any) -> None:
    """Fit to the width of one page of the group's paper, landscape."""
    sheet.set_landscape()
    sheet.set_paper(_PAPERS[formats.paper()])
    sheet.fit_to_pages(1, 0)


def _kind(cell: Cell) -> str:
    """Which number format a cell has; ``text`` for words."""
    if cell.unit == "date":
        return "date" if isinstance(cell.value, str) else "text"
    if cell.number is None:
        return "text"
    if formats.is_money(cell.unit):
        return "money"
    return "ratio" if cell.unit in {"ratio", "bp"} else "number"


def _width(cell: Cell) -> int:
    """Letters of a cell as the workbook shows it: an amount has its cents there."""
    return len(f"{_number(cell):,.2f}") if _kind(cell) == "money" else len(cell.text)


def _remarks(row: tuple[Cell, ...]) -> str:
    """What marks tell readers of the other formats: why a value is missing, and what rests on assumed data."""
    notes = list(dict.fromkeys(cell.note for cell in row if cell.note))
    return "; ".join([*(["assumed"] if any(cell.assumed for cell in row) else []), *notes])


def _write(sheet: Any, row: int, column: int, cell: Cell, looks: dict[str, Any], align: str) -> None:
    kind = _kind(cell)
    if kind == "date":
        sheet.write_datetime(row, column, date.fromisoformat(str(cell.value)), looks["date"])
    elif kind == "text":
        sheet.write_string(row, column, cell.text, looks[align])
    else:
        sheet.write_number(row, column, _number(cell), looks[kind])


def _number(cell: Cell) -> float:
    main, _, _ = cell.unit.partition("/")
    return float(Decimal(str(cell.number)) / _PARTS.get(main, 1))


def _sums(block: Table, column: int, total: Cell) -> bool:
    """Whether the total is the sum of the column: only then is it written as one."""
    parts = [row[column].number for row in block.rows]
    found = [Decimal(part) for part in parts if part is not None]
    return len(found) == len(parts) and sum(found) == total.number


def _sheet_name(title: str, taken: set[str]) -> str:
    plain = re.sub(r"[\[\]:*?/\\']", " ", title).strip()[:_NAME] or "Table"
    name, number = plain, 2
    while name.lower() in taken:
        suffix = f" {number}"
        name, number = plain[: _NAME - len(suffix)] + suffix, number + 1
    taken.add(name.lower())
    return name
