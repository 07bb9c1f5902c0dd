"""What a sheet of a workbook is: cells at places, each with its value, and its formula if it has one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

Kind = Literal["text", "money", "ratio", "number", "whole", "date"]
Look = Literal["plain", "title", "soft", "head", "group", "total", "input", "check"]
Place = tuple[int, int]
"""Row and column, from 0."""
Value = Decimal | int | str | date | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One cell.

    Attributes:
        value: What it shows; for a formula, its result, which viewers that do not calculate show. Money is in cents.
        kind: How it is written.
        look: What it is for: ``input`` may be changed, ``check`` is zero if all is well.
        formula: In the words of Excel, in main units of money; empty for a value.
        indent: Steps to the right, for words.
        link: The sheet that it opens; empty for none.
    """

    value: Value
    kind: Kind = "text"
    look: Look = "plain"
    formula: str = ""
    indent: int = 0
    link: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One line or row of columns of a chart: its name, and where its values are, as a formula."""

    name: str
    values: str


@dataclass(frozen=True, slots=True)
class NativeChart:
    """A chart that the workbook draws from its cells.

    Attributes:
        kind: Columns or lines.
        title: What it shows.
        labels: Where the labels of its axis are, as a formula.
        series: What it draws.
        at: Its upper left corner.
        described: In words, for screen readers.
    """

    kind: Literal["column", "line"]
    title: str
    labels: str
    series: tuple[Series, ...]
    at: Place
    described: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet.

    Attributes:
        name: At most 31 letters, unique in the workbook.
        entries: The cells.
        widths: Letters by column.
        heights: Lines by row, where words wrap: programs that open a workbook do not measure them.
        frozen: Rows and columns that stay when the sheet is scrolled, and are repeated on each printed page.
        charts: Drawn from its cells.
        names: Names of cells, unique in the workbook, to their places.
        choices: Cells that are chosen from a list, to the list, as a formula or as values.
        filtered: First and last cell of a list with filters, its headings included.
        across: Printed pages next to each other that hold all columns.
    """

    name: str
    entries: Mapping[Place, Entry]
    widths: Mapping[int, int] = field(default_factory=dict)
    heights: Mapping[int, int] = field(default_factory=dict)
    frozen: Place = (0, 0)
    charts: tuple[NativeChart, ...] = ()
    names: Mapping[str, Place] = field(default_factory=dict)
    choices: Mapping[Place, str | tuple[int, ...]] = field(default_factory=dict)
    filtered: tuple[Place, Place] | None = None
    across: int = 1

    @property
    def title(self) -> str:
        """What it shows: its first cell."""
        first = self.entries.get((0, 0))
        return str(first.value) if first else self.name
