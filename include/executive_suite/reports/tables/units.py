"""A unit once, at the head of a column or in the table's title, not in every cell: figures then stand in line."""

from __future__ import annotations

from dataclasses import replace

from executive_suite import formats
from executive_suite.rendering.blocks import Cell, Column, Table

_UNITS = ("months", "days", "jobs", "%")


def hoisted(table: Table) -> Table:
    """The table with each column's unit at its head, where all figures of the column have the same one.

    A title that names the unit already names it for the head. Columns of words, or of several units, stay.
    """
    columns, rows, total = list(table.columns), [list(row) for row in table.rows], list(table.total)
    for place, column in enumerate(table.columns):
        cells = [row[place] for row in (*table.rows, *((table.total,) if table.total else ()))]
        unit = _unit(column, cells)
        if not unit:
            continue
        if unit.lower() not in column.title.lower() and not _says_only(table.title, unit):
            columns[place] = replace(column, title=f"{column.title}, {unit}")
        for row in (*rows, *((total,) if total else ())):
            row[place] = replace(row[place], text=_bare(row[place].text, unit))
    return replace(table, columns=tuple(columns), rows=tuple(map(tuple, rows)), total=tuple(total))


def _says_only(title: str, unit: str) -> bool:
    """Whether a title names the unit, and no other that a column could have."""
    return [name for name in (formats.currency(), "%", unit) if name in title and name != unit] == [] and unit in title


def _unit(column: Column, cells: list[Cell]) -> str:
    """The unit that every figure of a column ends with; empty when they do not agree."""
    if column.align != "right":
        return ""
    figures = [cell.text for cell in cells if any(letter.isdigit() for letter in cell.text)]
    for unit in (formats.currency(), formats.CLOUD_CURRENCY, *_UNITS):
        if len(figures) > 1 and all(_bare(text, unit) != text for text in figures):
            return unit
    return ""


def _bare(text: str, unit: str) -> str:
    """A figure without its unit; that of one is in the singular."""
    one = f"1 {unit.removesuffix('s')}"
    return "1" if text == one else text.removesuffix(f" {unit}")
