"""Sums over the ledger's lines: exact, whatever the order of the lines and however sparse the keys."""

from collections import defaultdict
from datetime import date

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.metrics.book import months, sums

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
def test_months_are_those_of_the_calendar_in_any_order(days: list[date], in_order: bool) -> None:  # noqa: FBT001 - drawn
    chosen = sorted(days) if in_order else days
    found = months.month_index(pd.Series(pd.to_datetime(chosen)).astype("datetime64[us]"))
    assert found.tolist() == [(day.year - 1970) * 12 + day.month - 1 for day in chosen]
