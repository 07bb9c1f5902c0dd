"""What is compared and calculated: exact numbers, days and text; no fraction becomes a binary float."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Literal
from zoneinfo import ZoneInfo

from executive_suite.conditions.grammar import PredicateError

_KINDS: Mapping[type, str] = {bool: "boolean", int: "number", Decimal: "number", datetime: "instant", date: "day"}
_SIGNS: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def kind(value: Any) -> str:
    """What a value is: boolean, number, instant, day or text. Values of one kind can be compared as they are."""
    return _KINDS.get(type(value), "text")


def local(value: Any, zone: ZoneInfo) -> Any:
    """An instant as its day in a zone; anything else as it is."""
    return value.astimezone(zone).date() if isinstance(value, datetime) else value


def compared(one: Any, sign: str, other: Any, zone: ZoneInfo) -> bool | None:
    """Whether ``one sign other``; None (unknown) where a side is blank.

    Two instants are compared as such; an instant and a day, or a date as text, as days of the zone.

    Raises:
        PredicateError: the values cannot be compared.
    """
    if one is None or other is None:
        return None
    kinds = (kind(one), kind(other))
    if kinds[0] == kinds[1]:
        return bool(_SIGNS[sign](one, other))
    if "day" in kinds or "instant" in kinds:
        return bool(_SIGNS[sign](_day(local(one, zone)), _day(local(other, zone))))
    if "number" in kinds:
        return bool(_SIGNS[sign](_number(one), _number(other)))
    msg = f"cannot compare {example(one)} with {example(other)}"
    raise PredicateError(msg)


def calculated(one: Any, sign: Literal["+", "-", "*", "/"], other: Any) -> Decimal | date | None:
    """``one sign other``: numbers give a number, a day and whole days a day, two days the days between.

    None where a side is blank, and for a division by zero.

    Raises:
        PredicateError: the values cannot be calculated with.
    """
    left, right = _operand(one), _operand(other)
    if left is None or right is None or (sign == "/" and not right):
        return None
    try:
        if isinstance(left, date) and isinstance(right, Decimal) and right == right.to_integral_value():
            right = timedelta(days=int(right))
        found = _SIGNS[sign](left, right)
    except (TypeError, OverflowError):
        msg = f"cannot calculate {example(one)} {sign} {example(other)}"
        raise PredicateError(msg) from None
    return Decimal(found.days) if isinstance(found, timedelta) else found


def _operand(value: Any) -> Any:
    if value is None or isinstance(value, date | Decimal):
        return value
    try:
        return Decimal(str(value))
    except InvalidOperation:
        msg = f"only numbers and days can be calculated with, not {example(value)}"
        raise PredicateError(msg) from None


def _number(value: Any) -> Any:
    try:
        return value if isinstance(value, int | Decimal) else Decimal(str(value))
    except InvalidOperation:
        msg = f"{example(value)} is not a number"
        raise PredicateError(msg) from None


@functools.lru_cache(maxsize=1024)
def _day(value: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        return datetime.strptime(str(value), "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        msg = f"{example(value)} is not a date (YYYY-MM-DD)"
        raise PredicateError(msg) from None


def example(value: Any) -> str:
    """A value to show in a message."""
    return f"{value!r:.60}"
