"""A table for the body of a report: what a busy reader needs; the whole table is among the rows behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from executive_suite.rendering.blocks import Cell, Table

MOST = 6
"""Rows of a table in a body."""
_FEWEST_COLUMNS = 2

Row = TypeVar("Row")


def short(table: Table, most: int = MOST) -> Table:
    """A table without lines and columns of zeros, cut to its first rows; the note says how many there are.

    A zero with a verdict stays: that nothing is unreconciled is worth saying. If nothing but zeros is left, nothing
    was left out.
    """
    columns = [place for place in range(len(table.columns)) if not place or not _idle(table, place)]
    if len(columns) < _FEWEST_COLUMNS:
        columns = list(range(len(table.columns)))
    rows = [row for row in table.rows if not _nothing([row[place] for place in columns if _figure(table, place)])]
    rows = rows or list(table.rows)
    shown = first(rows, most)
    return replace(
        table,
        columns=tuple(table.columns[place] for place in columns),
        rows=tuple(tuple(row[place] for place in columns) for row in shown),
        total=tuple(table.total[place] for place in columns) if table.total else (),
        note=cut(shown, rows),
    )


def first(rows: Sequence[Row], most: int = MOST) -> Sequence[Row]:
    """The first rows; all, if there is only one more."""
    return rows if len(rows) <= most + 1 else rows[:most]


def cut(shown: Sequence[object], every: Sequence[object]) -> str:
    """How many rows a table leaves out; empty if none."""
    return f"First {len(shown)} of {len(every)}." if len(shown) < len(every) else ""


def only(table: Table, *heads: str) -> Table:
    """Some columns of a table, by their headings, in its own order."""
    places = [place for place, column in enumerate(table.columns) if column.title in heads]
    return replace(
        table,
        columns=tuple(table.columns[place] for place in places),
        rows=tuple(tuple(row[place] for place in places) for row in table.rows),
        total=tuple(table.total[place] for place in places) if table.total else (),
    )


def _idle(table: Table, place: int) -> bool:
    """Whether a column of figures has none but zeros."""
    return _figure(table, place) and _nothing([line[place] for line in table.lines])


def _figure(table: Table, place: int) -> bool:
    return table.columns[place].align == "right"


def _nothing(cells: Sequence[Cell]) -> bool:
    return bool(cells) and all(
        cell.tone == "neutral" and not cell.note and (cell.empty or cell.number == 0) for cell in cells
    )
