"""Screens as text: nothing is lost on the way, and a change beyond the tolerance is found where it is."""

from __future__ import annotations

from cells import TOLERANCE, different, from_text, to_text
from hypothesis import given
from hypothesis import strategies as st

_row = st.lists(st.integers(0, 63), min_size=5, max_size=5)
_cells = st.lists(_row, min_size=1, max_size=6).flatmap(
    lambda rows: st.lists(st.sampled_from(rows), min_size=1, max_size=12)
)


@given(_cells)
def test_what_was_written_is_read(cells: list[list[int]]) -> None:
    assert [list(row) for row in from_text(to_text(cells))] == cells


@given(_cells, st.data())
def test_only_a_change_beyond_the_tolerance_is_found(cells: list[list[int]], data: st.DataObject) -> None:
    row, column = data.draw(st.integers(0, len(cells) - 1)), data.draw(st.integers(0, 4))
    value = data.draw(st.integers(0, 63))
    changed = [list(line) for line in cells]
    changed[row][column] = value
    beyond = abs(value - cells[row][column]) > TOLERANCE
    assert list(different(changed, cells)) == ([(column, row)] if beyond else [])


def test_a_longer_page_differs_where_it_goes_on() -> None:
    assert list(different([[63, 63], [0, 63]], [[63, 63]])) == [(0, 1), (1, 1)]
