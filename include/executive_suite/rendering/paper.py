"""Paper: the widths of columns, and what shares a line, from the letters of blocks before anything is set."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from executive_suite.rendering.blocks import Cell, Chart, Column, Section, Table
from executive_suite.rendering.fit import GAP, below, texts
from executive_suite.rendering.text_layout import width

PAPER = 100
"""Letters that fit across a page of A4 or US Letter."""
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
_LETTER, _LEADING, _GUTTER = 4.6, 11.5, 23
"""Points of a letter of text, of a line of it, and between what shares a line."""
_OF_WORDS, _OF_FIGURES, _APART = 3.6, 4.2, 10
"""Points of a letter of words and of figures in a table, and between its columns."""
_LEAST_TEXT = 34
"""Letters of a line of text next to a table."""
_LEAST_PICTURE = 262
"""Points of a picture drawn for phones: its letters are not below 8 points then."""
_WORTH = 10
"""Points to be saved, or a table stays below its text."""
_CROWDED = 1500
"""Points of a body, as estimated here, from which on it was more than two pages over the sample's years."""
_SIZE = re.compile(r'viewBox="0 0 (\d+) (\d+)"')


@dataclass(frozen=True, slots=True)
class Line:
    """Blocks side by side.

    Attributes:
        left: Blocks from top to bottom.
        right: Those to their right; empty if they have the whole width.
        share: Percent of the width for those on the right; 0 for half of it.
    """

    left: tuple[Any, ...]
    right: tuple[Any, ...] = ()
    share: int = 0


def lines(part: Section) -> Iterator[Line]:
    """A section of the body: text next to a narrow table, a picture next to one, or two of them, where that saves room.

    All of a text comes before the table; what follows a table in text is about it.
    """
    waiting = [part.point] * bool(part.point) + list(part.blocks.values())
    while waiting:
        line, taken = _line(waiting)
        yield line
        del waiting[:taken]


def _line(blocks: Sequence[Any]) -> tuple[Line, int]:
    """The first line of some blocks, and how many of them it takes."""
    first, second = blocks[0], blocks[1] if len(blocks) > 1 else None
    if isinstance(first, str):
        before = _run(blocks)
        after = before + 1 + _run(blocks[before + 1 :])
        told = [block for block in blocks[:after] if isinstance(block, str)]
        table = blocks[before] if before < len(blocks) else None
        if isinstance(table, Table) and not _pair(blocks[before:]) and _beside_text(table, told):
            return Line(tuple(told), (table,), _part_of(table)), after
    elif _pair(blocks):
        return Line((first,), (second,)), 2
    elif isinstance(first, Chart) and isinstance(second, Table) and _beside_picture(second, first):
        return Line((first,), (second,), _part_of(second)), 2
    elif isinstance(first, Table) and isinstance(second, Chart) and _beside_picture(first, second):
        return Line((second,), (first,), _part_of(first)), 2
    return Line((first,)), 1


def _run(blocks: Sequence[Any]) -> int:
    """How many texts some blocks begin with."""
    return next((at for at, block in enumerate(blocks) if not isinstance(block, str)), len(blocks))


def _pair(blocks: Sequence[Any]) -> bool:
    return len(blocks) > 1 and all(isinstance(block, Table) and _beside(block) for block in blocks[:2])


