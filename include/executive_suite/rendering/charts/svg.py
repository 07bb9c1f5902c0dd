"""Elements of SVG in the look of the reports: labels with a halo, bars by style, dashed levels, one hatch.

Colors are attributes, for paper and for pictures in mail; classes let the archived page change them for dark screens.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Literal

from executive_suite.rendering.blocks import SYMBOLS, Tone
from executive_suite.rendering.charts.lettering import SIZE

Number = Decimal | int
Style = Literal["actual", "prior", "plan", "forecast"]
Anchor = Literal["start", "middle", "end"]

FONT = "'Source Sans Pro', 'Source Sans 3', Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans Condensed', sans-serif"
"""Those whose widths are known (lettering.py) come first."""
INK, SOFT, FAINT, PRIOR, SHADE = "#1f2933", "#61707f", "#c9d1d9", "#9aa5b1", "#e3e8ed"
FILL: Mapping[Tone, str] = {"neutral": INK, "fine": "#1a7f5a", "watch": "#8a5a00", "act": "#b3261e"}
PAPER, DARK_PAPER = "#ffffff", "#14181d"
_DARK: Mapping[str, str] = {
    PAPER: DARK_PAPER,
    INK: "#e8ecf0",
    SOFT: "#a9b4c0",
    FAINT: "#39424d",
    PRIOR: "#66717d",
    SHADE: "#2a323b",
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
    value: Number
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

    value: Number
    text: str


def bar(x: float, y: float, w: float, h: float, point: Point, *, step: bool = False) -> str:
    """A bar in the look of its style and the color of its verdict; a ``step`` begins where the one before ends."""
    color = FILL[point.tone]
    css = point.tone if point.tone != "neutral" else point.style
    look = {
        "actual": f'fill="{color}"',
        "prior": f'fill="{PRIOR}"',
        "plan": f'fill="none" stroke="{color}" stroke-width="1.5"',
        "forecast": f'fill="url(#hatch)" stroke="{color}" stroke-width="1"',
    }[point.style]
    names = f"{css} {point.style}{' step' if step else ''}"
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" {look} class="{names}"/>'


def line(x1: float, y1: float, x2: float, y2: float, color: str, size: float, *, dash: str = "", css: str = "") -> str:
    """A line element."""
    extra = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        f'stroke="{color}" stroke-width="{size}"{extra} class="{css}"/>'
    )


def path(places: Sequence[tuple[float, float]], *, dash: str = "", number: int = 0, size: float = 2.2) -> str:
    """A line through places; ``number`` says which of several lines it is."""
    d = "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    extra = f' stroke-dasharray="{dash}"' if dash else ""
    color = (INK, SOFT, PRIOR)[number % 3]
    return (
        f'<path d="{d}" fill="none" stroke="{color}" stroke-width="{size}" stroke-linejoin="round"{extra} '
        f'class="stroke{number % 3}"/>'
    )


def shade(places: Sequence[tuple[float, float]]) -> str:
    """An area in a light color: a range, a time span."""
    outline = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return f'<polygon points="{outline}" fill="{SHADE}" class="shade"/>'


def dot(x: float, y: float, tone: Tone = "neutral", *, size: float = 4.5, number: int = 0) -> str:
    """A mark on its place."""
    color = FILL[tone] if tone != "neutral" else (INK, SOFT, PRIOR)[number % 3]
    css = tone if tone != "neutral" else f"line{number % 3}"
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size}" fill="{color}" class="{css}"/>'


def text(x: float, y: float, words: str, anchor: Anchor, tone: Tone = "neutral", *, soft: bool = False) -> str:
    """A text element with a white halo, so that it reads where a line crosses it."""
    color = SOFT if soft else FILL[tone]
    name = "soft" if soft else "ink" if tone == "neutral" else f"{tone}-text"
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{SIZE}" stroke="{PAPER}" stroke-width="3" '
        f'stroke-linejoin="round" paint-order="stroke" '
        f'fill="{color}" class="{name}">{escape(words)}</text>'
    )


def picture(width: float, height: float, parts: Sequence[str], name: str) -> str:
    """A self-contained picture; the hatch of forecasts only if a part needs it."""
    hatch = (
        '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="6" height="6" fill="none"/><line x1="0" y1="0" x2="0" y2="6" stroke="{SOFT}" stroke-width="2"/>'
        "</pattern></defs>"
    )
    needs = hatch if any("url(#hatch)" in part for part in parts) else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{name}" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" font-family="{escape(FONT)}">{needs}{"".join(parts)}</svg>'
    )
