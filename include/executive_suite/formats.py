"""Values in a reader's words: money, shares, dates and the reason when there is no value."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from executive_suite.facts.fact import Fact, Value

NOT_AVAILABLE = "n/a"

CLOUD_CURRENCY = "USD"
"""What cloud bills are told in, whatever the reports speak."""

_CURRENCY: ContextVar[str] = ContextVar("currency", default="USD")

_MONEY = {"cents", "cents/month", "cents/h", "cents/nm", "cents/day"}
_CLOUD = {"USD", "USD/month", "USD/unit"}
_FUNCTIONS = {
    "cogs": "Cost of sales",
    "opex_sales": "Sales and marketing",
    "opex_ga": "General and administration",
    "opex_rd": "Research and development",
    "nonop": "Non-operating",
    "uncategorised": "Uncategorised",
}
_BARE = {"count", "conversions", "rank", "score", "index", "points"}
_MINUS = "\u2212"


def number(value: Decimal | int, places: int = 0) -> str:
    """A number with thousands separators, a true minus sign and at most ``places`` decimals.

    >>> number(-1234567), number(Decimal("4.850"), 2), number(Decimal("63.895"), 2)
    ('−1,234,567', '4.85', '63.90')
    """
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
    if rounded == 0:
        rounded = abs(rounded)
    text = f"{rounded:,.{places}f}"
    return text.replace("-", _MINUS)


def currency() -> str:
    """The currency that the report at hand speaks."""
    return _CURRENCY.get()


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Let amounts be told in a currency while a report is made.

    >>> with speaking("EUR"):
    ...     money(800_000), unit("cents/month")
    ('8,000 EUR', 'EUR/month')
    """
    before = _CURRENCY.set(code)
    try:
        yield
    finally:
        _CURRENCY.reset(before)


def money(cents: Decimal | int) -> str:
    """Cents as money; whole amounts and those from 1,000 on without decimals.

    >>> money(800_000), money(37), money(-12_345_678)
    ('8,000 USD', '0.37 USD', '−123,457 USD')
    """
    amount = Decimal(cents) / 100
    places = 0 if amount == amount.to_integral_value() or abs(amount) >= 1000 else 2  # noqa: PLR2004 - as documented
    return f"{number(amount, places)} {currency()}"


def stake(cents: int | None, every: str = "") -> str:
    """What is at stake or worth having, and how often; nothing where it is not known.

    >>> stake(2_860_000, "month"), stake(200_000), stake(None)
    ('28,600 USD a month', '2,000 USD', '')
    """
    return "" if cents is None else f"{money(cents)}{f' a {every}' if every else ''}"


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


def amount(value: Value | None, name: str) -> str:
    """A value with its unit, as a reader sees it; ``n/a`` when there is none.

    >>> amount(1, "jobs"), amount(Decimal("110.33"), "days"), amount(Decimal("7.28"), "days"), amount(0, "x")
    ('1 job', '110 days', '7.3 days', '0.00×')
    """
    if value is None:
        return NOT_AVAILABLE
    if isinstance(value, bool) or name == "bool":
        return "yes" if value else "no"
    if name in _CLOUD:
        return f"{number(Decimal(str(value)), 2)} {CLOUD_CURRENCY}{_per(name)}"
    if isinstance(value, str):
        return day(value) if name == "date" else value
    if name in _MONEY:
        return money(value) + _per(name)
    return _plain(value, name)


def _plain(value: Decimal | int, name: str) -> str:
    if name == "ratio":
        return share(value)
    if name == "bp":
        return share(Decimal(value) / 10_000)
    if name == "x":
        return f"{number(value, 2)}\u00d7"
    text = number(value, 0 if value == int(value) else _places(value, name))
    return text if name in _BARE else f"{text} {_singular(name) if text.lstrip(_MINUS) == '1' else name}"


def _places(value: Decimal | int, name: str) -> int:
    """Decimals that say something: a mean of days or hours is known to the day, below ten to a tenth; CVSS has one."""
    if name == "points":
        return 1
    if name not in {"days", "hours"}:
        return 2
    return 1 if abs(Decimal(value)) < 10 else 0  # noqa: PLR2004 - as documented


def _singular(name: str) -> str:
    """The unit of one: "day" for "days"; other words stay ("per week")."""
    return name.removesuffix("s")


def _per(name: str) -> str:
    _, slash, what = name.partition("/")
    return f"/{what}" if slash else ""


def of(fact: Fact) -> str:
    """A fact's value as a reader sees it."""
    return amount(fact.value, fact.unit)


def of_table(fact: Fact) -> str:
    """A fact's value where a table's title has named the period: without "/month"."""
    return amount(fact.value, fact.unit.removesuffix("/month"))


def counted(count: Value | None, noun: str) -> str:
    """A count with its noun.

    >>> counted(1, "job"), counted(2, "bank line"), counted(None, "job")
    ('1 job', '2 bank lines', 'n/a jobs')
    """
    return f"{amount(count, 'count')} {noun}{'' if count == 1 else 's'}"


def unit(name: str) -> str:
    """A unit as a reader names it.

    >>> unit("cents/month"), unit("ratio"), unit("bp"), unit("x")
    ('USD/month', '%', '%', '×')
    """
    main, slash, per = name.partition("/")
    return {"cents": currency(), "ratio": "%", "bp": "%", "x": "\u00d7"}.get(main, main) + slash + per


def difference(change: Decimal, unit_name: str) -> str:
    """A change in a value, with its sign; changes of shares are in percentage points.

    >>> difference(Decimal("-0.067"), "ratio"), difference(Decimal(20_000), "cents")
    ('−6.7 points', '+200 USD')
    """
    if unit_name in {"ratio", "bp"}:
        text = f"{number(change * 100 if unit_name == 'ratio' else change / 100, 1)} points"
    else:
        text = amount(str(change) if unit_name.startswith("USD") else change, unit_name.removesuffix("/month"))
    return f"+{text}" if change > 0 else text


def function(key: str) -> str:
    """The function of an expense as a reader knows it; the key itself where it is another.

    >>> function("opex_ga")
    'General and administration'
    """
    return _FUNCTIONS.get(key, key)
