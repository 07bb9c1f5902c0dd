"""Sums over the ledger's lines: exact, whatever the order of the lines and however sparse the keys."""

from collections import defaultdict
from datetime import date

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.metrics.finance import book

CELLS = 4
# The largest amounts are beyond 2^53, where sums in floating point lose cents.
LINES = st.lists(st.tuples(st.integers(0, 5), st.integers(0, CELLS - 1), st.integers(-(2**58), 2**58)), max_size=12)


@given(LINES)
def test_lines_are_netted_by_transaction_and_cell(lines: list[tuple[int, int, int]]) -> None:
    expected: dict[tuple[int, int], int] = defaultdict(int)
    for txn, cell, cents in lines:
        expected[txn, cell] += cents
    txns, cells, amounts = (np.array([line[n] for line in lines], dtype=np.int64) for n in range(3))
    found = book.netted(txns, cells, amounts, CELLS)
    assert sorted(zip(*(array.tolist() for array in found), strict=True)) == sorted(
        (cell, total) for (_, cell), total in expected.items()
    )


@given(LINES)
def test_totals_are_the_same_by_place_and_by_look_up(lines: list[tuple[int, int, int]]) -> None:
    expected: dict[int, list[int]] = defaultdict(list)
    for _, cell, cents in lines:
        expected[cell].append(cents)
    keys, amounts = (np.array([line[n] for line in lines], dtype=np.int64) for n in (1, 2))
    for size in (CELLS, book.DENSE + 1):
        used, sums, counts = book.totals(keys, amounts, size)
        assert used.tolist() == sorted(expected)
        assert sums.tolist() == [sum(expected[cell]) for cell in sorted(expected)]
        assert counts.tolist() == [len(expected[cell]) for cell in sorted(expected)]


@given(st.lists(st.dates(date(1950, 1, 1), date(2080, 12, 31)), max_size=20), st.booleans())
def test_months_are_those_of_the_calendar_in_any_order(days: list[date], in_order: bool) -> None:  # noqa: FBT001 - drawn
    chosen = sorted(days) if in_order else days
    found = book.month_index(pd.Series(pd.to_datetime(chosen)).astype("datetime64[us]"))
    assert found.tolist() == [(day.year - 1970) * 12 + day.month - 1 for day in chosen]
