"""Which rows meet a condition: three-valued as in SQL; a condition becomes one function of a row."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, assert_never

from executive_suite.conditions import grammar, terms, tree
from executive_suite.conditions.grammar import PredicateError
from executive_suite.conditions.rows import Cells, Rows, Test, of_table
from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import param
from executive_suite.facts.fact import MissingInputError
from executive_suite.sources.spelling import closest

Tables = Callable[[str], Rows]
Value = Callable[[Cells], Any]


def matching(condition: str, rows: Rows, context: Context, tables: Tables | None = None) -> Rows:
    """The rows for which the condition is true (rows for which it is unknown are not among them).

    Args:
        condition: Text in the grammar of ``grammar``; blank text is true of every row.
        rows: The rows.
        context: Gives ``$as_of``, parameters, the zone in which instants become days, and tables to select from.
        tables: Where sub-selects find their table instead.

    Raises:
        PredicateError: the text is not a condition, or compares what cannot be compared.
        MissingInputError: it reads a table, a column or a parameter that is absent.
    """
    if not condition.strip():
        return rows
    parsed = grammar.parse(condition)
    with _named(condition):
        test = _Reading(context, tables or partial(of_table, context), rows.columns).kept(parsed)
        return rows.where(test, tree.columns(parsed))


def calculation(term: str, columns: Collection[str], context: Context) -> Value:
    """What a term gives for a row with these columns.

    Raises:
        PredicateError: the text is not a term; the function raises it when it calculates with what is no number.
        MissingInputError: it reads a table, a column or a parameter that is absent.
    """
    parsed = grammar.parse_term(term)

    def calculated(row: Cells) -> Any:
        with _named(term):
            return value(row)

    with _named(term):
        value = _Reading(context, partial(of_table, context), columns).value(parsed)
    return calculated


@contextmanager
def _named(text: str) -> Iterator[None]:
    """Let a fault name the condition in which it occurs."""
    try:
        yield
    except PredicateError as fault:
        msg = f"condition {text!r}: {fault}"
        raise PredicateError(msg) from None


@dataclass(frozen=True, slots=True)
class _Reading:
    """Conditions and terms as functions of rows with some columns."""

    context: Context
    tables: Tables
    columns: Collection[str]

    def kept(self, condition: tree.Condition | None) -> Test:
        """Whether it is true of a row; of conditions that must all hold, each sees what those before it left."""
        parts = condition.conditions if isinstance(condition, tree.All) else (condition,)
        tests = [self.test(part) for part in parts if part is not None]
        return tests[0] if len(tests) == 1 else lambda row: all(test(row) for test in tests)

    def test(self, condition: tree.Condition) -> Test:
        """Whether it is true of a row; None where that is unknown."""
        match condition:
            case tree.Compare(left, sign, right):
                one, other, zone = self.value(left), self.value(right), self.context.zone
                return lambda row: terms.compared(one(row), sign, other(row), zone)
            case tree.IsNull(term, negated):
                value = self.value(term)
                return lambda row: (value(row) is None) != negated
            case tree.In(term, choices, negated):
                value, among = self.value(term), self._among(choices)
                return lambda row: _not(among(value(row))) if negated else among(value(row))
            case tree.Not(inner):
                test = self.test(inner)
                return lambda row: _not(test(row))
            case tree.All(conditions) | tree.Any(conditions):
                # Every part is evaluated, so that a fault in one shows whatever the others say.
                tests, decisive = [self.test(inner) for inner in conditions], isinstance(condition, tree.Any)
                return lambda row: _joined([test(row) for test in tests], decisive=decisive)
            case _:
                assert_never(condition)

    def value(self, term: tree.Term) -> Value:
        """What a term gives for a row."""
        match term:
            case tree.Literal() | tree.Variable():
                constant = self._constant(term)
                return lambda _: constant
            case tree.Column(name):
                if name not in self.columns:
                    guess = closest(name, self.columns)
                    msg = f"column {name} is absent{f' (perhaps {guess})' if guess else ''}"
                    raise MissingInputError(msg)
                return operator.itemgetter(name)
            case tree.Arithmetic(left, sign, right):
                one, other, day = self.value(left), self.value(right), partial(terms.local, zone=self.context.zone)
                return lambda row: terms.calculated(day(one(row)), sign, day(other(row)))
            case tree.Case(condition, then, otherwise):
                test, one, other = self.test(condition), self.value(then), self.value(otherwise)
                return lambda row: (other(row), one(row))[test(row) is True]
            case _:
                assert_never(term)

    def _constant(self, term: tree.Literal | tree.Variable) -> Any:
        if isinstance(term, tree.Literal):
            return term.value
        return self.context.report_date if term.name == "as_of" else param(self.context, term.name).value

    def _among(self, choices: tuple[tree.Literal | tree.Variable, ...] | tree.Select) -> Callable[[Any], bool | None]:
        """Whether a value is one of several; unknown, unless found, where one of these is blank."""
        values = self._selected(choices) if isinstance(choices, tree.Select) else [*map(self._constant, choices)]
        known = {value for value in values if value is not None}
        kinds, zone = {terms.kind(value) for value in known}, self.context.zone
        otherwise = None if None in values else False

        def among(value: Any) -> bool | None:
            if value is None:
                return None if values else False  # nothing is in an empty list, not even null
            if {terms.kind(value)} == kinds:
                return value in known or otherwise
            return _joined([terms.compared(value, "=", one, zone) for one in known], decisive=True) or otherwise

        return among

    def _selected(self, select: tree.Select) -> Sequence[Any]:
        rows = self.tables(select.table)
        inner, reads = replace(self, columns=rows.columns), {select.column}
        if select.where is not None:
            reads |= tree.columns(select.where)
        test, value = inner.kept(select.where), inner.value(tree.Column(select.column))
        return tuple(dict.fromkeys(value(row) for row in rows.combinations(reads) if test(row)))


def _not(truth: bool | None) -> bool | None:  # noqa: FBT001 - a truth value of SQL
    return None if truth is None else not truth


def _joined(truths: Sequence[bool | None], *, decisive: bool) -> bool | None:
    """Truths joined by ``or`` (true decides) or ``and`` (false decides); unknown leaves it open."""
    if decisive in truths:
        return decisive
    return None if None in truths else not decisive
