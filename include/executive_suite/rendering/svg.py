"""Elements of SVG in the look of the reports: labels with a halo, bars by style, dashed levels, one hatch."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from itertools import pairwise
from typing import Literal

from executive_suite.rendering.blocks import SYMBOLS, Tone

Style = Literal["actual", "prior", "plan", "forecast"]

WIDTH = 480
"""A picture is shown at most a third larger, and on a phone at three quarters, where its letters are still legible."""
SIZE = 13
LETTER = 6.8
"""Points that a letter of the labels takes, about."""
FONT = "'Source Sans Pro', 'Source Sans 3', Arial, Helvetica, sans-serif"
INK, SOFT, FAINT, PRIOR = "#1f2933", "#61707f", "#c9d1d9", "#9aa5b1"
FILL: Mapping[Tone, str] = {"neutral": INK, "fine": "#1a7f5a", "watch": "#8a5a00", "act": "#b3261e"}
PAPER, DARK_PAPER = "#ffffff", "#14181d"
_DARK: Mapping[str, str] = {
    PAPER: DARK_PAPER,
    INK: "#e8ecf0",
    SOFT: "#a9b4c0",
    FAINT: "#39424d",
    PRIOR: "#66717d",
    FILL["fine"]: "#62cda0",
    FILL["watch"]: "#e3b765",
    FILL["act"]: "#ff9a90",
}
"""Each color on a dark screen, the same as page.css gives it."""
_COLORED = re.compile(r'(fill|stroke)="(#[0-9a-f]{6})"')


def darkened(svg: str) -> str:
    """A picture for dark screens, where no style sheet reaches it."""
    return _COLORED.sub(lambda found: f'{found[1]}="{_DARK.get(found[2], found[2])}"', svg)


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a chart.

    Attributes:
        label: What the value belongs to: a month, a name.
        value: In the chart's unit.
        text: The value as a reader sees it.
        style: What kind of value it is.
        tone: The verdict on it.
    """

    label: str
    value: Decimal | int
    text: str
    style: Style = "actual"
    tone: Tone = "neutral"

    @property
    def marked(self) -> str:
        """The value with the mark of its verdict."""
        return f"{self.text} {SYMBOLS[self.tone]}".rstrip()


@dataclass(frozen=True, slots=True)
class Level:
    """A horizontal line that bars or lines are read against: a mean, a target, a floor."""

    value: Decimal | int
    text: str


def letters(words: str) -> float:
    """How many letters wide a figure is: points and commas take half of one.

    >>> letters("11.7"), letters("Apr")
    (3.5, 3.0)
    """
    return len(words) - 0.5 * sum(letter in ".," for letter in words)


def clear_of(lines: Sequence[float], baseline: float) -> float:
    """A baseline whose letters no line crosses: the given one, or one just above the line."""
    for line in sorted(lines, reverse=True):
        if baseline - SIZE < line < baseline + 3:
            baseline = line - 4
    return baseline


def left_margin(names: Sequence[str]) -> float:
    """Room for names at the left, at most nine twentieths of the picture."""
    return min(WIDTH * 0.45, max(60.0, 6 + LETTER * max(map(len, names), default=0)))


def right_margin(words: Sequence[str]) -> float:
    """Room for words at the right edge, at most two fifths of the picture."""
    return min(WIDTH * 0.4, 16 + LETTER * max(map(len, words), default=0))


def apart(heights: Sequence[float]) -> list[float]:
    """Where the names of levels go: at their lines, but a line of text apart, in the same order."""
    placed = list(heights)
    order = sorted(range(len(heights)), key=lambda i: heights[i], reverse=True)
    for lower, upper in pairwise(order):
        placed[upper] = min(placed[upper], placed[lower] - SIZE - 1)
    return placed


def path(
    points: Sequence[Point], at: Callable[[int, Decimal | int], tuple[float, float]], color: str, number: int
) -> list[str]:
    """Solid up to the first forecast point, dashed from there on."""
    cut = next((i for i, p in enumerate(points) if p.style == "forecast"), len(points))
    place = [at(i, p.value) for i, p in enumerate(points)]
    parts = []
    for run, dash in ((place[:cut], ""), (place[max(0, cut - 1) :] if cut < len(points) else [], "4 4")):
        if len(run) > 1:
            d = "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in run)
            extra = f' stroke-dasharray="{dash}"' if dash else ""
            parts.append(f'<path d="{d}" fill="none" stroke="{color}" stroke-width="2"{extra} class="stroke{number}"/>')
    return parts


def bar(x: float, y: float, w: float, h: float, point: Point) -> str:
    """A bar in the look of its style and the color of its verdict."""
    color = FILL[point.tone]
    css = point.tone if point.tone != "neutral" else point.style
    look = {
        "actual": f'fill="{color}"',
        "prior": f'fill="{PRIOR}"',
        "plan": f'fill="none" stroke="{color}" stroke-width="1.5"',
        "forecast": f'fill="url(#hatch)" stroke="{color}" stroke-width="1"',
    }[point.style]
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" {look} class="{css} {point.style}"/>'


def line(x1: float, y1: float, x2: float, y2: float, color: str, size: float, *, dash: str = "", css: str = "") -> str:
    """A line element."""
    extra = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        f'stroke="{color}" stroke-width="{size}"{extra} class="{css}"/>'
    )


def text(x: float, y: float, text: str, anchor: str, tone: Tone = "neutral", *, css: str = "ink") -> str:
    """A text element with a white halo, so that it reads where a line crosses it."""
    color = SOFT if css == "soft" else FILL[tone]
    name = css if tone == "neutral" else f"{tone}-text"
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{SIZE}" stroke="#ffffff" stroke-width="3" '
        f'stroke-linejoin="round" paint-order="stroke" '
        f'fill="{color}" class="{name}">{escape(text)}</text>'
    )


def short(text: str, pixels: float) -> str:
    """A name cut to the room that there is."""
    most = int(pixels / LETTER)
    return text if len(text) <= most else text[: most - 1].rstrip() + "\u2026"


def picture(height: int, parts: Sequence[str]) -> str:
    """A self-contained picture; the hatch of forecasts only if a part needs it."""
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
