"""Days as exports write them: in figures, with the month's name, and the period that a report's title states."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from babel.dates import get_month_names

Order = Literal["", "mdy", "dmy"]
"""Which of two figures is the month; empty if nothing says."""

_LANGUAGES = ("en", "es", "de", "fr", "it", "pt", "nl")
_CENTURY = 2000
_FIGURES = re.compile(
    r"(\d{1,4})([./-])(\d{1,2})\2(\d{2,4})(?:[T, ]+\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[AaPp][Mm])?)?"
)
_COMPACT = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_TIME = re.compile(r"\d{1,2}:\d\d(?::\d\d)?(?:\s*[AaPp]\.?\s?[Mm]\b\.?)?|\b(?:GMT|UTC)\s?[+-]?\d*(?::\d\d)?")
_WORD = re.compile(r"[^\W\d_]+|\d+")
_RANGE = re.compile(
    r"\s*[\u2013\u2014]\s*|\s+-\s+|\s+(?:to|through|thru|until|al|bis|au|a|à|até|tot)\s+|(?<=[^\W\d_])-(?=[^\W\d_])",
    re.IGNORECASE,
)
_DAYS_OF_MONTH = re.compile(r"(?<=[ .])(\d{1,2})-(\d{1,2})(?=[, ])|^(\d{1,2})-(\d{1,2})(?= )")
_WEEKDAYS = frozenset(name.casefold() for name in calendar.day_name)
_YEAR_RANGE = range(1970, 2100)
_YEAR_DIGITS, _WHOLE_YEAR_DIGITS = 2, 4


def _months() -> Mapping[str, int]:
    found: dict[str, int] = {}
    for language in _LANGUAGES:
        for width in ("wide", "abbreviated"):
            for number, name in get_month_names(width, locale=language).items():
                word = name.casefold().rstrip(".")
                found.setdefault(word, number)
                found.setdefault(word[:3], number)
    return {**found, "sept": 9}


MONTHS = _months()
"""Names of months and their beginnings, in lower case, to their numbers."""


@dataclass(frozen=True, slots=True)
class Figures:
    """A day in figures whose order is open: ``first`` and ``second`` are month and day or day and month."""

    first: int
    second: int
    year: int

    def fits(self, order: Order) -> bool:
        """Whether it is a day in this order."""
        return self.on(order) is not None

    def on(self, order: Order) -> date | None:
        """The day in this order; None if there is none."""
        month, day = (self.second, self.first) if order == "dmy" else (self.first, self.second)
        return _on(self.year, month, day)


@lru_cache(maxsize=1 << 16)
def read(text: str) -> date | Figures | None:
    """A day, or its figures if their order is open; None if the text is no day.

    A time of day after it is passed over; a zone is not, because it may move the day.

    >>> read("2025-01-31"), read("31 Jan 2025"), read("01/02/25")
    (datetime.date(2025, 1, 31), datetime.date(2025, 1, 31), Figures(first=1, second=2, year=2025))
    """
    if found := _FIGURES.fullmatch(text):
        first, last = found[1], found[4]
        if len(first) == _WHOLE_YEAR_DIGITS:
            return _on(int(first), int(found[3]), int(last)) if len(last) == _YEAR_DIGITS else None
        if len(first) > _YEAR_DIGITS or len(last) not in {_YEAR_DIGITS, _WHOLE_YEAR_DIGITS}:
            return None
        year = int(last) + (_CENTURY if len(last) == _YEAR_DIGITS else 0)
        return Figures(int(first), int(found[3]), year)
    if found := _COMPACT.fullmatch(text):
        return _on(int(found[1]), int(found[2]), int(found[3]))
    named = _partial(text)
    if named and named.day and named.month and named.year:
        return _on(named.year, named.month, named.day)
    return None


def is_moment(text: str) -> bool:
    """Whether a text is nothing but a day or a time of day.

    >>> is_moment("10:05 AM"), is_moment("04/14/25"), is_moment("Half past ten")
    (True, True, False)
    """
    return _TIME.fullmatch(text.strip()) is not None or read(text.strip()) is not None


def order_of(text: str) -> Order:
    """The order in which a text writes out a day with the month's name: how its writer's figures go, too.

    >>> order_of("Monday, November 30, 2026 02:53 PM"), order_of("1 January 2025 to 31 January 2025"), order_of("2025")
    ('mdy', 'dmy', '')
    """
    words = _words(text)
    for place, word in enumerate(words):
        if word in MONTHS:
            if place and _is_day(words[place - 1]):
                return "dmy"
            if place > 1 and words[place - 1] == "de" and _is_day(words[place - 2]):
                return "dmy"
            if place + 1 < len(words) and _is_day(words[place + 1]):
                return "mdy"
    return ""


def period(text: str) -> tuple[date | None, date] | None:
    """The first and last day that a title states; the first is None in "As of …"; None if it states none.

    Days in figures count where they have one meaning.

    >>> period("January 1 - March 31, 2025"), period("As of December 31, 2025")
    ((datetime.date(2025, 1, 1), datetime.date(2025, 3, 31)), (None, datetime.date(2025, 12, 31)))
    >>> period("January - March, 2025")
    (datetime.date(2025, 1, 1), datetime.date(2025, 3, 31))
    """
    sides = _RANGE.split(_DAYS_OF_MONTH.sub(r"\1\3 - \2\4", _without_lead(text)))
    if len(sides) > 2 or not sides:  # noqa: PLR2004 - from and to
        return None
    parts = [_side(side) for side in sides]
    if any(part is None for part in parts):
        return None
    first, last = parts[0], parts[-1]
    assert first is not None  # noqa: S101 - for the type checker
    assert last is not None  # noqa: S101 - for the type checker
    year = last.year or first.year
    if not year:
        return None
    one = len(parts) == 1
    ends = _end(year, last.month or (first.month if last.day else 0), last.day)
    begins = _on(first.year or year, first.month or (last.month if first.day else 1), first.day or 1)
    if ends is None or begins is None or begins > ends:
        return None
    return (None if one and first.day else begins), ends


@dataclass(frozen=True, slots=True)
class _Partial:
    """As much of a day as a text has; 0 where it has none."""

    year: int = 0
    month: int = 0
    day: int = 0


_STATED = re.compile(
    r"^(?:for the (?:period|year|month|quarter)s?(?: ended| ending)?|date range|as (?:of|at)|from|del|desde|vom|von|du|"
    r"al|am|stand|per|zum|au|período|periodo|zeitraum|période|period|a partir de|hasta el|basis|in)\s*:?\s+",
    re.IGNORECASE,
)


def _without_lead(text: str) -> str:
    """A title without the words before its days."""
    rest = text.strip()
    while found := _STATED.match(rest):
        rest = rest[found.end() :]
    return rest


def _side(text: str) -> _Partial | None:
    """One end of a period; None if it has a word that is none of a day."""
    day = read(text.strip().rstrip("."))
    if isinstance(day, date):
        return _Partial(day.year, day.month, day.day)
    if isinstance(day, Figures):
        orders = [day.on("mdy"), day.on("dmy")]
        found = {one for one in orders if one}
        if len(found) != 1:
            return None
        only = found.pop()
        return _Partial(only.year, only.month, only.day)
    return _partial(text)


def _partial(text: str) -> _Partial | None:
    year = month = day = 0
    words = _words(text)
    if not words:
        return None
    for word in words:
        if word in MONTHS and not month:
            month = MONTHS[word]
        elif word.isdigit() and int(word) in _YEAR_RANGE and not year:
            year = int(word)
        elif _is_day(word) and not day:
            day = int(word)
        elif word not in {"de", "del", "of", "the", "le", "st", "nd", "rd", "th"}:
            return None
    return _Partial(year, month, day)


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(_TIME.sub(" ", text).casefold()) if word not in _WEEKDAYS]


def _is_day(word: str) -> bool:
    return word.isdigit() and 1 <= int(word) <= 31 and len(word) <= _YEAR_DIGITS  # noqa: PLR2004 - days of a month


def _end(year: int, month: int, day: int) -> date | None:
    if not month:
        return date(year, 12, 31)
    return _on(year, month, day or calendar.monthrange(year, month)[1])


def _on(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
