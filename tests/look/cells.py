"""A screen as text that a review can show: one letter a cell, runs and like rows folded, compared with a tolerance."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Sequence
from itertools import groupby

TOLERANCE = 1
"""Steps of 64 that a cell may differ: smoothing of letters, not a changed digit."""

LETTERS = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
_FOLDED = 5
_RUN = re.compile(r"(.)\((\d+)\)")
Cells = Sequence[Sequence[int]]


def to_text(cells: Cells) -> str:
    """A line a row of cells; ``x(n)`` stands for n cells alike, ``*n`` at a line's end for n rows alike."""
    lines = ("".join(LETTERS[value] for value in row) for row in cells)
    folded = []
    for line, alike in groupby(lines):
        count = sum(1 for _ in alike)
        runs = ((letter, sum(1 for _ in same)) for letter, same in groupby(line))
        short = "".join(letter * length if length < _FOLDED else f"{letter}({length})" for letter, length in runs)
        folded.append(f"{short} *{count}" if count > 1 else short)
    return "\n".join(folded) + "\n"


def from_text(text: str) -> Cells:
    """The cells that ``to_text`` wrote."""
    rows: list[tuple[int, ...]] = []
    for line in text.splitlines():
        letters, _, count = line.partition(" *")
        whole = _RUN.sub(lambda run: run[1] * int(run[2]), letters)
        rows += [tuple(LETTERS.index(letter) for letter in whole)] * int(count or 1)
    return rows


def different(now: Cells, then: Cells) -> Iterator[tuple[int, int]]:
    """Column and row of each cell that differs by more than the tolerance, or that only one of them has."""
    for row in range(max(len(now), len(then))):
        ours = now[row] if row < len(now) else ()
        theirs = then[row] if row < len(then) else ()
        for column in range(max(len(ours), len(theirs))):
            both = column < len(ours) and column < len(theirs)
            if not both or abs(ours[column] - theirs[column]) > TOLERANCE:
                yield column, row
