"""How the report at hand writes: currency, locale, language, report date; and what was written meanwhile."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from babel import Locale, localedata

from executive_suite import wording
from executive_suite.wording import ENGLISH


@dataclass(frozen=True, slots=True)
class _Speech:
    """How the report at hand writes: ISO 4217 currency, a locale with a territory, and the locale of its dates."""

    currency: str = "USD"
    locale: str = "en_US"
    dates: str = "en_US"
    today: date | None = None


_PLAIN = _Speech()


SPEECH: ContextVar[_Speech] = ContextVar("speech", default=_PLAIN)


_LETTER = frozenset({"BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"})
"""Territories that print on US Letter (CLDR supplemental data: paperSize)."""


@contextmanager
def speaking(code: str, locale: str = "en_US", today: date | None = None, language: str = ENGLISH) -> Iterator[None]:
    r"""Write amounts in a currency, numbers in a locale, words in a language while one report is made, at its date.

    >>> from decimal import Decimal
    >>> from executive_suite.formats import day, money, share
    >>> with speaking("EUR", "de_DE"):
    ...     money(800_000), share(Decimal("0.167")), day("2026-10-01")
    ('8.000\xa0€', '16,7\xa0%', '1 Oct 2026')
    >>> with speaking("USD", language="es"):
    ...     money(800_000), share(Decimal("0.167")), day("2026-10-01")
    ('$8,000', '16.7%', '1 oct 2026')
    """
    before = SPEECH.set(_Speech(code, locale, of_dates(locale, language), today))
    try:
        with wording.speaking(language):
            yield
    finally:
        SPEECH.reset(before)


def currency() -> str:
    """The currency of the report at hand, ISO 4217."""
    return SPEECH.get().currency


def region() -> str:
    """The territory of the group's locale ("US"), for hyphenation and spelling on paper."""
    return locale_of(SPEECH.get().locale).territory or "US"


def paper() -> Literal["us-letter", "a4"]:
    """The paper that the group's territory prints on.

    >>> paper()
    'us-letter'
    """
    return "us-letter" if region() in _LETTER else "a4"


def parenthesized() -> bool:
    """Whether accounts of the group's locale have negative amounts in parentheses (CLDR, accounting pattern).

    >>> parenthesized()
    True
    >>> with speaking("EUR", "de_DE"):
    ...     parenthesized()
    False
    """
    return "(" in locale_of(SPEECH.get().locale).currency_formats["accounting"].pattern


def sheet_date() -> str:
    """How a workbook writes a day: the locale's medium order in figures.

    >>> sheet_date()
    'm/d/yyyy'
    """
    pattern = str(locale_of(SPEECH.get().locale).date_formats["short"].pattern).lower()
    return re.sub("y+", "yyyy", pattern)


@cache
def locale_of(name: str) -> Locale:
    """CLDR's locale of a name."""
    return Locale.parse(name)


@cache
def of_dates(locale: str, language: str) -> str:
    """The locale that writes dates: the language in the group's territory; the language alone where CLDR lacks that."""
    if locale.partition("_")[0] == language:
        return locale
    local = f"{language}_{locale_of(locale).territory}"
    return local if localedata.exists(local) else language
