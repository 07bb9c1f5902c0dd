"""Which rows meet a condition: three-valued as in SQL, whole columns at a time."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, assert_never

import numpy as np
import pandas as pd

from executive_suite.conditions import grammar, terms, tree
from executive_suite.conditions.grammar import PredicateError
from executive_suite.conditions.terms import Mask, Scalar
from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import param

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
        frame: Rows with the column types of a run's context; numbers may also be ``Decimal``.
        context: Gives ``$as_of``, parameters, the zone in which instants become days, and tables to select from.
        tables: Where sub-selects find their table instead.

    Raises:
        PredicateError: the text is not a condition, or compares what cannot be compared.
        MissingInputError: it reads a table, a column or a parameter that is absent.
    """
    if not condition.strip():
        return frame
    parsed = grammar.parse(condition)
    with _named(condition):
        return _Evaluation(context, tables or context.table).kept(parsed, frame)


def calculated(term: str, frame: pd.DataFrame, context: Context) -> pd.Series[Any]:
    """What a term gives for each row of ``frame``, as a column.

    Raises:
        PredicateError: the text is not a term, or calculates with what is no number.
        MissingInputError: it reads a table, a column or a parameter that is absent.
    """
    parsed = grammar.parse_term(term)
    with _named(term):
        value = _Evaluation(context, context.table).value(parsed, frame)
    return value if isinstance(value, pd.Series) else pd.Series([value] * len(frame), index=frame.index, dtype="object")


@contextmanager
def _named(text: str) -> Iterator[None]:
    """Let a fault name the condition in which it occurs."""
    try:
        yield
    except PredicateError as fault:
        msg = f"condition {text!r}: {fault}"
        raise PredicateError(msg) from None


@dataclass(frozen=True, slots=True)
class _Truth:
    """Where a condition is true and where it is false; neither means unknown."""

    true: Mask
    false: Mask


