"""Tables that say too little or too much: no rows of "n/a", no note about nothing, no list that nobody reads."""

from __future__ import annotations

from dataclasses import replace

from executive_suite import formats
from executive_suite.rendering.blocks import Cell, Table

MOST_ROWS = 25
"""Rows that a reader still looks through; the order of a table puts what matters first."""


def without_figures(table: Table) -> Table:
    """A table of fixed lines without them where the figures of all are missing; why stands in their place."""
    places = [place for place, column in enumerate(table.columns) if column.align == "right"]
    figures = [row[place] for row in table.rows for place in places]
    if not figures or any(_told(cell) for cell in figures):
        return table
    reason = next((cell.note for cell in figures if cell.note), "")
    empty = f"Not evaluable: {reason.rstrip('.')}." if reason else table.empty
    return replace(table, rows=(), total=(), note="", empty=empty)


def bare(table: Table) -> Table:
    """A table without rows, without its note too; one row that is all there is, without a total that repeats it."""
    if not table.rows:
        return replace(table, note="", total=())
    if len(table.rows) == 1 and table.total and _figures(table.rows[0]) == _figures(table.total):
        return replace(table, total=())
    return table


def _figures(row: tuple[Cell, ...]) -> list[str]:
    """What stands beside the name of a row."""
    return [cell.text for cell in row[1:]]


def readable(table: Table) -> Table:
    """A table with its first rows only where there are more than anybody reads; the note says how many there are."""
    count = len(table.rows)
    if count <= MOST_ROWS:
        return table
    said = f"The first {MOST_ROWS} of {formats.number(count)} rows; all of them are in the fact table."
    return replace(table, rows=table.rows[:MOST_ROWS], note=f"{said} {table.note}".strip())


def _told(cell: Cell) -> bool:
    return cell.text not in {formats.NOT_AVAILABLE, "", "\u2013"}
