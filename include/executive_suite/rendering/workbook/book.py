"""The file: page one, the sheets of its reader, and the tables of the report."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

import xlsxwriter

from executive_suite.rendering.blocks import Page, Table
from executive_suite.rendering.workbook import page_one
from executive_suite.rendering.workbook.looks import Looks
from executive_suite.rendering.workbook.names import sheet_name
from executive_suite.rendering.workbook.sheets import Sheet
from executive_suite.rendering.workbook.tables import of_table
from executive_suite.rendering.workbook.writing import write
from executive_suite.wording import say


def make(page: Page, blocks: Iterable[Any], report_date: date, sheets: Sequence[Sheet] = ()) -> bytes:
    """The workbook of a report.

    Args:
        page: Title, message, figures, decisions, foot and definitions, for the first sheets.
        blocks: The view's blocks; tables with rows become sheets in their order.
        report_date: Serves as the creation date, so that the same report gives the same bytes.
        sheets: What its reader works in, with formulas.
    """
    tables = [block for block in blocks if isinstance(block, Table) and block.rows]
    given = [sheet for sheet in (page_one.figures(page), page_one.decisions(page)) if sheet] + list(sheets)
    for table in tables:
        if not any(_holds(other, table) for other in tables):
            taken = {say(page_one.ABOUT), *(sheet.name for sheet in given)}
            given.append(of_table(table, sheet_name(table.title, taken)))
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, options)
    stamp = datetime.combine(report_date, time.min, tzinfo=UTC).replace(tzinfo=None)
    book.set_properties({"title": page.title, "author": "Executive Suite", "created": stamp})
    looks = Looks(book, page.brand.color)
    for sheet in (page_one.about(page, given), *given):
        write(book, sheet, looks, page.brand.color)
    book.close()
    return target.getvalue()


def _holds(whole: Table, part: Table) -> bool:
    """Whether a table has all rows of another and more: then the other is no sheet of its own."""
    same = [column.title for column in whole.columns] == [column.title for column in part.columns]
    return same and len(whole.rows) > len(part.rows) and set(part.rows) <= set(whole.rows)
