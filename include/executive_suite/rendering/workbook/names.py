"""Names of sheets: whole words, at most 31 letters, each once."""

from __future__ import annotations

import re
from collections.abc import Collection

_LONGEST = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_REST = re.compile(r"[,;:(–—].*")
_FROM_HERE = "a an and as at by each for from in of on or over per that the through to under what with"
_FROM_HERE_IN_SPANISH = "a al ante con de del desde el en la las los o para por que según sobre su un una y"
_JOINING = frozenset((*_FROM_HERE.split(), *_FROM_HERE_IN_SPANISH.split()))
"""Words that begin what a name can do without, and that no name ends with."""


def sheet_name(title: str, taken: Collection[str]) -> str:
    """A title as the name of a sheet: its first clause, as many whole words as fit.

    Args:
        title: What the sheet shows.
        taken: Names in use; case makes no difference.

    >>> sheet_name("Mean burn of 6 months by entity, highest first, actual (USD)", ())
    'Mean burn of 6 months by entity'
    >>> sheet_name("Figures now and at the previous report date (Apr 1, 2026)", ())
    'Figures now'
    >>> sheet_name("Recommended structure: classes of accounts", ["recommended structure"])
    'Recommended structure 2'
    >>> sheet_name("Cash at week end in the previous report's forecast", ())
    'Cash at week end'
    """
    words = _FORBIDDEN.sub(" ", _REST.sub("", title)).split() or ["Table"]
    used, number = {name.lower() for name in taken}, 1
    while True:
        ending = f" {number}" if number > 1 else ""
        name = _fitting(words, _LONGEST - len(ending)) + ending
        if name.lower() not in used and name.lower() != "history":  # a name that Excel keeps for itself
            return name
        number += 1


def _fitting(words: list[str], room: int) -> str:
    """As many words as fit; if some do not, the phrase that they belong to is left out."""
    kept = list(words)
    while len(kept) > 1 and len(" ".join(kept)) > room:
        kept.pop()
    if len(kept) < len(words):
        joints = [place for place, word in enumerate(kept) if place and word.lower() in _JOINING]
        kept = kept[: joints[-1]] if joints else kept
    while len(kept) > 1 and kept[-1].lower() in _JOINING:
        kept.pop()
    return " ".join(kept)[:room].rstrip()
