"""Small multiples: a small plot per line over the same axes, where many lines in one plot would cross."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from executive_suite.rendering.charts import lettering, svg
from executive_suite.rendering.charts.sheet import NOTHING, Drawing, Sheet, both
from executive_suite.rendering.charts.svg import FAINT, INK, Point

_HIGH, _BETWEEN = 104.0, 22.0


def multiples(series: Sequence[tuple[str, Sequence[Point]]]) -> Drawing:
    """A plot for each line, all to one scale, with its name, its last value, and the first and last label."""
    drawn = [(name, points) for name, points in series if points]
    return both(lambda sheet: _draw(sheet, drawn)) if drawn else NOTHING


def _draw(sheet: Sheet, series: Sequence[tuple[str, Sequence[Point]]]) -> None:
    across = min(len(series), 2 if sheet.narrow else 4)
    wide = (sheet.width - _BETWEEN * (across - 1)) / across
    values = [float(point.value) for _, points in series for point in points] + [0.0]
    high, low = max(values), min(values)
    scale = (_HIGH - 48) / ((high - low) or 1.0)
    for index, (name, points) in enumerate(series):
        left, top = (wide + _BETWEEN) * (index % across), _HIGH * (index // across)
        last = lettering.short(points[-1].marked, wide * 0.6)
        sheet.write(left + wide - 1, top + 12, last, "end", points[-1].tone)
        sheet.write(left + 1, top + 12, lettering.short(lettering.plain(name), wide - lettering.width(last) - 10))
        zero = top + _HIGH - 24 + low * scale
        step = (wide - 8) / max(1, len(points) - 1)
        line = [(left + 3 + step * at, zero - float(point.value) * scale) for at, point in enumerate(points)]
        sheet.draw(
            svg.line(
                left, zero, left + wide, zero, INK if low == 0 else FAINT, 1.0, css="axis" if low == 0 else "faint"
            )
        )
        if len(line) > 1:
            sheet.draw(svg.path(line))
        sheet.draw(svg.dot(*line[-1], size=3.2))
        ends = lettering.short(lettering.plain(points[-1].label), wide / 2 - 4)
        sheet.write(left + wide - 1, top + _HIGH - 8, ends, "end", soft=True)
        if len(points) > 1:
            sheet.write(
                left + 1, top + _HIGH - 8, lettering.short(lettering.plain(points[0].label), wide / 2 - 4), soft=True
            )
    sheet.height = _HIGH * ceil(len(series) / across)
