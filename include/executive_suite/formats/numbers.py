"""Numbers and money, by CLDR, in the locale of the group."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache

from babel.numbers import NumberPattern

from executive_suite.formats.speech import SPEECH, currency, locale_of
from executive_suite.written import kept

CURRENCIES = frozenset({"cents", "USD"})


SHARES: Mapping[str, int] = {"ratio": 1, "bp": 10_000}


_WHOLE_FROM = 100
"""From this amount on, in the currency's main unit, text and page one leave cents out."""


_TENTHS_BELOW = 10


_MINUS, TIMES = "\u2212", "\u00d7"


def number(value: Decimal | int, places: int = 0) -> str:
    """A number with grouped thousands, a true minus sign and ``places`` decimals.

    >>> number(-1234567), number(Decimal("4.850"), 2), number(Decimal("63.895"), 2)
    ('−1,234,567', '4.85', '63.90')
    """
    return written(Decimal(value), "decimal", places)


def money(cents: Decimal | int, *, places: int | None = None) -> str:
    """Cents as money; whole amounts and those from 100 on without decimals unless ``places`` says otherwise.

    >>> money(800_000), money(37), money(-12_345_678), money(38_540), money(38_540, places=2)
    ('$8,000', '$0.37', '−$123,457', '$385', '$385.40')
    """
    shown, digits = scaled(Decimal(cents), "cents", places)
    return written(shown, "currency", digits, currency())


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


def scaled(value: Decimal, name: str, places: int | None) -> tuple[Decimal, int]:
    """A number in the unit that is shown (main units of money, percent), and its decimals."""
    main, _, _ = name.partition("/")
    if main in CURRENCIES:
        shown = value / 100 if main == "cents" else value
        usual = _money_places(shown)
    elif name in SHARES:
        shown = value * 100 / SHARES[name]
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


def written(value: Decimal, style: str, places: int, code: str | None = None) -> str:
    """A number as ``decimal``, ``percent`` or ``currency`` (of ``code``), kept for those who bind it."""
    return kept(_by_pattern(value, style, places, code, SPEECH.get().locale))


@lru_cache(maxsize=8192)
def _by_pattern(value: Decimal, style: str, places: int, code: str | None, locale: str) -> str:
    """A rounded number by the locale's pattern, with a true minus and no minus zero; every format shows it again."""
    rounded = to_places(value, places + 2 * (style == "percent"))
    shown = abs(rounded) if rounded == 0 else rounded
    pattern = _pattern(style, places, locale)
    return str(pattern.apply(shown, locale_of(locale), currency=code, currency_digits=False)).replace("-", _MINUS)


def to_places(value: Decimal, places: int) -> Decimal:
    """A number to some decimals, half away from zero."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@cache
def _pattern(style: str, places: int, locale: str) -> NumberPattern:
    known = locale_of(locale)
    found = {
        "decimal": known.decimal_formats[None],
        "percent": known.percent_formats[None],
        "currency": known.currency_formats["standard"],
    }[style]
    made: NumberPattern = copy.copy(found)
    made.frac_prec = (places, places)
    return made
