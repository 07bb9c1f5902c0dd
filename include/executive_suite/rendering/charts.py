"""Charts as self-contained SVG: actual dark, prior lighter, plan outlined, forecast hatched; bars start at zero.

Drawn here rather than by a chart library, because those rules need hatching and outlines that grammars of graphics do
not offer, and because a picture then takes a hundredth of a second (docs/report-design.md has the measurements).
Colours stand in attributes, for pictures in mail; classes let the archived page restyle them for a dark screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from itertools import groupby, pairwise
from math import ceil
from typing import Literal

Style = Literal["actual", "prior", "plan", "forecast"]
Tone = Literal["good", "bad", "neutral"]

WIDTH = 480
"""A picture is shown at most a third larger, and on a phone at three quarters, where its letters still read."""
_SIZE = 13
_LETTER = 6.8
"""Points that a letter of the labels takes, about."""
FONT = "'Source Sans Pro', 'Source Sans 3', Arial, Helvetica, sans-serif"
INK, SOFT, FAINT, GOOD, BAD = "#1f2933", "#61707f", "#c9d1d9", "#1a7f5a", "#b3261e"
_FILL = {"neutral": INK, "good": GOOD, "bad": BAD}
_MARK = {"neutral": "", "good": " \u2713", "bad": " !"}
"""The marks of the page and the mail: an arrow would say up or down, which the bar says itself."""


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a chart.

    Attributes:
        label: What it is of: a month, a name.
        value: In the chart's unit.
        text: The value in a reader's words.
        style: What kind of value it is.
        tone: Good or bad news.
    """

    label: str
    value: Decimal | int
    text: str
    style: Style = "actual"
    tone: Tone = "neutral"


@dataclass(frozen=True, slots=True)
class Level:
    """A horizontal line that bars or lines are read against: a mean, a target, a floor."""

    value: Decimal | int
    text: str


def columns(points: Sequence[Point], *, levels: Sequence[Level] = (), height: int = 210) -> str:
    """Columns over time, from zero, each with its value; levels as dashed lines.

    Points of the same label that follow each other share a place, the later ones inside of the first.
    """
    values = [float(p.value) for p in points] + [float(level.value) for level in levels] + [0.0]
    slots = [list(same) for _, same in groupby(points, key=lambda point: point.label)]
    top, bottom = max(values), min(values)
    # Values below zero stand under their bars and need a line of their own above the labels.
    plot_top, plot_bottom, left = 26.0, height - (46.0 if bottom < 0 else 30.0), 6.0
    right = WIDTH - (_beside([level.text for level in levels]) if levels else 6.0)
    scale = (plot_bottom - plot_top) / ((top - bottom) or 1.0)
    zero = plot_bottom + bottom * scale
    step = (right - left) / max(1, len(slots))
    heights = [zero - float(level.value) * scale for level in levels]
    widest = min(46.0, step * 0.62)
    longest = max((_letters(word) for p in points for word in (p.text + _MARK[p.tone], p.label)), default=1.0)
    shown_each = max(1, ceil((longest * _LETTER + 6) / step))
    parts, words = [], []
    for index, slot in enumerate(slots):
        middle, free = left + step * (index + 0.5), height * 1.0
        for place, point in enumerate(slot):
            # What stands before another of the same label is wider and behind it: a plan around what came of it.
            bar = widest * (1.0 if len(slot) == 1 or place == 0 else 0.55)
            size = abs(float(point.value)) * scale
            y = zero - max(0.0, float(point.value)) * scale
            parts.append(_bar(middle - bar / 2, y, bar, size, point))
            if point.text and (len(slots) - 1 - index) % shown_each == 0:
                above = y - 6 if point.value >= 0 else y + size + 14
                above = above if abs(above - free) >= _SIZE else free + _SIZE + 1
                above = _clear_of(heights, above) if point.value >= 0 else above
                words.append(_text(middle, above, point.text + _MARK[point.tone], "middle", _SIZE, point.tone))
                free = above
        if (len(slots) - 1 - index) % shown_each == 0:
            words.append(_text(middle, height - 10, slot[0].label, "middle", _SIZE, css="soft"))
    parts.append(_line(left, zero, right, zero, INK, 1.0, css="axis"))
    for level, y, beside in zip(levels, heights, _apart(heights), strict=True):
        parts.append(_line(left, y, right, y, SOFT, 1.0, dash="5 4", css="level"))
        words.append(_text(right + 8, beside + 4, level.text, "start", _SIZE, css="soft"))
    return _svg(height, parts + words)  # words last: their halo keeps them readable where a level crosses


