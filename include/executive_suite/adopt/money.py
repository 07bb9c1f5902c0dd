"""Which commodities are money: currencies by code or sign; shares, hours and miles are not."""

from __future__ import annotations

from functools import cache

from babel import Locale
from babel.core import get_global

from executive_suite.dataset.rates import SIGNS, USUAL

NO_CURRENCIES = frozenset({"XAG", "XAU", "XPD", "XPT", "XDR", "XSU", "XUA", "XXX", "XTS", "XBA", "XBB", "XBC", "XBD"})
"""Codes of ISO 4217 for metals, units of account, tests and nothing."""
SHARED = frozenset({"$", "£", "¥", "€", "KR", "RS"})
"""Signs that stay as written: the group's own currency says which of theirs is meant."""
LOCAL = {
    "US$": "USD",
    "C$": "CAD",
    "S$": "SGD",
    "SFR": "CHF",
    "FR": "CHF",
    "FR.": "CHF",
    "ZŁ": "PLN",
    "KČ": "CZK",
    "FT": "HUF",
    "₽": "RUB",
    "₺": "TRY",
    "₴": "UAH",
    "₦": "NGN",
    "฿": "THB",
    "RM": "MYR",
    "RP": "IDR",
}
"""What people write at home, besides what CLDR has for readers of English."""


def money(commodity: str) -> str | None:
    """A currency's code, or a sign that several share as it is written, or blank; None if it is no money.

    >>> money("eur"), money("$"), money("US$"), money(""), money("AAPL"), money("XAU")
    ('EUR', '$', 'USD', '', None, None)
    """
    known = commodity.strip().upper()
    if not known or known in SHARED:
        return commodity.strip()
    if known in NO_CURRENCIES:
        return None
    return known if known in _codes() else LOCAL.get(known) or _signs().get(known)


def code(written: str, own: str) -> str | None:
    """The ISO code of a currency as books kept in ``own`` write it; None for a sign that none of theirs has.

    >>> code("", "CAD"), code("$", "CAD"), code("€", "CAD"), code("$", "EUR"), code("chf", "EUR")
    ('CAD', 'CAD', 'EUR', None, 'CHF')
    """
    sign = written.strip()
    if not sign:
        return own
    if sign in SIGNS:
        return own if own in SIGNS[sign] else USUAL.get(sign)
    return money(sign) or sign.upper()


@cache
def _codes() -> frozenset[str]:
    """Every currency that is or was legal tender."""
    return frozenset(get_global("all_currencies"))


@cache
def _signs() -> dict[str, str]:
    """Signs that only one currency has, as Unicode CLDR has them for readers of English."""
    signs = {str(sign).upper(): code for code, sign in Locale("en", "US").currency_symbols.items()}
    return {sign: code for sign, code in signs.items() if code not in NO_CURRENCIES | SHARED}
