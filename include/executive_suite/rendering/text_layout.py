"""Plain text: wrapped paragraphs and aligned columns, by the width that a terminal shows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from wcwidth import wcswidth

from executive_suite.rendering.blocks import Cell, Kpi, Table, verdict

WIDTH = 76
_GAP = 2
_NARROWEST = 8
_LONGEST_WORD = 24
_INDENT = "    "

Written = tuple[str, str]
"""A cell's text and its marks, kept apart so that marks do not shift figures out of line."""


def width(text: str) -> int:
    """Columns that ``text`` takes; zero-width characters take none."""
    if text.isascii() and text.isprintable():
        return len(text)
    shown = wcswidth(text)
    return shown if shown >= 0 else len(text)


def wrap(text: str, columns: int = WIDTH, indent: str = "") -> str:
    """A paragraph in lines of at most ``columns``."""
    return "\n".join(indent + line for line in _wrapped(text, columns - len(indent)))


def _wrapped(text: str, columns: int) -> list[str]:
    """Lines by display width, not by letters: a Chinese letter takes two columns, an accent none."""
    lines, line = [], ""
    for word in text.split():
        if line and width(line) + 1 + width(word) <= columns:
            line = f"{line} {word}"
            continue
        if line:
            lines.append(line)
        line = word
        while width(line) > columns:
            cut = _fitting(line, columns)
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line] if line else lines


def _fitting(word: str, columns: int) -> int:
    """How many letters of a word fit; at least one."""
    return next(cut for cut in range(1, len(word) + 1) if cut == len(word) or width(word[: cut + 1]) > columns)


def _pad(text: str, columns: int, align: str) -> str:
    room = " " * max(0, columns - width(text))
    return room + text if align == "right" else text + room


def table(block: Table, columns: int = WIDTH) -> str:
    """A table in aligned columns.

    A last column of words goes under each row if that is shorter; a table too wide even then becomes a list of records.
    """
    heads = [column.title for column in block.columns]
    aligns = [column.align for column in block.columns]
    lines = [[(" ".join(cell.text.split()), marks(cell)) for cell in row] for row in block.lines]
    shown = [_joined(_aligned([heads, *_in_line(lines, aligns)], aligns, columns), block)]
    if len(heads) > 2 and aligns[-1] == "left":  # noqa: PLR2004 - two columns have none to spare
        last = ["".join(line[-1]) for line in lines]
        under = [wrap(f"{heads[-1].lower()}: {words}", columns, _INDENT) if words else "" for words in last]
        short = [heads[:-1], *_in_line([line[:-1] for line in lines], aligns)]
        shown.append(_joined(_aligned(short, aligns[:-1], columns), block, under))
    fitting = [text for text in shown if text]
    if not fitting:
        return _records(heads, [["".join(cell) for cell in line] for line in lines[: len(block.rows)]], columns)
    return min(fitting, key=lambda text: text.count("\n"))


def _joined(laid: list[str] | None, block: Table, under: Sequence[str] = ()) -> str:
    """Headings, rules and rows as one text; empty if nothing could be laid out."""
    if laid is None:
        return ""
    rule, head, *rows = laid
    shown = [head, rule]
    for number, (row, more) in enumerate(zip_longest(rows, under, fillvalue="")):
        shown += [rule] if block.total and number == len(block.rows) else []
        shown += [row, more] if more else [row]
    return "\n".join(shown)


def marks(item: Cell | Kpi) -> str:
    """The verdict on a figure in words, and the sign that it rests on assumed data."""
    return (f" ({verdict(item.tone)})" if item.tone != "neutral" else "") + (" *" if item.assumed else "")


def _in_line(lines: Sequence[Sequence[Written]], aligns: Sequence[str]) -> list[list[str]]:
    """The cells, with marks padded to one width per column of figures so that the figures line up."""
    if not lines:
        return []
    room = [max(len(line[place][1]) for line in lines) for place in range(len(lines[0]))]
    return [
        [
            text + (signs.ljust(room[place]) if aligns[place] == "right" else signs)
            for place, (text, signs) in enumerate(line)
        ]
        for line in lines
    ]


def _aligned(lines: Sequence[list[str]], aligns: Sequence[str], columns: int) -> list[str] | None:
    """A rule, the headings and each row, set in columns; None if they do not fit."""
    cells = list(zip(*lines, strict=True))
    widths = [max(map(width, column)) for column in cells]
    excess = sum(widths) + _GAP * (len(widths) - 1) - columns
    if excess > 0:
        longest = [_longest_word(column) for column in cells]
        widths = [
            max([_longest_word(column[:1]), *map(width, column[1:])]) if align == "right" else whole
            for whole, column, align in zip(widths, cells, aligns, strict=True)
        ]
        shrunk = _shrink(widths, longest, aligns, sum(widths) + _GAP * (len(widths) - 1) - columns)
        if shrunk is None:
            return None
        widths = shrunk
    rule = (" " * _GAP).join("-" * w for w in widths)
    return [rule, *("\n".join(x.rstrip() for x in _lines(line, widths, aligns)) for line in lines)]


def _longest_word(cells: Sequence[str]) -> int:
    """The width of the longest word of a column that is not to be broken; longer ones are identifiers."""
    words = (width(word) for cell in cells for word in cell.split())
    return max((length for length in words if length <= _LONGEST_WORD), default=1)


def _shrink(widths: list[int], longest: list[int], aligns: Sequence[str], excess: int) -> list[int] | None:
    """Narrower columns of words, the widest first, whose longest words stay whole; None if even these do not fit."""
    shrunk = list(widths)
    for _ in range(excess):
        words = (i for i, align in enumerate(aligns) if align == "left")
        candidates = [i for i in words if shrunk[i] > max(_NARROWEST, longest[i])]
        if not candidates:
            return None
        shrunk[max(candidates, key=lambda i: shrunk[i])] -= 1
    return shrunk


def _lines(cells: list[str], widths: list[int], aligns: Sequence[str]) -> list[str]:
    wrapped = [
        [cell] if align == "right" and width(cell) <= w else _wrapped(cell, max(1, w)) or [""]
        for cell, w, align in zip(cells, widths, aligns, strict=True)
    ]
    height = max(len(lines) for lines in wrapped)
    return [
        (" " * _GAP).join(
            _pad(lines[row] if row < len(lines) else "", w, align)
            for lines, w, align in zip(wrapped, widths, aligns, strict=True)
        )
        for row in range(height)
    ]


def _records(heads: list[str], rows: list[list[str]], columns: int) -> str:
    label = max(width(head) for head in heads) + 1
    blocks = []
    for row in rows:
        first, *rest = row
        lines = [wrap(first, columns)]
        for head, cell in zip(heads[1:], rest, strict=True):
            if cell:
                body = wrap(cell, columns, " " * (label + 4))
                lines.append("  " + _pad(head + ":", label + 2, "left") + body.lstrip())
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)
