"""Anchors and table of contents of the archived page, which its template cannot derive."""

from __future__ import annotations

import re

from markupsafe import Markup

_SECTION = re.compile(r'<section id="([^"]+)"><h2>(.*?)</h2>', re.DOTALL)
_OTHER = re.compile(r"[^a-z0-9]+")


def slug(title: str) -> str:
    """A heading as an anchor.

    >>> slug("Cash & runway: 2026"), slug("现金")
    ('cash-runway-2026', 'section')
    """
    return _OTHER.sub("-", str(title).lower()).strip("-") or "section"


def contents(body: Markup) -> list[tuple[Markup, Markup]]:
    """Anchor and heading of each section in a rendered page, still escaped."""
    return [(Markup(anchor), Markup(title)) for anchor, title in _SECTION.findall(body)]  # noqa: S704 - escaped before
