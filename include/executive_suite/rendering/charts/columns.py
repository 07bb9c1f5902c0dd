"""Columns over time, from zero: a year next to the year before, a plan around its outcome, levels, and a break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from executive_suite.rendering.charts import lettering, svg
from executive_suite.rendering.charts.lettering import ABOVE, LINE
from executive_suite.rendering.charts.sheet import NOTHING, Box, Drawing, Sheet, at_right, both, right_words
from executive_suite.rendering.charts.svg import INK, SOFT, Level, Point

_WIDEST, _THIN = 46.0, 2.5


@dataclass(frozen=True, slots=True)
class Since:
    """Where a series changed.

    Attributes:
        slot: The first place after the change, counted from 0.
        text: What changed, in a few words; written at the line that parts before and after.
    """

    slot: int
    text: str


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where things are: pixels of the plot's edges, of zero, and of one unit and one slot."""

    left: float
    right: float
    top: float
    bottom: float
    zero: float
    scale: float
    step: float

    def y(self, value: svg.Number) -> float:
        return self.zero - float(value) * self.scale

    def x(self, slot: int) -> float:
        return self.left + self.step * (slot + 0.5)


def columns(
    points: Sequence[Point], *, levels: Sequence[Level] = (), since: Since | None = None, tall: bool = False
) -> Drawing:
    """Columns, each with its value; if not all fit, the first, the last, the highest and the lowest have theirs.

    Args:
        points: Oldest first. Consecutive points with the same label share a place: a prior one is left of the
            others, else the later ones stand inside the first, as an outcome inside its plan.
        levels: Dashed lines across.
        since: A line between before and after.
        tall: Whether it is the picture of a page one, which may be taller on paper.
    """
    if not points:
        return NOTHING
    return both(lambda sheet: _draw(sheet, points, levels, since), tall=tall)


def _draw(sheet: Sheet, points: Sequence[Point], levels: Sequence[Level], since: Since | None) -> None:
    slots = [list(same) for _, same in groupby(points, key=lambda point: point.label)]
    alone = sheet.narrow and len(levels) == 1
    blocks, margin = right_words(["" if alone else level.text for level in levels], sheet)
    told = _told(sheet, since, (sheet.width - (margin or 4.0) - 4.0) / len(slots)) if since else None
    above = (len(told.lines) * LINE + 5 if told else 0.0) + (18.0 if alone else 0.0)
    sheet.height = above + (200 if sheet.narrow else 220) + sheet.more
    plot = _plot(sheet, points, levels, len(slots), margin, above)
    centers = [_bars(sheet, plot, index, slot) for index, slot in enumerate(slots)]
    heights = [plot.y(level.value) for level in levels]
    for y in heights:
        sheet.draw(svg.line(plot.left, y, plot.right, y, SOFT, 1.0, dash="5 4", css="level"))
    at_right(sheet, plot.right + 8, blocks, heights, above + 2, plot.bottom + 6)
    if alone:
        words, y = lettering.short(lettering.plain(levels[0].text), sheet.width - 40), above - 6
        sheet.write(sheet.width - 2, y, words, "end", soft=True)
        start = sheet.width - lettering.width(words) - 8
        sheet.draw(svg.line(start - 22, y - 4, start, y - 4, SOFT, 1.0, dash="5 4", css="level key"))
    if told:
        _tell(sheet, plot, told)
    _labels(sheet, plot, slots)
    _values(sheet, plot, centers, heights)
    sheet.draw(svg.line(plot.left, plot.zero, plot.right, plot.zero, INK, 1.0, css="axis"))


def _plot(
    sheet: Sheet, points: Sequence[Point], levels: Sequence[Level], count: int, margin: float, above: float
) -> _Plot:
    values = [float(p.value) for p in points] + [float(level.value) for level in levels] + [0.0]
    high, low = max(values), min(values)
    # Values below zero are written under their bars and need a separate line above the labels.
    top, bottom = 20.0 + above, sheet.height - (44.0 if low < 0 else 28.0)
    left, right = 4.0, sheet.width - (margin or 4.0)
    scale = (bottom - top) / ((high - low) or 1.0)
    return _Plot(left, right, top, bottom, bottom + low * scale, scale, (right - left) / max(1, count))


def _bars(sheet: Sheet, plot: _Plot, index: int, slot: Sequence[Point]) -> list[tuple[float, Point]]:
    """The bars of a slot; where the words of each are centered."""
    paired = len(slot) > 1 and slot[0].style == "prior"
    widest = min(_WIDEST, plot.step * (0.5 if paired else 0.64))
    centers = []
    for place, point in enumerate(slot):
        size, top = abs(float(point.value)) * plot.scale, plot.y(max(point.value, 0))
        wide = widest * (0.55 if place == (0 if paired else 1) else 1.0)
        middle = plot.x(index)
        if paired:
            middle += widest * (-0.5 if place == 0 else 0.275)
        sheet.draw(svg.bar(middle - wide / 2, top, wide, size, point))
        if point.style != "plan":  # the value of an outcome is written inside the outline of its plan
            sheet.kept.append(Box(middle - wide / 2, top, middle + wide / 2, top + size))
        centers.append((middle, point))
    return centers


