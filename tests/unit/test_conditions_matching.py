"""Which rows meet a condition: compared with SQLite, which is the other program here."""

from __future__ import annotations

import sqlite3
from datetime import date
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.conditions.grammar import PredicateError
from executive_suite.conditions.matching import calculated, matching
from executive_suite.dataset.context import Context
from executive_suite.facts.fact import MissingInputError
from typed_tables import PACIFIC, context, typed

NUMBERS = st.one_of(st.none(), st.integers(-2, 2))
WORDS = st.one_of(st.none(), st.sampled_from(["x", "y", "z"]))
ROWS = st.lists(st.tuples(NUMBERS, NUMBERS, WORDS), max_size=6)
OTHER = st.lists(st.tuples(NUMBERS, WORDS), max_size=4)


def _conditions() -> st.SearchStrategy[str]:
    number = st.sampled_from(
        ["a", "b", "0", "1", "-1", "a + 1", "b - a", "2 * a - b", "a * b", "case when a > 0 then b else a + 1 end"]
    )
    sign = st.sampled_from(["=", "!=", "<>", "<", "<=", ">", ">="])
    listed = st.sampled_from(["(0, 1)", "(1, null)", "(null)", "(select n from u)", "(select n from u where w = 'x')"])
    leaf = st.one_of(
        st.builds("{} {} {}".format, number, sign, number),
        st.builds("{} is {}null".format, st.sampled_from(["a", "b", "c"]), st.sampled_from(["", "not "])),
        st.builds("{} {}in {}".format, st.sampled_from(["a", "b"]), st.sampled_from(["", "not "]), listed),
        st.builds("c {} {}".format, st.sampled_from(["=", "!="]), st.sampled_from(["'x'", "'y'", "null"])),
        st.sampled_from(["c in ('x', 'q')", "c not in (select w from u)", "c in (select w from u where n > 0)"]),
    )
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.builds("({} and {})".format, inner, inner),
            st.builds("({} or {})".format, inner, inner),
            st.builds("not {}".format, inner.map("({})".format)),
        ),
        max_leaves=6,
    )


