"""How tables are set: units once, decimals alike, one mark per row, no empty column, and no more rows than are read."""

from __future__ import annotations

from decimal import Decimal

import pytest

from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import NOTHING, Cell, Column, Table
from executive_suite.reports.tables.builder import figures, itself, table, words
from executive_suite.reports.tables.setting import MOST_ROWS, tidy


def money(cents: int, *, signed: bool = False) -> Cell:
    return Cell(cents, "cents", signed=signed)


def one_column(cells: list[Cell], total: Cell | None = None) -> Table:
    rows = tuple((Cell(f"shop {number}"), cell) for number, cell in enumerate(cells))
    last = (Cell("All"), total) if total else ()
    return tidy(Table("Takings", (Column("Shop"), Column("April", "right")), rows, last))


def texts(cells: list[Cell], total: Cell | None = None) -> list[str]:
    made = one_column(cells, total)
    return [row[1].text for row in (*made.rows, *([made.total] if made.total else []))]


# 2,156.44 alone is "$2,156" and 24.19 is "$24.19": one column needs one kind.
def test_a_column_with_a_large_amount_has_no_cents() -> None:
    assert texts([money(2_419), money(215_644)], total=money(218_063)) == ["24", "2,156", "2,181"]


def test_a_column_of_small_amounts_keeps_its_cents() -> None:
    assert texts([money(500), money(1_250)]) == ["5.00", "12.50"]
    assert texts([money(500), money(1_200)]) == ["5", "12"]


def test_signs_and_missing_values_stay() -> None:
    cells = [money(250_049, signed=True), money(-300_000), Cell(None, "cents"), Cell("ahead"), money(0)]
    assert texts(cells) == ["+2,500", "\u22123,000", "n/a", "ahead", "0"]


# 37 cents next to 25,000 dollars: a cost that is small, not one that is none.
def test_what_is_not_zero_never_becomes_a_zero() -> None:
    assert texts([money(37), money(2_500_000)]) == ["0.37", "25,000"]


def test_a_column_of_mixed_kinds_is_left_alone() -> None:
    assert texts([money(2_419), Cell(3, "count")]) == ["$24.19", "3"]
    assert texts([money(92_419), Cell(1405, "cents/nm")]) == ["$924", "$14.05 a nautical mile"]


def test_shares_of_a_column_have_the_same_decimals() -> None:
    shares = [Cell(Decimal(text), "ratio") for text in ("0.2", "0.313")]
    assert texts([*shares, Cell(None, "ratio")]) == ["20.0", "31.3", "n/a"]
    assert texts([Cell(Decimal("0.2"), "ratio"), Cell(Decimal(1), "ratio")]) == ["20", "100"]


@pytest.mark.parametrize(
    ("cells", "title", "head", "shown"),
    [
        ([money(500), money(700)], "Takings (USD)", "April", ["5", "7"]),
        ([money(500), Cell(None, "cents")], "Takings", "April", ["$5", "n/a"]),  # one figure: nothing is repeated
        ([money(500), Cell(7, "days")], "Takings", "April", ["$5", "7 days"]),
        ([Cell(Decimal("0.05"), "ratio"), Cell(Decimal("0.07"), "ratio")], "Takings", "April, %", ["5", "7"]),
        ([Cell(2, "jobs"), Cell(1, "jobs"), Cell(0, "jobs")], "Takings", "April, jobs", ["2", "1", "0"]),
        ([Cell(Decimal("0.154"), "ratio"), Cell(Decimal("1.01"), "x")], "Takings", "April", ["15.4%", "1.01\u00d7"]),
        ([Cell("25.5", "USD"), Cell("7", "USD")], "Takings (USD)", "April", ["25.50", "7.00"]),
    ],
)
def test_a_unit_is_named_once(cells: list[Cell], title: str, head: str, shown: list[str]) -> None:
    made = one_column(cells)
    assert (made.title, made.columns[1].title) == (title, head)
    assert [row[1].text for row in made.rows] == shown


