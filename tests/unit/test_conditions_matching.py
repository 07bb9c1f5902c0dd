"""Which rows meet a condition: compared with SQLite, which is the other program here."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.conditions.grammar import PredicateError
from executive_suite.conditions.matching import calculation, matching
from executive_suite.conditions.rows import Rows, of_table
from executive_suite.dataset.context import Context
from executive_suite.facts.fact import MissingInputError
from typed_tables import context, typed

NUMBERS = st.one_of(st.none(), st.integers(-2, 2))
WORDS = st.one_of(st.none(), st.sampled_from(["x", "y", "z"]))
DAY = "2026-05-01"
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


def _rows(rows: Sequence[tuple[int | None, int | None, str | None]]) -> Rows:
    return Rows(("i", "a", "b", "c"), [dict(zip("iabc", (i, *row), strict=True)) for i, row in enumerate(rows)])


def _table(name: str, rows: Sequence[Mapping[str, object]]) -> Rows:
    return of_table(context(DAY, **{name: typed(name, rows)}), name)


def _met(condition: str, rows: Rows, column: str = "i", run: Context | None = None) -> list[object]:
    return [row[column] for row in matching(condition, rows, run or context(DAY))]


def _values(term: str, rows: Rows) -> list[object]:
    value = calculation(term, rows.columns, context(DAY))
    return [value(row) for row in rows]


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
    other_rows = Rows(("n", "w"), [{"n": n, "w": w} for n, w in other])
    found = matching(condition, _rows(rows), context(DAY), {"u": other_rows}.__getitem__)
    assert [row["i"] for row in found] == expected


def test_values_are_calculated_exactly_and_a_division_by_zero_has_none() -> None:
    rows = _rows([(1, 3, "x"), (1, 0, "x"), (None, 1, "x")])
    third, *without = _values("a / b", rows)
    assert isinstance(third, Decimal)
    assert (third * 3 - 1).quantize(Decimal(10) ** -20) == 0
    assert without == [None, None]
    # 0.1 * 3 is 0.30000000000000004 in binary floats.
    assert _met("0.1 * b = 0.3", rows) == [0]
    assert _values("case when b = 0 then a end", rows) == [None, 1, None]


def test_a_day_less_a_day_is_the_days_between() -> None:
    roles = _table("key_role", [{"role_id": "r", "departure_on": "2026-05-31"}, {"role_id": "s", "departure_on": None}])
    assert _values("departure_on - $as_of", roles)[0] == 30
    assert _met("departure_on - $as_of <= 30", roles, "role_id") == ["r"]
    assert _met("departure_on = $as_of + 3 * 10", roles, "role_id") == ["r"]


def test_an_instant_counts_as_its_local_day() -> None:
    # 2026-05-01T06:59Z is still April 30 in Los Angeles (UTC-7 in summer), 07:00Z is May 1.
    rows = _table(
        "booking",
        [{"booking_id": "a", "booked_at": "2026-05-01T06:59Z"}, {"booking_id": "b", "booked_at": "2026-05-01T07:00Z"}],
    )
    assert _met("booked_at < $as_of", rows, "booking_id") == ["a"]
    assert _met("booked_at >= '2026-05-01'", rows, "booking_id") == ["b"]
    assert _met("booked_at = $as_of - 1", rows, "booking_id") == ["a"]


def test_a_variable_is_the_parameter_valid_at_the_report_date() -> None:
    columns = ("param", "scope", "valid_from", "value", "unit", "source")
    rows = [("days", "group", "2026-01-01", 30), ("days", "group", "2026-05-02", 1)]
    params = typed("param", [dict(zip(columns, (*row, "days", "test"), strict=True)) for row in rows])
    roles = _table("key_role", [{"role_id": "r", "departure_on": "2026-05-31"}])
    run = context(DAY, param=params)
    assert _met("departure_on <= $as_of + $days", roles, "role_id", run) == ["r"]
    assert _met("departure_on < $as_of + $days", roles, "role_id", run) == []
    with pytest.raises(MissingInputError, match="param weeks"):
        matching("departure_on < $as_of + $weeks", roles, run)


def test_decimal_text_is_compared_exactly() -> None:
    # 0.1 + 0.2 is 0.30000000000000004 in binary floats; as written it is not above 0.3.
    params = _table("param", [{"param": "p", "value": "0.30"}, {"param": "q", "value": "0.3000000000000000001"}])
    assert _met("value = 0.3", params, "param") == ["p"]
    assert _met("value > 0.3", params, "param") == ["q"]


LEDGER = [{"account": "a", "line": 1}, {"account": "b", "line": 2}, {"account": None, "line": 3}]


def test_lines_of_the_ledger_are_found_as_any_other_rows() -> None:
    run = context(
        DAY,
        account=typed("account", [{"account": "b"}]),
        ledger=typed("ledger", LEDGER).astype({"account": "category"}),
    )
    lines = of_table(run, "ledger")
    assert _met("account = 'a'", lines, "line", run) == [1]
    assert _met("account in (select account from account)", lines, "line", run) == [2]
    assert _met("account not in (select account from account)", lines, "line", run) == [1]
    assert _met("account is null or line < 2", lines, "line", run) == [1, 3]
    assert [row["line"] for row in lines.having("account", ["b"])] == [2]
    more = lines.including({"twice": lambda row: row["line"] * 2}, ["line"])
    assert _met("twice > 2", more, "twice", run) == [4, 6]
    assert [row["twice"] for row in more] == [2, 4, 6]
    accounts = of_table(run, "account")
    assert _met("account in (select account from ledger where line > 1)", accounts, "account", run) == ["b"]
    assert _met("account not in (select account from ledger)", accounts, "account", run) == []


@pytest.mark.parametrize(
    ("condition", "words"),
    [("missing = 1", "column missing is absent"), ("a in (select x from nowhere)", "table nowhere is absent")],
)
def test_what_is_absent_is_named(condition: str, words: str) -> None:
    with pytest.raises(MissingInputError, match=words):
        matching(condition, _rows([(1, 1, "x")]), context(DAY))


@pytest.mark.parametrize("condition", ["c > 1", "a = 'x'", "a = $as_of", "c = $as_of", "c + 1 = 2"])
def test_what_cannot_be_compared_is_refused(condition: str) -> None:
    with pytest.raises(PredicateError):
        matching(condition, _rows([(1, 1, "x")]), context(DAY))


def test_a_blank_condition_is_true_of_every_row() -> None:
    assert len(matching(" ", _rows([(1, None, None)]), context(DAY))) == 1
