"""Mail HTML that mail clients keep intact: inlined styles, rules for dark screens, pictures as PNG by content id."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar
from xml.etree import ElementTree as ET

import css_inline

from executive_suite.brand import Brand
from executive_suite.document import Part
from executive_suite.logo import proportions
from executive_suite.rendering.blocks import Chart
from executive_suite.rendering.charts.svg import DARK_PAPER, PAPER, darkened
from executive_suite.rendering.glyphs import spelled
from executive_suite.rendering.typesetter import compiler, literal

PIXELS_PER_INCH = 180
"""Two pixels for each that a mail shows, so that pictures are sharp on dense screens."""

MOST_BYTES = 100_000
"""Of a mail's HTML: Gmail clips messages at 102 kB."""

_INLINER = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


LOGO_ID = "logo@executive-suite"
"""The content id of the group's logo."""
_LOGO_HIGH, _LOGO_WIDE = 38, 144
"""Pixels of a logo in a mail, at most."""

_Limits = TypeVar("_Limits")


def fitted(made: Callable[[_Limits], str], limits: Sequence[_Limits]) -> str:
    """The first of several versions that mail clients do not clip, else the shortest.

    Args:
        made: The mail's HTML under given limits.
        limits: The most generous first.
    """
    html = ""
    for limit in limits:
        html = made(limit)
        if len(html.encode()) < MOST_BYTES:
            break
    return html


def inlined(html: str) -> str:
    """The HTML with every style on its element; what only a style sheet can express (dark mode) stays in the head."""
    return str(_INLINER.inline(html))


def pictures(charts: Sequence[Chart]) -> tuple[Part, ...]:
    """The charts as PNG on white, for clients that show no SVG; drawn in one run, one page per picture."""
    return _drawn(charts, PAPER)


def dark_pictures(charts: Sequence[Chart]) -> tuple[Part, ...]:
    """The same charts for dark screens, so that none is a white box there."""
    named = (
        replace(chart, chart_id=f"{chart.chart_id}-dark", narrow=darkened(chart.narrow or chart.svg))
        for chart in charts
    )
    return _drawn(tuple(named), DARK_PAPER)


def logo(brand: Brand) -> tuple[Part, ...]:
    """The group's logo as a PNG on white; nothing without one."""
    if not brand.logo:
        return ()
    width, height = proportions(brand.logo)
    high = min(float(_LOGO_HIGH), _LOGO_WIDE * height / width)
    image = f'#image(bytes({literal(brand.logo)}), format: "svg", height: {high:.1f}pt)'
    source = f"#set page(width: auto, height: auto, margin: 0pt, fill: white)\n{image}"
    made = compiler().compile(input=source.encode(), format="png", ppi=PIXELS_PER_INCH)
    body = made[0] if isinstance(made, list) else made
    return (Part("logo.png", "image/png", bytes(body or b""), LOGO_ID),)


def _drawn(charts: Sequence[Chart], paper: str) -> tuple[Part, ...]:
    if not charts:
        return ()
    source = f"#set page(margin: 0pt, fill: rgb({literal(paper)}))\n" + "\n".join(_page(chart) for chart in charts)
    made = compiler().compile(input=source.encode(), format="png", ppi=PIXELS_PER_INCH)
    bodies = made if isinstance(made, list) else [made]
    return tuple(
        Part(f"{chart.chart_id}.png", "image/png", bytes(body or b""), chart.content_id)
        for chart, body in zip(charts, bodies, strict=True)
    )


def _page(chart: Chart) -> str:
    svg = chart.narrow or chart.svg
    size = ET.fromstring(svg).attrib  # noqa: S314 - our own picture, its labels escaped
    width, height = int(size["width"]), int(size["height"])
    image = f'#image(bytes({literal(spelled(svg))}), format: "svg", width: {width}pt, height: {height}pt)'
    return f"#page(width: {width}pt, height: {height}pt)[{image}]"