def _part_of(table: Table) -> int:
    """The percent of the width that a table takes."""
    return -(-int(100 * _points(table)) // _WIDE)


def _left(table: Table) -> float:
    """The points that are left next to a table."""
    return _WIDE * (1 - _part_of(table) / 100) - _GUTTER


def _beside_text(table: Table, told: Sequence[str]) -> bool:
    """Whether it saves room to set a table next to some text."""
    across = int(_left(table) / _LETTER)
    if not 0 < len(table.rows) <= _MOST_BESIDE or across < _LEAST_TEXT:
        return False
    below_text = _set(told, int(_WIDE / _LETTER)) + height(table)
    return below_text - max(_set(told, across), _narrow_height(table)) >= _WORTH


def _beside_picture(table: Table, chart: Chart) -> bool:
    """Whether it saves room to set a table next to a picture, in the layout that phones have."""
    wide, narrow = _SIZE.search(chart.svg), _SIZE.search(chart.narrow)
    left = _left(table)
    if not wide or not narrow or left < _LEAST_PICTURE or not 0 < len(table.rows) <= _MOST_BESIDE:
        return False
    tall = _HEAD + left * int(narrow[2]) / int(narrow[1])
    above = _HEAD + _WIDE * (share(chart) or 58) / 100 * int(wide[2]) / int(wide[1])
    return above + height(table) - max(tall, _narrow_height(table)) >= _WORTH


def _set(told: Sequence[str], across: int) -> float:
    """Points of some text."""
    return sum(-(-width(text) // across) * _LEADING + _LEADING / 2 for text in told)


def _narrow_height(table: Table) -> float:
    """Points of a table whose title breaks over its own width."""
    return height(table) + _LEADING * (max(1, -(-int(width(table.title) * _OF_WORDS) // int(_points(table)))) - 1)


def _points(table: Table) -> float:
    """How wide a table is."""
    return sum(
        max(map(width, texts(table, place))) * (_OF_WORDS if column.align == "left" else _OF_FIGURES) + _APART
        for place, column in enumerate(table.columns)
    )


def _letters(table: Table) -> int:
    return sum(max(map(width, texts(table, place))) + GAP for place in range(len(table.columns)))


def columns(table: Table) -> list[str]:
    """Typst's widths of the columns: as wide as their content, or columns of words share what figures leave.

    Where the last column is shown below each row, a column without width takes its place.
    """
    shown = range(len(table.columns) - below(table))
    widest = [max(map(width, texts(table, place))) + GAP for place in shown]
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


def share(chart: Chart) -> int:
    """How wide paper shows a picture, in percent, so that it fits a third of a page; 0 if it could not be read."""
    size = _SIZE.search(chart.svg)
    if not size:
        return 100
    wide, high = map(int, size.groups())
    share = min(100, 100 * _HIGH * wide // (high * _WIDE))
    return share if share >= _LEAST_SHARE else 0


def drawn(chart: Chart) -> list[tuple[Decimal, str]]:
    """The picture of page one as it is drawn for paper, lowest first: its height by its width, and the picture."""
    sizes = ((_SIZE.search(svg), svg) for svg in (chart.svg, *chart.taller))
    return [(Decimal(size[2]) / Decimal(size[1]), svg) for size, svg in sizes if size]


def height(block: Any) -> float:
    """About how many points of paper a table or list takes in a body, heading and what is under it included."""
    lines = sum(_lines(row) for row in block.lines) if isinstance(block, Table) else 3 * len(block.items)
    return _HEAD + _LINE * (lines + bool(block.under))


def crowded(parts: Iterable[Section]) -> bool:
    """Whether a body is likely more than two pages: setting it alone to find out costs less then than setting all."""
    return sum(_HEAD + sum(map(_tall, lines(part))) for part in parts) > _CROWDED


def _tall(line: Line) -> float:
    """About how many points of paper a line of blocks takes."""
    if not line.right:
        return sum(_height(block, _WIDE) for block in line.left)
    right = _WIDE * (line.share or 50) / 100
    sides = (line.left, _WIDE - right - _GUTTER), (line.right, right)
    return max(sum(_height(block, across, narrow=True) for block in side) for side, across in sides)


def _height(block: Any, across: float, *, narrow: bool = False) -> float:
    """About how many points any block takes, text and pictures in so many across."""
    letters = max(1, int(across / _LETTER))
    if isinstance(block, str):
        return _set((block,), letters)
    if not isinstance(block, Chart):
        return height(block)
    size = _SIZE.search(block.narrow if narrow else block.svg)
    wide = across if narrow else across * (share(block) or 58) / 100
    picture = wide * int(size[2]) / int(size[1]) if size else 0
    return _HEAD + picture + _set([words for words in (block.finding, block.note) if words], letters)


def _lines(row: Sequence[Cell]) -> int:
    """Lines of a row: its words across the page, one more for what is told below it."""
    return max(1, -(-sum(width(cell.text) for cell in row) // PAPER)) + any(cell.note for cell in row)


def pairs(blocks: Iterable[Any]) -> Iterator[Line]:
    """The blocks of an appendix in order, one by one, or two short and narrow tables next to each other."""
    waiting = list(blocks)
    while waiting:
        two = _pair(waiting)
        yield Line((waiting[0],), tuple(waiting[1:2]) if two else ())
        del waiting[: 1 + two]


def _beside(table: Table) -> bool:
    """Whether half a page has room for a table."""
    return 0 < len(table.rows) <= _MOST_BESIDE and _letters(table) <= _HALF


def apart(columns: Sequence[Column]) -> list[str]:
    """The places of columns of words that follow figures, whose marks take the room between."""
    return [
        str(place)
        for place, (before, column) in enumerate(pairwise(columns), start=1)
        if (before.align, column.align) == ("right", "left")
    ]
