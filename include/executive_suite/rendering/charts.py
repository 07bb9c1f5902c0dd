"""Charts as self-contained SVG: actual dark, prior lighter, plan outlined, forecast hatched; bars start at zero.

Drawn here rather than with a chart library, because those rules need hatching and outlines that grammars of graphics
do not offer, and because a picture then takes a hundredth of a second (docs/report-design.md has the measurements).
Colors are attributes, for pictures in mail; classes let the archived page change them for dark screens.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from math import ceil

from executive_suite.rendering import svg
from executive_suite.rendering.svg import INK, LETTER, SIZE, SOFT, WIDTH, Level, Point

__all__ = ["Level", "Point", "bars", "columns", "lines", "timeline"]


def columns(points: Sequence[Point], *, levels: Sequence[Level] = (), height: int = 210) -> str:
    """Columns over time, from zero, each with its value; levels as dashed lines.

    Consecutive points with the same label share a place, the later ones inside the first.
    """
    if not points:
        return ""
    values = [float(p.value) for p in points] + [float(level.value) for level in levels] + [0.0]
    slots = [list(same) for _, same in groupby(points, key=lambda point: point.label)]
    top, bottom = max(values), min(values)
    # Values below zero are written under their bars and need a separate line above the labels.
    plot_top, plot_bottom, left = 26.0, height - (46.0 if bottom < 0 else 30.0), 6.0
    right = WIDTH - (svg.right_margin([level.text for level in levels]) if levels else 6.0)
    scale = (plot_bottom - plot_top) / ((top - bottom) or 1.0)
    zero = plot_bottom + bottom * scale
    step = (right - left) / max(1, len(slots))
    heights = [zero - float(level.value) * scale for level in levels]
    widest = min(46.0, step * 0.62)
    longest = max((svg.letters(word) for p in points for word in (p.marked, p.label)), default=1.0)
    shown_each = max(1, ceil((longest * LETTER + 6) / step))
    parts, words = [], []
    for index, slot in enumerate(slots):
        middle, free = left + step * (index + 0.5), height * 1.0
        for place, point in enumerate(slot):
            # The first of several points with one label is wider and behind the others: a plan around its outcome.
            bar = widest * (1.0 if len(slot) == 1 or place == 0 else 0.55)
            size = abs(float(point.value)) * scale
            y = zero - max(0.0, float(point.value)) * scale
            parts.append(svg.bar(middle - bar / 2, y, bar, size, point))
            if point.text and (len(slots) - 1 - index) % shown_each == 0:
                above = y - 6 if point.value >= 0 else y + size + 14
                above = above if abs(above - free) >= SIZE else free + SIZE + 1
                above = svg.clear_of(heights, above) if point.value >= 0 else above
                words.append(svg.text(middle, above, point.marked, "middle", point.tone))
                free = above
        if (len(slots) - 1 - index) % shown_each == 0:
            words.append(svg.text(middle, height - 10, slot[0].label, "middle", css="soft"))
    parts.append(svg.line(left, zero, right, zero, INK, 1.0, css="axis"))
    for level, y, baseline in zip(levels, heights, svg.apart(heights), strict=True):
        parts.append(svg.line(left, y, right, y, SOFT, 1.0, dash="5 4", css="level"))
        words.append(svg.text(right + 8, baseline + 4, level.text, "start", css="soft"))
    return svg.picture(height, parts + words)  # words last: their halo keeps them readable where a level crosses


def bars(points: Sequence[Point]) -> str:
    """Horizontal bars from zero, each with its name and value; for comparing things, largest first."""
    if not points:
        return ""
    row, top = 26, 8
    height = top * 2 + row * max(1, len(points))
    low = min([0.0, *(float(p.value) for p in points)])
    high = max([0.0, *(float(p.value) for p in points)])
    label_width = svg.left_margin([p.label for p in points])
    room = WIDTH - label_width - svg.right_margin([p.marked for p in points])
    scale = room / ((high - low) or 1.0)
    zero = label_width + 8 - low * scale
    parts = []
    for index, point in enumerate(points):
        y = top + row * index
        size = abs(float(point.value)) * scale
        x = zero if point.value >= 0 else zero - size
        parts.append(svg.text(label_width, y + 16, svg.short(point.label, label_width), "end"))
        parts.append(svg.bar(x, y + 4, max(size, 0.0), row - 10, point))
        end = max(zero, x + size)
        parts.append(svg.text(end + 6, y + 16, point.marked, "start", point.tone))
    parts.append(svg.line(zero, top, zero, height - top, INK, 1.0, css="axis"))
    return svg.picture(height, parts)


def lines(
    series: Sequence[tuple[str, Sequence[Point]]],
    *,
    levels: Sequence[Level] = (),
    band: Sequence[tuple[Decimal | int, Decimal | int]] = (),
    height: int = 220,
) -> str:
    """Lines over the same labels, each named at its end; a forecast is dashed, its range a band.

    Args:
        series: Name and points of each line; all have the same labels.
        levels: Horizontal references.
        band: Low and high of the last points, one pair per point, right-aligned.
        height: In pixels.
    """
    if not any(points for _, points in series):
        return ""
    every = [float(p.value) for _, points in series for p in points] + [float(level.value) for level in levels]
    every += [float(edge) for pair in band for edge in pair] + [0.0]
    top, bottom = max(every), min(every)
    ends = [f"{name} {points[-1].text}".strip() for name, points in series if points]
    plot_top, plot_bottom, left = 20.0, height - 30.0, 30.0
    right = WIDTH - svg.right_margin([*ends, *(level.text for level in levels)])
    scale = (plot_bottom - plot_top) / ((top - bottom) or 1.0)
    count = max((len(points) for _, points in series), default=1)
    step = (right - left) / max(1, count - 1)

    def at(index: int, value: Decimal | int) -> tuple[float, float]:
        return left + step * index, plot_bottom - (float(value) - bottom) * scale

    parts = []
    if band:
        first = count - len(band)
        upper = [at(first + i, high) for i, (_, high) in enumerate(band)]
        lower = [at(first + i, low) for i, (low, _) in reversed(list(enumerate(band)))]
        outline = " ".join(f"{x:.1f},{y:.1f}" for x, y in upper + lower)
        parts.append(f'<polygon points="{outline}" fill="url(#hatch)" stroke="none"/>')
    parts.append(svg.line(left, at(0, 0)[1], right, at(0, 0)[1], INK, 1.0, css="axis"))
    heights = [at(0, level.value)[1] for level in levels]
    for level, y, baseline in zip(levels, heights, svg.apart(heights), strict=True):
        parts.append(svg.line(left, y, right, y, SOFT, 1.0, dash="5 4", css="level"))
        parts.append(svg.text(right + 8, baseline + 4, level.text, "start", css="soft"))
    shades = (INK, SOFT, svg.PRIOR)
    for number, (name, points) in enumerate(series):
        color = shades[number % len(shades)]
        parts += svg.path(points, at, color, number)
        if points:
            x, y = at(len(points) - 1, points[-1].value)
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{color}" class="line{number}"/>')
            parts.append(svg.text(x + 8, y - 2, f"{name} {points[-1].text}".strip(), "start"))
        if number == 0 and len(points) > 1 and points[0].text:
            x, y = at(0, points[0].value)
            parts.append(svg.text(x + 4, y - 7, points[0].text, "start"))
    labels = series[0][1] if series else ()
    longest = max((len(point.label) for point in labels), default=1)
    each = max(1, ceil((longest * LETTER + 6) / step))
    for index, point in enumerate(labels):
        if index % each == 0:
            parts.append(svg.text(at(index, 0)[0], height - 10, point.label, "middle", css="soft"))
    return svg.picture(height, parts)


def timeline(points: Sequence[tuple[str, int, str]], *, days: int, today: str) -> str:
    """Things that fall due, by days from the report date: (name, day, text), over a horizon of ``days``."""
    if not points:
        return ""
    row, top = 26, 26
    height = top + row * max(1, len(points)) + 8
    named = svg.left_margin([name for name, _, _ in points])
    left, right = named + 10, WIDTH - svg.right_margin([text for _, _, text in points])
    scale = (right - left) / max(1, days)
    parts = [
        svg.text(left, 14, today, "middle", css="soft"),
        svg.text(right, 14, f"+{days} days", "middle", css="soft"),
    ]
    parts.append(svg.line(left, 20, left, height - 6, INK, 1.0, css="axis"))
    for index, (name, day, text) in enumerate(points):
        y = top + row * index + 10
        x = left + min(max(day, 0), days) * scale
        parts.append(svg.text(left - 10, y + 4, svg.short(name, named), "end"))
        parts.append(svg.line(left, y, x, y, svg.FAINT, 2.0, css="faint"))
        fill = svg.FILL["act"] if day < 0 else INK
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{fill}" class="{"act" if day < 0 else "actual"}"/>'
        )
        parts.append(svg.text(x + 10, y + 4, text, "start", css="soft"))
    return svg.picture(height, parts)
