"""A sheet while it is put together: cells are placed, and referred to by formulas, with their values at hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from xlsxwriter.utility import xl_rowcol_to_cell

from executive_suite.rendering.workbook.sheets import Entry, Kind, Look, NativeChart, Place, Sheet, Value

Amount = Decimal | int


class Draft:
    """Cells of a sheet that has a name already, so that others can refer to it."""

    def __init__(self, name: str, title: str, *about: str) -> None:
        """The title in the first row, and what readers must know in those below it."""
        self.name = name
        self.entries: dict[Place, Entry] = {(0, 0): Entry(title, look="title")}
        self.widths: dict[int, int] = {}
        self.heights: dict[int, int] = {}
        self.charts: list[NativeChart] = []
        self.names: dict[str, Place] = {}
        self.choices: dict[Place, str | tuple[int, ...]] = {}
        self.frozen: Place = (0, 0)
        self.filtered: tuple[Place, Place] | None = None
        self.next = 1
        for words in about:
            self.entries[self.next, 0] = Entry(words, look="soft")
            self.next += 1

    def put(
        self,
        row: int,
        column: int,
        value: Value,
        kind: Kind = "text",
        look: Look = "plain",
        *,
        formula: str = "",
        indent: int = 0,
    ) -> None:
        """One cell."""
        self.entries[row, column] = Entry(value, kind, look, formula, indent)

    def heads(self, row: int, titles: Iterable[str], *, words: int = 1) -> None:
        """A row of headings; the first ``words`` of them head words, the others figures."""
        for column, title in enumerate(titles):
            self.put(row, column, title, "text" if column < words else "whole", "head")

    def amount(self, row: int, column: int) -> Amount:
        """The number in a cell; 0 if it has none."""
        entry = self.entries.get((row, column))
        value = entry.value if entry else None
        return value if isinstance(value, Decimal | int) else 0

    def ref(self, row: int, column: int) -> str:
        """A cell, for formulas of other sheets."""
        return f"'{self.name}'!{at(row, column)}"

    def span(self, first: Place, last: Place) -> str:
        """Cells, for formulas of other sheets and for charts."""
        return f"'{self.name}'!{fixed(*first)}:{fixed(*last)}"

    def total(self, row: int, column: int, rows: Iterable[int], kind: Kind = "money", look: Look = "total") -> None:
        """The sum of some rows of the column."""
        chosen = sorted(rows)
        formula = added(chosen, column) or "0"
        self.put(row, column, sum((self.amount(one, column) for one in chosen), 0), kind, look, formula=formula)

    def finish(self, *, across: int = 1) -> Sheet:
        """The sheet."""
        return Sheet(
            self.name,
            dict(self.entries),
            dict(self.widths),
            dict(self.heights),
            frozen=self.frozen,
            charts=tuple(self.charts),
            names=dict(self.names),
            choices=dict(self.choices),
            filtered=self.filtered,
            across=across,
        )


def at(row: int, column: int) -> str:
    """A cell, for formulas of its own sheet.

    >>> at(4, 2)
    'C5'
    """
    return str(xl_rowcol_to_cell(row, column))


def fixed(row: int, column: int) -> str:
    """A cell that stays when a formula is copied.

    >>> fixed(4, 2)
    '$C$5'
    """
    return str(xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True))


def added(rows: Iterable[int], column: int) -> str:
    """The sum of some rows of a column, neighbors as ranges; empty for no row.

    >>> added([4, 5, 6, 9], 2)
    'SUM(C5:C7,C10)'
    """
    spans: list[list[int]] = []
    for row in rows:
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    parts = [at(one, column) if one == last else f"{at(one, column)}:{at(last, column)}" for one, last in spans]
    return f"SUM({','.join(parts)})" if parts else ""


def serial(day: str | date) -> date:
    """An ISO day as a date."""
    return day if isinstance(day, date) else date.fromisoformat(day)
