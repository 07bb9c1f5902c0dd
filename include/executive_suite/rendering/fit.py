"""The width of a table, before anything is drawn: how a phone shows it, and its columns on paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Literal

from executive_suite.rendering.blocks import Cell, Chart, Column, Table
from executive_suite.rendering.text_layout import width

PHONE = 50
"""Letters that fit across a phone of 380 pixels, two for each gap included."""
PAPER = 100
"""Letters that fit across a page of A4 or US Letter."""
_GAP = 2
_MARK = 2
"""Letters that the mark next to a figure takes."""
_DAGGER = "\u00a0\u2020"
"""The sign after the name of a row based on assumed data."""
_SHORT = 12
_FEW = 4
"""With no more columns than this, long words fit next to figures on a wide screen."""
_LONG = 48
_LONGEST_WORD = 30
_MOST_SHARES = 4
_NARROW = 16
"""Letters of a column of words that paper does not make narrower."""

_HALF = 52
"""Letters of the appendix that fit across half a page."""
_MOST_BESIDE = 12
"""Rows of a table set next to another: the pair does not break."""
_WIDE, _HIGH = 482, 140
"""Points of a picture at most: across A4, and as high as leaves its heading room in a third of a page."""
_LEAST_SHARE = 45
"""A picture set smaller, in percent of the width, cannot be read."""
_HEAD, _LINE = 28, 12.5
"""Points that the title of a table takes with the gap above it, and a line."""
_SIZE = re.compile(r'viewBox="0 0 (\d+) (\d+)"')

Shape = Literal["table", "under", "stack"]


def phone(table: Table) -> Shape:
    """How a table is shown on a phone.

    Returns:
        ``table``: it fits. ``under``: it fits when its last column, of words, goes under each row.
        ``stack``: each row becomes a small list.
    """
    needed = [_needed(table, place, column) + _GAP for place, column in enumerate(table.columns)]
    if sum(needed) <= PHONE:
        return "table"
    last = len(needed) - 1
    if last > 1 and table.columns[last].align == "left" and sum(needed[:last]) <= PHONE:
        return "under"
    return "stack"


def below(table: Table) -> bool:
    """Whether even wide screens show a last column of long words under each row, because figures need the room."""
    last = len(table.columns) - 1
    if last < _FEW or table.columns[last].align != "left":
        return False
    return max(map(width, _texts(table, last))) > _LONG


def unbroken(table: Table) -> bool:
    """Whether a word is so long that it may break anywhere: a name of 120 letters, not an ordinary one."""
    texts = (text for place in range(len(table.columns)) for text in _texts(table, place))
    return any(width(word) > _LONGEST_WORD for text in texts for word in text.split())


def leads(table: Table) -> int:
    """How many cells name a row: two if the first is only its rank, else one."""
    ranks = all(row[0].number is not None for row in table.rows)
    return 2 if ranks and table.columns[0].align == "right" and len(table.columns) > 2 else 1  # noqa: PLR2004 - as said


def paper_columns(table: Table) -> list[str]:
    """Typst's widths of the columns: as wide as their content, or columns of words share what figures leave.

    Where the last column is shown below each row, a column without width takes its place.
    """
    shown = range(len(table.columns) - below(table))
    widest = [max(map(width, _texts(table, place))) + _GAP for place in shown]
    if below(table):
        words = [
            needed if table.columns[place].align == "left" else 0 for place, needed in zip(shown, widest, strict=True)
        ]
        return [*("1fr" if place == words.index(max(words)) else "auto" for place in shown), "0pt"]
    if sum(widest) <= PAPER:
        return ["auto"] * len(widest)
    kept_whole = [
        table.columns[place].align == "right" or needed <= _NARROW for place, needed in zip(shown, widest, strict=True)
    ]
    if all(kept_whole):
        kept_whole[widest.index(max(widest))] = False
    return [
        "auto" if whole else f"{min(_MOST_SHARES, round(needed / _NARROW))}fr"
        for whole, needed in zip(kept_whole, widest, strict=True)
    ]


def paper_share(chart: Chart) -> int:
    """How wide paper shows a picture, in percent, so that it fits a third of a page; 0 if it could not be read."""
    size = _SIZE.search(chart.svg)
    if not size:
        return 100
    wide, high = map(int, size.groups())
    share = min(100, 100 * _HIGH * wide // (high * _WIDE))
    return share if share >= _LEAST_SHARE else 0


def height(block: Any) -> float:
    """About how many points of paper a table or list takes in a body, heading and what is under it included."""
    lines = sum(_lines(row) for row in block.lines) if isinstance(block, Table) else 3 * len(block.items)
    return _HEAD + _LINE * (lines + bool(block.under))


def _lines(row: Sequence[Cell]) -> int:
    """Lines of a row: its words across the page, one more for what is told below it."""
    return max(1, -(-sum(width(cell.text) for cell in row) // PAPER)) + any(cell.note for cell in row)


def side_by_side(blocks: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """The blocks of an appendix in order, one by one, or two short and narrow tables next to each other."""
    waiting: Table | None = None
    for block in blocks:
        if isinstance(block, Table) and _beside(block):
            if waiting:
                yield waiting, block
                waiting = None
            else:
                waiting = block
            continue
        if waiting:
            yield (waiting,)
            waiting = None
        yield (block,)
    if waiting:
        yield (waiting,)


def _beside(table: Table) -> bool:
    """Whether half a page has room for a table."""
    wide = sum(max(map(width, _texts(table, place))) + _GAP for place in range(len(table.columns)))
    return 0 < len(table.rows) <= _MOST_BESIDE and wide <= _HALF


def apart(columns: Sequence[Column]) -> list[str]:
    """The places of columns of words that follow figures, whose marks take the room between."""
    return [
        str(place)
        for place, (before, column) in enumerate(pairwise(columns), start=1)
        if (before.align, column.align) == ("right", "left")
    ]


def kept(text: str) -> str:
    r"""A short name of a row, a month or a day, with non-breaking spaces.

    >>> kept("May 1, 2026") == "May\u00a01,\u00a02026", kept("Expert Yacht Delivery")
    (True, 'Expert Yacht Delivery')
    """
    return text.replace(" ", "\u00a0") if len(text) <= _SHORT else text


def _needed(table: Table, place: int, column: Column) -> int:
    """Letters of the longest unbreakable part: a figure, a word, a short name of a row."""
    texts = _texts(table, place)
    if place == 0:
        assumed = {row[0].text for row in table.rows if row[0].assumed}
        texts = [kept(text) + (_DAGGER if text in assumed else "") for text in texts]
    if column.align == "right":
        figures: list[int] = [
            width(row[place].text) + _MARK * (row[place].tone != "neutral" or row[place].assumed) for row in table.lines
        ]
        return max(*figures, *(width(word) for word in texts[0].split()), 0, 0)
    return max((width(word) for text in texts for word in text.split(" ")), default=0)


def _texts(table: Table, place: int) -> list[str]:
    return [table.columns[place].title, *(row[place].text for row in table.lines)]
