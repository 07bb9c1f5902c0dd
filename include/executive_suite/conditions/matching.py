"""Which rows of a table meet a condition: three-valued as in SQL, whole columns at a time."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, TypeGuard

import numpy as np
import numpy.typing as npt
import pandas as pd

from executive_suite.conditions import grammar
from executive_suite.conditions.grammar import (
    All,
    Column,
    Compare,
    Condition,
    In,
    IsNull,
    Literal,
    Not,
    PredicateError,
    Select,
    Sum,
    Term,
    Variable,
)
from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import param
from executive_suite.facts.fact import MissingInputError
from executive_suite.sources.spelling import closest

Mask = npt.NDArray[np.bool_]
Scalar = str | Decimal | bool | date | None
Tables = Callable[[str], pd.DataFrame]

_OPERATORS: dict[str, Callable[..., pd.Series[Any]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def matching(condition: str, frame: pd.DataFrame, context: Context, tables: Tables | None = None) -> pd.DataFrame:
    """The rows of ``frame`` for which the condition is true (rows for which it is unknown are not among them).

    Args:
        condition: Text in the grammar of ``grammar``; blank text is true of every row.
        frame: Rows with the column types of a run's context.
        context: Gives ``$as_of``, parameters, the zone in which instants become days, and tables to select from.
        tables: Where sub-selects find their table instead.

    Raises:
        PredicateError: the text is not a condition, or compares what cannot be compared.
        MissingInputError: it reads a table, a column or a parameter that is absent.
    """
    if not condition.strip():
        return frame
    return _Evaluation(condition, context, tables or context.table).kept(grammar.parse(condition), frame)


@dataclass(frozen=True, slots=True)
class _Truth:
    """Where a condition is true and where it is false; neither means unknown."""

    true: Mask
    false: Mask


@dataclass(frozen=True, slots=True)
class _Evaluation:
    text: str
    context: Context
    tables: Tables

    def kept(self, condition: Condition, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows for which it is true; of conditions that must all hold, each looks at what the last one left."""
        parts = condition.conditions if isinstance(condition, All) else (condition,)
        for part in parts:
            frame = frame[self.of(part, frame).true]
        return frame

    def of(self, condition: Condition, frame: pd.DataFrame) -> _Truth:
        """Where it is true and where it is false, row by row."""
        match condition:
            case Compare(left, sign, right):
                return self._compare(self._value(left, frame), sign, self._value(right, frame), len(frame))
            case IsNull(term, negated):
                null = _null(self._value(term, frame), len(frame))
                return _Truth(~null, null) if negated else _Truth(null, ~null)
            case In(term, choices, negated):
                found = self._among(self._value(term, frame), choices, len(frame))
                return _Truth(found.false, found.true) if negated else found
            case Not(inner):
                truth = self.of(inner, frame)
                return _Truth(truth.false, truth.true)
            case All(conditions):
                parts = [self.of(inner, frame) for inner in conditions]
                return _Truth(
                    np.logical_and.reduce([p.true for p in parts]), np.logical_or.reduce([p.false for p in parts])
                )
            case grammar.Any(conditions):
                parts = [self.of(inner, frame) for inner in conditions]
                return _Truth(
                    np.logical_or.reduce([p.true for p in parts]), np.logical_and.reduce([p.false for p in parts])
                )

    def _value(self, term: Term, frame: pd.DataFrame) -> pd.Series[Any] | Scalar:
        match term:
            case Literal(value):
                return value
            case Variable("as_of"):
                return self.context.report_date
            case Variable(name):
                return param(self.context, name).value
            case Column(name):
                return _column(name, frame)
            case Sum(left, sign, right):
                return self._add(self._value(left, frame), sign, self._value(right, frame))

    def _add(self, left: pd.Series[Any] | Scalar, sign: str, right: pd.Series[Any] | Scalar) -> pd.Series[Any] | Scalar:
        """A day and a number give a day, two numbers a number; columns are whole numbers or days."""
        amount = self._addend(right)
        if sign == "-":
            amount = -amount
        if isinstance(left, pd.Series):
            if _is_day(left):
                return self._days(left) + pd.to_timedelta(amount, unit="D")
            total = self._addend(left) + amount
            return total if isinstance(total, pd.Series) else Decimal(total)
        if isinstance(left, date):
            moved = pd.Timestamp(left) + pd.to_timedelta(amount, unit="D")
            return moved if isinstance(moved, pd.Series) else moved.date()
        total = self._addend(left) + amount
        return total if isinstance(total, pd.Series) else Decimal(total)

    def _addend(self, value: pd.Series[Any] | Scalar) -> pd.Series[Any] | int:
        if isinstance(value, pd.Series) and pd.api.types.is_integer_dtype(value.dtype):
            return value
        if isinstance(value, Decimal) and value == value.to_integral_value():
            return int(value)
        msg = f"condition {self.text!r}: only whole numbers can be added, not {value!r:.60}"
        raise PredicateError(msg)

    def _days(self, series: pd.Series[Any]) -> pd.Series[Any]:
        """Instants as days of the group's zone; days as they are."""
        if isinstance(series.dtype, pd.DatetimeTZDtype):
            days: pd.Series[Any] = series.dt.tz_convert(self.context.zone).dt.tz_localize(None).dt.normalize()
            return days
        return series

    def _compare(self, left: pd.Series[Any] | Scalar, sign: str, right: pd.Series[Any] | Scalar, rows: int) -> _Truth:
        known = ~(_null(left, rows) | _null(right, rows))
        held = np.zeros(rows, dtype=bool)
        if _is_text(left) and isinstance(right, str) and sign in ("=", "!="):  # the usual case, without a copy
            held = known & ((left == right).to_numpy(dtype=bool, na_value=False) == (sign == "="))
        elif known.any():
            one, other = self._alike(_where(left, known, rows), _where(right, known, rows))
            try:
                held[known] = _OPERATORS[sign](one, other).to_numpy(dtype=bool)
            except TypeError:
                msg = f"condition {self.text!r}: cannot compare {_example(one)} with {_example(other)}"
                raise PredicateError(msg) from None
        return _Truth(known & held, known & ~held)

    def _alike(self, left: pd.Series[Any], right: pd.Series[Any]) -> tuple[pd.Series[Any], pd.Series[Any]]:
        """Both sides in one type: days, numbers, booleans or text."""
        if _is_day(left) or _is_day(right):
            both_instants = isinstance(left.dtype, pd.DatetimeTZDtype) and isinstance(right.dtype, pd.DatetimeTZDtype)
            return (left, right) if both_instants else (self._as_days(left), self._as_days(right))
        if _is_number(left) or _is_number(right):
            return self._as_numbers(left), self._as_numbers(right)
        if _is_boolean(left) != _is_boolean(right):
            msg = f"condition {self.text!r}: cannot compare {_example(left)} with {_example(right)}"
            raise PredicateError(msg)
        return (left, right) if _is_boolean(left) else (left.astype(object), right.astype(object))

    def _as_days(self, series: pd.Series[Any]) -> pd.Series[Any]:
        if pd.api.types.is_datetime64_any_dtype(series.dtype):
            return self._days(series)
        try:
            return pd.to_datetime(series.astype(str), format="%Y-%m-%d")
        except ValueError:
            msg = f"condition {self.text!r}: {_example(series)} is not a date (YYYY-MM-DD)"
            raise PredicateError(msg) from None

    def _as_numbers(self, series: pd.Series[Any]) -> pd.Series[Any]:
        if pd.api.types.is_integer_dtype(series.dtype):
            return series
        try:
            return series.map(lambda value: value if isinstance(value, int) else Decimal(str(value))).astype(object)
        except InvalidOperation:
            msg = f"condition {self.text!r}: {_example(series)} is not a number"
            raise PredicateError(msg) from None

    def _among(self, value: pd.Series[Any] | Scalar, choices: tuple[Term, ...] | Select, rows: int) -> _Truth:
        if isinstance(choices, Select):
            return self._among_selected(value, choices, rows)
        parts = [self._compare(value, "=", self._value(choice, pd.DataFrame()), rows) for choice in choices]
        return _Truth(np.logical_or.reduce([p.true for p in parts]), np.logical_and.reduce([p.false for p in parts]))

    def _among_selected(self, value: pd.Series[Any] | Scalar, choices: Select, rows: int) -> _Truth:
        frame = self.tables(choices.table)
        if choices.where is not None:
            frame = self.kept(choices.where, frame)
        found = _column(choices.column, frame)
        values = pd.Series(found.dropna().unique())
        known = ~_null(value, rows)
        held = np.zeros(rows, dtype=bool)
        if _is_text(value) and _is_text(values):  # the usual case, without a copy
            held = known & value.isin(values).to_numpy(dtype=bool)
        elif known.any() and len(values):
            one, among = self._alike(_where(value, known, rows), values)
            held[known] = one.isin(among).to_numpy(dtype=bool)
        if not len(frame):  # nothing is in an empty list, not even null
            return _Truth(held, np.ones(rows, dtype=bool))
        surely_not = np.zeros(rows, dtype=bool) if found.isna().any() else known & ~held
        return _Truth(held, surely_not)


