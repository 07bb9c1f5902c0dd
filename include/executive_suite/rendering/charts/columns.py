"""Columns over time, from zero: a year next to the year before, a plan around its outcome, levels, and a break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from executive_suite.rendering.charts import lettering, svg
from executive_suite.rendering.charts.lettering import ABOVE, LINE
from executive_suite.rendering.charts.sheet import NOTHING, Drawing, Sheet, beside, both, right_words
from executive_suite.rendering.charts.svg import INK, SOFT, Level, Point

_WIDEST = 46.0


@dataclass(frozen=True, slots=True)
class Since:
    """Where a series changed.

    Attributes:
        label: Of the first point after the change.
        text: What changed, in a few words; written at the line that parts before and after.
    """

    label: str
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


def columns(points: Sequence[Point], *, levels: Sequence[Level] = (), since: Since | None = None) -> Drawing:
    """Columns, each with its value; if not all fit, the first, the last, the highest and the lowest have theirs.

    Args:
        points: Oldest first. Consecutive points with the same label share a place: a prior one stands left of the
            others, else the later ones stand inside the first, as an outcome inside its plan.
        levels: Dashed lines across.
        since: A line between before and after.
    """
    if not points:
        return NOTHING
    return both(lambda sheet: _draw(sheet, points, levels, since))


def _draw(sheet: Sheet, points: Sequence[Point], levels: Sequence[Level], since: Since | None) -> None:
    sheet.height = 220 if sheet.narrow else 240
    slots = [list(same) for _, same in groupby(points, key=lambda point: point.label)]
    blocks, margin = right_words([level.text for level in levels], sheet)
    plot = _plot(sheet, points, levels, len(slots), margin, 20.0 if since else 0.0)
    heights = [plot.y(level.value) for level in levels]
    for y in heights:
        sheet.draw(svg.line(plot.left, y, plot.right, y, SOFT, 1.0, dash="5 4", css="level"))
    beside(sheet, plot.right + 8, blocks, heights, 2, plot.bottom + 6)
    if since:
        _since(sheet, plot, slots, since)
    tops = [_bars(sheet, plot, index, slot) for index, slot in enumerate(slots)]
    _labels(sheet, plot, slots)
    _values(sheet, plot, slots, tops, heights)
    sheet.draw(svg.line(plot.left, plot.zero, plot.right, plot.zero, INK, 1.0, css="axis"))


def _plot(
    sheet: Sheet, points: Sequence[Point], levels: Sequence[Level], count: int, margin: float, above: float
) -> _Plot:
    values = [float(p.value) for p in points] + [float(level.value) for level in levels] + [0.0]
    high, low = max(values), min(values)
    # Values below zero are written under their bars and need a separate line above the labels.
    top, bottom = 22.0 + above, sheet.height - (44.0 if low < 0 else 28.0)
    left, right = 4.0, sheet.width - (margin or 4.0)
    scale = (bottom - top) / ((high - low) or 1.0)
    return _Plot(left, right, top, bottom, bottom + low * scale, scale, (right - left) / max(1, count))


def _bars(sheet: Sheet, plot: _Plot, index: int, slot: Sequence[Point]) -> list[tuple[float, Point]]:
    """The bars of a slot; where the words of each are centered."""
    paired = len(slot) > 1 and slot[0].style == "prior"
    widest = min(_WIDEST * (1.4 if paired else 1.0), plot.step * (0.8 if paired else 0.64))
    centers = []
    for place, point in enumerate(slot):
        size = abs(float(point.value)) * plot.scale
        if paired:
            wide = widest / 2
            x = plot.x(index) - (wide if place == 0 else 0)
        else:
            wide = widest * (1.0 if place == 0 else 0.55)
            x = plot.x(index) - wide / 2
        sheet.draw(svg.bar(x, plot.y(max(point.value, 0)), wide, size, point))
        centers.append((x + wide / 2 if paired else plot.x(index), point))
    return centers


def _labels(sheet: Sheet, plot: _Plot, slots: Sequence[Sequence[Point]]) -> None:
    """What each slot is called; every second, third… counted from the last if there is no room for all."""
    longest = max(lettering.width(lettering.plain(slot[0].label)) for slot in slots)
    each = max(1, ceil((min(longest, sheet.width / 3) + 6) / plot.step))
    for index, slot in enumerate(slots):
        if (len(slots) - 1 - index) % each == 0:
            room = max(plot.step * each - 6, 0)
            words = lettering.short(lettering.plain(slot[0].label), room)
            sheet.try_words(words, [_inside(sheet, plot.x(index), sheet.height - 9, words)], soft=True)


def _inside(sheet: Sheet, x: float, y: float, words: str) -> tuple[float, float, svg.Anchor]:
    """A place centered at ``x``, or as near to it as the edges allow."""
    half = lettering.width(words) / 2 + 1
    return min(max(x, half), sheet.width - half), y, "middle"


def _values(
    sheet: Sheet,
    plot: _Plot,
    slots: Sequence[Sequence[Point]],
    centers: Sequence[Sequence[tuple[float, Point]]],
    levels: Sequence[float],
) -> None:
    """Each value over its bar if all fit, else the telling ones."""
    places = [(x, point, index) for index, slot in enumerate(centers) for x, point in slot if point.text]
    if not places:
        return
    width = max(lettering.width(point.marked) for _, point, _ in places)
    if width + 4 > plot.step:
        telling = [places[-1], places[0], *(pick(places, key=lambda one: one[1].value) for pick in (max, min))]
        places = telling
    for x, point, index in places:
        below = point.value < 0
        edge = (
            max((plot.y(p.value) for p in slots[index] if p.value < 0), default=plot.zero)
            if below
            else min(plot.y(max(p.value, 0)) for p in slots[index] if p.value >= 0)
        )
        own = plot.y(point.value)
        tries = []
        for y in (own, edge):
            baseline = y + 14 if below else _clear_of(levels, y - 5)
            tries += [_inside(sheet, x, baseline - step * (-LINE if below else LINE), point.marked) for step in (0, 1)]
        sheet.try_words(point.marked, tries, point.tone)


def _clear_of(lines: Sequence[float], baseline: float) -> float:
    """A baseline whose letters no line crosses: the given one, or one just above the line."""
    for line in sorted(lines, reverse=True):
        if baseline - ABOVE < line < baseline + 3:
            baseline = line - 4
    return max(baseline, ABOVE + 1)


def _since(sheet: Sheet, plot: _Plot, slots: Sequence[Sequence[Point]], since: Since) -> None:
    at = next((index for index, slot in enumerate(slots) if slot[0].label == since.label), None)
    if at is None:
        return
    x = plot.left + plot.step * at
    sheet.draw(svg.shade([(x, 18), (plot.right, 18), (plot.right, plot.zero), (x, plot.zero)]))
    sheet.draw(svg.line(x, 4, x, plot.zero, svg.FILL["act"], 1.2, css="act-line"))
    words = lettering.short(lettering.plain(since.text), sheet.width * 0.9)
    wide = lettering.width(words)
    sheet.try_words(
        words, [(x + 6, 14, "start"), (x - 6, 14, "end"), (max(2, sheet.width - wide - 2), 14, "start")], "act"
    )
