"""The one module that writes numbers, money, shares and dates for people, by CLDR.

The group's locale decides numbers, money and paper, the report's language their words, the names of months included.
"""

from __future__ import annotations

import copy
import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from typing import Literal

from babel import Locale, localedata
from babel.dates import format_date, format_skeleton
from babel.numbers import NumberPattern

from executive_suite import wording
from executive_suite.facts.fact import Fact, Value, number_of
from executive_suite.wording import ENGLISH, noted, say, say_many

NOT_AVAILABLE = noted("n/a")
CLOUD_CURRENCY = "USD"
"""Cloud bills stay in US dollars, whatever the currency of the reports."""


@dataclass(frozen=True, slots=True)
class _Speech:
    """How the report at hand writes: ISO 4217 currency, a locale with a territory, and the locale of its dates."""

    currency: str = "USD"
    locale: str = "en_US"
    dates: str = "en_US"
    today: date | None = None


_PLAIN = _Speech()
_SPEECH: ContextVar[_Speech] = ContextVar("speech", default=_PLAIN)

Written = dict[str, set[str]]
"""What was written while a report was made: each text, and the facts that it shows (none if worked out)."""
_WRITTEN: ContextVar[Written | None] = ContextVar("written", default=None)

_PER = {
    "month": noted("{amount} a month"),
    "h": noted("{amount} an hour"),
    "nm": noted("{amount} a nautical mile"),
    "day": noted("{amount} a day"),
    "unit": noted("{amount} a unit"),
}
_UNIT_PER = {
    "month": noted("{unit} per month"),
    "h": noted("{unit} per hour"),
    "nm": noted("{unit} per nautical mile"),
    "day": noted("{unit} per day"),
    "unit": noted("{unit} per unit"),
}
RATES = tuple(_PER.values())
"""How an amount says what it is for."""
_CURRENCIES = frozenset({"cents", "USD"})
_NAMES = {"nm": noted("nautical miles"), "pp": noted("points")}
_BARE = frozenset({"count", "conversions", "rank", "score", "index", "points", "position", "tier", ""})
_SHARES: Mapping[str, int] = {"ratio": 1, "bp": 10_000}
_FUNCTIONS = {
    "cogs": noted("Cost of sales"),
    "opex_sales": noted("Sales and marketing"),
    "opex_ga": noted("General and administration"),
    "opex_rd": noted("Research and development"),
    "nonop": noted("Non-operating"),
    "uncategorised": noted("Uncategorized"),
}
_WHOLE_FROM = 100
"""From this amount on, in the currency's main unit, text and page one leave cents out."""
_TENTHS_BELOW = 10
_SEVERAL = 2
_LAST_OF_MONTH = 31
_MINUS, _TIMES = "\u2212", "\u00d7"
_LETTER = frozenset({"BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"})
"""Territories that print on US Letter (CLDR supplemental data: paperSize)."""


@contextmanager
def speaking(code: str, locale: str = "en_US", today: date | None = None, language: str = ENGLISH) -> Iterator[None]:
    r"""Write amounts in a currency, numbers in a locale, words in a language while one report is made, at its date.

    >>> with speaking("EUR", "de_DE"):
    ...     money(800_000), share(Decimal("0.167")), day("2026-10-01")
    ('8.000\xa0€', '16,7\xa0%', '1 Oct 2026')
    >>> with speaking("USD", language="es"):
    ...     money(800_000), share(Decimal("0.167")), day("2026-10-01")
    ('$8,000', '16.7%', '1 oct 2026')
    """
    before = _SPEECH.set(_Speech(code, locale, _dates(locale, language), today))
    try:
        with wording.speaking(language):
            yield
    finally:
        _SPEECH.reset(before)


