"""The way from a mail to the archived page: a link that expires, put in when the mail's bytes are frozen.

What people approve and what is archived has the archive key in its place, so its digest does not depend on the link.
"""

from __future__ import annotations

import html
import re
from dataclasses import replace

from executive_suite.document import LINK_FROM, LINK_TO, Document

_PLACE = re.compile(f"{re.escape(LINK_FROM)}(.*?){re.escape(LINK_TO)}", re.DOTALL)


def linked(document: Document, link: str) -> Document:
    """The document as it is sent: with a link to its page, or, if that is empty, without the part that would link."""
    if LINK_FROM not in document.mail_html:
        return document
    # Signatures hold "--", which must not stand in the comment that only Outlook for Windows reads.
    key, shown = (f'href="{html.escape(one).replace("--", "-&#45;")}"' for one in (document.key("html"), link))
    return replace(
        document,
        mail_html=_PLACE.sub(lambda place: place[1].replace(key, shown) if link else "", document.mail_html),
    )
