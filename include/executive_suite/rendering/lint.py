"""A linter for rendered reports: what no reader should ever meet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import html

from executive_suite.document import Document

_LEFTOVERS = (
    (re.compile(r"\{\{|\}\}|\{%|%\}"), "template syntax"),
    (re.compile(r"(?<![\w.])(?:nan|NaN|inf|None|NaT|undefined)(?![\w.])"), "a missing value shown raw"),
    (re.compile(r"<(?:p|br|td|tr|div|span|table)\b", re.IGNORECASE), "markup in plain text"),
    (re.compile(r"&(?:amp|lt|gt|quot|#\d+);"), "an HTML entity in plain text"),
)
_PRECISE = re.compile(r"(?<![\w.:/-])\u2212?\d[\d,]*\.\d{3,}(?![\w.:+-])")
_NUMBER = re.compile(r"\d")
_MAIL_LIMIT = 100_000
_LONGEST_LINE = 78
_SPELLING = {
    "recieve": "receive",
    "occured": "occurred",
    "seperate": "separate",
    "teh ": "the ",
    "accomodation": "accommodation",
    "liablity": "liability",
    "maintainance": "maintenance",
}


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to mend: which part, which rule, and the words found."""

    part: str
    rule: str
    found: str

    def __str__(self) -> str:
        return f"{self.part}: {self.rule}: {self.found!r}"


def check(document: Document) -> tuple[Remark, ...]:
    """Everything that the linter finds in a report's text, page and mail; empty when it is clean."""
    page = document.files["html"].decode()
    return (*_text(document.text), *_page(page), *_mail(document.mail_html), *_pictures(document))


def _text(text: str) -> Iterator[Remark]:
    for pattern, rule in _LEFTOVERS:
        yield from (Remark("text", rule, match.group()) for match in pattern.finditer(text))
    body = text.partition("DEFINITIONS\n")[0]
    yield from (Remark("text", "more than two decimals", m.group()) for m in _PRECISE.finditer(body))
    yield from (
        Remark("text", f"a line of over {_LONGEST_LINE}", line) for line in text.splitlines() if _too_long(line)
    )
    for wrong, right in _SPELLING.items():
        if wrong in text.lower():
            yield Remark("text", f"spelling: {right}", wrong)
    if "WHERE THESE FIGURES COME FROM" not in text:
        yield Remark("text", "no foot", "")
    for needed in ("Report date", "Cut-off", "Dataset", "revision", "Coverage"):
        if needed not in text:
            yield Remark("text", "foot incomplete", needed)


def _too_long(line: str) -> bool:
    return len(line) > _LONGEST_LINE and " " in line.strip()


def _page(page: str) -> Iterator[Remark]:
    tree = html.fromstring(page)
    words = tree.text_content()
    for pattern, rule in _LEFTOVERS[:2]:
        styleless = re.sub(r"(?s)<style>.*?</style>", "", page)
        yield from (Remark("page", rule, match.group()) for match in pattern.finditer(styleless))
    messages = tree.xpath("//div[@class='message']/p")
    if not 1 <= len(messages) <= 2:  # noqa: PLR2004 - "at most two lines"
        yield Remark("page", "the message has one or two lines", str(len(messages)))
    yield from (
        Remark("page", "a message without a number", p.text_content())
        for p in messages
        if not _NUMBER.search(p.text_content())
    )
    for figure in tree.xpath("//div[contains(@class,'kpi ')]"):
        against = figure.xpath("string(dd[@class='against'])").strip()
        if not against:
            yield Remark("page", "a figure without target, prior or 'none set'", figure.xpath("string(dt)"))
    yield from _sections(tree)
    ids = tree.xpath("//@id")
    yield from (Remark("page", "an id used twice", name) for name in sorted({i for i in ids if ids.count(i) > 1}))
    yield from _script(tree, "page")
    if not words.strip():
        yield Remark("page", "an empty page", "")


def _sections(tree: html.HtmlElement) -> Iterator[Remark]:
    for section in tree.xpath("//section"):
        heading = section.xpath("string(h2)")
        if section.text_content().strip() == heading.strip():
            yield Remark("page", "an empty section", heading)
    for toned in tree.xpath("//td[contains(@class,'good') or contains(@class,'bad')]"):
        if not toned.xpath(".//*[contains(@class,'mark')]"):
            yield Remark("page", "colour without a mark", toned.text_content())
    for picture in tree.xpath("//div[@class='picture']"):
        if len(picture.get("aria-label", "")) < 10:  # noqa: PLR2004 - shorter says nothing
            yield Remark("page", "a chart without words", picture.get("aria-label", ""))


def _mail(mail: str) -> Iterator[Remark]:
    size = len(mail.encode())
    if size >= _MAIL_LIMIT:
        yield Remark("mail", "HTML of 100 kB or more is clipped by mail clients", str(size))
    tree = html.fromstring(mail)
    yield from _script(tree, "mail")
    yield from (
        Remark("mail", "a picture without words", image.get("src", "")) for image in tree.xpath("//img[not(@alt)]")
    )
    yield from (
        Remark("mail", "remote content", link)
        for link in tree.xpath("//img/@src | //link/@href")
        if not str(link).startswith("cid:")
    )


def _script(tree: html.HtmlElement, part: str) -> Iterator[Remark]:
    yield from (
        Remark(part, "active content", element.tag) for element in tree.xpath("//script|//iframe|//object|//form")
    )
    for element in tree.iter():
        for name in element.attrib:
            if str(name).lower().startswith("on"):
                yield Remark(part, "an event handler", str(name))


def _pictures(document: Document) -> Iterator[Remark]:
    wanted = set(re.findall(r"cid:([\w.@-]+)", document.mail_html))
    given = {picture.content_id for picture in document.pictures}
    yield from (Remark("mail", "a picture that is not there", name) for name in sorted(wanted - given))
    yield from (Remark("mail", "a picture that nothing shows", name) for name in sorted(given - wanted))
