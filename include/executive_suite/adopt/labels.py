"""Words that begin rows which are none of a transaction: totals, and balances before and after, in any language."""

from __future__ import annotations

import re
from functools import lru_cache

_TOTAL = re.compile(
    r"(?:grand |gran |net )?(?:sub)?totale?s?\b(?:\s*(?:for|of|de|del|pour|für|von|des|du)\b)?[\s:\-\u2013]*(?P<of>.*)|"
    r"(?:gesamt(?:summe|betrag)?|summe|zwischensumme|insgesamt)\b(?:\s*(?:für|von))?[\s:\-\u2013]*(?P<von>.*)",
    re.IGNORECASE,
)
_WITH = re.compile(
    r"\s*\(?(?:with|including|con|mit|avec|incl\.?) (?:sub-?\s?accounts|subcuentas|unterkonten|sous-comptes)\)?$",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"(?:beginning|opening|starting|previous|initial)[ _]balance(?! equity)\b.*|(?:balance )?(?:brought )?forward|"
    r"balance b/?f|saldo (?:inicial|anterior|de apertura).*|anfangs(?:saldo|bestand).*|er(?:ö|oe)ffnungssaldo.*|"
    r"saldovortrag.*|vortrag|solde (?:d['\u2019]ouverture|initial|de départ|reporté).*|(?:report )?à nouveau",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:ending|closing) balance.*|saldo (?:final|de cierre).*|(?:end|schluss)saldo.*|endbestand.*|"
    r"solde (?:final|de cl[oô]ture).*|totals? and (?:ending|closing) balance.*",
    re.IGNORECASE,
)


_CHANGE = re.compile(r"net (?:movement|change)s?|current period change|balance change", re.IGNORECASE)


@lru_cache(maxsize=1 << 16)
def total_of(text: str) -> str | None:
    """Of what a row's label is the total; empty for the whole; None if it is no total.

    >>> total_of("Total for Fuel"), total_of("TOTAL"), total_of("Total Fuel with sub-accounts"), total_of("Totally Us")
    ('Fuel', '', 'Fuel', None)
    """
    found = _TOTAL.fullmatch(text.strip())
    if not found:
        return None
    return _WITH.sub("", (found["of"] or found["von"] or "").strip()).strip()


@lru_cache(maxsize=1 << 16)
def is_opening(text: str) -> bool:
    """Whether a row is a balance brought forward.

    >>> is_opening("Beginning Balance"), is_opening("Opening Balance Equity")
    (True, False)
    """
    return _OPENING.fullmatch(text.strip()) is not None


@lru_cache(maxsize=1 << 16)
def is_closing(text: str) -> bool:
    """Whether a row is a section's last balance.

    >>> is_closing("Closing Balance")
    True
    """
    return _CLOSING.fullmatch(text.strip()) is not None


@lru_cache(maxsize=1 << 16)
def is_change(text: str) -> bool:
    """Whether a row sums up what a section's lines change.

    >>> is_change("Net movement"), is_change("Net pay")
    (True, False)
    """
    return _CHANGE.fullmatch(text.strip()) is not None
