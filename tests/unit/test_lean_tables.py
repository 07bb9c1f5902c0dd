"""Tables of a report's body: no wall of zeros, few rows, and nothing lost that is not zero."""

from __future__ import annotations

from executive_suite.rendering.blocks import NOTHING, Cell, Chart, Column, Table
from executive_suite.reports.tables.lean import MOST_ROWS, lean, only, shown

HEADS = (Column("Job"), Column("Ended"), Column("To invoice", "right"), Column("To collect", "right"))


def row(name: str, ended: str, invoice: int, collect: int) -> tuple[Cell, ...]:
    return Cell(name), Cell(ended), Cell(invoice, "cents"), Cell(collect, "cents")


def test_a_column_of_zeros_and_a_row_of_nothing_but_zeros_go() -> None:
    made = lean(Table("t", HEADS, (row("a", "", 500, 0), row("b", "", 0, 0))))
    assert [column.title for column in made.columns] == ["Job", "Ended", "To invoice"]
    assert [line[0].text for line in made.rows] == ["a"]


def test_a_row_of_zeros_with_a_date_stays() -> None:
    made = lean(Table("t", HEADS, (row("a", "Oct 2025", 0, 0), row("b", "Nov 2025", 7, 0))))
    assert [line[0].text for line in made.rows] == ["a", "b"]


def test_a_dash_is_no_figure_and_nothing_but_zeros_is_left_as_it_is() -> None:
    heads = (Column("Job"), Column("Amount", "right"))
    dash = ((Cell("a"), Cell(NOTHING)), (Cell("b"), Cell(0, "cents")))
    assert [line[0].text for line in lean(Table("t", heads, dash)).rows] == ["a"]
    zero = ((Cell("a"), Cell(0, "cents")), (Cell("b"), Cell(0, "cents")))
    assert lean(Table("t", heads, zero)).rows == zero


def test_further_rows_are_counted_and_the_total_stays() -> None:
    rows = tuple(row(str(number), "", number, number) for number in range(1, MOST_ROWS + 3))
    made = lean(Table("t", HEADS, rows, total=row("All", "", 36, 36)))
    assert len(made.rows) == MOST_ROWS
    assert made.under == "2 more rows in the appendix."
    assert len(lean(Table("t", HEADS, rows[:-1])).rows) == MOST_ROWS + 1  # one more is no reason to cut
    assert [cell.text for cell in made.total] == ["All", "", "$0.36", "$0.36"]


def test_what_has_nothing_to_show_is_left_out() -> None:
    blocks = shown(empty=Table("t", HEADS, ()), chart=Chart("c", "t", "", "why"), words="words")
    assert list(blocks) == ["words"]


def test_a_zero_that_is_a_verdict_stays() -> None:
    heads = (Column("Check"), Column("Open", "right"), Column("Old", "right"))
    rows = ((Cell("a"), Cell(0, "count", "fine"), Cell(0, "count")), (Cell("b"), Cell(2, "count"), Cell(0, "count")))
    made = lean(Table("t", heads, rows))
    assert [column.title for column in made.columns] == ["Check", "Open"]
    assert len(made.rows) == 2


def test_some_columns_keep_their_order_and_their_total_but_not_the_note() -> None:
    made = only(Table("t", HEADS, (row("a", "", 1, 2),), row("All", "", 1, 2), note="Of both."), "To collect", "Job")
    assert [column.title for column in made.columns] == ["Job", "To collect"]
    assert [cell.text for cell in made.total] == ["All", "$0.02"]
    assert not made.note
