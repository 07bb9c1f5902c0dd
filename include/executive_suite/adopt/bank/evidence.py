"""What the words of a bank's rows say: which are booked, which side an amount is on, and whether it is a card."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

from executive_suite.adopt import profile
from executive_suite.adopt.profile import Profile
from executive_suite.adopt.sheet import Row

_CARD = re.compile(r"\b(credit|debit)[ -]?(card|crd)\b", re.IGNORECASE)
"""Neither side: a payment to a credit card is spending, and a refund to a debit card is income."""
_CARD_FILE = re.compile(
    r"amex|american.?express|\bvisa\b|master.?card|discover|credit.?card|kreditkarte|tarjeta", re.IGNORECASE
)


def word_of(known: Profile, text: str, *groups: str) -> str:
    """The group of a profile's words that a cell is one of; empty if of none."""
    cell = profile.plain(text)
    return next((name for name in groups if cell in _plain(known.words.get(name, ()))), "")


@cache
def _plain(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(profile.plain, words))


def direction(known: Profile, rows: Sequence[Row]) -> int | None:
    """The column whose every cell says in or out; None if there is none."""
    for at in rows[0].columns.get("direction", ()) if rows else ():
        cells = [row.cells[at] if at < len(row.cells) else "" for row in rows]
        sides = [word_of(known, cell, "in", "out") for cell in cells]
        if all(sides) and rows:
            return at
    return None


def is_pending(known: Profile, row: Row) -> bool:
    """Whether the bank has not booked a row, or never will."""
    cells = [row.text("status"), row.text("day")]
    return any(word_of(known, cell, "pending", "failed") for cell in cells if cell)


def leaning(known: Profile, rows: Iterable[tuple[str, bool]]) -> tuple[int, int]:
    """How many rows have words that agree with a positive amount being money received, and how many contradict.

    Args:
        known: Its words for income and spending.
        rows: Text, and whether the amount is positive.
    """
    found = Counter[bool]()
    for text, positive in rows:
        words = _CARD.sub("card", text)
        income, spending = (_has(known, name, words) for name in ("income", "spending"))
        if income != spending:
            found[income == positive] += 1
    return found[True], found[False]


def thanked(known: Profile, text: str) -> bool:
    """Whether a row is a card's payment, for which the issuer says thanks."""
    return _has(known, "thanks", re.sub(r"[\s,\-]+", " ", text))


def is_card(known: Profile, file: str, texts: Sequence[str]) -> bool:
    """Whether an account is a credit card, by the layout, the file's name or a payment with thanks.

    Thanks alone do not make a card of an account that takes deposits: others say thanks for payments, too.
    """
    if known.words.get("card") or _CARD_FILE.search(file):
        return True
    return any(thanked(known, text) for text in texts) and not any(_has(known, "bank", text) for text in texts)


def _has(known: Profile, group: str, text: str) -> bool:
    return _words(known.words.get(group, ())).search(text) is not None


@cache
def _words(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of some words, as a whole; one that never is without any."""
    plain = (re.escape(re.sub(r"[\s,\-]+", " ", word)) for word in words)
    return re.compile(rf"(?<!\w)(?:{'|'.join(plain)})(?!\w)" if words else r"(?!)", re.IGNORECASE)
