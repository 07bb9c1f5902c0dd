"""Uptime, downtime and error budget against the availability table of Google's Site Reliability Engineering."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact
from executive_suite.metrics.technology.uptime import Availability, seconds_down
from typed_tables import Rows, computed, context, typed

DAY = 86_400

# Site Reliability Engineering, appendix A: downtime that an availability level allows a year (365 days), a quarter (90
# days), a month (30 days) and a week.
ALLOWED = [
    ("0.9", 365, timedelta(days=36.5)),
    ("0.99", 365, timedelta(days=3.65)),
    ("0.999", 365, timedelta(hours=8.76)),
    ("0.99", 90, timedelta(hours=21.6)),
    ("0.999", 90, timedelta(hours=2.16)),
    ("0.95", 30, timedelta(days=1.5)),
    ("0.995", 30, timedelta(hours=3.6)),
    ("0.999", 30, timedelta(minutes=43.2)),
    ("0.99", 7, timedelta(hours=1.68)),
]


@pytest.mark.parametrize(("level", "days", "down"), ALLOWED)
def test_the_downtime_that_a_level_allows_gives_that_level_and_uses_the_budget_up(
    level: str, days: int, down: timedelta
) -> None:
    own = Availability(total=days * DAY, down=round(down.total_seconds()))
    assert own.uptime().value == Decimal(level)
    assert own.budget_left(Fraction(level)).value == 0


def outage(number: int, system: str, began: str, restored: str | None, kind: str = "outage") -> dict[str, object]:
    return {
        "incident_id": f"I{number}",
        "system_id": system,
        "kind": kind,
        "began_at": began,
        "restored_at": restored,
    }


def target(system: str, value: str) -> dict[str, object]:
    row = {"param": "uptime_target", "scope": system, "valid_from": "2020-01-01", "valid_to": None}
    return {**row, "value": value, "unit": "ratio", "source": "agreed"}


def dataset(incidents: Rows, *, report_date: str = "2026-05-01", **more: Rows) -> Context:
    columns = ("incident_id", "system_id", "kind", "began_at", "restored_at")
    tables = {name: typed(name, rows) for name, rows in more.items()}
    return context(report_date, incident=typed("incident", incidents, columns), **tables)


def fact(data: Context, metric_id: str, period: str = "", **dimensions: str) -> Fact:
    wanted = (metric_id, "group", period or data.report_date.isoformat(), dimensions)
    (found,) = [
        f for f in computed(data, "technology") if (f.metric_id, f.entity_id, f.period, dict(f.dimensions)) == wanted
    ]
    return found


# April has 30 days: 43.2 minutes are the whole budget of 99.9 % (appendix A); half of it is left after 21.6.
def test_a_month_of_thirty_days() -> None:
    data = dataset([outage(1, "site", "2026-04-10T10:00:00Z", "2026-04-10T10:43:12Z")], param=[target("site", "0.999")])
    assert fact(data, "uptime", "2026-04", system="site").value == Decimal("0.9990000000")
    assert fact(data, "downtime_hours", "2026-04").value == Decimal("0.72")
    half = dataset([outage(1, "site", "2026-04-10T10:00:00Z", "2026-04-10T10:21:36Z")], param=[target("site", "0.999")])
    assert fact(half, "error_budget_left", "2026-04", system="site").value == Decimal("0.5")


# 2025-05-01 to 2026-04-30 are 365 days: 8 h 45 min 36 s are 99.9 % of them (appendix A: 8.76 hours).
def test_twelve_months_of_a_system_that_was_there_all_along() -> None:
    data = dataset(
        [outage(1, "site", "2025-12-31T20:00:00Z", "2026-01-01T04:45:36Z")],
        system=[{"system_id": "site", "category": "hosting", "status": "deployed", "since": "2021-01-01"}],
    )
    assert fact(data, "uptime").value == Decimal("0.9990000000")
    assert fact(data, "downtime_hours").value == Decimal("8.76")


# In Los Angeles March 2026 has 743 hours and November 2025 has 721: the clocks change on 8 March and 2 November.
@pytest.mark.parametrize(("month", "hours", "noon"), [("2026-03", 743, "2026-03-20"), ("2025-11", 721, "2025-11-20")])
def test_a_month_in_which_the_clocks_change(month: str, hours: int, noon: str) -> None:
    data = dataset([outage(1, "site", f"{noon}T12:00:00Z", f"{noon}T13:00:00Z")])
    exact = Fraction(hours - 1, hours)
    assert fact(data, "uptime", month).value == Decimal(round(exact * 10**10)).scaleb(-10)


def test_an_outage_across_a_month_end_belongs_to_both_months_in_the_groups_zone() -> None:
    # 2026-03-31 22:00 to 2026-04-01 03:00 in Los Angeles (UTC - 7): two hours of March, three of April
    data = dataset([outage(1, "site", "2026-04-01T05:00:00Z", "2026-04-01T10:00:00Z")])
    assert fact(data, "downtime_hours", "2026-03").value == 2
    assert fact(data, "downtime_hours", "2026-04").value == 3


def test_what_overlaps_counts_once_and_slowness_does_not_count() -> None:
    data = dataset(
        [
            outage(1, "site", "2026-04-10T10:00:00Z", "2026-04-10T12:00:00Z"),
            outage(2, "site", "2026-04-10T11:00:00Z", "2026-04-10T13:00:00Z"),
            outage(3, "site", "2026-04-11T10:00:00Z", "2026-04-12T13:00:00Z", "degraded"),
        ]
    )
    assert fact(data, "downtime_hours").value == 3


def test_an_outage_that_is_over_only_later_counts_until_the_cut_off() -> None:
    # the cut-off of 1 May is 07:00 UTC; restored a day later, or not at all
    for restored in ("2026-05-02T00:00:00Z", None):
        data = dataset([outage(1, "site", "2026-05-01T01:00:00Z", restored)])
        assert fact(data, "downtime_hours", "2026-04").value == 6


def test_a_system_with_a_target_and_no_outage_was_up_and_one_without_a_day_is_not_evaluable() -> None:
    system = {"system_id": "site", "category": "hosting", "status": "deployed", "since": "2026-03-01"}
    slow = outage(1, "site", "2026-04-11T10:00:00Z", "2026-04-12T13:00:00Z", "degraded")
    up = dataset([slow], param=[target("site", "0.99")], system=[system])
    assert fact(up, "uptime").value == 1
    assert fact(up, "error_budget_left", system="site", category="hosting").value == 1
    unknown = dataset([slow], param=[target("site", "0.99")], system=[{**system, "since": None}])
    assert fact(unknown, "uptime").status == "not_evaluable"
    assert "system.since" in fact(unknown, "uptime").reason


def test_a_register_without_any_incident_is_no_uptime_of_100_percent() -> None:
    system = {"system_id": "site", "category": "hosting", "status": "deployed", "since": "2026-03-01"}
    found = fact(dataset([], param=[target("site", "0.99")], system=[system]), "uptime")
    assert (found.value, found.status, found.reason) == (None, "not_evaluable", "no incident is recorded")


def test_all_systems_together_by_their_time() -> None:
    # 720 hours each; 7.2 and 0 down: 1 - 7.2 / 1440 = 0.995; allowed 7.2 + 0.72: 1 - 7.2 / 7.92 = 1 / 11
    systems = [
        {"system_id": name, "category": "hosting", "status": "deployed", "since": "2026-04-01"} for name in ("a", "b")
    ]
    data = dataset(
        [outage(1, "a", "2026-04-10T00:00:00Z", "2026-04-10T07:12:00Z")],
        param=[target("a", "0.99"), target("b", "0.999")],
        system=systems,
    )
    assert fact(data, "uptime", "2026-04").value == Decimal("0.995")
    assert fact(data, "error_budget_left", "2026-04").value == Decimal("0.0909090909")


def test_without_the_table_it_is_named() -> None:
    found = fact(context("2026-05-01"), "uptime")
    assert (found.value, found.status, found.reason) == (None, "not_evaluable", "table incident is absent")


START = datetime(2026, 4, 1)
HOURS = st.tuples(st.integers(-48, 800), st.integers(0, 200))


@given(st.lists(HOURS, max_size=8))
def test_downtime_is_the_hours_that_lie_in_some_outage(hours: list[tuple[int, int]]) -> None:
    spans = [(START + timedelta(hours=a), START + timedelta(hours=a + length)) for a, length in hours]
    covered = {hour for a, length in hours for hour in range(a, a + length) if 0 <= hour < 720}
    assert seconds_down(spans, (START, START + timedelta(hours=720))) == len(covered) * 3600
