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
_WIDEST, _WIDEST_PICTURE = 600, 520
"""Pixels of the sheet and of a picture in it."""
_FOR_WORD = re.compile(r"<!--\[if mso\]>(.*?)<!\[endif\]-->", re.DOTALL)
_NOT_FOR_WORD = re.compile(r"<!--\[if !mso\]><!-->(.*?)<!--<!\[endif\]-->", re.DOTALL)
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
    yield from _outlook(document, tree)
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


def _outlook(document: Document, tree: html.HtmlElement) -> Iterator[Remark]:
    """What Word draws, which Outlook for Windows does with it: sizes are attributes, buttons are VML."""
    for kind in ("svg", "video", "button", "input", "details", "dialog"):
        yield from (Remark("mail", "an element that Outlook does not draw", kind) for _ in tree.iter(kind))
    for sized in tree.xpath("//img | //table[@width] | //td[@width]"):
        wide, most = sized.get("width", ""), _WIDEST_PICTURE if sized.tag == "img" else _WIDEST
        if not wide and not sized.get("height"):
            yield Remark("mail", "a picture whose size Outlook does not know", sized.get("src", ""))
        if wide.isdigit() and int(wide) > most:
            yield Remark("mail", "wider than the sheet in Outlook", f"{sized.tag} {wide}")
    for boxed in tree.xpath(
        "//*[contains(@style, 'background') and not(self::td or self::table or self::body or self::a)]"
    ):
        yield Remark("mail", "a box that Outlook does not pad", boxed.get("class", boxed.tag))
    for_word = " ".join(_FOR_WORD.findall(document.mail_html))
    if for_word.count("<table") != for_word.count("</table>") or 'width="600"' not in for_word:
        yield Remark("mail", "a sheet as wide as the window in Outlook", str(for_word.count("<table")))
    if f'<v:roundrect xmlns:v="urn:schemas-microsoft-com:vml" href="{document.key("html")}"' not in for_word:
        yield Remark("mail", "no button in Outlook", document.key("html"))
    others = "".join(_NOT_FOR_WORD.findall(document.mail_html))
    shown_twice = set(tree.xpath("//*[@class='dark']//img/@src | //a[contains(@class, 'button')]/@href"))
    for name in sorted(name for name in shown_twice if f'"{name}"' not in others):
        yield Remark("mail", "shown twice in Outlook", name)


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
