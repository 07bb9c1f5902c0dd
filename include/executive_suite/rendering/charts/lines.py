"""Lines over the same labels: up to three in one plot, more as small multiples; forecasts dashed, ranges shaded."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil

from executive_suite.rendering.charts import lettering, svg
from executive_suite.rendering.charts.multiples import multiples
from executive_suite.rendering.charts.sheet import NOTHING, Drawing, Sheet, at_right, both, right_words
from executive_suite.rendering.charts.svg import INK, SOFT, Level, Number, Point

Series = Sequence[tuple[str, Sequence[Point]]]
Band = Sequence[tuple[Number, Number]]
MOST_TOGETHER = 3


def lines(series: Series, *, levels: Sequence[Level] = (), band: Band = ()) -> Drawing:
    """Lines, each named at its end; more than three get a plot each.

    Args:
        series: Name and points of each line; all have the same labels.
        levels: Horizontal references.
        band: Low and high of the last points, one pair per point, right-aligned.
    """
    drawn = [(name, points) for name, points in series if points]
    if not drawn:
        return NOTHING
    if len(drawn) > MOST_TOGETHER:
        return multiples(drawn)
    return both(lambda sheet: _draw(sheet, drawn, levels, band))


def _draw(sheet: Sheet, series: Series, levels: Sequence[Level], band: Band) -> None:
    sheet.height = 230 if sheet.narrow else 260
    every = [float(p.value) for _, points in series for p in points] + [float(level.value) for level in levels]
    every += [float(edge) for pair in band for edge in pair] + [0.0]
    high, low = max(every), min(every)
    ends = [f"{name} {points[-1].marked}".strip() for name, points in series]
    blocks, margin = right_words([*ends, *(level.text for level in levels)], sheet)
    count = max(len(points) for _, points in series)
    top, bottom, left, right = 22.0, sheet.height - 28.0, 8.0, sheet.width - (margin or 8.0) - 4
    scale, step = (bottom - top) / ((high - low) or 1.0), (right - left) / max(1, count - 1)

    def at(index: int, value: Number) -> tuple[float, float]:
        return left + step * index, bottom - (float(value) - low) * scale

    if band:
        first = count - len(band)
        upper = [at(first + i, edge) for i, (_, edge) in enumerate(band)]
        lower = [at(first + i, edge) for i, (edge, _) in reversed(list(enumerate(band)))]
        sheet.draw(svg.shade([*upper, *lower]))
    zero = at(0, 0)[1]
    sheet.draw(svg.line(left, zero, right, zero, INK, 1.0, css="axis"))
    heights = [at(0, level.value)[1] for level in levels]
    sheet.draw(*(svg.line(left, y, right, y, SOFT, 1.0, dash="5 4", css="level") for y in heights))
    places = [[at(index, point.value) for index, point in enumerate(points)] for _, points in series]
    at_right(sheet, right + 8, blocks, [*(line[-1][1] for line in places), *heights], 2, bottom + 8)
    for number, (line, (_, points)) in enumerate(zip(places, series, strict=True)):
        cut = next((i for i, p in enumerate(points) if p.style == "forecast"), len(points))
        for run, dash in ((line[:cut], ""), (line[max(0, cut - 1) :] if cut < len(line) else [], "4 4")):
            if len(run) > 1:
                sheet.draw(svg.path(run, dash=dash, number=number))
        sheet.draw(svg.dot(*line[-1], number=number, size=3.5))
        sheet.avoid(line)
    if len(series) == 1:
        _telling(sheet, places[0], series[0][1])
    _axis(sheet, [(at(index, 0)[0], point.label) for index, point in enumerate(series[0][1])])


def _telling(sheet: Sheet, line: Sequence[tuple[float, float]], points: Sequence[Point]) -> None:
    """The first value, the highest and the lowest; the last one is written at the end of the line."""
    every = range(len(points))
    chosen = [0, *(most(every, key=lambda at: points[at].value) for most in (max, min))]
    for at in dict.fromkeys(chosen):
        if at < len(points) - 1 and points[at].text:
            x, y = line[at]
            over: list[tuple[float, float, svg.Anchor]] = [(x, y - 7, "middle"), (x, y - 7, "start"), (x, y - 7, "end")]
            under: list[tuple[float, float, svg.Anchor]] = [(x, y + 16, "middle"), (x, y + 16, "start")]
            falls = points[at].value >= points[at + 1].value
            sheet.try_words(points[at].marked, [*over, *under] if falls else [*under, *over], points[at].tone)


def _axis(sheet: Sheet, labels: Sequence[tuple[float, str]]) -> None:
    """The labels under the plot, counted from the last if there is no room for all."""
    longest = max(lettering.width(lettering.plain(label)) for _, label in labels)
    step = min((after[0] - before[0] for before, after in pairwise(labels)), default=sheet.width)
    each = max(1, ceil((min(longest, sheet.width / 3) + 6) / (step or 1)))
    for index, (x, label) in enumerate(labels):
        if (len(labels) - 1 - index) % each == 0:
            words = lettering.short(lettering.plain(label), max(step * each - 6, 0))
            half = lettering.width(words) / 2 + 1
            place = (min(max(x, half), sheet.width - half), sheet.height - 9)
            sheet.try_words(words, [(*place, "middle")], soft=True)
