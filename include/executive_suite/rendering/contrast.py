"""Contrast of two colors by WCAG 2.2."""

from __future__ import annotations

ENOUGH = 4.5
"""WCAG 2.2, 1.4.3 (level AA), for letters of ordinary size."""


def contrast(letters: str, behind: str) -> float:
    """The contrast ratio of two colors, 1 to 21.

    Source: WCAG 2.2, definitions of "contrast ratio" and "relative luminance".

    >>> round(contrast("#000", "#ffffff"), 2), round(contrast("#777777", "#ffffff"), 2)
    (21.0, 4.48)
    """
    high, low = sorted((_luminance(letters), _luminance(behind)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(color: str) -> float:
    digits = color.removeprefix("#")
    wide = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits  # noqa: PLR2004 - "#abc"
    parts = (int(wide[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)  # noqa: PLR2004 - the standard's
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
