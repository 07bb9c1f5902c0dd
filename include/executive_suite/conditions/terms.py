"""What a term gives for every row of a frame: exact numbers, days and text, whole columns at a time.

A value is a column (pandas Series) or one scalar for all rows. Numbers are integer columns or columns of ``Decimal``;
no fraction becomes a binary float.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from datetime import date
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
    if is_day(left):
        if is_day(right) and sign == "-":
            between = _midnights(left) - _midnights(right)
            return between.dt.days.astype("Int64") if isinstance(between, pd.Series) else Decimal(between.days)
        if sign in ("+", "-"):
            shift = pd.to_timedelta(_whole_days(right), unit="D")
            moved = _midnights(left) + (shift if sign == "+" else -shift)
            return moved if isinstance(moved, pd.Series) else moved.date()
    one, other = _operand(left), _operand(right)
    if sign in ("+", "-") and _is_integer(one) and _is_integer(other):  # whole columns without a copy
        total: pd.Series[Any] | int = _ARITHMETIC[sign](_native(one), _native(other))
        return total if isinstance(total, pd.Series) else Decimal(total)
    return _elementwise(one, sign, other)


def _elementwise(
    one: pd.Series[Any] | Decimal | None, sign: str, other: pd.Series[Any] | Decimal | None
) -> pd.Series[Any] | Decimal | None:
    columns = [value for value in (one, other) if isinstance(value, pd.Series)]
    rows = len(columns[0]) if columns else 1
    found = [_pair(a, sign, b) for a, b in zip(_cells(one, rows), _cells(other, rows), strict=True)]
    return pd.Series(found, index=columns[0].index, dtype="object") if columns else found[0]


def _pair(one: Any, sign: str, other: Any) -> Decimal | None:
    if one is None or other is None or (sign == "/" and not other):
        return None
    found: Decimal = _ARITHMETIC[sign](one, other)
    return found


def _cells(value: pd.Series[Any] | Decimal | None, rows: int) -> Sequence[Decimal | None]:
    if isinstance(value, pd.Series):
        return [None if pd.isna(cell) else Decimal(cell) for cell in value.tolist()]
    return [value] * rows


def _operand(value: pd.Series[Any] | Scalar) -> pd.Series[Any] | Decimal | None:
    if value is None or (isinstance(value, Decimal) and not isinstance(value, bool)):
        return value
    if isinstance(value, pd.Series) and (pd.api.types.is_integer_dtype(value.dtype) or value.isna().all()):
        return value
    if isinstance(value, pd.Series) and not is_boolean(value) and not is_day(value):
        try:
            return value.map(lambda cell: None if pd.isna(cell) else Decimal(str(cell))).astype("object")
        except InvalidOperation:
            pass
    msg = f"only numbers and days can be calculated with, not {example(value)}"
    raise PredicateError(msg)


def _whole_days(value: pd.Series[Any] | Scalar) -> pd.Series[Any] | int:
    days = _operand(value)
    if isinstance(days, Decimal) and days == days.to_integral_value():
        return int(days)
    if isinstance(days, pd.Series):
        if pd.api.types.is_integer_dtype(days.dtype):
            return days
        cells = _cells(days, len(days))
        if all(cell is None or cell == cell.to_integral_value() for cell in cells):
            whole = [None if cell is None else int(cell) for cell in cells]
            return pd.Series(whole, index=days.index, dtype="Int64")
    msg = f"only whole days can be added to a day, not {example(value)}"
    raise PredicateError(msg)


def _is_integer(value: pd.Series[Any] | Decimal | None) -> bool:
    if isinstance(value, pd.Series):
        return bool(pd.api.types.is_integer_dtype(value.dtype))
    return value is not None and value == value.to_integral_value()


def _native(value: pd.Series[Any] | Decimal | None) -> Any:
    return int(value) if isinstance(value, Decimal) else value


def _midnights(value: pd.Series[Any] | Scalar) -> Any:
    return pd.Timestamp(value) if isinstance(value, date) else value


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
