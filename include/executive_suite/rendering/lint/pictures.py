"""Rules for charts: each states its finding; by the SVG, all bars start at one zero."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import html

from executive_suite.rendering.lint.remark import Remark

_CLOSE = 0.2
"""Pixels: coordinates are written with one decimal."""


def check(tree: html.HtmlElement) -> Iterator[Remark]:
    """Every chart of the page."""
    for picture in tree.xpath("//div[@class='picture']"):
        named = picture.get("aria-label", "")[:60]
        if picture.xpath("parent::figure[not(figcaption/strong[normalize-space()])]"):
            yield Remark("page", "a chart without a finding", named)
        bars = picture.xpath(".//rect[@x and not(ancestor::defs)]")
        axes = picture.xpath(".//line[contains(@class,'axis')]")
        for bar in bars:
            if not any(_starts_at(bar, axis) for axis in axes):
                yield Remark("page", "a bar that does not start at zero", named)


def _starts_at(bar: html.HtmlElement, axis: html.HtmlElement) -> bool:
    x1, y1, x2 = (float(axis.get(name)) for name in ("x1", "y1", "x2"))
    left, top, wide, high = (float(bar.get(name)) for name in ("x", "y", "width", "height"))
    edges, zero = ((left, left + wide), x1) if abs(x1 - x2) < _CLOSE else ((top, top + high), y1)
    return any(abs(edge - zero) < _CLOSE for edge in edges)