@dataclass(frozen=True, slots=True)
class _Evaluation:
    context: Context
    tables: Tables

    def kept(self, condition: tree.Condition, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows for which it is true; of conditions that must all hold, each looks at what the last one left."""
        parts = condition.conditions if isinstance(condition, tree.All) else (condition,)
        for part in parts:
            frame = frame[self.of(part, frame).true]
        return frame

    def of(self, condition: tree.Condition, frame: pd.DataFrame) -> _Truth:
        """Where it is true and where it is false, row by row."""
        match condition:
            case tree.Compare(left, sign, right):
                return self._compare(self.value(left, frame), sign, self.value(right, frame), len(frame))
            case tree.IsNull(term, negated):
                null = terms.null(self.value(term, frame), len(frame))
                return _Truth(~null, null) if negated else _Truth(null, ~null)
            case tree.In(term, choices, negated):
                found = self._among(self.value(term, frame), choices, len(frame))
                return _Truth(found.false, found.true) if negated else found
            case tree.Not(inner):
                truth = self.of(inner, frame)
                return _Truth(truth.false, truth.true)
            case tree.All(conditions):
                return _every([self.of(inner, frame) for inner in conditions])
            case tree.Any(conditions):
                return _some([self.of(inner, frame) for inner in conditions])
            case _:
                assert_never(condition)

    def value(self, term: tree.Term, frame: pd.DataFrame) -> pd.Series[Any] | Scalar:
        """What a term gives: a column, or one value for every row."""
        match term:
            case tree.Literal(value):
                return value
            case tree.Variable("as_of"):
                return self.context.report_date
            case tree.Variable(name):
                return param(self.context, name).value
            case tree.Column(name):
                return terms.column(name, frame)
            case tree.Arithmetic(left, sign, right):
                return terms.calculated(self._operand(left, frame), sign, self._operand(right, frame))
            case tree.Case(condition, then, otherwise):
                holds = self.of(condition, frame).true
                chosen = [self._listed(part, frame) for part in (then, otherwise)]
                cells = [one if held else other for held, one, other in zip(holds, *chosen, strict=True)]
                return pd.Series(cells, index=frame.index, dtype="object")
            case _:
                assert_never(term)

    def _listed(self, term: tree.Term, frame: pd.DataFrame) -> list[Any]:
        value = self.value(term, frame)
        return value.tolist() if isinstance(value, pd.Series) else [value] * len(frame)

    def _operand(self, term: tree.Term, frame: pd.DataFrame) -> pd.Series[Any] | Scalar:
        value = self.value(term, frame)
        return self._days(value) if isinstance(value, pd.Series) else value

    def _days(self, value: pd.Series[Any]) -> pd.Series[Any]:
        """Instants as days of the group's zone; anything else as it is."""
        if not isinstance(value.dtype, pd.DatetimeTZDtype):
            return value
        days: pd.Series[Any] = value.dt.tz_convert(self.context.zone).dt.tz_localize(None).dt.normalize()
        return days

    def _compare(self, left: pd.Series[Any] | Scalar, sign: str, right: pd.Series[Any] | Scalar, rows: int) -> _Truth:
        known = ~(terms.null(left, rows) | terms.null(right, rows))
        held = np.zeros(rows, dtype=bool)
        if terms.is_text(left) and isinstance(right, str) and sign in ("=", "!="):  # the usual case, without a copy
            held = known & ((left == right).to_numpy(dtype=bool, na_value=False) == (sign == "="))
        elif known.any():
            one, other = self._alike(terms.where(left, known, rows), terms.where(right, known, rows))
            try:
                held[known] = _OPERATORS[sign](one, other).to_numpy(dtype=bool)
            except TypeError:
                raise _unlike(one, other) from None
        return _Truth(known & held, known & ~held)

    def _alike(self, left: pd.Series[Any], right: pd.Series[Any]) -> tuple[pd.Series[Any], pd.Series[Any]]:
        """Both sides in one type: days, numbers, booleans or text."""
        if terms.is_day(left) or terms.is_day(right):
            both_instants = isinstance(left.dtype, pd.DatetimeTZDtype) and isinstance(right.dtype, pd.DatetimeTZDtype)
            return (left, right) if both_instants else (self._as_days(left), self._as_days(right))
        if terms.is_number(left) or terms.is_number(right):
            return terms.as_numbers(left), terms.as_numbers(right)
        if terms.is_boolean(left) != terms.is_boolean(right):
            raise _unlike(left, right)
        return (left, right) if terms.is_boolean(left) else (left.astype(object), right.astype(object))

    def _as_days(self, series: pd.Series[Any]) -> pd.Series[Any]:
        if terms.is_day(series):
            return self._days(series)
        try:
            return pd.to_datetime(series.astype(str), format="%Y-%m-%d")
        except ValueError:
            msg = f"{terms.example(series)} is not a date (YYYY-MM-DD)"
            raise PredicateError(msg) from None

    def _among(self, value: pd.Series[Any] | Scalar, choices: tuple[tree.Term, ...] | tree.Select, rows: int) -> _Truth:
        if isinstance(choices, tree.Select):
            return self._among_selected(value, choices, rows)
        return _some([self._compare(value, "=", self.value(choice, pd.DataFrame()), rows) for choice in choices])

    def _among_selected(self, value: pd.Series[Any] | Scalar, choices: tree.Select, rows: int) -> _Truth:
        frame = self.tables(choices.table)
        if choices.where is not None:
            frame = self.kept(choices.where, frame)
        found = terms.column(choices.column, frame)
        values = pd.Series(found.dropna().unique())
        known = ~terms.null(value, rows)
        held = np.zeros(rows, dtype=bool)
        if terms.is_text(value) and terms.is_text(values):  # the usual case, without a copy
            held = known & value.isin(values).to_numpy(dtype=bool)
        elif known.any() and len(values):
            one, among = self._alike(terms.where(value, known, rows), values)
            held[known] = one.isin(among).to_numpy(dtype=bool)
        if not len(frame):  # nothing is in an empty list, not even null
            return _Truth(held, np.ones(rows, dtype=bool))
        surely_not = np.zeros(rows, dtype=bool) if found.isna().any() else known & ~held
        return _Truth(held, surely_not)


def _every(parts: list[_Truth]) -> _Truth:
    return _Truth(np.logical_and.reduce([p.true for p in parts]), np.logical_or.reduce([p.false for p in parts]))


def _some(parts: list[_Truth]) -> _Truth:
    return _Truth(np.logical_or.reduce([p.true for p in parts]), np.logical_and.reduce([p.false for p in parts]))


def _unlike(one: pd.Series[Any], other: pd.Series[Any]) -> PredicateError:
    return PredicateError(f"cannot compare {terms.example(one)} with {terms.example(other)}")
