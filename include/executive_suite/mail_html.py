"""Mail HTML that survives clients: styles inlined, rules for dark screens kept, pictures as PNG by content id."""

from __future__ import annotations

import css_inline
import vl_convert

from executive_suite.document import Part
from executive_suite.render import content_id
from executive_suite.reports.blocks import Chart

SCALE = 2
"""Pixels a point: dense screens show pictures sharp."""

_INLINER = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


def inlined(html: str) -> str:
    """The HTML with every style at its element; what only a style sheet can say (dark mode) stays in the head."""
    return str(_INLINER.inline(html))


def picture(chart: Chart) -> Part:
    """A chart as PNG on white, for clients that show no SVG; drawn with the converter's own fonts."""
    white = chart.svg.replace(">", '><rect width="100%" height="100%" fill="#ffffff"/>', 1)
    return Part(f"{chart.chart_id}.png", "image/png", vl_convert.svg_to_png(white, scale=SCALE), content_id(chart))
