"""Cuts by month: what a filter per month gives, in one pass."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from executive_suite.dataset.context import Context
from executive_suite.metrics.cut import cut
from executive_suite.period import Month

CONTEXT = Context({}, date(2024, 5, 1), ZoneInfo("UTC"))
days = st.lists(st.one_of(st.none(), st.dates(date(2023, 12, 30), date(2024, 4, 2))), max_size=30)


@dataclass(frozen=True)
class Dated:
    """A row with a day."""

    number: int
    day: date | None


def by_month(found: list[date | None], months: list[Month]) -> dict[str, list[int]]:
    whole = cut(CONTEXT, "booking", [Dated(number, day) for number, day in enumerate(found)])
    return {part.period: [row.number for row in part.rows] for part in whole.by_month(lambda row: row.day, months)}


@given(days)
def test_the_rows_of_a_month_are_those_whose_day_lies_in_it(found: list[date | None]) -> None:
    months = [Month(2023, 12) + index for index in range(6)]
    assert by_month(found, months) == {
        str(month): [n for n, day in enumerate(found) if day is not None and f"{day:%Y-%m}" == str(month)]
        for month in months
    }


def test_the_first_and_the_last_day_of_a_month_are_in_it_a_blank_day_is_in_none() -> None:
    stated = [date(2024, 3, 1), None, date(2024, 2, 29), date(2024, 2, 1), date(2024, 1, 31)]
    assert by_month(stated, [Month(2024, 2)]) == {"2024-02": [2, 3]}
