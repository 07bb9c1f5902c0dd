"""Where the mark of assumed data stands in a table: once a row, so that columns of figures stay in line."""

from __future__ import annotations

from dataclasses import replace

from executive_suite.rendering.blocks import Cell, Table

_SEVERAL = 2


def once_a_row(table: Table) -> Table:
    """The table with the mark at the name of each row in which several cells rest on assumed data."""
    rows = tuple(_row(row) for row in table.rows)
    return replace(table, rows=rows, total=_row(table.total))


def _row(row: tuple[Cell, ...]) -> tuple[Cell, ...]:
    if sum(cell.assumed for cell in row) < _SEVERAL:
        return row
    name = next((place for place, cell in enumerate(row) if cell.text), 0)
    return tuple(replace(cell, assumed=place == name) for place, cell in enumerate(row))
