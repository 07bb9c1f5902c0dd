"""The mark of assumed data: once a row, at its name, and only where several cells rest on assumed rows."""

from __future__ import annotations

from executive_suite.reports.tables.marks import once_a_row

from executive_suite.rendering.blocks import Cell, Column, Table


def marks(shown: str) -> str:
    """The marks of a row, a letter a cell: "*" assumed, "." not."""
    row = tuple(Cell(str(place), assumed=letter == "*") for place, letter in enumerate(shown))
    table = once_a_row(Table("t", tuple(Column("c") for _ in row), (row,), total=row))
    assert table.total == table.rows[0]
    return "".join("*" if cell.assumed else "." for cell in table.rows[0])


def test_several_marks_of_a_row_become_one_at_its_name() -> None:
    assert marks(".**") == "*.."
    assert marks("**.") == "*.."


def test_a_single_mark_stays_where_it_is() -> None:
    assert marks("..*") == "..*"
    assert marks("...") == "..."
