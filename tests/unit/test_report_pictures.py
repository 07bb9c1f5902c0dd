"""Pictures of reports: what they draw of the figures, with the same figures in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from executive_suite import metrics
from executive_suite.facts.fact import Fact
from executive_suite.facts.figures import Figures
from executive_suite.facts.signals import CASH_OUT, Signal, Subject
from executive_suite.reports import pictures, pictures_calendar, pictures_change, pictures_funnel, pictures_units
from executive_suite.reports.selection import Selection
from picture_words import faults

NAMES = {"boat": "Boat", "house": "House", "dump": "Dump"}


def selection(*facts: Fact, signals: tuple[Signal, ...] = (), previous_date: str = "") -> Selection:
    metrics.definitions()
    figures = Figures(date(2026, 5, 1), "", "UTC", "0" * 64, facts, signals=signals, entities=NAMES)
    return Selection(replace(figures, previous_date=previous_date))


def money(metric_id: str, entity: str, period: str, cents: int | None, **dimensions: str) -> Fact:
    status: Any = "ok" if cents is not None else "not_evaluable"
    return Fact(metric_id, entity, period, cents, "cents", dimensions, status)


def signal(signal_id: str, **parts: Any) -> Signal:
    given_parts: dict[str, Any] = {"kind": "cliff", "entity_id": "boat", "subject": Subject(), "headline": "h"} | parts
    return Signal(signal_id, **given_parts)


REVENUE = [
    *(money("revenue", "group", month, cents) for month, cents in (("2025-04", 1_200_000), ("2026-04", 300_000))),
    *(money("revenue", "boat", month, cents) for month, cents in (("2025-04", 800_000), ("2026-04", 0))),
    *(money("revenue", "house", month, cents) for month, cents in (("2025-04", 400_000), ("2026-04", 300_000))),
    *(money("revenue", "dump", month, 0) for month in ("2025-04", "2026-04")),
]


def test_revenue_by_unit_stands_over_last_years_and_names_the_units_at_zero() -> None:
    stopped = signal("break:boat:revenue", kind="break", subject=Subject(metric_id="revenue"), severity="act")
    chart = pictures_units.revenue_by_unit(selection(*REVENUE, signals=(stopped,)))
    assert chart.finding == "Revenue was $3,000 in Apr 2026, $12,000 a year earlier; 1 of 2 units earned nothing."
    assert chart.alt == "Revenue in Apr 2026: Boat $0 (a year earlier $8,000), House $3,000 (a year earlier $4,000)."
    assert chart.svg.count("prior prior") == 2
    assert "$0 \u25b2" in chart.svg
    assert len(chart.facts) == 4


def test_without_revenue_there_is_no_picture_and_the_words_say_so() -> None:
    chart = pictures_units.revenue_by_unit(selection())
    assert (chart.svg, chart.narrow, chart.finding) == ("", "", "")
    assert chart.alt


FLOWS = st.integers(0, 10**7)


@given(st.lists(st.tuples(FLOWS, FLOWS), min_size=1, max_size=9), st.integers(-(10**6), 10**6), st.integers(0, 10**8))
def test_the_causes_of_a_change_in_cash_add_up_to_it(units: list[tuple[int, int]], other: int, opening: int) -> None:
    """Of any flows: cash at the end is cash at the start and everything in between."""
    received, paid = (sum(unit[side] for unit in units) for side in (0, 1))
    change = received - paid + other
    facts = [money("gross_burn", f"u{at}", "2026-04", unit[1]) for at, unit in enumerate(units)]
    facts += [
        money("gross_burn", "group", "2026-04", paid),
        money("net_burn", "group", "2026-04", paid - received),
        money("net_cash_change", "group", "2026-04", change),
        money("cash_balance", "group", "2026-03", opening),
        money("cash_balance", "group", "2026-04", opening + change),
    ]
    found = {name: amount for name, amount, _ in pictures_change.causes(selection(*facts), 1)}
    assert sum(found.values()) == change
    assert found["Received"] == received
    assert found["Loans, owners, equipment"] == other
    assert found["Between units, corrections"] == 0


def test_the_finding_on_cash_says_what_came_in_and_what_was_paid() -> None:
    facts = [
        *(
            money("cash_balance", "group", month, cents)
            for month, cents in (("2026-03", 500_000), ("2026-04", 420_000))
        ),
        *(money("gross_burn", entity, "2026-04", cents) for entity, cents in (("group", 130_000), ("boat", 130_000))),
        money("net_burn", "group", "2026-04", 100_000),
        money("net_cash_change", "group", "2026-04", -80_000),
    ]
    chart = pictures_change.cash_change(selection(*facts))
    assert chart.finding == (
        "Cash fell by $800: $300 came in, $1,300 was paid, and +$200 is from loans, owners or equipment."
    )


@pytest.mark.parametrize(
    ("previous", "first"), [("", "Mar 2026"), ("2026-04-01", "Mar 2026"), ("2026-02-01", "Jan 2026")]
)
def test_the_waterfall_of_cash_begins_where_the_previous_report_ended(previous: str, first: str) -> None:
    months = [f"2026-0{month}" for month in (1, 2, 3, 4)]
    facts = [money("cash_balance", "group", month, 100_00 * at) for at, month in enumerate(months, start=1)]
    chart = pictures_change.cash_change(selection(*facts, previous_date=previous))
    assert chart.alt.startswith(f"Cash, end of {first}")
    assert chart.alt.endswith("Cash, end of Apr 2026 $400.")


def test_from_earned_to_target_the_unsold_rest_is_the_gap() -> None:
    budget = [money("budget_amount", "group", f"2026-{month:02d}", 100_00_00, line="revenue") for month in range(1, 13)]
    at = [
        money("pipeline_gap", "group", "2026-05-01", 70_000_00),
        money("pipeline_weighted", "group", "2026-05-01", 20_000_00),
    ]
    chart = pictures_change.to_target(selection(*budget, *at))
    # 12 months of 10,000 make 120,000; less 70,000 unsold and 20,000 of pipeline, 30,000 are earned.
    assert chart.alt == (
        "Earned $30,000, Pipeline, weighted +$20,000, Forecast $50,000, Unsold $70,000, Target 2026 $120,000."
    )
    assert chart.finding == "$70,000 of the 2026 target of $120,000 is unsold; the pipeline adds $20,000."


def steps(month: str, *counts: int) -> list[Fact]:
    names = ("visit", "form_open", "submitted")
    return [
        Fact("funnel_step_count", "dump", month, count, "count", {"step": name, "step_no": str(at)})
        for at, (name, count) in enumerate(zip(names, counts, strict=True), start=1)
    ]


def test_a_broken_funnel_is_marked_where_it_breaks_next_to_the_month_before() -> None:
    found = signal(
        "break:dump:funnel:submitted",
        kind="break",
        entity_id="dump",
        subject=Subject("funnel_event", {"step": "submitted"}),
        since="2025-11-01",
    )
    rate = Fact("funnel_step_conversion", "dump", "2026-04", 0, "ratio", {"step": "submitted", "step_no": "3"})
    s = selection(*steps("2026-04", 400, 90, 0), *steps("2025-10", 300, 60, 15), rate, signals=(found,))
    chart = pictures_funnel.funnel(s)
    assert chart.finding == (
        "Dump: 90 people reached \u201cform open\u201d in Apr 2026, none \u201csubmitted\u201d; 15 did in Oct 2025."
    )
    assert "0% go on: none since Nov 2025" in chart.svg
    assert chart.title.endswith("Apr 2026 (lighter: Oct 2025), actual")


def test_what_ends_is_listed_by_kind_and_a_sum_of_others_is_not_listed_again() -> None:
    on = {"on": "2026-05-31", "per": "month"}
    signals = (
        signal(
            CASH_OUT, entity_id="group", subject=Subject(metric_id="cash_out_date"), on="2026-08-05", amount_cents=1
        ),
        signal("income", entity_id="group", subject=Subject("lease"), amount_cents=300_000, mark="All ends", **on),
        signal("lease", subject=Subject("lease"), amount_cents=240_000, mark="Lease ends", **on),
        signal("contract", subject=Subject("client_contract"), amount_cents=60_000, mark="Contract ends", **on),
        signal("permit", subject=Subject("compliance_doc"), on="2026-06-30", mark="License expires", severity="act"),
        signal("far", subject=Subject("compliance_doc"), on="2027-12-31", mark="Later"),
        signal("past", kind="break", subject=Subject("booking"), since="2025-11-01"),
    )
    chart = pictures_calendar.cliffs(selection(signals=signals))
    assert chart.alt == (
        "Cash: Aug 5: h; Income ends: May 31: Lease ends ($2,400 a month); "
        "Income ends: May 31: Contract ends ($600 a month); Permits and insurance: Jun 30: License expires."
    )
    assert chart.finding == "2 of the 4 dates ahead fall on May 31, 2026, and $3,000 a month ends with them."
    assert not faults(chart.svg)


@pytest.mark.parametrize(("since", "marked"), [("2026-03-01", 1), ("2024-01-01", 0)])
def test_months_are_parted_where_a_signal_says_that_they_changed(since: str, marked: int) -> None:
    found = signal("b", kind="break", subject=Subject(metric_id="revenue"), since=since, headline="Boat: no revenue")
    facts = [
        money("revenue", "boat", month, cents) for month, cents in (("2026-02", 9_00), ("2026-03", 0), ("2026-04", 0))
    ]
    s = selection(*facts, signals=(found,))
    chart = pictures.by_month(s, "c", "Revenue", s.months("revenue", 12, "boat"), instead="")
    assert chart.svg.count("act-line") == marked
    assert ("Boat: no revenue" in chart.alt) == bool(marked)
    assert chart.facts == tuple(fact.fact_id for fact in facts)
