"""The fact table's two forms of JSON say the same."""

from __future__ import annotations

import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from executive_suite.facts import table as facts
from executive_suite.facts.fact import Fact, Input

words = st.text(max_size=8)
values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    words,
    st.decimals(-(10**9), 10**9, places=4, allow_nan=False, allow_infinity=False),
)
tables = st.lists(
    st.builds(
        Fact,
        metric_id=words,
        entity_id=words,
        period=words,
        value=values,
        unit=words,
        dimensions=st.dictionaries(words, words, max_size=3),
        status=st.sampled_from(["ok", "not_applicable", "not_evaluable"]),
        reason=words,
        inputs=st.lists(st.builds(Input, words, st.integers(0, 9)), max_size=2).map(tuple),
        assumed=st.booleans(),
    ),
    unique_by=lambda fact: fact.sort_key,
    max_size=6,
)


@given(tables)
def test_columns_and_rows_are_read_as_the_same_table(table: list[Fact]) -> None:
    rows = facts.from_json(facts.to_json(table))
    assert facts.from_columns(json.loads(json.dumps(facts.to_columns(facts.ordered(table))))) == rows
    assert [fact.sort_key for fact in rows] == sorted(fact.sort_key for fact in table)


def test_a_number_with_decimals_comes_back_exact() -> None:
    fact = Fact("cloud_cost", "group", "2026-04", Decimal("0.1"), "USD", {"b": "2", "a": "1"})
    again = facts.from_columns(json.loads(json.dumps(facts.to_columns([fact]))))
    assert again[0].value == Decimal("0.1")
    assert again == (fact,)
