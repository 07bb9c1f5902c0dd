"""The condition language: what it accepts, what it refuses, and that it only ever reads."""

from __future__ import annotations

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.conditions import grammar, tree
from executive_suite.conditions.grammar import PredicateError
from executive_suite.conditions.tree import (
    All,
    Arithmetic,
    Column,
    Compare,
    In,
    IsNull,
    Literal,
    Not,
    Select,
    Variable,
)


def test_and_binds_tighter_than_or_as_in_sql() -> None:
    # SQL-92, 8.12 <search condition>: a boolean term (AND) is an operand of OR.
    a, b, c = (Compare(Column(name), "=", Literal(Decimal(1))) for name in "abc")
    assert grammar.parse("a = 1 or b = 1 and c = 1") == tree.Any((a, All((b, c))))
    assert grammar.parse("(a = 1 or b = 1) and c = 1") == All((tree.Any((a, b)), c))


def test_the_forms_that_the_kpi_catalogue_uses() -> None:
    text = "stage not in ('won','lost') and (expected_close is null or expected_close >= $as_of)"
    assert grammar.parse(text) == All(
        (
            In(Column("stage"), (Literal("won"), Literal("lost")), negated=True),
            tree.Any(
                (
                    IsNull(Column("expected_close"), negated=False),
                    Compare(Column("expected_close"), ">=", Variable("as_of")),
                )
            ),
        )
    )
    nested = grammar.parse("channel_id in (select channel_id from channel where type = 'ota')")
    assert nested == In(
        Column("channel_id"),
        Select("channel_id", "channel", Compare(Column("type"), "=", Literal("ota"))),
        negated=False,
    )


def test_a_quote_inside_text_is_doubled() -> None:
    assert grammar.parse("name = 'O''Hara'") == Compare(Column("name"), "=", Literal("O'Hara"))


def test_keywords_come_in_any_case_and_a_double_not_cancels_out() -> None:
    assert grammar.parse("NOT NOT a IS NOT NULL") == IsNull(Column("a"), negated=True)
    assert grammar.parse("not a is null") == Not(IsNull(Column("a"), negated=False))


def test_days_may_be_added_to_a_day() -> None:
    assert grammar.parse("d <= $as_of + 90") == Compare(
        Column("d"), "<=", Arithmetic(Variable("as_of"), "+", Literal(Decimal(90)))
    )


def test_products_bind_tighter_than_sums() -> None:
    a, b, c = (Column(name) for name in "abc")
    assert grammar.parse_term("a - b * c") == Arithmetic(a, "-", Arithmetic(b, "*", c))
    assert grammar.parse_term("a / b / c") == Arithmetic(Arithmetic(a, "/", b), "/", c)
    with pytest.raises(PredicateError, match="expected the end"):
        grammar.parse_term("a > b")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a =",
        "= 1",
        "a = 1 and",
        "a = 1 b = 2",
        "(a = 1",
        "a in ()",
        "a in (1",
        "a in (select from t)",
        "a is",
        "a is not",
        "a not = 1",
        "a = 'open",
        "a = 1; drop table b",
        "a = f(1)",
        "a.b = 1",
        "a == 1",
        "__import__('os')",
        "a = `b`",
        'a = "b"',
        "a = -'x'",
        "not",
        "a = 1 or or b = 1",
        "a * = 1",
        "case when a = 1 then 2 = 2",
        "case a then 1 end = 1",
    ],
)
def test_what_is_not_in_the_grammar_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(PredicateError) as refused:
        grammar.parse(text)
    assert repr(text)[:20] in str(refused.value)


def test_a_condition_too_long_or_too_deep_is_refused() -> None:
    with pytest.raises(PredicateError, match="at most 4000"):
        grammar.parse("a = 1 or " * 1000)
    with pytest.raises(PredicateError, match="nested deeper"):
        grammar.parse("(" * 100 + "a = 1" + ")" * 100)
    with pytest.raises(PredicateError, match="nested deeper"):
        grammar.parse("case when a = 1 then " * 100 + "1" + " end" * 100 + " = 1")


@given(st.text(max_size=60))
def test_any_text_is_parsed_or_refused_and_nothing_else(text: str) -> None:
    with contextlib.suppress(PredicateError):
        grammar.parse(text)


def test_columns_are_those_of_the_row_at_hand() -> None:
    text = "a = 1 and b in (select c from t where d = 2) or not (e + 1 > f * g)"
    assert tree.columns(grammar.parse(text)) == {"a", "b", "e", "f", "g"}
    assert tree.columns(grammar.parse_term("case when a is null then b else c end")) == {"a", "b", "c"}
