"""Faults that the full sample showed: each stays fixed."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from executive_suite import metrics
from group_data import at, changed, sample


def test_an_ended_contract_is_no_active_one() -> None:
    """April's bill of 66.42 USD (12 + 3 + 5 + 46.42) over the three contracts that are active: 22.14 USD each."""
    found = [
        fact
        for fact in metrics.compute(sample(), "technology")
        if fact.metric_id == "cloud_unit_cost" and fact.entity_id == "dc" and fact.dimensions == {"per": "contract"}
    ]
    assert [Decimal(str(fact.value)) for fact in found] == [Decimal("22.14")]


def test_days_to_invoice_without_a_completed_job() -> None:
    nothing = changed(sample(), delivery=lambda frame: frame.assign(status="planned", actual_end=pd.NaT).head(1))
    found = [fact for fact in metrics.compute(nothing, "delivery") if fact.metric_id == "days_to_invoice"]
    assert {fact.status for fact in found} == {"not_applicable"}


def test_a_booking_served_after_the_date_is_no_gap_at_that_date() -> None:
    """B1 was served on 20 January 2026 (headline data): a report of the 15th cannot miss its revenue."""
    found = {
        fact.dimensions["rule"]: fact.value
        for fact in metrics.compute(at(sample(), "2026-01-15"), "organisation")
        if fact.metric_id == "shortfalls_open" and fact.dimensions
    }
    assert found["revenue_tracking_gap"] == 0


def test_a_register_of_rules_without_their_ids_is_not_evaluable() -> None:
    nameless = changed(sample(), control_rule=lambda frame: frame.drop(columns="rule_id"))
    found = metrics.compute(nameless, "organisation")
    assert {fact.metric_id for fact in found} >= {"shortfalls_open", "agenda_actions"}
