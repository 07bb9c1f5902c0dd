"""Tables for the body of a report: no column or row of zeros, and only the first rows; the rest is in the appendix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from executive_suite import formats
from executive_suite.rendering.blocks import NOTHING, Cell, Chart, Table
from executive_suite.wording import say

MOST_ROWS = 6
"""Rows of a table in the body; the total comes on top."""


def lean(table: Table, most: int = MOST_ROWS) -> Table:
    """The table without figures that are all zero, cut to its first rows.

    A column of zeros tells nothing and goes, as does a row of nothing but zeros; one with a date or words stays, and so
    does a zero with a verdict. The total is that of all rows.

    Args:
        table: With its important rows first; its full version belongs into the section's rows.
        most: Rows to keep.
    """
    rows = [row for row in table.rows if not _all_zero(row, table)] or list(table.rows[:1])
    kept = [
        place
        for place, column in enumerate(table.columns)
        if not place or column.align == "left" or not _zero([row[place] for row in rows])
    ]
    return replace(
        table,
        columns=tuple(table.columns[place] for place in kept),
        rows=tuple(tuple(row[place] for place in kept) for row in rows[:most]),
        total=tuple(table.total[place] for place in kept) if table.total else (),
        note=" ".join(filter(None, (table.note, rest(len(rows) - most)))),
    )


def rest(count: int) -> str:
    """How many rows a table of the body leaves out; empty for none.

    >>> rest(2), rest(0)
    ('2 more rows in the appendix.', '')
    """
    return say("{count} in the appendix.", count=formats.counted(count, "more row")) if count > 0 else ""


def only(table: Table, *heads: str) -> Table:
    """Some columns of a table, by their headings, in its own order; its note is about the whole of it and goes."""
    places = [place for place, column in enumerate(table.columns) if column.title in heads]
    return replace(
        table,
        columns=tuple(table.columns[place] for place in places),
        rows=tuple(tuple(row[place] for place in places) for row in table.rows),
        total=tuple(table.total[place] for place in places) if table.total else (),
        note="",
    )


def shown(**blocks: Any) -> dict[str, Any]:
    """The blocks that have something to show: where there is nothing, the section's point says why."""
    return {
        name: block
        for name, block in blocks.items()
        if not (isinstance(block, Table) and not block.rows) and not (isinstance(block, Chart) and not block.svg)
    }


def _all_zero(row: Sequence[Cell], table: Table) -> bool:
    further = list(zip(row, table.columns, strict=True))[1:]
    if any(column.align == "left" and not cell.empty for cell, column in further):
        return False
    return _zero([cell for cell, column in further if column.align == "right"])


def _zero(cells: Sequence[Cell]) -> bool:
    """Whether figures are there and all of them are zero; a dash is as good as none."""
    figures = [cell for cell in cells if cell.value != NOTHING and not cell.empty]
    return bool(figures) and all(cell.number == 0 and cell.tone == "neutral" for cell in figures)
