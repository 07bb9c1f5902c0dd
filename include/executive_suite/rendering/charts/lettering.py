"""How wide words are, and how they are cut or broken to the room that there is."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache

from anyascii import anyascii

SIZE = 13
"""Of all letters in a picture: points on its own scale."""
LINE = 15.0
"""From one line of words to the next."""
ABOVE, BELOW = 10.0, 3.0
"""What letters take above and under their baseline."""

_SAME_WIDTH = {
    280: "'Iijl",
    320: " ,.:;f|",
    360: "()-/[\\]t",
    400: "!r",
    440: '"',
    480: "*\u2013",
    520: "Jcsz",
    560: "?L_`aekovxy",
    600: "$0123456789bdghnpqu{}",
    640: "FTZ",
    680: "ABEKPSVXY",
    720: "&",
    760: "#+<=>CDHNRU^w~\u2212\u2713\u00d7\u2192",
    800: "GOQ",
    840: "M",
    880: "m",
    920: "%\u25b2\u25b3",
    960: "W\u2026",
    1040: "@",
}
_THOUSANDTHS = {letter: width for width, letters in _SAME_WIDTH.items() for letter in letters}
"""The widest of Source Sans (paper and mail), Arial (most screens) and DejaVu Sans Condensed (Linux), from the tables
of those fonts, rounded up to 40 thousandths of the size."""
_LATIN_END = "\u017f"
_LATIN, _OTHER = 900, 1000


@cache
def width(words: str) -> float:
    """Points that words take, at most: whichever of the fonts shows them, and however their letters are spelled there.

    >>> width("38.8"), width("JADA"), width("") == 0
    (27.56, 34.32, True)
    """
    return round(sum(map(_width, words)) * SIZE / 1000, 2)


@cache
def _width(letter: str) -> int:
    known = _THOUSANDTHS.get(letter)
    if known is not None:
        return known
    if letter <= _LATIN_END:
        return _LATIN
    return max(_OTHER, sum(_THOUSANDTHS.get(one, _LATIN) for one in anyascii(letter)))  # as paper spells it


def plain(words: str) -> str:
    """Words in one line, without what cannot be seen: control characters end no picture."""
    return "".join(letter for letter in " ".join(words.split()) if letter.isprintable())


def short(words: str, room: float) -> str:
    """Words cut to the room that there is, in points; empty if not even one letter fits.

    >>> short("Expert Yacht Delivery", 80), short("JADA", 80), short("JADA", 5)
    ('Expert Ya\u2026', 'JADA', '')
    """
    if width(words) <= room:
        return words
    fitting = bisect_right(range(len(words) + 1), room, key=lambda count: width(f"{words[:count].rstrip()}\u2026"))
    cut = words[: max(0, fitting - 1)]
    return f"{cut.rstrip()}\u2026" if cut.strip() else ""


def broken(words: str, room: float, most: int = 2) -> list[str]:
    """Words in up to ``most`` lines of about the same width; the last is cut if they need more room than there is.

    >>> broken("Lease ends in May", 90), broken("Lease ends in May", 90, 1)
    (['Lease ends', 'in May'], ['Lease ends i\u2026'])
    """
    lines = _filled(words, room, most)
    if len(lines) < 2 or lines[-1].endswith("\u2026"):  # noqa: PLR2004 - nothing to balance
        return lines
    for part in range(95, 45, -5):
        narrower = _filled(words, room * part / 100, most)
        if len(narrower) > len(lines) or any(line.endswith("\u2026") for line in narrower):
            break
        lines = narrower
    return lines


def _filled(words: str, room: float, most: int) -> list[str]:
    lines: list[str] = []
    left = words.split(" ")
    while left and len(lines) < most:
        if len(lines) == most - 1:
            lines.append(short(" ".join(left), room))
            break
        count = 1
        while count < len(left) and width(" ".join(left[: count + 1])) <= room:
            count += 1
        lines.append(short(" ".join(left[:count]), room))
        left = left[count:]
    return [line for line in lines if line]
