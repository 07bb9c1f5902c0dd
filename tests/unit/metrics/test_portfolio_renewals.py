from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact, Why
from executive_suite.metrics.portfolio.renewals import running_term
from typed_tables import Rows, computed, context, typed

days = st.dates(date(2020, 1, 1), date(2026, 12, 31))


# A term of calendar months ends the day before its anniversary: from 1 June, twelve months end on 31 May.
@pytest.mark.parametrize(
    ("start", "end", "on", "expected"),
    [
        ("2024-06-01", "2025-05-31", "2025-05-31", "2025-05-31"),  # the last day still runs
        ("2024-06-01", "2025-05-31", "2025-06-01", "2026-05-31"),
        ("2024-06-01", "2025-05-31", "2027-01-01", "2027-05-31"),
        ("2024-01-31", "2024-02-28", "2024-03-15", "2024-03-30"),  # a month from the 31st ends before the next 31st
        ("2024-02-29", "2025-02-27", "2025-03-01", "2026-02-27"),  # a leap day's anniversary is 28 February
        ("2024-01-10", "2024-02-19", "2024-03-01", "2024-03-31"),  # 41 days: no whole months, so 41 days again
        ("2025-01-01", "2025-03-31", "2025-07-01", "2025-09-30"),  # a quarter
        ("2024-02-29", "2025-02-28", "2026-05-01", "2027-02-28"),  # from a leap day to the end of February: years
        ("2024-02-29", "2025-02-28", "2027-06-01", "2028-02-29"),
        ("2024-06-01", "2025-06-01", "2025-06-02", "2026-06-01"),  # written with the anniversary as its end
    ],
)
def test_terms_that_renew_themselves(start: str, end: str, on: str, expected: str) -> None:
    term = running_term(date.fromisoformat(start), date.fromisoformat(end), date.fromisoformat(on), renews=True)
    assert (term.end, term.over) == (date.fromisoformat(expected), False)


@given(start=days, length=st.integers(1, 1500), on=days)
def test_a_term_that_renews_runs_on_the_day(start: date, length: int, on: date) -> None:
    end = start + timedelta(days=length)
    term = running_term(start, end, on, renews=True)
    assert term.end is not None
    assert term.end >= on
    assert term.end >= end
    if on > end:
        assert running_term(start, end, on, renews=False).over


def contract(name: str, end: str | None, **more: object) -> dict[str, object]:
    return {
        "contract_id": name,
        "valid_from": "2025-01-01",
        "valid_to": None,
        "client_id": f"client-{name}",
        "tier": "gold",
        "billing_model": "retainer",
        "mrr_cents": 10_000,
        "start_on": "2025-01-01",
        "end_on": end,
        "auto_renew": False,
        "notice_days": None,
        "status": "active",
        **more,
    }


def dataset(rows: Rows) -> Context:
    return context("2026-05-01", client_contract=typed("client_contract", rows))


def facts(data: Context, metric_id: str, **dimensions: str) -> list[Fact]:
    return [
        f
        for f in computed(data, "portfolio")
        if (f.metric_id, f.entity_id) == (metric_id, "group") and dimensions.items() <= f.dimensions.items()
    ]


CONTRACTS: Rows = [
    contract("soon", "2026-05-31", notice_days=30),
    contract("later", "2026-08-29", notice_days=60),
    contract("over", "2026-04-30"),
    contract("evergreen", None),
    contract("gone", "2026-05-10", status="churned"),
]


def test_the_calendar_of_renewals() -> None:
    found = {f.dimensions["contract"]: f for f in facts(dataset(CONTRACTS), "contract_renewals") if f.dimensions}
    assert {name: f.value for name, f in found.items()} == {
        "soon": "2026-05-31",
        "later": "2026-08-29",
        "over": "2026-04-30",
        "evergreen": None,
    }
    assert found["over"].reason.startswith("out of contract")
    assert found["evergreen"].status == "not_applicable"
    assert {name: f.qualifier.why for name, f in found.items()} == {
        "soon": Why.ENDS,
        "later": Why.ENDS,
        "over": Why.OUT_OF_CONTRACT,
        "evergreen": Why.EVERGREEN,
    }
    (undivided,) = [f for f in facts(dataset(CONTRACTS), "contract_renewals") if not f.dimensions]
    assert undivided.value == "2026-05-31"


def test_notice_deadlines() -> None:
    found = {f.dimensions["contract"]: f for f in facts(dataset(CONTRACTS), "contract_notice_deadline") if f.dimensions}
    assert (found["soon"].value, found["soon"].reason) == ("2026-05-01", "")  # 30 days before 31 May: today
    assert found["later"].value == "2026-06-30"
    assert found["evergreen"].status == "not_applicable"


def test_a_deadline_that_has_passed_is_marked_and_is_not_the_next_one() -> None:
    data = dataset([contract("late", "2026-05-20", notice_days=30), contract("open", "2026-07-31", notice_days=30)])
    found = {f.dimensions.get("contract"): f for f in facts(data, "contract_notice_deadline")}
    assert found["late"].qualified(Why.PASSED)
    assert not found["open"].qualified(Why.PASSED)
    assert found[None].value == found["open"].value == "2026-07-01"


# 31 May is 30 days after 1 May, 29 August is 120.
@pytest.mark.parametrize(("within", "count"), [("30", 1), ("60", 1), ("90", 1), ("180", 2)])
def test_renewals_within_a_horizon(within: str, count: int) -> None:
    data = dataset(CONTRACTS)
    assert [f.value for f in facts(data, "renewals_due", within_days=within)] == [count]
    assert [f.value for f in facts(data, "renewal_mrr", within_days=within)] == [count * 10_000]


def test_those_without_a_running_term_are_separate() -> None:
    data = dataset(CONTRACTS)
    assert [f.value for f in facts(data, "renewals_due", state="out_of_contract")] == [1]
    assert [f.value for f in facts(data, "renewals_due", state="evergreen")] == [1]
