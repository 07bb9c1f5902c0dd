"""A quarterly report is made at the first report date after a quarter of the fiscal year has ended, and not else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_plan import SETTINGS, request

from executive_suite import config
from executive_suite.config import Config, Report, Schedule
from executive_suite.dataset.group import quarter_before
from executive_suite.folders import INCLUDE
from executive_suite.room import shelf
from executive_suite.run import due, plan
from executive_suite.run.plan import Plan
from executive_suite.stores.memory import MemoryStore
from room_door import in_memory

BOARD = Report(
    report="board",
    file_name="board-pack",
    title="Board pack",
    reader="Board",
    report_type="board",
    entity="group",
    view="executive_suite.reports.board:view",
    template="reports/board.j2",
    recipients=("primary",),
    every="quarter",
)


def configured(cron: str = "0 6 1,15 * *", first_month: int = 1) -> Config:
    shipped = config.load(INCLUDE / "config")
    schedule = Schedule(cron=cron, fiscal_year_first_month=first_month)
    return shipped.model_copy(update={"reports": (*shipped.reports, BOARD), "schedule": schedule})


def made(day: str, **given: object) -> bool:
    return "board" in due.reports_at(configured(**given), date.fromisoformat(day))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-04-01", True), ("2026-04-15", False), ("2026-05-01", False), ("2026-07-01", True), ("2026-01-01", True)],
)
def test_once_after_the_end_of_a_quarter(day: str, expected: bool) -> None:
    assert made(day) is expected


def test_a_schedule_that_skips_the_first_days_makes_it_at_its_first_date() -> None:
    """On the 10th of each month: the quarter to March 31 is reported on April 10, and only then."""
    assert [made(day, cron="0 6 10 * *") for day in ("2026-04-10", "2026-05-10", "2026-07-10")] == [True, False, True]


def test_a_july_fiscal_year_has_the_calendars_quarters_and_a_february_one_has_not() -> None:
    """Quarters from July on end in September, December, March and June; from February on in April, July, …"""
    assert [made(day, first_month=7) for day in ("2026-04-01", "2026-05-01")] == [True, False]
    assert [made(day, first_month=2) for day in ("2026-04-01", "2026-05-01")] == [False, True]
    named = [quarter_before(date(2026, month, 1), 7).name for month in (1, 4, 7, 10)]
    assert named == ["2026-Q2", "2026-Q3", "2026-Q4", "2027-Q1"]


def test_without_a_schedule_the_first_month_counts() -> None:
    assert [made(day, cron="") for day in ("2026-04-01", "2026-04-20", "2026-05-01")] == [True, True, False]


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), first_month=st.integers(1, 12))
def test_quarters_follow_each_other_without_a_gap(day: date, first_month: int) -> None:
    quarter = quarter_before(day, first_month)
    assert quarter.last < day <= quarter.back(-1).last
    assert quarter.back(1).last + timedelta(days=1) == quarter.first
    assert quarter.first <= quarter.last
    assert (quarter.first.month - first_month) % 3 == 0
    assert quarter.back(4).first == quarter.first.replace(year=quarter.first.year - 1)


def planned(day: str, reports: list[str] | None = None) -> Plan:
    params = {"report_date": day} if reports is None else {"report_date": day, "reports": reports}
    asked = request(params=params, run_after=datetime(2026, 5, 1, 14, tzinfo=UTC))
    return plan.of(asked, configured(), SETTINGS)


def test_a_run_leaves_it_out_and_says_so() -> None:
    assert planned("2026-04-01").reports[-1] == "board"
    assert planned("2026-04-01").left_out == ()
    found = planned("2026-05-01")
    assert len(found.reports) == 8
    assert found.left_out == ("Board pack is made once a quarter, and next from July 1, 2026 on",)
    assert Plan.from_json(found.to_json()) == found


def test_the_form_names_every_report_and_it_is_left_out_all_the_same() -> None:
    names = [one.report for one in configured().reports]
    assert "board" not in planned("2026-05-01", names).reports


def test_who_asks_for_nothing_else_gets_it() -> None:
    assert planned("2026-05-01", ["board"]).reports == ("board",)


def test_the_shelf_says_why_a_date_has_none() -> None:
    opened = replace(in_memory(), config=configured())
    opened.__dict__.update(records=MemoryStore(), reports=MemoryStore(), trail_copy=None)
    days = (date(2026, 5, 1), date(2026, 4, 1))
    found = shelf.periods(opened, days, datetime(2026, 5, 1, 14, tzinfo=UTC))
    why = [{cell.report: cell.why for cell in period.cells} for period in found]
    assert why[0]["board"] == "Board pack is made once a quarter, and next from July 1, 2026 on"
    assert why[0]["cfo"] == why[1]["board"] == ""
