"""One cell of input: from text to an exact value, or the rule that it breaks and what to do about it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

from executive_suite.schema.tables import Column

Cell = int | str | bool | date | datetime

TRUE = frozenset({"true", "t", "1"})
FALSE = frozenset({"false", "f", "0"})

BLANKS = ("", "NULL", "\\N")
"""Null markers: blank, and those in database exports."""

REFUSED = "\0"
"""Marks a cell that could not be converted and is a fault already; no text has a NUL."""

_WHOLE = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)", re.ASCII)
_DECIMAL = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)?(\.\d*)?([eE][+-]?\d{1,2})?", re.ASCII)
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_DAY_ALONE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2})(?:(:\d{2})(?:(:\d{2})(?:\.(\d{1,9}))?)?)?\s?(Z|UTC|[+-]\d{2}(?::?\d{2})?)?",
    re.ASCII | re.IGNORECASE,
)
_INT64 = 2**63
_BRACKETED = re.compile(r"\(.+\)|.+-")

MOST_CENTS = 10**15
"""Ten trillion in any currency: more is a typing error, and sums of less never exceed 64 bits."""

FIRST_DAY = date(1900, 1, 1)
"""Earlier days are truncated years or a spreadsheet's zero."""

_MICROSECOND_DIGITS = 6


class CellError(ValueError):
    """A cell that cannot be read.

    Attributes:
        rule: What it should have been.
        advice: What to do about it.
    """

    def __init__(self, rule: str, advice: str) -> None:
        super().__init__(rule)
        self.rule = rule
        self.advice = advice


def parse(text: str, column: Column) -> Cell:
    """The value of a trimmed, non-blank cell.

    Returns:
        ``int`` for integers, exact decimal text for numbers, ``date``, UTC ``datetime``, ``bool`` or the text itself.
        A day alone in a column of instants is a ``date``: when it began depends on whose day it is.

    Raises:
        CellError: the text is not a value of the column's kind.

    >>> parse("1,250", Column("amount_cents", "integer"))
    1250
    >>> parse("2026-05-01T07:00:00+02:00", Column("posted_at", "datetime")).isoformat()
    '2026-05-01T05:00:00+00:00'
    """
    if column.kind == "integer":
        return _integer(text, money=column.money)
    if column.kind == "number":
        return decimal_text(text)
    if column.kind == "date":
        return _date(text)
    if column.kind == "datetime":
        return _instant(text)
    if column.kind == "boolean":
        return _boolean(text)
    return text


def _integer(text: str, *, money: bool) -> int:
    if _WHOLE.fullmatch(text):
        value = int(text.replace(",", ""))
        if money and not -MOST_CENTS <= value <= MOST_CENTS:
            rule = f"must be at most {MOST_CENTS:,} cents"
            raise CellError(rule, "check for digits run together")
        if -_INT64 <= value < _INT64:
            return value
        rule = "must be an integer of at most 64 bits"
        raise CellError(rule, "check for digits run together")
    if money:
        decimals = len(text.rpartition(".")[2]) if "." in text else 0
        kind = "without decimals" if decimals else "digits only"
        rule = f"must be a whole number of cents, {kind}"
        advice = "write 12.50 dollars as 1250, or state a unit for the column in sources.yaml"
        if _BRACKETED.fullmatch(text):
            advice = "write a negative amount with a leading minus, or state a unit for the column in sources.yaml"
        raise CellError(rule, advice)
    rule = "must be a whole number"
    raise CellError(rule, "write digits only, with an optional sign and thousands separators")


def decimal_text(text: str) -> str:
    """A decimal number as plain text: every digit kept, no separators, no exponent, no plus sign.

    Raises:
        CellError: not a finite decimal number.

    >>> decimal_text("1,234.50"), decimal_text("1.2E-5"), decimal_text("-.5")
    ('1234.50', '0.000012', '-0.5')
    """
    found = _DECIMAL.fullmatch(text)
    if not found or not (found[2] or (found[3] and len(found[3]) > 1)):
        rule = "must be a decimal number"
        raise CellError(rule, "write digits with a point as decimal separator; no currency sign, no NaN, no infinity")
    return format(Decimal(text.replace(",", "")), "f")


def _date(text: str) -> date:
    if found := _DAY.fullmatch(text):
        try:
            day = date.fromisoformat(found[1])
        except ValueError as error:
            rule = f"must be a day of the calendar ({error})"
            raise CellError(rule, "correct the day") from None
        return _plausible(day)
    rule = "must be a date as YYYY-MM-DD"
    raise CellError(rule, "write 2026-05-01, or state the column's format in sources.yaml")


def _instant(text: str) -> datetime | date:
    if _DAY_ALONE.fullmatch(text):
        return _date(text)
    found = _INSTANT.fullmatch(text)
    if not found:
        rule = "must be an instant as YYYY-MM-DDTHH:MM:SSZ"
        raise CellError(rule, "write 2026-05-01T07:00:00Z; without a zone it is read as UTC")
    day, hour, minute, second, fraction, zone = found.groups()
    micros = (fraction or "0")[:_MICROSECOND_DIGITS].ljust(_MICROSECOND_DIGITS, "0")
    offset = "+00:00" if zone is None or zone.upper() in {"Z", "UTC"} else zone
    try:
        moment = datetime.fromisoformat(f"{day}T{hour}{minute or ':00'}{second or ':00'}.{micros}{offset}").astimezone(
            UTC
        )
    except (ValueError, OverflowError) as error:
        rule = f"must be an instant of the calendar ({error})"
        raise CellError(rule, "correct day, time or offset") from None
    _plausible(moment.date())
    return moment


def _plausible(day: date) -> date:
    if day >= FIRST_DAY:
        return day
    rule = f"must be a day from {FIRST_DAY.year} on"
    raise CellError(rule, "correct the year; if the day is unknown, leave the cell blank")


def _boolean(text: str) -> bool:
    lower = text.lower()
    if lower in TRUE:
        return True
    if lower in FALSE:
        return False
    rule = "must be true or false"
    raise CellError(rule, "write true or false (t, f, 1 and 0 are read too)")
