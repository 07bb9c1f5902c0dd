"""Sums of chosen ledger lines against the same sums made one line at a time."""

from collections import defaultdict

import pytest
from finance_rows import ledger
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.facts.fact import MissingInputError
from executive_suite.metrics.book.book import Sum, lines, sums_of
from executive_suite.period import Month
from typed_tables import context

rows = st.lists(
    st.tuples(
        st.sampled_from(["2025-12-31", "2026-01-01", "2026-03-31"]),
        st.sampled_from("ab"),
        st.sampled_from(["1010", "4100"]),
        st.integers(-(10**12), 10**12),
        st.sampled_from(["C1", None]),
    ),
    max_size=20,
)


@given(rows)
def test_sums_are_those_of_the_lines(chosen: list[tuple[str, str, str, int, str | None]]) -> None:
    made = [(day, who, "operating", {account: cents}) for day, who, account, cents, _ in chosen]
    contracts = {n: contract for n, (*_, contract) in enumerate(chosen) if contract}
    data = context("2026-05-01", ledger=ledger(made, contracts))
    expected: dict[tuple[object, ...], Sum] = defaultdict(Sum)
    for day, who, account, cents, contract in chosen:
        if account == "1010":
            expected[who, contract or "", Month(int(day[:4]), int(day[5:7]))] += Sum(cents, 1)
    on_cash = lines(data).on({"1010"})
    assert sums_of(data, on_cash, "entity_id", "contract_id", "month") == expected


def test_a_column_that_the_ledger_lacks_is_named() -> None:
    data = context("2026-05-01", ledger=ledger([("2026-04-01", "a", "operating", {"1010": 1})]))
    with pytest.raises(MissingInputError, match=r"column ledger\.project_id is absent"):
        sums_of(data, lines(data).on({"1010"}), "project_id")