def _frame(rows: list[tuple[int | None, int | None, str | None]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["a", "b", "c"])
    return frame.astype({"a": "Int64", "b": "Int64", "c": "str"})


@given(_conditions(), ROWS, OTHER)
def test_the_rows_are_those_that_sqlite_gives(
    condition: str, rows: list[tuple[int | None, int | None, str | None]], other: list[tuple[int | None, str | None]]
) -> None:
    with sqlite3.connect(":memory:") as base:
        base.execute("create table t (i integer, a integer, b integer, c text)")
        base.execute("create table u (n integer, w text)")
        base.executemany("insert into t values (?, ?, ?, ?)", [(i, *row) for i, row in enumerate(rows)])
        base.executemany("insert into u values (?, ?)", other)
        expected = [i for (i,) in base.execute(f"select i from t where {condition} order by i")]
    base.close()
    other_table = pd.DataFrame(other, columns=["n", "w"]).astype({"n": "Int64", "w": "str"})
    run = Context({"u": other_table}, date(2026, 5, 1), PACIFIC)
    assert matching(condition, _frame(rows), run).index.tolist() == expected


def test_values_are_calculated_exactly_and_a_division_by_zero_has_none() -> None:
    run = context("2026-05-01")
    frame = _frame([(1, 3, "x"), (1, 0, "x"), (None, 1, "x")])
    third, *without = calculated("a / b", frame, run)
    assert (third * 3 - 1).quantize(Decimal(10) ** -20) == 0
    assert without == [None, None]
    # 0.1 * 3 is 0.30000000000000004 in binary floats.
    assert matching("0.1 * b = 0.3", frame, run).index.tolist() == [0]
    assert calculated("case when b = 0 then a end", frame, run).tolist() == [None, 1, None]


def test_a_day_less_a_day_is_the_days_between() -> None:
    roles = typed("key_role", [{"role_id": "r", "departure_on": "2026-05-31"}, {"role_id": "s", "departure_on": None}])
    run = context("2026-05-01")
    assert calculated("departure_on - $as_of", roles, run).iloc[0] == 30
    assert matching("departure_on - $as_of <= 30", roles, run)["role_id"].tolist() == ["r"]
    assert matching("departure_on = $as_of + 3 * 10", roles, run)["role_id"].tolist() == ["r"]


def test_an_instant_counts_as_its_local_day() -> None:
    # 2026-05-01T06:59Z is still April 30 in Los Angeles (UTC-7 in summer), 07:00Z is May 1.
    frame = typed(
        "booking",
        [{"booking_id": "a", "booked_at": "2026-05-01T06:59Z"}, {"booking_id": "b", "booked_at": "2026-05-01T07:00Z"}],
    )
    run = context("2026-05-01")
    assert matching("booked_at < $as_of", frame, run)["booking_id"].tolist() == ["a"]
    assert matching("booked_at >= '2026-05-01'", frame, run)["booking_id"].tolist() == ["b"]
    assert matching("booked_at = $as_of - 1", frame, run)["booking_id"].tolist() == ["a"]


def test_a_variable_is_the_parameter_valid_at_the_report_date() -> None:
    columns = ("param", "scope", "valid_from", "value", "unit", "source")
    rows = [("days", "group", "2026-01-01", 30), ("days", "group", "2026-05-02", 1)]
    params = typed("param", [dict(zip(columns, (*row, "days", "test"), strict=True)) for row in rows])
    roles = typed("key_role", [{"role_id": "r", "departure_on": "2026-05-31"}])
    run = context("2026-05-01", param=params)
    assert len(matching("departure_on <= $as_of + $days", roles, run)) == 1
    assert len(matching("departure_on < $as_of + $days", roles, run)) == 0
    with pytest.raises(MissingInputError, match="param weeks"):
        matching("departure_on < $as_of + $weeks", roles, run)


def test_decimal_text_is_compared_exactly() -> None:
    # 0.1 + 0.2 is 0.30000000000000004 in binary floats; as written it is not above 0.3.
    frame = typed("param", [{"param": "p", "value": "0.30"}, {"param": "q", "value": "0.3000000000000000001"}])
    run = context("2026-05-01")
    assert matching("value = 0.3", frame, run)["param"].tolist() == ["p"]
    assert matching("value > 0.3", frame, run)["param"].tolist() == ["q"]


def test_text_encoded_as_a_dictionary_is_compared_as_text() -> None:
    frame = typed("ledger", [{"account": "a"}, {"account": "b"}, {"account": None}]).astype({"account": "category"})
    run = context("2026-05-01", account=typed("account", [{"account": "b"}]))
    assert matching("account = 'a'", frame, run).index.tolist() == [0]
    assert matching("account in (select account from account)", frame, run).index.tolist() == [1]
    assert matching("account not in (select account from account)", frame, run).index.tolist() == [0]


@pytest.mark.parametrize(
    ("condition", "words"),
    [("missing = 1", "column missing is absent"), ("a in (select x from nowhere)", "table nowhere is absent")],
)
def test_what_is_absent_is_named(condition: str, words: str) -> None:
    with pytest.raises(MissingInputError, match=words):
        matching(condition, _frame([(1, 1, "x")]), context("2026-05-01"))


@pytest.mark.parametrize("condition", ["c > 1", "a = 'x'", "a = $as_of", "c = $as_of", "c + 1 = 2"])
def test_what_cannot_be_compared_is_refused(condition: str) -> None:
    with pytest.raises(PredicateError):
        matching(condition, _frame([(1, 1, "x")]), context("2026-05-01"))


def test_a_blank_condition_is_true_of_every_row() -> None:
    assert len(matching(" ", _frame([(1, None, None)]), context("2026-05-01"))) == 1
