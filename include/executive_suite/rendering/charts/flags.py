"""Words next to marks on a line: each as near as there is room, tied to its mark by a pole if it has to stand off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from executive_suite.rendering.blocks import Tone
from executive_suite.rendering.charts import lettering, svg
from executive_suite.rendering.charts.lettering import ABOVE, LINE
from executive_suite.rendering.charts.sheet import Box, Sheet

MOST_AT_ONE_PLACE = 4
Look = Tone | Literal["soft"]
Way = Literal["either", "right", "left", "crossing"]
"""On which side of its pole a flag may fly. If all fly to one side, none is in the way of another's pole, as long as
they fit on the sheet; ``crossing`` lets poles run behind words, and words be off their pole."""
_OFF, _STEP, _NEAR = 6.0, 5.0, 13.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on the picture with the words for it, and its date, which is printed above them."""

    x: float
    y: float
    words: str
    tone: Tone = "neutral"
    when: str = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """Marks of one place with their words in lines, and where those go."""

    marks: Sequence[Mark]
    lines: Sequence[tuple[str, Look]]
    box: Box
    anchor: svg.Anchor


def planned(sheet: Sheet, marks: Sequence[Mark], *, low: float, room: float, way: Way) -> list[Flag] | None:
    """Where the words of marks go; None if those of some mark find no room.

    Args:
        sheet: What is already there is avoided.
        marks: In any order; those of one place share a flag.
        low: The lowest that words may reach.
        room: Points across that words may take in one line.
        way: How to look for places.
    """
    ordered = sorted(marks, key=lambda mark: (-round(mark.x), round(mark.y)))
    groups = [list(group) for _, group in groupby(ordered, key=lambda mark: round(mark.x))]
    spots = [Box(mark.x - 5, mark.y - 5, mark.x + 5, mark.y + 5) for mark in marks]
    found: list[Flag] = []
    for group in reversed(groups) if way == "left" else groups:
        flag = next(_places(sheet, group, found, spots, low=low, room=room, way=way), None)
        if flag is None:
            return None
        found.append(flag)
    return found


def _places(
    sheet: Sheet,
    group: Sequence[Mark],
    found: Sequence[Flag],
    spots: Sequence[Box],
    *,
    low: float,
    room: float,
    way: Way,
) -> Iterator[Flag]:
    """The free places of one flag among those already found, the best first."""
    lines = _lines(group, room)
    size = max(lettering.width(words) for words, _ in lines), len(lines) * LINE
    there = [*spots, *(flag.box for flag in found)]
    if way != "crossing":
        there += [_pole(flag) for flag in found]
    for box, anchor in _candidates(sheet, group[0], size, low, way):
        if not sheet.free(box) or any(box.meets(other) for other in there):
            continue
        flag = Flag(group, lines, box, anchor)
        pole = _pole(flag)
        if way == "crossing" or not any(pole.meets(other) for other in (*sheet.taken, *(one.box for one in found))):
            yield flag


def raise_flags(sheet: Sheet, flags: Sequence[Flag]) -> None:
    """Draw marks, poles and words."""
    for flag in flags:
        first, box = flag.marks[0], flag.box
        if not box.top - _NEAR < first.y < box.bottom + _NEAR:
            end = box.bottom if abs(first.x - box.left) > _OFF + 1 and abs(first.x - box.right) > _OFF + 1 else box.top
            sheet.draw(
                svg.line(
                    first.x, first.y, first.x, end if box.top < first.y else box.bottom, svg.SOFT, 0.8, css="level"
                )
            )
        acute = any(mark.tone == "act" for mark in flag.marks)
        sheet.draw(svg.dot(first.x, first.y, "act" if acute else "neutral"))
        x = {"start": box.left, "end": box.right, "middle": (box.left + box.right) / 2}[flag.anchor]
        for number, (words, look) in enumerate(flag.lines):
            y = box.top + ABOVE + 1 + number * LINE
            sheet.write(x, y, words, flag.anchor, "neutral" if look == "soft" else look, soft=look == "soft")


def _lines(group: Sequence[Mark], room: float) -> list[tuple[str, Look]]:
    shown = group if len(group) <= MOST_AT_ONE_PLACE else group[: MOST_AT_ONE_PLACE - 1]
    most = 3 if len(group) == 1 else 1
    lines: list[tuple[str, Look]] = [(lettering.plain(group[0].when), "soft")] if group[0].when else []
    lines += [(line, mark.tone) for mark in shown for line in lettering.broken(lettering.plain(mark.words), room, most)]
    left = len(group) - len(shown)
    return [*lines, (f"and {left} more", "neutral")] if left else lines or [("", "neutral")]


def _candidates(
    sheet: Sheet, mark: Mark, size: tuple[float, float], low: float, way: Way
) -> Iterator[tuple[Box, svg.Anchor]]:
    """Places for words, the nearest first: above the mark to its right or left, then under it."""
    wide, height = size
    above, below = mark.y - 8 - height, mark.y + 8
    rises = [above - step * _STEP for step in range(int((above - 1) / _STEP) + 1)] if above >= 1 else []
    sinks = [below + step * _STEP for step in range(int((low - below - height) / _STEP) + 1)]
    for top in [*rises[:3], *sinks[:3], *rises[3:], *sinks[3:]]:
        if way != "left":
            yield Box(mark.x + _OFF, top, mark.x + _OFF + wide, top + height), "start"
        if way != "right":
            yield Box(mark.x - _OFF - wide, top, mark.x - _OFF, top + height), "end"
        if way == "crossing":
            left = max(2.0, min(mark.x - wide / 2, sheet.width - wide - 2))
            yield Box(left, top, left + wide, top + height), "start"


def _pole(flag: Flag) -> Box:
    """From the mark to the words."""
    mark, box = flag.marks[0], flag.box
    top, bottom = (box.bottom, mark.y) if box.top < mark.y else (mark.y, box.top)
    if bottom - top < _NEAR:
        return Box(mark.x, mark.y, mark.x, mark.y)
    return Box(mark.x - 2, top, mark.x + 2, bottom)
