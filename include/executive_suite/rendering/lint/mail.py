"""Rules for the mail: a subject that fits, small enough, nothing active or remote, a way to the archived page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html

from executive_suite.document import LINK_FROM, LINK_TO, LONGEST_SUBJECT, Document
from executive_suite.rendering.lint.page import active
from executive_suite.rendering.lint.remark import Remark
from executive_suite.rendering.mail_html import MOST_BYTES

_PROPERTIES = (
    "background border border-bottom border-collapse border-left border-radius border-top color display font-family "
    "font-size font-weight height line-height margin margin-top max-height max-width overflow padding padding-bottom "
    "padding-left padding-right padding-top text-align text-decoration white-space width word-break"
)
SURVIVE = frozenset(_PROPERTIES.split())
"""Properties whose support in Gmail, Outlook and Apple Mail is documented in docs/report-design.md."""
_DISPLAYS = frozenset({"none", "block", "inline-block"})
_ADDRESS = re.compile(r"url\(\s*['\"]?(?!data:)([^)]*)", re.IGNORECASE)


def check(document: Document, tree: html.HtmlElement) -> Iterator[Remark]:
    """The mail's subject, its HTML and its pictures."""
    if len(document.subject) > LONGEST_SUBJECT:
        yield Remark("mail", "a subject of more than 70 characters", document.subject)
    yield from _way_to_the_page(document, tree)
    size = len(document.mail_html.encode())
    if size >= MOST_BYTES:
        yield Remark("mail", "HTML of 100 kB or more is clipped by mail clients", str(size))
    yield from active(tree, "mail")
    yield from _styles(tree)
    hidden = tree.xpath("string(//*[@class='preheader'])").strip()
    if not hidden:
        yield Remark("mail", "no preview text", "preheader")
    for image in tree.xpath("//img[not(@alt)]"):
        yield Remark("mail", "a picture without alternative text", image.get("src", ""))
    links = [link for link in tree.xpath("//img/@src | //link/@href") if not str(link).startswith("cid:")]
    for link in links + _ADDRESS.findall(document.mail_html):
        yield Remark("mail", "remote content", str(link))
    wanted = set(re.findall(r"cid:([\w.@-]+)", document.mail_html))
    given = {picture.content_id for picture in document.pictures}
    yield from (Remark("mail", "a picture that is not attached", name) for name in sorted(wanted - given))
    yield from (Remark("mail", "a picture that nothing shows", name) for name in sorted(given - wanted))


def _way_to_the_page(document: Document, tree: html.HtmlElement) -> Iterator[Remark]:
    """The mail links to the archived page in one marked place and says in words where it is; there is no other link."""
    key = document.key("html")
    before, _, rest = document.mail_html.partition(LINK_FROM)
    place, _, after = rest.partition(LINK_TO)
    if f'href="{key}"' not in place or LINK_FROM in after:
        yield Remark("mail", "not one marked link to the archived page", key)
    if key not in before + after:
        yield Remark("mail", "the archived page is not named in words", key)
    others = [link for link in tree.xpath("//a/@href") if link != key]
    yield from (Remark("mail", "a link that only works where it was made", link) for link in others)


def _styles(tree: html.HtmlElement) -> Iterator[Remark]:
    """Styles whose support in mail clients was not checked."""
    declared = {
        (name.strip(), value.strip())
        for style in tree.xpath("//@style")
        for name, _, value in (part.partition(":") for part in str(style).split(";"))
        if name.strip()
    }
    for name in sorted({name for name, _ in declared} - SURVIVE):
        yield Remark("mail", "a style not known to work in mail clients", name)
    for value in sorted({value for name, value in declared if name == "display"} - _DISPLAYS):
        yield Remark("mail", "a display that Outlook does not know", value)
