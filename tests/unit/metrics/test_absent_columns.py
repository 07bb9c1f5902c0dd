"""An absent column makes the figures that are made of it not evaluable, by name, and moves no other by a cent.

Each pair follows from the definition of the metrics in docs/definitions.md: what it speaks of, it needs.
"""

from collections.abc import Iterable

import pytest

from executive_suite import metrics
from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact
from group_data import changed, sample

MARGINS = {"gross_margin", "contribution_ratio", "ebitda_margin", "operating_income", "debt_service_cover"}
REGISTER = {"asset_count", "asset_book_value", "asset_market_value", "asset_equity", "asset_insured_ratio"}
FUNCTIONS = {"expense_by_function", "expense_share_of_revenue", "expense_by_nature"}
SCORES = {"security_gap_rank", "cvss_base_score", "ssvc_decision"}
BLAST = {"campaign_bookings", "campaign_gross_value", "campaign_gross_margin"}


def facts_of(context: Context, wanted: Iterable[str]) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = {name: [] for name in wanted}
    for calculation in (c for field in metrics.FIELDS for c in metrics.load(field)):
        if found.keys() & set(calculation.metric_ids):
            for fact in calculation.run(context):
                if fact.metric_id in found:
                    found[fact.metric_id].append(fact)
    return found


@pytest.mark.parametrize(
    ("column", "needed_by", "others"),
    [
        ("account.function", {"gross_margin", "ebitda_margin", "operating_income"}, MARGINS),
        ("account.cost_behaviour", {"contribution_ratio"}, MARGINS),
        ("account.subtype", {"ebitda_margin", "debt_service_cover"}, MARGINS),
        ("account.subtype", {"net_operating_income", "cap_rate", "property_debt_service_cover"}, {"property_equity"}),
        ("account.cost_behaviour", {"margin_of_safety", "break_even_sales"}, {"cash_balance"}),
        ("account.cost_behaviour", {"cash_forecast_13_week", "cash_forecast_low"}, {"cash_week_end"}),
        ("account.function", {"expense_by_function", "expense_share_of_revenue"}, FUNCTIONS),
        ("account.name", {"customer_deposits_held", "deferred_revenue_closing"}, {"cash_balance"}),
        ("account.name", {"residual_fixed_cost", "accounts_recommended_missing"}, {"accounts_undefined"}),
        ("account.name", {"lodging_tax_liability", "lodging_tax_remitted"}, {"trial_balance_difference"}),
        ("asset.method", {"fixed_asset_closing"}, REGISTER - {"asset_book_value"}),
        ("asset.lien_cents", {"asset_equity"}, REGISTER),
        ("asset.insured_cents", {"asset_insured_ratio"}, REGISTER),
        ("asset.salvage_cents", {"fixed_asset_closing", "asset_book_value"}, REGISTER),
        ("bank_line.statement_balance_cents", {"bank_reconciliation_difference"}, {"bank_unreconciled_count"}),
        ("booking.deposit_cents", {"cash_forecast_low"}, {"cash_week_end"}),
        ("booking.variable_cost_cents", {"cash_forecast_low", "charter_days_placeable_value"}, {"idle_captain_days"}),
        ("campaign_scenario.gross_margin_bp", {"campaign_gross_margin"}, BLAST),
        ("client_contract.end_on", {"cash_forecast_low"}, {"cash_week_end"}),
        ("finding.cvss_vector", {"security_gap_rank", "cvss_base_score", "cvss_exposure_open"}, SCORES),
        ("finding.cvss_vector", {"finding_sla_breaches", "finding_days_over_limit"}, {"ux_gaps_open"}),
        ("finding.exploitation", {"security_gap_rank", "ssvc_decision"}, SCORES),
        ("invoice.contract_id", {"rent_billed", "rent_collected", "rent_collection_rate"}, {"ar_ageing"}),
        ("invoice.tax_cents", {"rent_billed", "rent_collected"}, {"ar_ageing"}),
        ("lease.end_on", {"security_deposits_held", "cash_forecast_low"}, {"cash_week_end"}),
        ("system.since", {"uptime", "downtime_hours", "error_budget_left"}, {"accounting_system_deployed"}),
        ("lease.kind", {"rent_billed", "rent_collected"}, {"security_deposits_held"}),
    ],
)
def test_figures_made_of_an_absent_column_name_it_and_the_others_stand(
    column: str, needed_by: set[str], others: set[str]
) -> None:
    table, name = column.split(".")
    untouched = others - needed_by
    known = facts_of(sample(), needed_by | untouched)
    found = facts_of(changed(sample(), **{table: lambda rows: rows.drop(columns=name)}), needed_by | untouched)
    for metric_id in needed_by:
        assert any(fact.status == "ok" for fact in known[metric_id])
        assert {fact.status for fact in found[metric_id]} == {"not_evaluable"}
        assert {fact.reason for fact in found[metric_id]} == {f"column {column} is absent"}
    for metric_id in untouched:
        assert known[metric_id]
        assert {f.sort_key: f for f in found[metric_id]} == {f.sort_key: f for f in known[metric_id]}


@pytest.mark.parametrize(
    ("table", "metric_id"),
    [("asset", "rent_billed"), ("asset", "rent_collection_rate"), ("availability", "economic_occupancy")],
)
def test_a_group_with_stays_does_not_lose_them_silently_with_the_table_that_tells_them(
    table: str, metric_id: str
) -> None:
    """Collected over potential rent cannot pass 1 because the calendar is gone, nor rent fall to what leases bring."""
    whole = sample()
    lacking = Context(
        {name: rows for name, rows in whole.tables.items() if name != table}, whole.report_date, whole.zone, whole.rules
    )
    for fact in facts_of(lacking, [metric_id])[metric_id]:
        assert (fact.status, fact.reason) == ("not_evaluable", f"table {table} is absent") or fact.status != "ok"