def _labels(sheet: Sheet, plot: _Plot, slots: Sequence[Sequence[Point]]) -> None:
    """What each slot is called; every second, third… counted from the last if there is no room for all."""
    longest = max(lettering.width(lettering.plain(slot[0].label)) for slot in slots)
    each = max(1, ceil((min(longest, sheet.width / 3) + 4) / plot.step))
    for index, slot in enumerate(slots):
        if (len(slots) - 1 - index) % each == 0:
            words = lettering.short(lettering.plain(slot[0].label), max(plot.step * each - 4, 0))
            sheet.try_words(words, [_inside(sheet, plot.x(index), sheet.height - 9, words)], soft=True)


def _inside(sheet: Sheet, x: float, y: float, words: str) -> tuple[float, float, svg.Anchor]:
    """A place centered at ``x``, or as near to it as the edges allow."""
    half = lettering.width(words) / 2 + 1
    return min(max(x, half), sheet.width - half), y, "middle"


def _values(
    sheet: Sheet, plot: _Plot, centers: Sequence[Sequence[tuple[float, Point]]], levels: Sequence[float]
) -> None:
    """Each value at the end of its bar if all find room, else the telling ones."""
    places = [one for slot in centers for one in slot if one[1].text]
    bars, lines, words = [*sheet.kept], [*sheet.taken], [*sheet.words]
    sheet.kept = []
    if not all(sheet.try_words(p.marked, _tries(sheet, plot, x, p, bars, levels), p.tone) for x, p in places):
        sheet.taken, sheet.words = lines, words
        telling = [places[-1], places[0]]
        ends = {point.value for _, point in telling}
        extremes = (most(places, key=lambda one: one[1].value) for most in (max, min))
        for x, point in dict.fromkeys([*telling, *(one for one in extremes if one[1].value not in ends)]):
            sheet.try_words(point.marked, _tries(sheet, plot, x, point, bars, levels), point.tone)


def _tries(
    sheet: Sheet, plot: _Plot, x: float, point: Point, bars: Sequence[Box], levels: Sequence[float]
) -> list[tuple[float, float, svg.Anchor]]:
    """Places at the end of a bar or a little to its sides, on no other bar, the nearest first."""
    half, below, own = lettering.width(point.marked) / 2, point.value < 0, plot.y(point.value)
    found: list[tuple[float, tuple[float, float, svg.Anchor]]] = []
    for at in (x, x - half + 6, x + half - 6):
        middle, _, anchor = _inside(sheet, at, 0, point.marked)
        over = [bar for bar in bars if bar.left < middle + half and middle - half < bar.right]
        if below:
            y = max([own, *(bar.bottom for bar in over)]) + 14
        else:
            y = _clear_of(levels, min([own, *(bar.top for bar in over if bar.right - bar.left >= _THIN)]) - 5)
        # A thin line through the halo of a figure is better than a figure far from its bar.
        crossed = any(sheet.box(middle, y, point.marked, anchor).meets(bar) for bar in bars)
        found.append((abs(y - own) + (LINE if crossed else 0), (middle, y, anchor)))
    return [place for _, place in sorted(found, key=lambda one: one[0])]


def _clear_of(lines: Sequence[float], baseline: float) -> float:
    """A baseline whose letters no line crosses: the given one, or one just above the line."""
    for line in sorted(lines, reverse=True):
        if baseline - ABOVE < line < baseline + 3:
            baseline = line - 4
    return max(baseline, ABOVE + 1)


@dataclass(frozen=True, slots=True)
class _Told:
    """The words of a change in lines, next to the line that parts before and after."""

    x: float
    lines: Sequence[str]
    anchor: svg.Anchor


def _told(sheet: Sheet, since: Since, step: float) -> _Told:
    """To the right of the line if there is as much room, else to the left."""
    x, words = 4.0 + step * since.slot, lettering.plain(since.text)
    right, left = sheet.width - x - 8, x - 8
    if lettering.width(words) <= right or right >= left:
        return _Told(x, lettering.broken(words, right, 3), "start")
    return _Told(x, lettering.broken(words, left, 3), "end")


def _tell(sheet: Sheet, plot: _Plot, told: _Told) -> None:
    sheet.draw(svg.line(told.x, 3, told.x, plot.zero, svg.FILL["act"], 1.2, css="act-line"))
    sheet.kept.append(Box(told.x - 1, 3, told.x + 1, plot.zero))
    for number, words in enumerate(told.lines):
        beside_line = told.x + (6 if told.anchor == "start" else -6)
        sheet.write(beside_line, 13 + number * LINE, words, told.anchor, "act")
