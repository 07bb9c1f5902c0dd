"""Sums over the ledger's lines: exact, whatever the order of the lines and however sparse the keys."""

from collections import defaultdict
from datetime import date

import numpy as np
import pandas as pd
from finance_rows import CHART, ledger
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.metrics.book import months, sums
from executive_suite.metrics.book.book import Sum, book
from executive_suite.period import Month
from typed_tables import context

CELLS = 4
# The largest amounts are beyond 2^53, where sums in floating point lose cents.
LINES = st.lists(st.tuples(st.integers(0, 5), st.integers(0, CELLS - 1), st.integers(-(2**58), 2**58)), max_size=12)


@given(LINES)
def test_lines_are_netted_by_transaction_and_cell(lines: list[tuple[int, int, int]]) -> None:
    expected: dict[tuple[int, int], int] = defaultdict(int)
    for txn, cell, cents in lines:
        expected[txn, cell] += cents
    txns, cells, amounts = (np.array([line[n] for line in lines], dtype=np.int64) for n in range(3))
    found = sums.netted(txns, cells, amounts, CELLS)
    assert sorted(zip(*(array.tolist() for array in found), strict=True)) == sorted(
        (cell, total) for (_, cell), total in expected.items()
    )


@given(LINES)
def test_totals_are_the_same_by_place_and_by_look_up(lines: list[tuple[int, int, int]]) -> None:
    expected: dict[tuple[int, int], list[int]] = defaultdict(list)
    for txn, cell, cents in lines:
        expected[txn, cell].append(cents)
    amounts = np.array([line[2] for line in lines], dtype=np.int64)
    by = [np.array([line[n] for line in lines], dtype=np.int8) for n in (0, 1)]
    for txns in (6, sums.DENSE + 1):
        used, totals, counts = sums.totals(by, (txns, CELLS), amounts)
        assert list(zip(*(values.tolist() for values in used), strict=True)) == sorted(expected)
        assert totals.tolist() == [sum(expected[pair]) for pair in sorted(expected)]
        assert counts.tolist() == [len(expected[pair]) for pair in sorted(expected)]


@given(st.lists(st.dates(date(1950, 1, 1), date(2080, 12, 31)), max_size=20), st.booleans())
def test_months_are_those_of_the_calendar_in_any_order(days: list[date], in_order: bool) -> None:
    chosen = sorted(days) if in_order else days
    found = months.month_index(pd.Series(pd.to_datetime(chosen)).astype("datetime64[us]"))
    assert found.tolist() == [(day.year - 1970) * 12 + day.month - 1 for day in chosen]


POSTINGS = st.lists(
    st.tuples(
        st.sampled_from(["2026-01-31", "2026-02-01", "2026-04-30"]),
        st.sampled_from(["group", "a", "b"]),
        st.sampled_from(["operating", "investing"]),
        st.sampled_from(["1010", "4100", "5100", "9999"]),
        st.integers(-(10**12), 10**12),
    ),
    max_size=12,
)


@given(POSTINGS)
def test_the_book_adds_up_the_lines_that_a_mask_chooses(posted: list[tuple[str, str, str, str, int]]) -> None:
    rows = [(day, entity, activity, {account: cents}) for day, entity, activity, account, cents in posted]
    found = book(context("2026-05-01", ledger=ledger(rows), account=CHART))
    chosen = (found.having("function", "cogs") | found.on(["9999"])) & found.in_activity("operating")
    own = [row for row in posted if row[2] == "operating" and row[3] in {"5100", "9999"}]
    for entity in ("group", "a", "b"):
        here = [row for row in own if entity in {"group", row[1]}]
        whole = Sum(sum(row[4] for row in here), len(here))
        assert found.total(chosen, entity) == whole
        assert found.monthly(chosen).over(entity, [Month(2026, month) for month in range(1, 5)]) == whole
        assert sum((each for _, each in found.by("account", chosen, entity)), Sum()) == whole
        assert found.total(chosen & found.since(Month(2026, 2)), entity).lines == sum(
            row[0] >= "2026-02" for row in here
        )
