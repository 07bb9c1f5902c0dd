"""Mail HTML that mail clients keep intact: inlined styles, rules for dark screens, pictures as PNG by content id."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar
from xml.etree import ElementTree as ET

import css_inline
from lxml import html as parsed

from executive_suite.document import Part
from executive_suite.rendering.blocks import Chart
from executive_suite.rendering.charts.svg import DARK_PAPER, PAPER, darkened
from executive_suite.rendering.glyphs import spelled
from executive_suite.rendering.typesetter import compiler, literal

PIXELS_PER_INCH = 180
"""Two pixels for each that a mail shows, so that pictures are sharp on dense screens."""

MOST_BYTES = 100_000
"""Of a mail's HTML: Gmail clips messages at 102 kB."""

_INLINER = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


MOST_WORDS = 330
"""Of a brief: ninety seconds at 220 words a minute; adults read 238 on average, but fewer figures (Brysbaert 2019)."""

_Limits = TypeVar("_Limits")


def fitted(made: Callable[[_Limits], str], limits: Sequence[_Limits], *, most_words: int | None = None) -> str:
    """The first of several versions that mail clients do not clip and that is not too long to read, else the shortest.

    Args:
        made: The mail's HTML under given limits.
        limits: The most generous first.
        most_words: Of what is read; None for any number.
    """
    html = ""
    for limit in limits:
        html = made(limit)
        if len(html.encode()) < MOST_BYTES and (most_words is None or words(html) <= most_words):
            break
    return html


def words(html: str) -> int:
    """How many words a reader has to read: without the preview text and the foot."""
    found = parsed.fromstring(html).xpath("//*[@role='main']//text()[not(ancestor::*[starts-with(@class,'foot')])]")
    return sum(any(map(str.isalnum, word)) for text in found for word in str(text).split())


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
