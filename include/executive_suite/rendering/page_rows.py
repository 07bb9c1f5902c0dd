"""The rows of a page's table, which have most of its figures: in code, since macros take three times as long."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from markupsafe import Markup, escape

from executive_suite.rendering import fit
from executive_suite.rendering.blocks import SYMBOLS, Cell, Column, Table, Tone, verdict
from executive_suite.rendering.drill import Anchors
from executive_suite.rendering.fit import Shape
from executive_suite.wording import say

_AMOUNT = re.compile(r"[+\u2212][^\w\s&][\d.,]*\d")
"""A signed amount of money: a line could end between the sign and the currency."""
Written = Callable[[str], str]
"""Text without what nobody sees, escaped."""


def rows(table: Table, lines: Iterable[Sequence[Cell]], shape: Shape, anchors: Anchors, visible: Written) -> Markup:
    """Rows of a table.

    Args:
        table: Its columns; ``lines`` are its rows or its total.
        lines: Cells, one per column.
        shape: How a phone shows them.
        anchors: The panels that figures open.
        visible: Drops control characters.
    """
    made = _Rows(table, shape, anchors, lambda text: escape(visible(text)))
    return Markup("").join(map(made.row, lines))


class _Rows:
    """What all rows of a table have in common."""

    def __init__(self, table: Table, shape: Shape, anchors: Anchors, text: Written) -> None:
        self._table, self._shape, self._anchors, self._text = table, shape, anchors, text
        self._below = shape == "under" or (shape == "stack" and fit.below(table))
        self._leads = fit.leads(table) if shape == "stack" else 0
        self._dagger = Markup('<abbr class="dagger" title="{}">\u2020</abbr>').format(
            say("based on data marked assumed")
        )

    def row(self, cells: Sequence[Cell]) -> Markup:
        """One row, and below it its last column of words, where there is no room for that."""
        more = self._below and cells[-1].text
        shown = "".join(self._cell(at, column, cells) for at, column in enumerate(self._table.columns))
        lead = ' class="lead"' if more else ""
        under = self._under(cells[-1]) if more else ""
        return Markup(f"<tr{lead}>{shown}</tr>\n{under}")  # noqa: S704 - its parts are escaped

    def _under(self, cell: Cell) -> str:
        columns = self._table.columns
        mark = f" {self._mark(cell.tone)}" if cell.tone != "neutral" else ""
        head, words = self._text(columns[-1].title.lower()), self._words(cell.text)
        return f'<tr class="phone"><td colspan="{len(columns)}">{head}: {words}{mark}</td></tr>'

    def _cell(self, at: int, column: Column, cells: Sequence[Cell]) -> str:
        cell = cells[at]
        if not at and cell.text:
            return f'<th scope="row" class="{column.align}">{self._name(cell)}</th>'
        figure = f' data-value="{cell.number}"' if cell.number is not None else ""
        inside = self._inside(column, cell)
        if self._shape != "stack":
            return f'<td class="{column.align} {cell.tone}"{figure}>{inside}</td>'
        leads = " leads" if at < self._leads else ""
        head = f'<span class="name" aria-hidden="true">{self._text(column.title)}</span>'
        shown = f"{head}<span>{inside}</span>" if cell.text else ""
        return f'<td class="{column.align} {cell.tone}{leads}"{figure}>{shown}</td>'

    def _name(self, cell: Cell) -> str:
        assumed = f'&nbsp;<span class="tail">{self._dagger}</span>' if cell.assumed else ""
        return f"{self._opens(cell, fit.kept(cell.text))}{assumed}{self._why(cell)}"

    def _inside(self, column: Column, cell: Cell) -> str:
        marks = ""
        if cell.tone != "neutral" or cell.assumed:
            place = "hang" if column.align == "right" else "tail"
            marks = f' <span class="{place}">{self._mark(cell.tone)}{self._dagger if cell.assumed else ""}</span>'
        return f"{self._opens(cell, cell.text)}{marks}{self._why(cell)}"

    def _words(self, text: str) -> str:
        return _AMOUNT.sub(r'<span class="tail">\g<0></span>', str(self._text(text)))

    def _why(self, cell: Cell) -> str:
        return f'<span class="why">{self._text(cell.note)}</span>' if cell.note else ""

    def _mark(self, tone: Tone) -> str:
        if tone == "neutral":
            return ""
        said = self._text(verdict(tone))
        return f'<span class="mark {tone}" role="img" aria-label="{said}">{SYMBOLS[tone]}</span>'

    def _opens(self, cell: Cell, words: str) -> str:
        """A figure as a button that opens its panel, the first one with the place to come back to."""
        anchor, said = self._anchors.fact(cell.fact_id), self._words(words)
        if not anchor or not words:
            return said
        back = self._anchors.back(anchor)
        here = f'<span class="here" id="{back}"></span>' if back else ""
        return f'{here}<button type="button" class="opens" popovertarget="{anchor}">{said}</button>'
