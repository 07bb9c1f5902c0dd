"""Values with their units, as facts state them."""

from __future__ import annotations

from decimal import Decimal

from executive_suite.facts.fact import Fact, Value, number_of
from executive_suite.formats.dates import day, month
from executive_suite.formats.numbers import CURRENCIES, SHARES, TIMES, money, number, scaled, to_places, written
from executive_suite.formats.speech import currency
from executive_suite.wording import noted, say, say_many
from executive_suite.written import kept

NOT_AVAILABLE = noted("n/a")


CLOUD_CURRENCY = "USD"
"""Cloud bills stay in US dollars, whatever the currency of the reports."""


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


_NAMES = {"nm": noted("nautical miles"), "pp": noted("points")}


_BARE = frozenset({"count", "conversions", "rank", "score", "index", "points", "position", "tier", ""})


_FUNCTIONS = {
    "cogs": noted("Cost of sales"),
    "opex_sales": noted("Sales and marketing"),
    "opex_ga": noted("General and administration"),
    "opex_rd": noted("Research and development"),
    "nonop": noted("Non-operating"),
    "uncategorised": noted("Uncategorized"),
}


def share(ratio: Decimal | int, places: int | None = None) -> str:
    """A fraction as a percentage, to a tenth unless it is whole.

    >>> share(Decimal("0.0313103065")), share(Decimal("1")), share(Decimal("0.9991"), 2)
    ('3.1%', '100%', '99.91%')
    """
    return _measured(Decimal(ratio), "ratio", places, bare=False)


def stake(cents: int | None, every: str = "") -> str:
    """Money at stake or worth having, and how often; empty if unknown.

    >>> stake(2_860_000, "month"), stake(200_000), stake(None)
    ('$28,600 a month', '$2,000', '')
    """
    if cents is None:
        return ""
    return say(_PER.get(every, f"{{amount}} a {every}"), amount=money(cents)) if every else money(cents)


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
    first, second = (scaled(Decimal(figure), name, None) for figure in pair if figure is not None)
    return to_places(*first) == to_places(*second)


def of(fact: Fact) -> str:
    """A fact's value with its unit."""
    return kept(amount(fact.value, fact.unit), fact.fact_id)


def within_period(fact: Fact) -> str:
    """A fact's value in a place that names the period itself: without "a month"."""
    return kept(amount(fact.value, once(fact.unit)), fact.fact_id)


def is_money(name: str) -> bool:
    """Whether a unit is an amount of money, of the group's or of the cloud's currency."""
    return name.partition("/")[0] in CURRENCIES


def once(name: str) -> str:
    """A unit without its period, for tables and sentences that name the period themselves.

    >>> once("cents/month"), once("cents/h")
    ('cents', 'cents/h')
    """
    main, _, per = name.partition("/")
    return main if per == "month" else name


def unit(name: str) -> str:
    """A unit as headings and definitions name it; empty for bare counts.

    >>> unit("cents/month"), unit("cents/h"), unit("ratio"), unit("x"), unit("nm"), unit("count")
    ('USD per month', 'USD per hour', '%', '×', 'nautical miles', '')
    """
    main, _, per = name.partition("/")
    if main in CURRENCIES:
        code = currency() if main == "cents" else CLOUD_CURRENCY
        return say(_UNIT_PER[per], unit=code) if per else code
    if name in SHARES:
        return "%"
    return "" if name in _BARE else TIMES if name == "x" else say(_NAMES.get(name, name))


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
    return (change * 100 / SHARES[unit_name], "pp") if unit_name in SHARES else (change, once(unit_name))


def function(key: str) -> str:
    """The function of an expense as a reader knows it; the key itself if it is another.

    >>> function("opex_ga")
    'General and administration'
    """
    return say(_FUNCTIONS.get(key, key))


def _measured(value: Decimal, name: str, places: int | None, *, bare: bool) -> str:
    """A number in its unit."""
    main, _, per = name.partition("/")
    shown, digits = scaled(value, name, places)
    if bare:
        return number(shown, digits)
    if main in CURRENCIES:
        code = currency() if main == "cents" else CLOUD_CURRENCY
        text = written(shown, "currency", digits, code)
        return say(_PER[per], amount=text) if per else text
    if name in SHARES:
        return written(shown / 100, "percent", digits)
    text = number(shown, digits)
    if name == "x":
        return f"{text}{TIMES}"
    if name in _BARE:
        return text
    named = _NAMES.get(name, name)
    return say_many(f"{{count}} {named.removesuffix('s')}", f"{{count}} {named}", abs(value), count=text)
