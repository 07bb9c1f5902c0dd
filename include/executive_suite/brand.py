"""How a group shows itself: its name, its mark and its color."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Brand:
    """The name, mark and color of a group.

    Attributes:
        name: Of the group, as its readers call it; empty if the configuration does not name it.
        color: Of headings and marks, ``#rrggbb``; dark enough for letters on white.
        logo: An SVG picture, self-contained; empty for the initials of the name.
    """

    name: str = ""
    color: str = "#0b4f8a"
    logo: str = ""


PLAIN = Brand()
"""Of a group that does not say."""
