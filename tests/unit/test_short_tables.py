"""Tables of a body: no walls of zeros, the first rows, and sections without records told once."""

from __future__ import annotations

from executive_suite.rendering.blocks import NOTHING, Cell, Column, Section, Table, Tone
from executive_suite.rendering.coverage import TITLE, covered
from executive_suite.reports.tables.short import cut, first, only, short


def _table(*rows: tuple[str, int | str, int], tone: Tone = "neutral") -> Table:
    made = tuple((Cell(name), Cell(one, "count", tone), Cell(other, "count")) for name, one, other in rows)
    return Table("Things", (Column("Name"), Column("One", "right"), Column("Other", "right")), made)


def heads(table: Table) -> list[str]:
    return [column.title for column in table.columns]


def test_a_column_and_a_row_of_zeros_go() -> None:
    made = short(_table(("a", 0, 1), ("b", 0, 0), ("c", NOTHING, 2)))
    assert heads(made) == ["Name", "Other"]
    assert [row[0].text for row in made.rows] == ["a", "c"]
    assert not made.note


def test_a_zero_that_is_a_verdict_stays() -> None:
    made = short(_table(("a", 0, 1), ("b", 0, 2), tone="fine"))
    assert heads(made) == ["Name", "One", "Other"]


def test_nothing_but_zeros_is_left_as_it_is() -> None:
    made = short(_table(("a", 0, 0), ("b", 0, 0)))
    assert heads(made) == ["Name", "One", "Other"]
    assert len(made.rows) == 2


def test_long_tables_say_how_many_rows_there_are() -> None:
    made = short(_table(*((str(place), 1, place) for place in range(1, 10))))
    assert len(made.rows) == 6
    assert made.note == "First 6 of 9."


def test_one_row_more_is_no_reason_to_cut() -> None:
    assert first(range(7), 6) == range(7)
    assert first(range(8), 6) == range(6)
    assert not cut(range(7), range(7))


def test_some_columns_keep_their_order_and_their_total() -> None:
    table = _table(("a", 1, 2))
    total = (Cell("All"), Cell(1, "count"), Cell(2, "count"))
    made = only(Table(table.title, table.columns, table.rows, total), "Other", "Name")
    assert heads(made) == ["Name", "Other"]
    assert [cell.text for cell in made.total] == ["All", "2"]


def test_sections_without_records_are_told_once_with_what_each_lacks() -> None:
    there = Section("Cash", {}, "Cash is $5.")
    bare = [Section(name, {}, f"No {name} is recorded.", covered=False) for name in ("asset", "deal")]
    assert covered([there]) == [there]
    *kept, last = covered([bare[0], there, bare[1]])
    assert kept == [there]
    assert last.title == TITLE
    assert last.point == "No records yet on: asset; deal."
    assert [[cell.text for cell in row] for row in last["needs"].rows] == [
        ["asset", "No asset is recorded."],
        ["deal", "No deal is recorded."],
    ]
