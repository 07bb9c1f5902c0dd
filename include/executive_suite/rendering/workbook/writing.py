"""A sheet into the file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from executive_suite import formats
from executive_suite.rendering.workbook.looks import Looks
from executive_suite.rendering.workbook.sheets import Entry, NativeChart, Sheet

PAPERS = {"us-letter": 1, "a4": 9}
_LINE = 15
"""Points of height that a line of text takes."""
_COLORS = ("", "#7a8794", "#c46a00", "#146c4c")
"""Of a chart's series; the first has the group's own color."""


class _Plain(Worksheet):  # type: ignore[misc]  # the library ships no types
    """A sheet whose formulas are written as given: none of ours has a function that Excel wants prefixed."""

    def _prepare_formula(self, formula: str, *_: Any) -> str:
        return formula.removeprefix("=")  # the library looks for thirty such functions in each, half of its time


def write(book: Any, sheet: Sheet, looks: Looks, color: str) -> None:
    """One sheet: its cells, names, lists to choose from, charts, and how it scrolls and prints."""
    made = book.add_worksheet(sheet.name, _Plain)
    made.hide_gridlines(2)
    for column, letters in sorted(sheet.widths.items()):
        made.set_column(column, column, letters)
    for row, lines in sorted(sheet.heights.items()):
        made.set_row(row, _LINE * lines)
    for (row, column), entry in sorted(sheet.entries.items()):
        _cell(made, row, column, entry, looks)
    for name, (row, column) in sheet.names.items():
        book.define_name(name, f"={reference(sheet.name, row, column)}")
    for (row, column), allowed in sheet.choices.items():
        source = allowed if isinstance(allowed, str) else list(allowed)
        made.data_validation(row, column, row, column, {"validate": "list", "source": source})
    for chart in sheet.charts:
        _chart(book, made, chart, color)
    if sheet.filtered:
        made.autofilter(*sheet.filtered[0], *sheet.filtered[1])
    _paper(made, sheet)


def reference(sheet: str, row: int, column: int) -> str:
    """A cell from anywhere in the workbook."""
    return f"'{sheet}'!{xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)}"


def number(value: Decimal | int, kind: str) -> float:
    """A value as the workbook has it: money in main units."""
    return float(Decimal(value) / 100 if kind == "money" else value)


def _cell(made: Any, row: int, column: int, entry: Entry, looks: Looks) -> None:
    look, value = looks.of(entry.kind, entry.look, entry.indent), entry.value
    if entry.formula:
        shown: float | str = ""
        if isinstance(value, date):
            shown = (value - date(1899, 12, 30)).days
        elif isinstance(value, str):
            shown = value
        elif value is not None:
            shown = number(value, entry.kind)
        made.write_formula(row, column, f"={entry.formula}", look, shown)
    elif entry.link:
        made.write_url(row, column, f"internal:'{entry.link}'!A1", look, str(value))
    elif isinstance(value, date):
        made.write_datetime(row, column, value, look)
    elif isinstance(value, str):
        made.write_string(row, column, value, look)
    elif value is None:
        made.write_blank(row, column, None, look)
    else:
        made.write_number(row, column, number(value, entry.kind), look)


def _chart(book: Any, made: Any, chart: NativeChart, color: str) -> None:
    drawn = book.add_chart({"type": chart.kind})
    for place, series in enumerate(chart.series):
        own = _COLORS[place % len(_COLORS)] or color
        look = {"fill": {"color": own}} if chart.kind == "column" else {"line": {"color": own, "width": 2}}
        drawn.add_series({"name": series.name, "categories": f"={chart.labels}", "values": f"={series.values}", **look})
    drawn.set_title({"name": chart.title, "overlay": False, "name_font": {"size": 11}})
    drawn.set_legend({"position": "bottom"} if len(chart.series) > 1 else {"none": True})
    drawn.set_y_axis({"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#dddddd"}}})
    drawn.set_x_axis({"label_position": "low", "text_axis": True})
    drawn.set_size({"width": 760, "height": 300})
    made.insert_chart(*chart.at, drawn, {"description": chart.described or chart.title})


def _paper(made: Any, sheet: Sheet) -> None:
    rows, columns = sheet.frozen
    if rows or columns:
        made.freeze_panes(rows, columns)
    if rows:
        made.repeat_rows(0, rows - 1)
    made.set_landscape()
    made.set_paper(PAPERS[formats.paper()])
    made.set_footer("&L&A&R&P / &N")
    if sheet.across > 1:
        made.repeat_columns(0, columns - 1)
    made.fit_to_pages(sheet.across, 0)