def _column(name: str, frame: pd.DataFrame) -> pd.Series[Any]:
    if name not in frame.columns:
        guess = closest(name, map(str, frame.columns))
        msg = f"column {name} is absent{f' (perhaps {guess})' if guess else ''}"
        raise MissingInputError(msg)
    return frame[name]


def _null(value: pd.Series[Any] | Scalar, rows: int) -> Mask:
    if isinstance(value, pd.Series):
        return value.isna().to_numpy(dtype=bool)
    return np.full(rows, value is None)


def _where(value: pd.Series[Any] | Scalar, mask: Mask, rows: int) -> pd.Series[Any]:
    """The known values as one column, positions renumbered."""
    if isinstance(value, pd.Series):
        return value[mask].reset_index(drop=True)
    if isinstance(value, date):
        return pd.Series([pd.Timestamp(value)] * int(mask.sum()))
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return pd.Series([int(value)] * int(mask.sum()))
    return pd.Series([value] * int(min(rows, mask.sum())), dtype=bool if isinstance(value, bool) else object)


def _is_day(value: pd.Series[Any] | Scalar) -> bool:
    if isinstance(value, pd.Series):
        return bool(pd.api.types.is_datetime64_any_dtype(value.dtype))
    return isinstance(value, date)


def _is_text(value: pd.Series[Any] | Scalar) -> TypeGuard[pd.Series[Any]]:
    """Whether it is a column of text, plain or dictionary-encoded."""
    if not isinstance(value, pd.Series):
        return False
    kind = value.cat.categories.dtype if isinstance(value.dtype, pd.CategoricalDtype) else value.dtype
    return isinstance(kind, pd.StringDtype)


def _is_boolean(series: pd.Series[Any]) -> bool:
    return bool(pd.api.types.is_bool_dtype(series.dtype))


def _is_number(series: pd.Series[Any]) -> bool:
    if pd.api.types.is_integer_dtype(series.dtype):
        return True
    return bool(series.dtype == object and len(series) and isinstance(series.iloc[0], Decimal))


def _example(series: pd.Series[Any]) -> str:
    return repr(series.iloc[0]) if len(series) else "nothing"
