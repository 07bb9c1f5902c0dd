"""What a term gives for every row of a frame: exact numbers, days and text, whole columns at a time.

A value is a column (pandas Series) or one scalar for all rows. Numbers are integer columns or columns of ``Decimal``;
no fraction becomes a binary float.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, TypeGuard

import numpy as np
import numpy.typing as npt
import pandas as pd

from executive_suite.conditions.grammar import PredicateError
from executive_suite.facts.fact import MissingInputError
from executive_suite.sources.spelling import closest

Mask = npt.NDArray[np.bool_]
Scalar = str | Decimal | bool | date | None

_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def column(name: str, frame: pd.DataFrame) -> pd.Series[Any]:
    """A column of the frame.

    Raises:
        MissingInputError: it is absent.
    """
    if name not in frame.columns:
        guess = closest(name, map(str, frame.columns))
        msg = f"column {name} is absent{f' (perhaps {guess})' if guess else ''}"
        raise MissingInputError(msg)
    return frame[name]


def calculated(left: pd.Series[Any] | Scalar, sign: str, right: pd.Series[Any] | Scalar) -> pd.Series[Any] | Scalar:
    """``left sign right``: numbers give a number, a day and whole days a day, two days the days between.

    Raises:
        PredicateError: the values cannot be calculated with.
    """
    if isinstance(left, pd.Series) and _is_whole(right) and sign in ("+", "-"):  # whole columns without a copy
        shift = int(right) if sign == "+" else -int(right)
        if is_day(left):
            return left + pd.to_timedelta(shift, unit="D")
        if pd.api.types.is_integer_dtype(left.dtype):
            return left + shift
    columns = [value for value in (left, right) if isinstance(value, pd.Series)]
    rows = len(columns[0]) if columns else 1
    found = [_pair(one, sign, other) for one, other in zip(_cells(left, rows), _cells(right, rows), strict=True)]
    if not columns:
        return found[0]
    days = any(isinstance(value, date) for value in found)
    return pd.Series(found, index=columns[0].index, dtype="datetime64[us]" if days else "object")


def _is_whole(value: pd.Series[Any] | Scalar) -> TypeGuard[Decimal]:
    return isinstance(value, Decimal) and value == value.to_integral_value()


def _cells(value: pd.Series[Any] | Scalar, rows: int) -> Sequence[Decimal | date | None]:
    """The value in each row: a number, a day or nothing."""
    if not isinstance(value, pd.Series):
        return [value if isinstance(value, date) else _exact(value)] * rows
    if is_day(value):
        return [None if pd.isna(cell) else cell.date() for cell in value.tolist()]
    return [_exact(cell) for cell in value.tolist()]


def _exact(cell: Any) -> Decimal | None:
    if cell is None or cell is pd.NA or cell != cell:  # noqa: PLR0124 - a blank float is not itself
        return None
    try:
        return Decimal(str(cell))
    except InvalidOperation:
        msg = f"only numbers and days can be calculated with, not {example(cell)}"
        raise PredicateError(msg) from None


def _pair(one: Any, sign: str, other: Any) -> Decimal | date | None:
    if one is None or other is None or (sign == "/" and not other):
        return None
    if isinstance(one, date) and isinstance(other, Decimal) and other == other.to_integral_value():
        other = timedelta(days=int(other))
    try:
        found = _ARITHMETIC[sign](one, other)
    except TypeError:
        msg = f"cannot calculate {example(one)} {sign} {example(other)}"
        raise PredicateError(msg) from None
    return Decimal(found.days) if isinstance(found, timedelta) else found


def as_numbers(series: pd.Series[Any]) -> pd.Series[Any]:
    """A column without blanks as exact numbers.

    Raises:
        PredicateError: a cell is no number.
    """
    if pd.api.types.is_integer_dtype(series.dtype):
        return series
    try:
        return series.map(lambda value: value if isinstance(value, int) else Decimal(str(value))).astype(object)
    except InvalidOperation:
        msg = f"{example(series)} is not a number"
        raise PredicateError(msg) from None


def null(value: pd.Series[Any] | Scalar, rows: int) -> Mask:
    """Where there is no value."""
    if isinstance(value, pd.Series):
        return value.isna().to_numpy(dtype=bool)
    return np.full(rows, value is None)


def where(value: pd.Series[Any] | Scalar, mask: Mask, rows: int) -> pd.Series[Any]:
    """The values that the mask selects as one column, positions renumbered."""
    if isinstance(value, pd.Series):
        return value[mask].reset_index(drop=True)
    if isinstance(value, date):
        return pd.Series([pd.Timestamp(value)] * int(mask.sum()))
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return pd.Series([int(value)] * int(mask.sum()))
    return pd.Series([value] * int(min(rows, mask.sum())), dtype=bool if isinstance(value, bool) else object)


def is_day(value: pd.Series[Any] | Scalar) -> bool:
    """Whether it is a column of days or instants, or one day."""
    if isinstance(value, pd.Series):
        return bool(pd.api.types.is_datetime64_any_dtype(value.dtype))
    return isinstance(value, date)


def is_text(value: pd.Series[Any] | Scalar) -> TypeGuard[pd.Series[Any]]:
    """Whether it is a column of text, plain or dictionary-encoded."""
    if not isinstance(value, pd.Series):
        return False
    kind = value.cat.categories.dtype if isinstance(value.dtype, pd.CategoricalDtype) else value.dtype
    return isinstance(kind, pd.StringDtype)


def is_boolean(series: pd.Series[Any]) -> bool:
    """Whether it is a column of booleans."""
    return bool(pd.api.types.is_bool_dtype(series.dtype))


def is_number(series: pd.Series[Any]) -> bool:
    """Whether it is a column of integers or decimals."""
    if pd.api.types.is_integer_dtype(series.dtype):
        return True
    return bool(series.dtype == object and len(series) and isinstance(series.iloc[0], Decimal))


def example(value: pd.Series[Any] | Scalar) -> str:
    """A value to show in a message."""
    if isinstance(value, pd.Series):
        return f"{value.iloc[0]!r:.60}" if len(value) else "nothing"
    return f"{value!r:.60}"
