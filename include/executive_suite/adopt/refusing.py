"""A refusal on one line, safe to print: the place, and what is wrong there."""

from __future__ import annotations

from executive_suite.adopt.reading import NotReadableError

LONGEST = 200
"""Characters of a file's own words that a message or memo takes."""


def printable(words: str, longest: int = LONGEST) -> str:
    r"""Words of a file on one line, without what a terminal would obey.

    >>> printable("Blue \x1b[31mRed\n next")
    'Blue [31mRed next'
    """
    plain = " ".join("".join(one if one.isprintable() else " " for one in words[: 4 * longest]).split())
    return plain if len(plain) <= longest else f"{plain[: longest - 1]}…"


def refusal(file: str, row: int, words: str) -> NotReadableError:
    """What to raise; row 0 is the file as a whole.

    >>> str(refusal("bank.ofx", 12, "the day is missing"))
    'bank.ofx, line 12: the day is missing'
    """
    place = f"{printable(file)}, line {row}" if row else printable(file)
    return NotReadableError(f"{place}: {printable(words, 2 * LONGEST)}")
