"""A screen as text that a review can show: one letter a cell, like rows folded, compared with a tolerance."""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from itertools import groupby

TOLERANCE = 2
"""Steps of 64 that a cell may differ: smoothing of letters, not a changed digit."""

LETTERS = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
Cells = Sequence[Sequence[int]]


def to_text(cells: Cells) -> str:
    """A line a row of cells; the last letter stands for the rest of its line, ``*n`` for n rows alike."""
    lines = ("".join(LETTERS[value] for value in row) for row in cells)
    folded = []
    for line, alike in groupby(lines):
        count = sum(1 for _ in alike)
        short = line.rstrip(line[-1]) + line[-1] if line else ""
        folded.append(f"{short} *{count}" if count > 1 else short)
    return "\n".join(folded) + "\n"


def from_text(text: str, columns: int) -> Cells:
    """The cells that ``to_text`` wrote."""
    rows: list[tuple[int, ...]] = []
    for line in text.splitlines():
        letters, _, count = line.partition(" *")
        values = tuple(LETTERS.index(letter) for letter in letters)
        rows += [values + values[-1:] * (columns - len(values))] * int(count or 1)
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
