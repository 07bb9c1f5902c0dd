"""Horizontal bars from zero, for comparing things: largest first, each over the year before where it is known."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from executive_suite.rendering.charts import lettering, svg
from executive_suite.rendering.charts.sheet import NOTHING, Drawing, Sheet, both
from executive_suite.rendering.charts.svg import INK, Point

_BAR, _PRIOR = 14.0, 9.0


def bars(points: Sequence[Point]) -> Drawing:
    """Bars, each with its name and value; consecutive points with the same name share a place, one under the other."""
    return both(lambda sheet: _draw(sheet, points)) if points else NOTHING


def _draw(sheet: Sheet, points: Sequence[Point]) -> None:
    rows = [list(same) for _, same in groupby(points, key=lambda point: point.label)]
    names = [lettering.plain(row[0].label) for row in rows]
    longest = max(map(lettering.width, names))
    over = longest > sheet.width * (0.3 if sheet.narrow else 0.36)
    left = 2.0 if over else longest + 12
    values = min(sheet.width * 0.4, 14 + max(lettering.width(point.marked) for point in points))
    low, high = min(0.0, *(float(p.value) for p in points)), max(0.0, *(float(p.value) for p in points))
    scale = (sheet.width - left - values) / ((high - low) or 1.0)
    zero = left - low * scale
    y = 4.0
    for name, row in zip(names, rows, strict=True):
        if over:
            sheet.write(left, y + 12, lettering.short(name, sheet.width - 4))
            y += 18
        else:
            sheet.write(left - 10, y + 12, name, "end")
        begin = y
        for point in row:
            thick = _PRIOR if point.style == "prior" else _BAR
            size = abs(float(point.value)) * scale
            x = zero if point.value >= 0 else zero - size
            sheet.draw(svg.bar(x, y + (2 if point.style != "prior" else 1), size, thick, point))
            words = lettering.short(point.marked, values - 10)
            sheet.write(
                max(zero, x + size) + 6,
                y + 12 + (-1 if thick == _PRIOR else 1),
                words,
                tone=point.tone,
                soft=point.style == "prior",
            )
            y += thick + (6 if len(row) > 1 else 4)
        sheet.draw(svg.line(zero, begin - (1 if over else 4), zero, y, INK, 1.0, css="axis"))
        y += 4 if over else 8
    sheet.height = y