def test_one_column_of_money_among_others_has_its_unit_in_its_heading() -> None:
    cells = (Cell("a"), money(500), Cell(Decimal("0.1"), "ratio"))
    made = tidy(Table("T", (Column("Shop"), Column("Sum", "right"), Column("Share", "right")), (cells, cells)))
    assert (made.title, [column.title for column in made.columns]) == ("T", ["Shop", "Sum, USD", "Share, %"])


def test_numbers_stay_for_the_workbook() -> None:
    assert one_column([money(215_644), money(1)]).rows[0][1].value == 215_644


def marks(shown: str) -> str:
    """The marks of a row, a letter a cell: "*" assumed, "." not."""
    row = tuple(Cell(str(place), assumed=letter == "*") for place, letter in enumerate(shown))
    made = tidy(Table("t", tuple(Column("c") for _ in row), (row, row), total=row))
    assert made.total == made.rows[0]
    return "".join("*" if cell.assumed else "." for cell in made.rows[0])


def test_several_marks_of_a_row_become_one_at_its_name() -> None:
    assert marks(".**") == "*.."
    assert marks("**.") == "*.."


def test_a_single_mark_stays_where_it_is() -> None:
    assert marks("..*") == "..*"
    assert marks("...") == "..."


def test_a_column_without_anything_in_it_is_left_out() -> None:
    heads = (Column("Shop"), Column("Now", "right"), Column("Before", "right"), Column("Note"))
    rows = ((Cell("a"), money(500), Cell(NOTHING), Cell("")), (Cell("b"), Cell(None, "cents"), Cell(NOTHING), Cell("")))
    assert [column.title for column in tidy(Table("T", heads, rows)).columns] == ["Shop", "Now"]


def test_a_note_on_rows_is_not_printed_under_none() -> None:
    assert tidy(Table("t", (Column("Line"),), (), note="Deposits are not deducted.")).note == ""
    assert one_column([money(5)], None).note == ""


def test_a_long_table_is_cut_and_says_so() -> None:
    rows = [Cell(str(number)) for number in range(MOST_ROWS + 1)]
    made = tidy(Table("t", (Column("Line"),), tuple((row,) for row in rows), note="In dollars."))
    assert len(made.rows) == MOST_ROWS
    assert made.note == "The first 25 of 26 rows; the fact table has all of them. In dollars."
    assert len(tidy(Table("t", (Column("Line"),), tuple((row,) for row in rows[1:]))).rows) == MOST_ROWS


def test_a_total_that_repeats_its_only_row_is_left_out() -> None:
    assert one_column([money(500)], money(500)).total == ()
    assert one_column([money(500)], money(700)).total != ()
    assert one_column([money(500), money(0)], money(500)).total != ()


def fact(value: int | None, reason: str = "") -> Fact:
    status = "ok" if value is not None else "not_evaluable"
    return Fact("cash_balance", "group", "2026-05-01", value, "cents", {}, status, reason)  # type: ignore[arg-type]


def test_fixed_lines_without_any_figure_give_way_to_the_reason() -> None:
    def lines(*facts: Fact) -> Table:
        return table("t", facts, (words("Line", lambda _: "line"), itself("Amount")), fixed=True)

    absent = lines(fact(None, "table ledger is absent"), fact(None))
    assert (absent.rows, absent.empty) == ((), "Not available: table ledger is absent.")
    assert len(lines(fact(None, "table ledger is absent"), fact(5)).rows) == 2


def test_a_missing_figure_says_why_and_others_only_if_asked() -> None:
    facts = (fact(5, "month to date"), fact(None, "no data"))
    columns = [itself("quiet"), itself("loud", notes="always"), itself("silent", notes="never")]
    rows = table("t", facts, columns).rows
    assert [[cell.note for cell in row] for row in rows] == [["", "month to date", ""], ["no data", "no data", ""]]


def test_the_total_has_figures_and_its_own_name() -> None:
    columns = (
        words("Shop", lambda row: f"shop {row}"),
        figures("Sum", lambda row: money(row * 100)),
        words("Verdict", lambda _: "fine"),
        words("Health", lambda _: "well", totals=True),
    )
    made = table("t", (1, 2), columns, total=3, total_name="All")
    assert [cell.text for cell in made.total] == ["All", "$3", "", "well"]
    assert table("t", (), columns, total=3).total == ()
