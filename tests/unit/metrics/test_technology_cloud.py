"""The cloud bill in exact decimals, its baseline, savings and units."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.facts.fact import MissingInputError
from executive_suite.metrics.technology import cloud, cloud_savings
from group_data import at, changed, fact, facts_of, put, sample, without
from typed_tables import context, typed


def _charge(month: str, cost: str, **more: object) -> dict[str, object]:
    start = pd.Timestamp(f"{month}-01", tz="UTC")
    end = start + pd.DateOffset(months=1)
    return {"BilledCost": cost, "BillingPeriodStart": start, "BillingPeriodEnd": end, "BillingCurrency": "USD", **more}


def test_the_bill_of_the_product_statement() -> None:
    # "50-84 USD a month; 25 USD a month of open savings (14+6+5)".
    assert fact(sample(), "technology", "cloud_baseline_low").value == "50.00"
    assert fact(sample(), "technology", "cloud_baseline_high").value == "84.00"
    # Median of 50.00 58.90 61.37 66.42 72.15 84.00, the six periods in the data.
    assert fact(sample(), "technology", "cloud_baseline_median").value == "63.895"
    assert fact(sample(), "technology", "cloud_open_savings").value == "25.00"


def test_a_period_counts_once_it_ended_at_or_before_the_cut_off() -> None:
    # The April period ends 2026-05-01T00:00Z: before the cut-off of May 1 in Los Angeles (07:00Z), after April 30's.
    assert fact(sample(), "technology", "cloud_billed_cost").reason == ""
    early = at(sample(), "2026-04-30")
    april = next(
        f for f in facts_of(early, "technology", "cloud_billed_cost") if f.period == "2026-04" and not f.dimensions
    )
    assert april.reason.startswith("month to date")


def test_credits_and_tiny_amounts_stay_exact() -> None:
    # 0.1 + 0.2 is not 0.3 in binary; 1E-7 is a tenth of a millionth of a dollar.
    rows = [_charge("2026-03", c) for c in ("0.1", "0.2", "1E-7", "-0.3")]
    run = context("2026-05-01", focus_cost=typed("focus_cost", rows))
    assert Decimal(fact(run, "technology", "cloud_billed_cost").value) == Decimal("0.0000001")
    assert "E" not in fact(run, "technology", "cloud_billed_cost").value


def test_another_currency_is_left_out_and_said() -> None:
    rows = [_charge("2026-03", "10"), {**_charge("2026-03", "99"), "BillingCurrency": "EUR"}]
    found = fact(context("2026-05-01", focus_cost=typed("focus_cost", rows)), "technology", "cloud_billed_cost")
    assert found.value == "10.00"
    assert "1 charges in other currencies" in found.reason


def test_a_short_history_is_said_and_none_is_not_applicable() -> None:
    run = context("2026-05-01", focus_cost=typed("focus_cost", [_charge("2026-03", "10"), _charge("2026-04", "30")]))
    low = fact(run, "technology", "cloud_baseline_low")
    assert (low.value, low.reason) == ("10.00", "only 2 of 6 complete billing periods")
    assert fact(run, "technology", "cloud_baseline_median").value == "20.00"
    open_only = context("2026-05-01", focus_cost=typed("focus_cost", [_charge("2026-05", "10")]))
    assert fact(open_only, "technology", "cloud_baseline_low").status == "not_applicable"


@given(st.lists(st.decimals(-1000, 1000, places=6), min_size=1, max_size=30))
def test_the_divisions_add_up_to_the_bill(costs: list[Decimal]) -> None:
    services = ("a", "b", "c")
    rows = [_charge("2026-03", format(cost, "f"), ServiceName=services[i % 3]) for i, cost in enumerate(costs)]
    run = context("2026-05-01", focus_cost=typed("focus_cost", rows))
    found = facts_of(run, "technology", "cloud_billed_cost")
    whole = Decimal(next(f.value for f in found if not f.dimensions))
    assert whole == sum(costs)
    assert sum(Decimal(f.value) for f in found if "service" in f.dimensions) == whole


def test_savings_follow_the_register() -> None:
    done = changed(sample(), cost_recommendation=put("status", "done", rec_id="R1"))
    assert fact(done, "technology", "cloud_open_savings").value == "11.00"
    larger = changed(sample(), cost_recommendation=put("est_monthly_saving_cents", 2400, rec_id="R1"))
    assert fact(larger, "technology", "cloud_open_savings").value == "35.00"
    assert fact(without(sample(), "cost_recommendation"), "technology", "cloud_open_savings").status == "not_evaluable"


def _recommendation(rec_id: str, cents: int, resource: str | None) -> dict[str, object]:
    return {
        "rec_id": rec_id,
        "title": rec_id,
        "resource_id": resource,
        "est_monthly_saving_cents": cents,
        "status": "open",
        "opened_on": "2026-01-05",
    }


def test_a_saving_never_exceeds_its_resource_and_overlaps_count_once() -> None:
    bill = typed("focus_cost", [_charge("2026-04", "8.00", ResourceId="vm"), _charge("2026-04", "5.00")])
    register = [_recommendation("A", 1000, "vm"), _recommendation("B", 700, "vm"), _recommendation("C", 300, None)]
    run = context("2026-05-01", focus_cost=bill, cost_recommendation=typed("cost_recommendation", register))
    # A is capped at the 8.00 that the machine costs, B overlaps it, C has no known resource.
    assert fact(run, "technology", "cloud_open_savings").value == "11.00"
    notes = {saving.rec_id: saving.note for saving in cloud_savings.open_savings(run)}
    assert notes == {"A": "capped at the cost of the resource", "B": "overlaps A on the same resource", "C": ""}


def test_a_recommendation_closed_later_was_open_then() -> None:
    row = _recommendation("A", 1000, None) | {"status": "done", "closed_on": "2026-05-04"}
    run = context("2026-05-01", cost_recommendation=typed("cost_recommendation", [row]))
    assert fact(run, "technology", "cloud_open_savings").value == "10.00"


def test_what_was_saved_is_the_bill_before_less_the_bill_now() -> None:
    # FinOps Framework: realised savings are measured on the bill. The machine cost 14.50 in January, half of February,
    # 4.25 in April: 10.25 per month less. The disk costs 3.00 more than before. R3 names nothing that is billed.
    bill = [
        _charge("2026-01", "14.50", ResourceId="vm"),
        _charge("2026-02", "7.25", ResourceId="vm"),
        _charge("2026-04", "4.25", ResourceId="vm"),
        _charge("2026-04", "3.00", ResourceId="disk"),
    ]
    register = [
        _recommendation(rec_id, 1000, resource) | {"status": "done", "closed_on": day}
        for rec_id, resource, day in (
            ("R1", "vm", "2026-02-15"),
            ("R2", "disk", "2026-03-01"),
            ("R3", None, "2026-03-02"),
        )
    ]
    run = context(
        "2026-05-01", focus_cost=typed("focus_cost", bill), cost_recommendation=typed("cost_recommendation", register)
    )
    whole = fact(run, "technology", "cloud_realised_savings")
    assert (whole.value, whole.reason) == ("7.25", "told for 2 of 3 carried out")
    assert fact(run, "technology", "cloud_realised_savings", recommendation="R1", resource="vm").value == "10.25"
    early = context("2026-03-01", **run.tables)
    assert (
        "after 2026-02 is complete yet"
        in fact(early, "technology", "cloud_realised_savings", recommendation="R1", resource="vm").reason
    )
    assert fact(early, "technology", "cloud_realised_savings").status == "not_evaluable"


def test_a_bill_that_names_no_resource_does_not_say_that_one_costs_nothing() -> None:
    # April's bill names nothing: the latest known cost of the machine is in March, 14.50 - 6.00 = 8.50 less
    rows = [_charge("2026-01", "14.50", ResourceId="vm"), _charge("2026-03", "6.00", ResourceId="vm")]
    rows.append(_charge("2026-04", "9.00", ResourceId=None))
    done = [_recommendation("R1", 1000, "vm") | {"status": "done", "closed_on": "2026-02-15"}]
    run = context(
        "2026-05-01", focus_cost=typed("focus_cost", rows), cost_recommendation=typed("cost_recommendation", done)
    )
    found = fact(run, "technology", "cloud_realised_savings", recommendation="R1", resource="vm")
    assert (found.value, found.reason) == ("8.50", "2026-01 less 2026-03")


def test_untagged_cost_is_a_share_of_the_latest_complete_period() -> None:
    rows = [_charge("2026-04", "30", Tags='{"entity":"dc"}'), _charge("2026-04", "10", Tags=None)]
    run = context("2026-05-01", focus_cost=typed("focus_cost", rows))
    assert fact(run, "technology", "cloud_untagged_share").value == Decimal("0.25")
    # 40 of usage under 50 of credit: -10 was billed, and a share of that means nothing.
    credited = typed("focus_cost", [*rows, _charge("2026-04", "-50", Tags=None)])
    share = fact(context("2026-05-01", focus_cost=credited), "technology", "cloud_untagged_share")
    assert (share.value, share.reason) == (None, "the period cost nothing after credits")


@pytest.mark.parametrize("tags", ["", "{", "[]", '{"entity": 3}', '{"owner":"x"}', None, float("nan")])
def test_tags_that_name_no_entity_name_none(tags: str | float | None) -> None:
    assert cloud.tagged(tags) == ""


def test_the_bill_counts_in_other_figures_in_the_reporting_currency() -> None:
    euros = typed("entity", [{"entity_id": "g", "kind": "group", "base_currency": "EUR"}])
    rate = {"param": "fx_USD", "scope": "group", "valid_from": "2026-04-01", "valid_to": None, "value": "0.90"}
    run = context("2026-05-01", entity=euros, param=typed("param", [rate]))
    assert cloud.in_cents(run, Decimal("10.005"), date(2026, 4, 2)) == Fraction("900.45")
    assert cloud.in_cents(context("2026-05-01"), Decimal("10.005"), date(2026, 4, 2)) == Fraction("1000.5")
    with pytest.raises(MissingInputError, match=r"no rate of USD to EUR on 2026-03-31 \(parameter fx_USD\)"):
        cloud.in_cents(run, Decimal(10), date(2026, 3, 31))