@contextmanager
def recording() -> Iterator[Written]:
    """Keep what is written meanwhile, so that each number of a sentence can be bound to what it shows.

    >>> with recording() as written:
    ...     _ = money(800_000)
    >>> written
    {'$8,000': set()}
    """
    kept: Written = {}
    before = _WRITTEN.set(kept)
    try:
        yield kept
    finally:
        _WRITTEN.reset(before)


def _kept(text: str, fact_id: str = "") -> str:
    written = _WRITTEN.get()
    if written is not None:
        written.setdefault(text, set()).update(filter(None, (fact_id,)))
    return text


def currency() -> str:
    """The currency of the report at hand, ISO 4217."""
    return _SPEECH.get().currency


def region() -> str:
    """The territory of the group's locale ("US"), for hyphenation and spelling on paper."""
    return _locale(_SPEECH.get().locale).territory or "US"


def paper() -> Literal["us-letter", "a4"]:
    """The paper that the group's territory prints on.

    >>> paper()
    'us-letter'
    """
    return "us-letter" if region() in _LETTER else "a4"


def number(value: Decimal | int, places: int = 0) -> str:
    """A number with grouped thousands, a true minus sign and ``places`` decimals.

    >>> number(-1234567), number(Decimal("4.850"), 2), number(Decimal("63.895"), 2)
    ('−1,234,567', '4.85', '63.90')
    """
    return _written(Decimal(value), "decimal", places)


def money(cents: Decimal | int, *, places: int | None = None) -> str:
    """Cents as money; whole amounts and those from 100 on without decimals unless ``places`` says otherwise.

    >>> money(800_000), money(37), money(-12_345_678), money(38_540), money(38_540, places=2)
    ('$8,000', '$0.37', '−$123,457', '$385', '$385.40')
    """
    shown, digits = _scaled(Decimal(cents), "cents", places)
    return _written(shown, "currency", digits, currency())


def money_range(low: Decimal | int, high: Decimal | int) -> str:
    """Two amounts in cents as a range.

    >>> money_range(1_000_000, 5_000_000), money_range(500, 500)
    ('$10,000–$50,000', '$5')
    """
    first, last = money(low), money(high)
    return first if first == last else f"{first}\u2013{last}"


def thousands(cents: Decimal | int) -> str:
    """Cents in thousands of the main unit, for the narrow labels of a chart.

    >>> thousands(3_880_000)
    '38.8'
    """
    return number(Decimal(cents) / 100_000, 1)


def stake(cents: int | None, every: str = "") -> str:
    """Money at stake or worth having, and how often; empty if unknown.

    >>> stake(2_860_000, "month"), stake(200_000), stake(None)
    ('$28,600 a month', '$2,000', '')
    """
    if cents is None:
        return ""
    return say(_PER.get(every, f"{{amount}} a {every}"), amount=money(cents)) if every else money(cents)


def share(ratio: Decimal | int, places: int | None = None) -> str:
    """A fraction as a percentage, to a tenth unless it is whole.

    >>> share(Decimal("0.0313103065")), share(Decimal("1")), share(Decimal("0.9991"), 2)
    ('3.1%', '100%', '99.91%')
    """
    return _measured(Decimal(ratio), "ratio", places, bare=False)


def day(value: str | date) -> str:
    """A date.

    >>> day("2026-05-01")
    'May 1, 2026'
    """
    return _kept(str(format_date(_date(value), "medium", locale=_locale(_SPEECH.get().dates))))


def day_of_year(value: str | date) -> str:
    """A date whose year is known from its context.

    >>> day_of_year("2026-05-01")
    'May 1'
    """
    return _skeleton("MMMd", _date(value))