def bars(points: Sequence[Point]) -> str:
    """Horizontal bars from zero, each with its name and value; for comparing things, largest first."""
    row, top = 26, 8
    height = top * 2 + row * max(1, len(points))
    low = min([0.0, *(float(p.value) for p in points)])
    high = max([0.0, *(float(p.value) for p in points)])
    label_width = _names([p.label for p in points])
    room = WIDTH - label_width - _beside([p.text + _MARK[p.tone] for p in points])
    scale = room / ((high - low) or 1.0)
    zero = label_width + 8 - low * scale
    parts = []
    for index, point in enumerate(points):
        y = top + row * index
        size = abs(float(point.value)) * scale
        x = zero if point.value >= 0 else zero - size
        parts.append(_text(label_width, y + 16, _short(point.label, label_width), "end", _SIZE))
        parts.append(_bar(x, y + 4, max(size, 0.0), row - 10, point))
        end = max(zero, x + size)
        parts.append(_text(end + 6, y + 16, point.text + _MARK[point.tone], "start", _SIZE, point.tone))
    parts.append(_line(zero, top, zero, height - top, INK, 1.0, css="axis"))
    return _svg(height, parts)


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
        band: Low and high of the last points, one pair a point, right-aligned.
        height: In pixels.
    """
    every = [float(p.value) for _, points in series for p in points] + [float(level.value) for level in levels]
    every += [float(edge) for pair in band for edge in pair] + [0.0]
    top, bottom = max(every), min(every)
    ends = [f"{name} {points[-1].text}".strip() for name, points in series if points]
    plot_top, plot_bottom, left = 20.0, height - 30.0, 30.0
    right = WIDTH - _beside([*ends, *(level.text for level in levels)])
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
    parts.append(_line(left, at(0, 0)[1], right, at(0, 0)[1], INK, 1.0, css="axis"))
    heights = [at(0, level.value)[1] for level in levels]
    for level, y, beside in zip(levels, heights, _apart(heights), strict=True):
        parts.append(_line(left, y, right, y, SOFT, 1.0, dash="5 4", css="level"))
        parts.append(_text(right + 8, beside + 4, level.text, "start", _SIZE, css="soft"))
    shades = (INK, SOFT, "#9aa5b1")
    for number, (name, points) in enumerate(series):
        colour = shades[number % len(shades)]
        parts += _path(points, at, colour, number)
        if points:
            x, y = at(len(points) - 1, points[-1].value)
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}" class="line{number}"/>')
            parts.append(_text(x + 8, y - 2, f"{name} {points[-1].text}".strip(), "start", _SIZE))
        if number == 0 and len(points) > 1 and points[0].text:
            x, y = at(0, points[0].value)
            parts.append(_text(x + 4, y - 7, points[0].text, "start", _SIZE))
    labels = series[0][1] if series else ()
    longest = max((len(point.label) for point in labels), default=1)
    each = max(1, ceil((longest * _LETTER + 6) / step))
    for index, point in enumerate(labels):
        if index % each == 0:
            parts.append(_text(at(index, 0)[0], height - 10, point.label, "middle", _SIZE, css="soft"))
    return _svg(height, parts)


def timeline(points: Sequence[tuple[str, int, str]], *, days: int, today: str) -> str:
    """Things that fall due, by days from the report date: (name, day, text), over a horizon of ``days``."""
    row, top = 26, 26
    height = top + row * max(1, len(points)) + 8
    named = _names([name for name, _, _ in points])
    left, right = named + 10, WIDTH - _beside([text for _, _, text in points])
    scale = (right - left) / max(1, days)
    parts = [
        _text(left, 14, today, "middle", _SIZE, css="soft"),
        _text(right, 14, f"+{days} days", "middle", _SIZE, css="soft"),
    ]
    parts.append(_line(left, 20, left, height - 6, INK, 1.0, css="axis"))
    for index, (name, day, text) in enumerate(points):
        y = top + row * index + 10
        x = left + min(max(day, 0), days) * scale
        parts.append(_text(left - 10, y + 4, _short(name, named), "end", _SIZE))
        parts.append(_line(left, y, x, y, FAINT, 2.0, css="faint"))
        fill = BAD if day < 0 else INK
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{fill}" class="{"bad" if day < 0 else "actual"}"/>'
        )
        parts.append(_text(x + 10, y + 4, text, "start", _SIZE, css="soft"))
    return _svg(height, parts)


def _letters(text: str) -> float:
    """How many letters wide a figure is: points and commas take half of one.

    >>> _letters("11.7"), _letters("Apr")
    (3.5, 3.0)
    """
    return len(text) - 0.5 * sum(letter in ".," for letter in text)


def _clear_of(lines: Sequence[float], baseline: float) -> float:
    """A baseline whose letters no line crosses: where it stands, or just above the line."""
    for line in sorted(lines, reverse=True):
        if baseline - _SIZE < line < baseline + 3:
            baseline = line - 4
    return baseline


def _names(names: Sequence[str]) -> float:
    """Room for names at the left, at most nine twentieths of the picture."""
    return min(WIDTH * 0.45, max(60.0, 6 + _LETTER * max(map(len, names), default=0)))


def _beside(words: Sequence[str]) -> float:
    """Room for words at the right edge, at most two fifths of the picture."""
    return min(WIDTH * 0.4, 16 + _LETTER * max(map(len, words), default=0))


def _apart(heights: Sequence[float]) -> list[float]:
    """Where the names of levels stand: at their lines, but a line of text apart, in the same order."""
    placed = list(heights)
    order = sorted(range(len(heights)), key=lambda i: heights[i], reverse=True)
    for lower, upper in pairwise(order):
        placed[upper] = min(placed[upper], placed[lower] - _SIZE - 1)
    return placed


def _path(points: Sequence[Point], at: object, colour: str, number: int) -> list[str]:
    """Solid up to the first forecast point, dashed from there on."""
    cut = next((i for i, p in enumerate(points) if p.style == "forecast"), len(points))
    place = [at(i, p.value) for i, p in enumerate(points)]  # type: ignore[operator]
    parts = []
    for run, dash in ((place[:cut], ""), (place[max(0, cut - 1) :] if cut < len(points) else [], "4 4")):
        if len(run) > 1:
            d = "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in run)
            extra = f' stroke-dasharray="{dash}"' if dash else ""
            parts.append(
                f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="2"{extra} class="stroke{number}"/>'
            )
    return parts


def _bar(x: float, y: float, w: float, h: float, point: Point) -> str:
    colour = _FILL[point.tone]
    css = point.tone if point.tone != "neutral" else point.style
    look = {
        "actual": f'fill="{colour}"',
        "prior": 'fill="#9aa5b1"',
        "plan": f'fill="none" stroke="{colour}" stroke-width="1.5"',
        "forecast": f'fill="url(#hatch)" stroke="{colour}" stroke-width="1"',
    }[point.style]
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" {look} class="{css} {point.style}"/>'


def _line(  # noqa: PLR0913 - a line element has these attributes
    x1: float, y1: float, x2: float, y2: float, colour: str, size: float, *, dash: str = "", css: str = ""
) -> str:
    extra = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        f'stroke="{colour}" stroke-width="{size}"{extra} class="{css}"/>'
    )


def _text(  # noqa: PLR0913 - a text element has these attributes
    x: float, y: float, text: str, anchor: str, size: int, tone: Tone = "neutral", *, css: str = "ink"
) -> str:
    colour = SOFT if css == "soft" else _FILL[tone]
    name = css if tone == "neutral" else f"{tone}-text"
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" stroke="#ffffff" stroke-width="3" '
        f'stroke-linejoin="round" paint-order="stroke" '
        f'fill="{colour}" class="{name}">{escape(text)}</text>'
    )


def _short(text: str, pixels: float) -> str:
    most = int(pixels / _LETTER)
    return text if len(text) <= most else text[: most - 1].rstrip() + "\u2026"


def _svg(height: int, parts: Sequence[str]) -> str:
    hatch = (
        '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="6" height="6" fill="none"/><line x1="0" y1="0" x2="0" y2="6" stroke="{SOFT}" stroke-width="2"/>'
        "</pattern></defs>"
    )
    needs = hatch if any("url(#hatch)" in part for part in parts) else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'font-family="{escape(FONT)}">{needs}{"".join(parts)}</svg>'
    )
