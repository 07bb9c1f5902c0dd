"""Plain text that a person would enjoy: wrapped paragraphs and aligned columns, by the width that a terminal shows."""

from __future__ import annotations

from collections.abc import Sequence

from wcwidth import wcswidth

from executive_suite.reports.blocks import Table

WIDTH = 76
_GAP = 2
_NARROWEST = 8
_LONGEST_WORD = 24
_MARKS = {"good": " (+)", "bad": " (!)", "neutral": ""}


def width(text: str) -> int:
    """Columns that ``text`` takes; characters of no width count as none."""
    if text.isascii() and text.isprintable():
        return len(text)
    shown = wcswidth(text)
    return shown if shown >= 0 else len(text)


def wrap(text: str, columns: int = WIDTH, indent: str = "") -> str:
    """A paragraph in lines of at most ``columns``."""
    return "\n".join(indent + line for line in _wrapped(text, columns - len(indent)))


def _wrapped(text: str, columns: int) -> list[str]:
    """Lines by the width that they take, not by their letters: a Chinese letter takes two columns, an accent none."""
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
    """How many letters of a word fit; one at least."""
    cut = 1
    while cut < len(word) and width(word[: cut + 1]) <= columns:
        cut += 1
    return cut


def _pad(text: str, columns: int, align: str) -> str:
    room = " " * max(0, columns - width(text))
    return room + text if align == "right" else text + room


def table(block: Table, columns: int = WIDTH) -> str:
    """A table in aligned columns; a table that is too wide for them becomes a list of records."""
    heads = [column.title for column in block.columns]
    rows = [[_cell(cell.text, cell.tone, assumed=cell.assumed) for cell in row] for row in block.rows]
    total = [_cell(cell.text, cell.tone, assumed=cell.assumed) for cell in block.total]
    widths = [max(map(width, column)) for column in zip(heads, *rows, *([total] if total else []), strict=True)]
    spare = columns - sum(widths) - _GAP * (len(widths) - 1)
    if spare < 0:
        longest = [_longest_word(column) for column in zip(heads, *rows, *([total] if total else []), strict=True)]
        shrunk = _shrink(widths, longest, [column.align for column in block.columns], -spare)
        if shrunk is None:
            return _records(heads, rows, columns)
        widths = shrunk
    aligns = [column.align for column in block.columns]
    rule = (" " * _GAP).join("-" * w for w in widths)
    lines = [*_lines(heads, widths, aligns), rule]
    for row in rows:
        lines += _lines(row, widths, aligns)
    if total:
        lines += [rule, *_lines(total, widths, aligns)]
    return "\n".join(line.rstrip() for line in lines)


def _cell(text: str, tone: str, *, assumed: bool) -> str:
    return " ".join(text.split()) + _MARKS[tone] + (" *" if assumed else "")


def _longest_word(cells: Sequence[str]) -> int:
    """The width of the longest word of a column that is not to be broken; longer ones are names of machines."""
    words = (width(word) for cell in cells for word in cell.split())
    return max((length for length in words if length <= _LONGEST_WORD), default=1)


def _shrink(widths: list[int], longest: list[int], aligns: Sequence[str], excess: int) -> list[int] | None:
    """Narrower text columns, the widest first; None when even the narrowest do not fit.

    Args:
        widths: Of the columns as they would be.
        longest: Of the longest word of each, which is not broken.
        aligns: Only columns of words, which stand left, become narrower.
        excess: By how much they have to.
    """
    shrunk = list(widths)
    text_columns = [i for i, align in enumerate(aligns) if align == "left"]
    while excess > 0:
        candidates = [i for i in text_columns if shrunk[i] > max(_NARROWEST, longest[i])]
        if not candidates:
            return None
        widest = max(candidates, key=lambda i: shrunk[i])
        shrunk[widest] -= 1
        excess -= 1
    return shrunk


def _lines(cells: list[str], widths: list[int], aligns: Sequence[str]) -> list[str]:
    wrapped = [_wrapped(cell, max(1, w)) or [""] for cell, w in zip(cells, widths, strict=True)]
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
