"""Tables for the body of a report: no column or row of zeros, and only the first rows; the rest is in the appendix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from executive_suite.rendering.blocks import Cell, Chart, Table
from executive_suite.wording import say

MOST_ROWS = 6
"""Rows of a table in the body; the total comes on top."""


def lean(table: Table, most: int = MOST_ROWS) -> Table:
    """The table without figures that are all zero, cut to its first rows.

    A column of zeros tells nothing and goes, as does a row of nothing but zeros; one with a date or words stays, and so
    does a zero with a verdict. If nothing but zeros is left, nothing goes. The total is that of all rows.

    Args:
        table: With its important rows first; its full version belongs into the section's rows.
        most: Rows to keep; one more is no reason to cut.
    """
    rows = [row for row in table.rows if not _idle(row, table)] or list(table.rows)
    kept = [
        place
        for place, column in enumerate(table.columns)
        if not place or column.align == "left" or not _zero([row[place] for row in rows])
    ]
    kept = kept if len(kept) > 1 else list(range(len(table.columns)))
    made = replace(
        table,
        columns=tuple(table.columns[place] for place in kept),
        rows=tuple(tuple(row[place] for place in kept) for row in rows),
        total=tuple(table.total[place] for place in kept) if table.total else (),
    )
    return made if len(rows) <= most + 1 else first(made, most)


def first(table: Table, most: int = MOST_ROWS) -> Table:
    """The first rows of a table, and how many more the appendix has."""
    return replace(table, rows=table.rows[:most], beyond=max(0, len(table.rows) - most))


def only(table: Table, *heads: str) -> Table:
    """Some columns of a table, by their headings, in its own order; its note is about the whole of it and goes."""
    said = {say(head) for head in heads}
    places = [place for place, column in enumerate(table.columns) if column.title in said]
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


def _idle(row: Sequence[Cell], table: Table) -> bool:
    """Whether a row has nothing but its name and zeros."""
    further = list(zip(row, table.columns, strict=True))[1:]
    if any(column.align == "left" and not cell.empty for cell, column in further):
        return False
    figures = [cell for cell, column in further if column.align == "right"]
    return not all(cell.empty for cell in figures) and _zero(figures)


def _zero(cells: Sequence[Cell]) -> bool:
    """Whether no figure says anything: each is zero without a verdict or a note, or a dash."""
    said = [cell for cell in cells if not cell.empty]
    return bool(cells) and all(cell.number == 0 and cell.tone == "neutral" and not cell.note for cell in said)
