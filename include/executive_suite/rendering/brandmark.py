"""A group's mark and color: initials where there is no logo, and a color that stays legible on white and on dark."""

from __future__ import annotations

from base64 import b64encode

from markupsafe import Markup

from executive_suite.brand import Brand
from executive_suite.rendering.contrast import ENOUGH, contrast

_PAPERS = ("#ffffff", "#f5f7f9")
_DARK_PAPERS = ("#14181d", "#1d232a")
_STEPS = 40


def color(brand: Brand) -> str:
    """The brand's color, darkened until letters of it can be read on white, and white letters on it."""
    return _legible(brand.color, _PAPERS, toward=0)


def color_on_dark(brand: Brand) -> str:
    """The brand's color, lightened until letters of it can be read on dark screens."""
    return _legible(brand.color, _DARK_PAPERS, toward=255)


def initials(name: str) -> str:
    """Up to two letters for a name: of its first and its last word.

    >>> initials("San Diego Group"), initials("acme"), initials(""), initials("& Sons")
    ('SG', 'A', '', 'S')
    """
    words = [word for word in name.split() if word[0].isalnum()]
    ends = words[:1] + words[-1:] if len(words) > 1 else words
    return "".join(word[0].upper() for word in ends)


def logo_uri(brand: Brand) -> Markup:
    """The logo as an address that holds it whole: shown as a picture, nothing in it can run or fetch."""
    return Markup(f"data:image/svg+xml;base64,{b64encode(brand.logo.encode()).decode()}")  # noqa: S704 - base64 alone


def _legible(given: str, papers: tuple[str, ...], *, toward: int) -> str:
    parts = [int(given[at : at + 2], 16) for at in (1, 3, 5)]
    for step in range(_STEPS + 1):
        mixed = [part + (toward - part) * step // _STEPS for part in parts]
        found = "#" + "".join(f"{part:02x}" for part in mixed)
        if all(contrast(found, paper) >= ENOUGH for paper in papers):
            return found
    return "#000000" if toward == 0 else "#ffffff"
