"""Rules for length: page one in a minute, the body in five; rows, definitions and the foot are there to look up."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import html

from executive_suite.rendering import reading
from executive_suite.rendering.lint.remark import Remark

_HEAD = "//header//h1 | //p[@class='group'] | //td[@class='named']"
_ONE = "//div[@class='one']"
_SKIPPED = (
    "ancestor::details or ancestor::nav or ancestor::style or ancestor::svg or ancestor::footer "
    "or ancestor::*[@class='definitions'] or ancestor::*[@class='dark'] or ancestor::tr[@class='phone']"
)


def page_one(part: str, tree: html.HtmlElement) -> Iterator[Remark]:
    """Page one of the archived page or of a mail: with group and title, without the line of the period."""
    count = on_page_one(tree)
    if count > reading.MOST_ON_PAGE_ONE:
        yield Remark(part, f"more than {reading.MOST_ON_PAGE_ONE} words on page one", str(count))


def body(tree: html.HtmlElement) -> Iterator[Remark]:
    """The sections of the archived page after page one, without their rows."""
    count = in_body(tree)
    if count > reading.MOST_IN_BODY:
        yield Remark("page", f"more than {reading.MOST_IN_BODY:,} words in the body", str(count))


def on_page_one(tree: html.HtmlElement) -> int:
    """The words of page one, those of its picture included but for its scales."""
    shown = _words(tree, f"({_HEAD} | {_ONE})")
    return shown + sum(map(_in_picture, tree.xpath(f"{_ONE}//*[@class='picture']/*[local-name()='svg'][1]")))


def in_body(tree: html.HtmlElement) -> int:
    """The words of the sections, those of pictures left out."""
    return _words(tree, "//main/section[not(@class='definitions')]")


def _words(tree: html.HtmlElement, where: str) -> int:
    return sum(reading.words(str(text)) for text in tree.xpath(f"{where}//text()[not({_SKIPPED})]"))


def _in_picture(svg: html.HtmlElement) -> int:
    labels = svg.xpath(".//*[local-name()='text'][not(@class='soft')]")
    return sum(reading.in_label(label.text_content()) for label in labels)
