"""Two texts side by side: only what differs, with some lines around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

AROUND = 2
"""Equal lines that are shown before and after what differs."""
ALIKE = 0.4
"""From this ratio on, two lines are versions of one."""

_WORD = re.compile(r"\s+|[^\s]+")

Kind = Literal["same", "changed", "removed", "added"]
Piece = tuple[bool, str]
"""Whether it differs from the other side, and the words."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line on both sides; empty on the side that lacks it."""

    kind: Kind
    left: tuple[Piece, ...]
    right: tuple[Piece, ...]


def hunks(left: str, right: str) -> tuple[tuple[Line, ...], ...]:
    """The parts of two texts that differ, each with the lines around it; none if the texts are equal."""
    one, other = left.splitlines(), right.splitlines()
    groups = SequenceMatcher(None, one, other, autojunk=False).get_grouped_opcodes(AROUND)
    return tuple(tuple(_lines(one, other, group)) for group in groups)


def _lines(one: Sequence[str], other: Sequence[str], group: Iterable[tuple[str, int, int, int, int]]) -> Iterator[Line]:
    for kind, a, b, c, d in group:
        if kind == "equal":
            yield from (Line("same", _plain(line), _plain(line)) for line in one[a:b])
        else:
            yield from _pairs(one[a:b], other[c:d])


def _pairs(gone: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    """Lines that were replaced, next to each other where one is a version of the other."""
    for was, is_ in zip_longest(gone, new):
        if was is not None and is_ is not None:
            yield from _pair(was, is_)
        elif was is not None:
            yield Line("removed", _plain(was), ())
        else:
            yield Line("added", (), _plain(is_ or ""))


def _pair(was: str, is_: str) -> Iterator[Line]:
    if SequenceMatcher(None, was.split(), is_.split(), autojunk=False).ratio() < ALIKE:
        yield Line("removed", _plain(was), ())
        yield Line("added", (), _plain(is_))
        return
    words, others = _WORD.findall(was), _WORD.findall(is_)
    codes = SequenceMatcher(None, words, others, autojunk=False).get_opcodes()
    yield Line(
        "changed",
        tuple((kind != "equal", "".join(words[a:b])) for kind, a, b, _, _ in codes if b > a),
        tuple((kind != "equal", "".join(others[c:d])) for kind, _, _, c, d in codes if d > c),
    )


def _plain(line: str) -> tuple[Piece, ...]:
    return ((False, line),)