def near(value: str | date) -> str:
    """A day or month in short: without its year, if that is the year of the report date.

    >>> with speaking("USD", today=date(2026, 5, 1)):
    ...     near("2026-05-31"), near("2025-10-31"), near("2026-04"), near("2025-11")
    ('May 31', 'Oct 31, 2025', 'April', 'Nov 2025')
    """
    today, whole_month = _SPEECH.get().today, len(str(value)) == len("2026-05")
    if today is None or _date(value).year != today.year:
        return month(value) if whole_month else day(value)
    return (
        _kept(str(format_date(_date(value), "LLLL", locale=_locale(_SPEECH.get().dates))))
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


def amount(
    value: Value | None, name: str, *, places: int | None = None, bare: bool = False, signed: bool = False
) -> str:
    """A value with its unit; ``n/a`` when there is none.

    Args:
        value: As in a fact: cents, a fraction, decimal text for cloud cost, a date, a number or text.
        name: Its unit, as in a fact; ``month`` for an ISO month.
        places: Decimals; None for as many as the unit usually shows.
        bare: Leave currency sign, percent sign and unit out, where a heading names them.
        signed: Put a plus sign in front of values above zero.

    >>> amount(1, "jobs"), amount(Decimal("110.33"), "days"), amount(Decimal("7.28"), "days"), amount(0, "x")
    ('1 job', '110 days', '7.3 days', '0.00×')
    >>> amount(800_000, "cents/month"), amount("25.00", "USD/month"), amount(Decimal("4.85"), "months")
    ('$8,000 a month', '$25 a month', '4.9 months')
    >>> amount(Decimal("0.05"), "ratio", bare=True, signed=True), amount(-91_500, "cents", signed=True)
    ('+5', '−$915')
    """
    if value is None:
        return say(NOT_AVAILABLE)
    if isinstance(value, bool) or name == "bool":
        return say("yes") if value else say("no")
    if isinstance(value, str) and name in {"date", "month"}:
        return day(value) if name == "date" else month(value)
    figure = number_of(value, name)
    if figure is None:
        return str(value)
    text = _measured(Decimal(figure), name, places, bare=bare)
    return f"+{text}" if signed and figure > 0 else text


def alike(one: Value | None, other: Value | None, name: str) -> bool:
    """Whether two values of a unit read the same, so that a change between them would not show.

    >>> alike(Decimal("0.9784"), Decimal("0.9781"), "ratio"), alike(1, 2, "count"), alike(None, 0, "cents")
    (True, False, False)
    """
    pair = [number_of(value, name) for value in (one, other)]
    if any(figure is None for figure in pair):
        return one == other
    first, second = (_scaled(Decimal(figure), name, None) for figure in pair if figure is not None)
    return _rounded(*first) == _rounded(*second)


def of(fact: Fact) -> str:
    """A fact's value with its unit."""
    return _kept(amount(fact.value, fact.unit), fact.fact_id)


def within_period(fact: Fact) -> str:
    """A fact's value in a place that names the period itself: without "a month"."""
    return _kept(amount(fact.value, once(fact.unit)), fact.fact_id)


def is_money(name: str) -> bool:
    """Whether a unit is an amount of money, of the group's or of the cloud's currency."""
    return name.partition("/")[0] in _CURRENCIES


def once(name: str) -> str:
    """A unit without its period, for tables and sentences that name the period themselves.

    >>> once("cents/month"), once("cents/h")
    ('cents', 'cents/h')
    """
    main, _, per = name.partition("/")
    return main if per == "month" else name


def counted(count: Value | None, noun: str) -> str:
    """A count with its noun.

    >>> counted(1, "job"), counted(2, "bank line"), counted(3, "entity"), counted(2, "day")
    ('1 job', '2 bank lines', '3 entities', '2 days')
    """
    number = number_of(count, "count") if count is not None else None
    return say_many(*both(noun), 0 if number is None else number, count=amount(count, "count"))


def both(noun: str) -> tuple[str, str]:
    """A noun with the field of its count, for one and for many.

    >>> both("entity")
    ('{count} entity', '{count} entities')
    """
    many = f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeo" else f"{noun}s"
    return f"{{count}} {noun}", f"{{count}} {many}"


def series(names: Sequence[str]) -> str:
    """Names as a sentence lists them.

    >>> series(["Sailo"]), series(["Sailo", "GetMyBoat"]), series(["a", "b", "c"])
    ('Sailo', 'Sailo and GetMyBoat', 'a, b and c')
    """
    if len(names) < _SEVERAL:
        return "".join(names)
    return say("{first} and {last}", first=", ".join(names[:-1]), last=names[-1])


def unit(name: str) -> str:
    """A unit as headings and definitions name it; empty for bare counts.

    >>> unit("cents/month"), unit("cents/h"), unit("ratio"), unit("x"), unit("nm"), unit("count")
    ('USD per month', 'USD per hour', '%', '×', 'nautical miles', '')
    """
    main, _, per = name.partition("/")
    if main in _CURRENCIES:
        code = currency() if main == "cents" else CLOUD_CURRENCY
        return say(_UNIT_PER[per], unit=code) if per else code
    if name in _SHARES:
        return "%"
    return "" if name in _BARE else _TIMES if name == "x" else say(_NAMES.get(name, name))


def difference(change: Decimal, unit_name: str) -> str:
    """A change in a value, with its sign; changes of shares are in percentage points.

    >>> difference(Decimal("-0.067"), "ratio"), difference(Decimal(20_000), "cents")
    ('−6.7 points', '+$200')
    """
    value, name = moved(change, unit_name)
    return amount(value, name, signed=True)


def moved(change: Decimal, unit_name: str) -> tuple[Decimal, str]:
    """A change and its unit: that of a share is in percentage points (``pp``).

    >>> moved(Decimal("-0.067"), "ratio"), moved(Decimal(20_000), "cents/month")
    ((Decimal('-6.700'), 'pp'), (Decimal('20000'), 'cents'))
    """
    return (change * 100 / _SHARES[unit_name], "pp") if unit_name in _SHARES else (change, once(unit_name))


def function(key: str) -> str:
    """The function of an expense as a reader knows it; the key itself if it is another.

    >>> function("opex_ga")
    'General and administration'
    """
    return say(_FUNCTIONS.get(key, key))


def _measured(value: Decimal, name: str, places: int | None, *, bare: bool) -> str:
    """A number in its unit."""
    main, _, per = name.partition("/")
    shown, digits = _scaled(value, name, places)
    if bare:
        return number(shown, digits)
    if main in _CURRENCIES:
        code = currency() if main == "cents" else CLOUD_CURRENCY
        text = _written(shown, "currency", digits, code)
        return say(_PER[per], amount=text) if per else text
    if name in _SHARES:
        return _written(shown / 100, "percent", digits)
    text = number(shown, digits)
    if name == "x":
        return f"{text}{_TIMES}"
    if name in _BARE:
        return text
    named = _NAMES.get(name, name)
    return say_many(f"{{count}} {named.removesuffix('s')}", f"{{count}} {named}", abs(value), count=text)


def _scaled(value: Decimal, name: str, places: int | None) -> tuple[Decimal, int]:
    """A number in the unit that is shown (main units of money, percent), and its decimals."""
    main, _, _ = name.partition("/")
    if main in _CURRENCIES:
        shown = value / 100 if main == "cents" else value
        usual = _money_places(shown)
    elif name in _SHARES:
        shown = value * 100 / _SHARES[name]
        usual = 0 if shown == shown.to_integral_value() else 1
    else:
        shown, usual = value, _usual_places(value, name)
    return shown, usual if places is None else places


def _money_places(main_units: Decimal) -> int:
    return 0 if main_units == main_units.to_integral_value() or abs(main_units) >= _WHOLE_FROM else 2


def _usual_places(value: Decimal, name: str) -> int:
    """Decimals that mean something: durations to a tenth below ten, months always to a tenth, CVSS has one."""
    if name in {"points", "position", "pp"}:
        return 1
    if name == "x":
        return 2
    if value == value.to_integral_value():
        return 0
    if name == "months":
        return 1
    if name in {"days", "hours"}:
        return int(abs(value) < _TENTHS_BELOW)
    return 2


def _written(value: Decimal, style: str, places: int, code: str | None = None) -> str:
    return _kept(_by_pattern(value, style, places, code, _SPEECH.get().locale))


@lru_cache(maxsize=8192)
def _by_pattern(value: Decimal, style: str, places: int, code: str | None, locale: str) -> str:
    """A rounded number by the locale's pattern, with a true minus and no minus zero; every format shows it again."""
    rounded = _rounded(value, places + 2 * (style == "percent"))
    shown = abs(rounded) if rounded == 0 else rounded
    pattern = _pattern(style, places, locale)
    return str(pattern.apply(shown, _locale(locale), currency=code, currency_digits=False)).replace("-", _MINUS)


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@cache
def _pattern(style: str, places: int, locale: str) -> NumberPattern:
    known = _locale(locale)
    found = {
        "decimal": known.decimal_formats[None],
        "percent": known.percent_formats[None],
        "currency": known.currency_formats["standard"],
    }[style]
    made: NumberPattern = copy.copy(found)
    made.frac_prec = (places, places)
    return made


@cache
def _locale(name: str) -> Locale:
    return Locale.parse(name)


def reread(text: str) -> str | None:
    """A date or month written in English as the language of the report writes it; None if the text is none.

    >>> with speaking("USD", language="es", today=date(2026, 5, 1)):
    ...     reread("Oct 1, 2026"), reread("Oct 2026"), reread("Oct 1"), reread("October"), reread("Oct 3, 2026 or so")
    ('1 oct 2026', 'oct 2026', '1 oct', 'octubre', None)
    """
    name = next((name for name in _months() if name in text), None)
    if name is None:
        return None
    numbers, today = [int(found) for found in re.findall(r"\d+", text)], _SPEECH.get().today
    years = [number for number in numbers if number > _LAST_OF_MONTH] or ([today.year] if today else [])
    days = [number for number in numbers if 0 < number <= _LAST_OF_MONTH] or [1]
    if not years or not date.min.year <= years[0] <= date.max.year:
        return None
    first = date(years[0], _months()[name], 1)
    moment = first.replace(day=min(days[0], monthrange(first.year, first.month)[1]))
    english, own = _locale(_dates(_SPEECH.get().locale, ENGLISH)), _locale(_SPEECH.get().dates)
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


@cache
def _dates(locale: str, language: str) -> str:
    """The locale that writes dates: the language in the group's territory; the language alone where CLDR lacks that."""
    if locale.partition("_")[0] == language:
        return locale
    local = f"{language}_{_locale(locale).territory}"
    return local if localedata.exists(local) else language


def _skeleton(skeleton: str, moment: date) -> str:
    return _by_skeleton(skeleton, moment, _SPEECH.get().dates)


@lru_cache(maxsize=4096)
def _by_skeleton(skeleton: str, moment: date, dates: str) -> str:
    """Months and days recur in every table; CLDR's pattern is looked up once for each."""
    return _kept(str(format_skeleton(skeleton, moment, locale=_locale(dates))))


def _date(value: str | date) -> date:
    if isinstance(value, date):
        return value
    return date.fromisoformat(value if len(value) > len("2026-04") else f"{value}-01")


def parenthesized() -> bool:
    """Whether accounts of the group's locale have negative amounts in parentheses (CLDR, accounting pattern).

    >>> parenthesized()
    True
    >>> with speaking("EUR", "de_DE"):
    ...     parenthesized()
    False
    """
    return "(" in _locale(_SPEECH.get().locale).currency_formats["accounting"].pattern


def sheet_date() -> str:
    """How a workbook writes a day: the locale's medium order in figures.

    >>> sheet_date()
    'm/d/yyyy'
    """
    pattern = str(_locale(_SPEECH.get().locale).date_formats["short"].pattern).lower()
    return re.sub("y+", "yyyy", pattern)
