"""A blank is never a zero: figures whose records are missing say so, and name what is missing."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from finance_rows import CHART, fact_of, facts_of, ledger, params

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact
from group_data import changed, sample
from typed_tables import context, typed

Change = Callable[[pd.DataFrame], pd.DataFrame]


def no_row(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.iloc[:0]


def blank(*columns: str) -> Change:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        for column in columns:
            dtype = "Int64" if frame[column].dtype == "int64" else frame[column].dtype
            frame[column] = pd.Series([None] * len(frame), index=frame.index).astype(dtype)
        return frame

    return change


EMPTY = {
    "account": [
        ("accounting", "accounts_unused"),
        ("accounting", "accounts_wrong_side"),
        ("accounting", "accounts_recommended_missing"),
        ("accounting", "revenue"),
        ("accounting", "expenses"),
        ("accounting", "net_income"),
        ("accounting", "expense_by_function"),
        ("accounting", "expense_by_nature"),
        ("finance", "operating_income"),
        ("finance", "customer_deposits_held"),
        ("organisation", "segment_revenue"),
        ("organisation", "metric_change"),
        ("portfolio", "client_margin"),
        ("delivery", "cost_per_delivery"),
    ],
    "ledger": [
        ("accounting", "accounts_undefined"),
        ("accounting", "accounts_unused"),
        ("accounting", "accounts_wrong_side"),
        ("finance", "budget_variance"),
        ("delivery", "delivery_margin"),
    ],
    "lease": [("finance", "security_deposits_held")],
    "payment": [
        ("accounting", "ar_ageing"),
        ("accounting", "ap_ageing"),
        ("accounting", "dso_days"),
        ("rental", "rent_collected"),
    ],
    "client_contract": [("portfolio", "unbilled_revenue"), ("portfolio", "billable_utilisation")],
    "delivery": [("delivery", "crew_utilisation"), ("delivery", "idle_captain_days")],
    "delivery_crew": [("delivery", "crew_utilisation"), ("delivery", "idle_captain_days")],
    "asset": [("delivery", "charter_days_placeable")],
    "contact": [("marketing", "email_unsubscribe_rate")],
}
BLANK = {
    ("ledger", "activity"): [
        ("finance", "net_burn"),
        ("finance", "gross_burn"),
        ("finance", "free_cash_flow_burn"),
        ("finance", "cash_runway_months"),
        ("finance", "break_even_units"),
        ("finance", "capital_tier"),
        ("accounting", "deferred_revenue_refunded"),
    ],
    ("ledger", "contract_id"): [("accounting", "deferred_revenue_released")],
    ("account", "function"): [("finance", "gross_margin"), ("finance", "operating_income")],
    ("account", "cost_behaviour"): [("finance", "contribution_ratio")],
    ("account", "subtype"): [("finance", "debt_service_cover"), ("rental", "net_operating_income")],
    ("asset", "lien_cents"): [("organisation", "asset_equity"), ("rental", "property_equity")],
    ("asset", "insured_cents"): [("organisation", "asset_insured_ratio")],
    ("bank_line", "statement_balance_cents"): [("accounting", "bank_reconciliation_difference")],
    ("channel", "exp_monthly_net_cents"): [("marketing", "ota_score")],
    ("channel", "setup_days"): [("marketing", "ota_score")],
    ("client_contract", "mrr_cents"): [("portfolio", "churn_exposure")],
    ("invoice", "contract_id"): [("portfolio", "effective_hourly_rate"), ("portfolio", "client_margin")],
    ("payment", "invoice_id"): [("accounting", "ar_ageing"), ("rental", "rent_collected")],
}


def _values(run: Context, field: str, metric_id: str) -> list[Fact]:
    """The facts at the report date, or of months, that have a value; not the movements of a waterfall."""
    return [f for f in facts_of(run, field, metric_id) if f.status == "ok" and "movement" not in f.dimensions]


@pytest.mark.parametrize(
    ("table", "field", "metric_id"), [(table, *one) for table, those in EMPTY.items() for one in those]
)
def test_without_a_row_there_is_no_figure(table: str, field: str, metric_id: str) -> None:
    run = changed(sample(), **{table: no_row})
    assert _values(sample(), field, metric_id)
    assert _values(run, field, metric_id) == []
    assert all(f.reason for f in facts_of(run, field, metric_id))


@pytest.mark.parametrize(
    ("table", "column", "field", "metric_id"), [(*where, *one) for where, those in BLANK.items() for one in those]
)
def test_without_a_cell_there_is_no_figure(table: str, column: str, field: str, metric_id: str) -> None:
    run = changed(sample(), **{table: blank(column)})
    assert _values(sample(), field, metric_id)
    assert [(f.value, f.reason) for f in _values(run, field, metric_id)] == []


def test_parts_that_rest_on_a_blank_column_say_so() -> None:
    for column in ("acquired_on", "cost_cents", "useful_life_months"):
        run = changed(sample(), asset=blank(column))
        lines = {f.dimensions["line"]: f for f in facts_of(run, "accounting", "fixed_asset_closing") if f.dimensions}
        assert lines["depreciation"].status == "not_evaluable"
        assert "assets state no" in lines["depreciation"].reason
    by_channel = facts_of(changed(sample(), booking=blank("channel_id")), "marketing", "channel_bookings")
    assert {(f.status, f.reason) for f in by_channel if f.dimensions} == {
        ("not_evaluable", "no booking names its channel")
    }
    used = [
        f
        for f in facts_of(changed(sample(), delivery_crew=no_row), "delivery", "crew_days_available")
        if f.dimensions.get("part") == "used"
    ]
    assert {f.status for f in used} == {"not_evaluable"}


@pytest.mark.parametrize("metric_id", ["mrr", "arr"])
def test_contracts_that_recur_and_state_no_fee_have_no_sum(metric_id: str) -> None:
    # Projects and hourly work are no recurring revenue, whatever the others do not state.
    fact = fact_of(changed(sample(), client_contract=blank("mrr_cents")), "portfolio", metric_id)
    assert (fact.status, fact.reason) == ("not_evaluable", "3 of 3 active contracts state no monthly fee")


def test_open_invoices_without_any_payment_are_open() -> None:
    # A young business: nobody has paid yet, and no invoice claims so.
    def still_open(frame: pd.DataFrame) -> pd.DataFrame:
        frame["status"] = frame["status"].replace("paid", "open")
        return frame

    run = changed(sample(), payment=no_row, invoice=still_open)
    assert fact_of(run, "accounting", "ar_ageing").status == "ok"


def month(name: str, activity: str | None, cents: int) -> tuple[str, str, str, dict[str, int]]:
    return f"{name}-05", "a", activity, {"6100": cents, "1010": -cents}  # type: ignore[return-value]


def test_a_month_whose_cash_states_no_activity_has_no_burn() -> None:
    months = ("2026-01", "2026-02", "2026-03", "2026-04")
    rows = ledger([month(name, None if name == "2026-03" else "operating", 1_000) for name in months])
    run = context("2026-05-01", ledger=rows, account=CHART, param=params({"burn_window_months": 3}))
    burned = {f.period: f for f in facts_of(run, "finance", "net_burn") if f.entity_id == "a" and not f.dimensions}
    assert burned["2026-04"].value == 1_000
    for period in ("2026-03", "2026-05-01"):
        assert burned[period].status == "not_evaluable"
        assert burned[period].reason == "no cash line states its activity in 2026-03"
    assert fact_of(run, "finance", "cash_runway_months").status == "not_evaluable"


def test_one_month_is_not_months() -> None:
    run = context("2026-05-01", ledger=ledger([month("2026-04", "operating", 1_000)]), account=CHART,
                  param=params({"burn_window_months": 3}))  # fmt: skip
    assert fact_of(run, "finance", "net_burn").reason == "books cover 1 complete month, 3 needed"


BUDGET = ("entity_id", "month", "account", "amount_cents", "version")


def against(*planned: tuple[str, str, str, int]) -> Context:
    """Two companies that each sell 500 and pay 200 of rent in March and in April, with some of it budgeted."""
    made = [
        (f"2026-{number:02d}-05", entity, "operating", lines)
        for number in (3, 4)
        for entity in ("a", "b")
        for lines in ({"1010": 500, "4100": -500}, {"6100": 200, "1010": -200})
    ]
    rows = [dict(zip(BUDGET, (entity, f"{when}-01", account, cents, "v1"), strict=True))
            for entity, when, account, cents in planned]  # fmt: skip
    return context("2026-05-01", ledger=ledger(made), account=CHART, budget=typed("budget", rows, BUDGET))


def variances(run: Context) -> dict[tuple[str, str, str], object]:
    found = facts_of(run, "finance", "budget_variance")
    return {(f.entity_id, f.period, f.dimensions.get("line", "")): f.value or f.reason for f in found}


def test_a_line_without_a_budget_is_not_compared() -> None:
    # Sales are budgeted in March alone: neither April nor net income can be compared.
    found = variances(against(("a", "2026-03", "4100", 600), ("a", "2026-04", "6100", 150)))
    assert found["a", "2026-03", "revenue"] == -100
    assert found["a", "2026-04", "revenue"] == "nothing budgeted"
    assert found["a", "2026-05-01", "revenue"] == -100
    assert found["a", "2026-05-01", "expenses"] == 50
    assert found["a", "2026-03", ""] == "no expenses budgeted"
    assert found["a", "2026-05-01", ""] == "no complete month of the year is budgeted"


def test_a_group_is_compared_where_each_of_its_companies_is_budgeted() -> None:
    both = [(entity, "2026-03", "4100", 450) for entity in ("a", "b")]
    found = variances(against(*both, ("a", "2026-04", "4100", 450)))
    assert found["group", "2026-03", "revenue"] == 100
    assert found["group", "2026-04", "revenue"] == "no revenue budgeted for b"
    assert found["a", "2026-04", "revenue"] == 50
