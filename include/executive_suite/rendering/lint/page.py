"""Rules for the archived page: page one is complete, charts are described, headings in order, and nothing is empty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from lxml import html

from executive_suite.rendering.lint.remark import Remark
from executive_suite.rendering.lint.words import LEFTOVERS

_CLOSE = 0.2
"""Pixels: coordinates are written with one decimal."""
_STYLE = re.compile(r"(?s)<style>.*?</style>")


def check(page: str, tree: html.HtmlElement) -> Iterator[Remark]:
    """The page as a whole."""
    for pattern, rule in LEFTOVERS:
        yield from (Remark("page", rule, match.group()) for match in pattern.finditer(_STYLE.sub("", page)))
    yield from _first_page(tree)
    yield from _sections(tree)
    yield from pictures(tree)
    yield from _headings(tree)
    ids = tree.xpath("//@id")
    yield from (Remark("page", "an id used twice", name) for name in sorted({i for i in ids if ids.count(i) > 1}))
    yield from active(tree, "page")


def active(tree: html.HtmlElement, part: str) -> Iterator[Remark]:
    """Scripts, frames, forms and event handlers: none may be there."""
    for element in tree.xpath("//script|//iframe|//object|//form"):
        yield Remark(part, "active content", element.tag)
    for name in tree.xpath("//@*[starts-with(name(), 'on')]/parent::*"):
        yield Remark(part, "an event handler", name.tag)


def _first_page(tree: html.HtmlElement) -> Iterator[Remark]:
    messages = tree.xpath("//div[@class='message']/p")
    if len(messages) != 1:
        yield Remark("page", "not one headline", str(len(messages)))
    for line in messages:
        if not re.search(r"\d", line.text_content()):
            yield Remark("page", "a message without a number", line.text_content())
    for line in tree.xpath("//ul[@class='headlines']/li"):
        if not re.search(r"\d", line.text_content()):
            yield Remark("page", "a headline without a number or a date", line.text_content())
    for figure in tree.xpath("//div[contains(@class,'kpi ')]"):
        if not figure.xpath("string(dd[@class='against'])").strip():
            yield Remark("page", "a figure that does not say what it is compared with", figure.xpath("string(dt)"))


def _sections(tree: html.HtmlElement) -> Iterator[Remark]:
    for section in tree.xpath("//section"):
        heading = section.xpath("string(h2)")
        if section.text_content().strip() == heading.strip():
            yield Remark("page", "an empty section", heading)
    for toned in tree.xpath("//td[contains(@class,'fine') or contains(@class,'watch') or contains(@class,'act')]"):
        if not toned.xpath(".//*[contains(@class,'mark')]"):
            yield Remark("page", "color without a mark", toned.text_content())


def pictures(tree: html.HtmlElement) -> Iterator[Remark]:
    """Every chart is described and states its finding; its bars start at zero, or where the bar before ends."""
    for picture in tree.xpath("//div[@class='picture']"):
        described = picture.get("aria-label", "")
        if len(described) < 10:  # noqa: PLR2004 - shorter describes nothing
            yield Remark("page", "a chart without a description", described)
        if picture.xpath("parent::figure[not(@class='lead')][not(figcaption/strong[normalize-space()])]"):
            yield Remark("page", "a chart without a finding", described[:60])
        for svg in picture.xpath(".//svg"):
            axes = svg.xpath(".//line[contains(@class,'axis')]")
            for bar in svg.xpath(".//rect[@x and not(ancestor::defs)]"):
                ties = svg.xpath(".//line[@class='tie']") if "step" in bar.get("class", "").split() else []
                if not any(_starts_at(bar, line) for line in [*axes, *ties]):
                    yield Remark("page", "a bar that does not start at zero", described[:60])


def _starts_at(bar: html.HtmlElement, axis: html.HtmlElement) -> bool:
    x1, y1, x2 = (float(axis.get(name)) for name in ("x1", "y1", "x2"))
    left, top, wide, high = (float(bar.get(name)) for name in ("x", "y", "width", "height"))
    edges, zero = ((left, left + wide), x1) if abs(x1 - x2) < _CLOSE else ((top, top + high), y1)
    return any(abs(edge - zero) < _CLOSE for edge in edges)


def _headings(tree: html.HtmlElement) -> Iterator[Remark]:
    """WCAG 2.2, technique G141: one first heading, and no level left out on the way down."""
    found = tree.xpath("//h1|//h2|//h3|//h4|//h5|//h6")
    levels = [int(heading.tag[1]) for heading in found]
    if levels[:1] != [1] or levels.count(1) != 1:
        yield Remark("page", "not exactly one first-level heading", ", ".join(f"h{level}" for level in levels[:3]))
    for (upper, lower), heading in zip(pairwise(levels), found[1:], strict=True):
        if lower > upper + 1:
            yield Remark("page", "a heading level left out", heading.text_content())
