"""Cuts by month: one sort and slices give what a filter a month gives."""

from __future__ import annotations

from datetime import date

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.metrics.frames import by_month, in_month
from executive_suite.period import Month

days = st.lists(st.one_of(st.none(), st.dates(date(2023, 12, 30), date(2024, 4, 2))), max_size=30)


@given(days)
def test_months_by_slices_are_months_by_filters(found: list[date | None]) -> None:
    frame = pd.DataFrame({"day": pd.Series(found, dtype="datetime64[us]"), "row": range(len(found))})
    months = [Month(2023, 12) + index for index in range(6)]
    for month, rows in by_month(frame, "day", months):
        assert sorted(rows["row"]) == sorted(frame.loc[in_month(frame["day"], month), "row"])
    assert [month for month, _ in by_month(frame, "day", months)] == months


def test_the_first_and_the_last_day_of_a_month_are_in_it_a_blank_day_is_in_none() -> None:
    stated = ["2024-03-01", None, "2024-02-29", "2024-02-01", "2024-01-31"]
    frame = pd.DataFrame({"day": pd.Series(stated, dtype="datetime64[us]"), "row": range(5)})
    ((_, rows),) = by_month(frame, "day", [Month(2024, 2)])
    assert sorted(rows["row"]) == [2, 3]
