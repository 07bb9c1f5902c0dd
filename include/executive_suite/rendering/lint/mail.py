"""Rules for the mail: small enough, nothing active, nothing remote, every picture there and put into words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html

from executive_suite.document import Document
from executive_suite.rendering.lint.page import active
from executive_suite.rendering.lint.remark import Remark
from executive_suite.rendering.mail_html import MOST_BYTES

_ADDRESS = re.compile(r"url\(\s*['\"]?(?!data:)([^)]*)", re.IGNORECASE)


def check(document: Document, tree: html.HtmlElement) -> Iterator[Remark]:
    """The mail's HTML and its pictures."""
    size = len(document.mail_html.encode())
    if size >= MOST_BYTES:
        yield Remark("mail", "HTML of 100 kB or more is clipped by mail clients", str(size))
    yield from active(tree, "mail")
    for image in tree.xpath("//img[not(@alt)]"):
        yield Remark("mail", "a picture without words", image.get("src", ""))
    links = [link for link in tree.xpath("//img/@src | //link/@href") if not str(link).startswith("cid:")]
    for link in links + _ADDRESS.findall(document.mail_html):
        yield Remark("mail", "remote content", str(link))
    wanted = set(re.findall(r"cid:([\w.@-]+)", document.mail_html))
    given = {picture.content_id for picture in document.pictures}
    yield from (Remark("mail", "a picture that is not there", name) for name in sorted(wanted - given))
    yield from (Remark("mail", "a picture that nothing shows", name) for name in sorted(given - wanted))
