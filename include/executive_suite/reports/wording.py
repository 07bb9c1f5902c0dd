"""Values in a reader's words: money, shares, dates and the reason when there is no value."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from executive_suite.facts import Fact, Value

NOT_AVAILABLE = "n/a"

_MONEY = {"cents", "cents/month", "cents/h", "cents/nm", "cents/day"}
_CLOUD = {"USD", "USD/month", "USD/unit"}


def number(value: Decimal | int, places: int = 0) -> str:
    """A number with thousands separators, a true minus sign and at most ``places`` decimals.

    >>> number(-1234567), number(Decimal("4.850"), 2), number(Decimal("63.895"), 2)
    ('−1,234,567', '4.85', '63.90')
    """
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
    if rounded == 0:
        rounded = abs(rounded)
    text = f"{rounded:,.{places}f}"
    return text.replace("-", "\u2212")


def money(cents: Decimal | int, currency: str = "USD") -> str:
    """Cents as money; whole amounts and those from 1,000 on without decimals.

    >>> money(800_000), money(37), money(-12_345_678)
    ('8,000 USD', '0.37 USD', '−123,457 USD')
    """
    amount = Decimal(cents) / 100
    places = 0 if amount == amount.to_integral_value() or abs(amount) >= 1000 else 2  # noqa: PLR2004 - as documented
    return f"{number(amount, places)} {currency}"


def share(ratio: Decimal | int) -> str:
    """A fraction as a percentage.

    >>> share(Decimal("0.0313103065")), share(Decimal("1"))
    ('3.1 %', '100 %')
    """
    percent = Decimal(ratio) * 100
    return f"{number(percent, 0 if percent == percent.to_integral_value() else 1)} %"


def day(value: str | date) -> str:
    """A date in words that no reader mistakes.

    >>> day("2026-05-01")
    '1 May 2026'
    """
    moment = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{moment.day} {moment:%b %Y}"


def month(value: str) -> str:
    """A month of a fact.

    >>> month("2026-04")
    'Apr 2026'
    """
    return f"{date.fromisoformat(value + '-01'):%b %Y}"


def amount(value: Value | None, unit: str) -> str:
    """A value with its unit, as a reader sees it; ``n/a`` when there is none."""
    if value is None:
        return NOT_AVAILABLE
    if isinstance(value, bool) or unit == "bool":
        return "yes" if value else "no"
    if unit in _CLOUD:
        return f"{number(Decimal(str(value)), 2)} USD{_per(unit)}"
    if isinstance(value, str):
        return day(value) if unit == "date" else value
    if unit in _MONEY:
        return money(value) + _per(unit)
    return _plain(value, unit)


def _plain(value: Decimal | int, unit: str) -> str:
    if unit == "ratio":
        return share(value)
    if unit == "bp":
        return share(Decimal(value) / 10_000)
    places = 0 if value == int(value) else 2
    text = number(value, places)
    if unit == "x":
        return f"{text}\u00d7"
    return text if unit in {"count", "rank", "score", "index", "points"} else f"{text} {unit}"


def _per(unit: str) -> str:
    _, slash, what = unit.partition("/")
    return f" a {what}" if slash else ""


def of(fact: Fact) -> str:
    """A fact's value as a reader sees it."""
    return amount(fact.value, fact.unit)


def why(fact: Fact) -> str:
    """Why a fact has no value, or what qualifies it."""
    return fact.reason
