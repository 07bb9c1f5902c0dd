"""Days and months, by CLDR, in the language of the report; and read again from English."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from functools import cache, lru_cache

from babel import Locale
from babel.dates import format_date, format_skeleton

from executive_suite.formats.speech import SPEECH, locale_of, of_dates
from executive_suite.wording import ENGLISH
from executive_suite.written import kept

_LAST_OF_MONTH = 31


def day(value: str | date) -> str:
    """A date.

    >>> day("2026-05-01")
    'May 1, 2026'
    """
    return kept(_by_length("medium", _date(value), SPEECH.get().dates))


def day_of_year(value: str | date) -> str:
    """A date whose year is known from its context.

    >>> day_of_year("2026-05-01")
    'May 1'
    """
    return _skeleton("MMMd", _date(value))


def near(value: str | date) -> str:
    """A day or month in short: without its year, if that is the year of the report date.

    >>> from executive_suite.formats import speaking
    >>> with speaking("USD", today=date(2026, 5, 1)):
    ...     near("2026-05-31"), near("2025-10-31"), near("2026-04"), near("2025-11")
    ('May 31', 'Oct 31, 2025', 'April', 'Nov 2025')
    """
    today, whole_month = SPEECH.get().today, len(str(value)) == len("2026-05")
    if today is None or _date(value).year != today.year:
        return month(value) if whole_month else day(value)
    return (
        kept(str(format_date(_date(value), "LLLL", locale=locale_of(SPEECH.get().dates))))
        if whole_month
        else day_of_year(value)
    )


def month(value: str | date) -> str:
    """A month, of an ISO month or any ISO date in it.

    >>> month("2026-04"), month("2026-04-30")
    ('Apr 2026', 'Apr 2026')
    """
    return _skeleton("yMMM", _date(value))


def month_name(value: str | date) -> str:
    """A month without its year, for labels of a chart.

    >>> month_name("2026-04")
    'Apr'
    """
    return _skeleton("MMM", _date(value))


def reread(text: str) -> str | None:
    """A date or month written in English as the language of the report writes it; None if the text is none.

    >>> from executive_suite.formats import speaking
    >>> with speaking("USD", language="es", today=date(2026, 5, 1)):
    ...     reread("Oct 1, 2026"), reread("Oct 2026"), reread("Oct 1"), reread("October"), reread("Oct 3, 2026 or so")
    ('1 oct 2026', 'oct 2026', '1 oct', 'octubre', None)
    """
    name = next((name for name in _months() if name in text), None)
    if name is None:
        return None
    numbers, today = [int(found) for found in re.findall(r"\d+", text)], SPEECH.get().today
    years = [number for number in numbers if number > _LAST_OF_MONTH] or ([today.year] if today else [])
    days = [number for number in numbers if 0 < number <= _LAST_OF_MONTH] or [1]
    if not years or not date.min.year <= years[0] <= date.max.year:
        return None
    first = date(years[0], _months()[name], 1)
    moment = first.replace(day=min(days[0], monthrange(first.year, first.month)[1]))
    english, own = locale_of(of_dates(SPEECH.get().locale, ENGLISH)), locale_of(SPEECH.get().dates)
    return next((write(moment, own) for write in _WAYS if write(moment, english) == text), None)


_WAYS: tuple[Callable[[date, Locale], str], ...] = (
    lambda moment, locale: str(format_date(moment, "medium", locale=locale)),
    lambda moment, locale: str(format_skeleton("yMMM", moment, locale=locale)),
    lambda moment, locale: str(format_skeleton("MMMd", moment, locale=locale)),
    lambda moment, locale: str(format_date(moment, "LLLL", locale=locale)),
)
"""How this module writes days and months."""


@cache
def _months() -> dict[str, int]:
    return {name: number for number, name in Locale(ENGLISH).months["format"]["abbreviated"].items()}


def _skeleton(skeleton: str, moment: date) -> str:
    return kept(_by_skeleton(skeleton, moment, SPEECH.get().dates))


@lru_cache(maxsize=4096)
def _by_length(length: str, moment: date, dates: str) -> str:
    return str(format_date(moment, length, locale=locale_of(dates)))


@lru_cache(maxsize=4096)
def _by_skeleton(skeleton: str, moment: date, dates: str) -> str:
    """Months and days recur in every table; CLDR's pattern is looked up once for each."""
    return str(format_skeleton(skeleton, moment, locale=locale_of(dates)))


def _date(value: str | date) -> date:
    if isinstance(value, date):
        return value
    return date.fromisoformat(value if len(value) > len("2026-04") else f"{value}-01")
