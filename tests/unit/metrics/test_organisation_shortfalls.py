"""Eight shortfalls, nine of fifteen KPIs missing: each evidence row that changes must change the figure.

The counts and the rules are those of the product statement ("Figures that the sample data must yield").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
import pytest

from executive_suite.dataset.context import Context
from executive_suite.facts.findings import Finding
from executive_suite.rules import judgement, rulebook
from executive_suite.rules.case import Case
from executive_suite.rules.checks import CHECKS
from group_data import Change, add, changed, drop, fact, facts_of, put, sample, without

DAY = pd.Timestamp("2026-04-01")
INSTANT = pd.Timestamp("2026-04-01T20:00:00Z")


def _count(context: Context) -> int:
    return int(fact(context, "organisation", "shortfalls_open").value)


def test_eight_shortfalls_are_open() -> None:
    assert _count(sample()) == 8


def _accounting(frame: pd.DataFrame) -> pd.DataFrame:
    frame.loc[frame["category"] == "accounting", "status"] = "deployed"
    return frame


def _funnel(frame: pd.DataFrame) -> pd.DataFrame:
    frame.loc[frame["count"] == 0, "count"] = 1
    return frame


FIXED: dict[str, tuple[str, Change]] = {
    "empty_pipeline": (
        "opportunity",
        add(
            opp_id="N1",
            valid_from=INSTANT,
            entity_id="jada",
            stage="lead",
            amount_cents=100,
            probability_bp=1000,
            created_at=INSTANT,
        ),
    ),
    "revenue_tracking_gap": (
        "rev_schedule",
        add(
            obligation_id="N1",
            contract_or_booking_id="B1",
            entity_id="jada",
            description="charter",
            allocated_cents=200000,
            pattern="point_in_time",
            start_on=DAY,
            end_on=DAY,
            satisfied_on=DAY,
            is_principal=True,
        ),
    ),
    "no_ota_listing": ("channel", put("status", "live", channel_id="sailo")),
    "billing_model_absent": ("client_contract", put("billing_model", "retainer", contract_id="C1")),
    "funnel_break": ("funnel_event", _funnel),
    "key_person_transition": ("key_role", put("successor_id", "someone", role_id="operations")),
    "no_accounting_system": ("system", _accounting),
}


@pytest.mark.parametrize("rule", FIXED)
def test_a_shortfall_closes_when_its_evidence_is_mended(rule: str) -> None:
    table, change = FIXED[rule]
    run = changed(sample(), **{table: change})
    assert fact(run, "organisation", "shortfalls_open", rule=rule).value == 0
    assert _count(run) == 7


def test_equity_risk_needs_both_signature_and_vesting() -> None:
    signed = changed(sample(), equity_holder=put("agreement_signed", value=True, person_id="Sergio"))
    assert _count(signed) == 8, "vesting is still missing"
    both = changed(signed, equity_holder=put("vesting_schedule", "four years", person_id="Sergio"))
    assert _count(both) == 7
    assert fact(both, "organisation", "equity_uncommitted_pct").value == 0


def test_an_open_opportunity_that_has_gone_stale_does_not_fill_the_pipeline() -> None:
    table, change = FIXED["empty_pipeline"]
    run = changed(sample(), **{table: change})
    stale = changed(run, opportunity=put("expected_close", pd.Timestamp("2026-04-30"), opp_id="N1"))
    assert _count(stale) == 8


def test_a_revenue_line_that_names_the_booking_closes_the_revenue_gap() -> None:
    ledger = sample().tables["ledger"]
    accounts = sample().tables["account"]
    revenue = ledger.index[ledger["account"].isin(accounts.loc[accounts["type"] == "revenue", "account"])][0]

    def name_it(frame: pd.DataFrame) -> pd.DataFrame:
        frame.loc[revenue, "contract_id"] = "B1"
        return frame

    assert (
        fact(changed(sample(), ledger=name_it), "organisation", "shortfalls_open", rule="revenue_tracking_gap").value
        == 0
    )


def test_a_departure_beyond_the_window_is_no_shortfall_yet() -> None:
    # 90 days from 2026-05-01 end on 2026-07-30.
    for day, fires in (("2026-07-30", 1), ("2026-07-31", 0), ("2026-01-01", 1)):
        run = changed(sample(), key_role=put("departure_on", pd.Timestamp(day), role_id="operations"))
        assert fact(run, "organisation", "shortfalls_open", rule="key_person_transition").value == fires


@pytest.mark.parametrize(
    ("table", "rule"),
    [
        ("opportunity", "empty_pipeline"),
        ("booking", "revenue_tracking_gap"),
        ("rev_schedule", "revenue_tracking_gap"),
        ("equity_holder", "equity_risk"),
        ("channel", "no_ota_listing"),
        ("client_contract", "billing_model_absent"),
        ("funnel_event", "funnel_break"),
        ("key_role", "key_person_transition"),
        ("system", "no_accounting_system"),
    ],
)
def test_an_absent_table_makes_its_rule_not_evaluable_and_an_empty_one_does_not(table: str, rule: str) -> None:
    absent = fact(without(sample(), table), "organisation", "shortfalls_open", rule=rule)
    assert absent.status == "not_evaluable"
    assert f"table {table} is absent" in absent.reason
    total = fact(without(sample(), table), "organisation", "shortfalls_open")
    assert (total.value, total.status) == (None, "not_evaluable")
    emptied = changed(sample(), **{table: lambda frame: frame.iloc[:0]})
    assert fact(emptied, "organisation", "shortfalls_open", rule=rule).status == "ok"


def test_the_fact_table_counts_precisely_and_readers_see_names() -> None:
    counted = fact(sample(), "organisation", "shortfalls_open", rule="equity_risk")
    assert counted.reason == "Current holdings without signed agreement or without vesting: 1 of 2."
    found = {f.finding_id: f for f in judgement.evaluate(sample(), (), rulebook.shipped())}
    assert found["equity_risk"].title == "Sergio holds 40% of JADA without a signed agreement or vesting"
    assert found["equity_risk"].action == "Sign Sergio's agreement (40% of JADA), with vesting"
    assert found["no_ota_listing"].reason == "No travel agency lists us; 4 are planned."


def test_count_and_agenda_share_one_evaluation_of_each_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    evaluated: list[str] = []

    def counting(case: Case) -> Iterator[Finding]:
        evaluated.append(case.rule.rule_id)
        return CHECKS[case.rule.check](case)

    monkeypatch.setattr(judgement, "CHECKS", dict.fromkeys(CHECKS, counting))
    run = replace(sample())
    facts_of(run, "organisation", "agenda_actions")
    facts_of(run, "organisation", "shortfalls_open")
    rules = rulebook.shipped().of_kind("shortfall", "control_violation")
    assert evaluated == [rule.rule_id for rule in rules]


def test_the_count_agrees_with_the_findings() -> None:
    counted = facts_of(sample(), "organisation", "shortfalls_open")
    findings = judgement.evaluate(sample(), counted, rulebook.shipped())
    firing = [f for f in findings if f.kind == "shortfall" and f.outcome == "fires"]
    assert len(firing) == _count(sample())
    assert all(f.evidence for f in firing), "each fires on rows that can be shown"


def test_nine_of_fifteen_kpis_are_missing() -> None:
    assert fact(sample(), "organisation", "kpis_missing").value == 9
    assert fact(sample(), "organisation", "kpis_defined").value == 15


SPEND = {"campaign_id": "blast-1", "date": DAY, "spend_cents": 100, "labour_cents": 0}
TOUCH = {"visitor_id": "v", "at": INSTANT, "channel_id": "direct", "is_conversion": False}
REVIEW = {"review_id": "r", "entity_id": "jada", "posted_on": DAY, "rating": "5"}

SUPPLIED: dict[str, tuple[str, Change]] = {
    "pipeline_coverage": FIXED["empty_pipeline"],
    "quote_to_booking_rate": ("booking", put("status", "quoted", booking_id="B2")),
    "cac": ("campaign_spend", add(**SPEND)),
    "roas": ("campaign_spend", add(**SPEND)),
    "site_conversion_rate": ("touchpoint", add(**TOUCH)),
    "ota_share_of_bookings": ("booking", put("channel_id", "sailo", booking_id="B2")),
    "review_score": ("review", add(**REVIEW)),
    "dc_nrr": ("client_contract", put("valid_to", pd.Timestamp("2026-12-31"), contract_id="C3")),
}


@pytest.mark.parametrize("kpi", SUPPLIED)
def test_a_kpi_is_ready_once_its_input_is_there(kpi: str) -> None:
    table, change = SUPPLIED[kpi]
    run = changed(sample(), **{table: change})
    found = {f.dimensions["kpi"]: f.value for f in facts_of(run, "organisation", "kpis_missing") if f.dimensions}
    assert found[kpi] == 0
    ready = {"cac", "roas"} if table == "campaign_spend" else {kpi}
    assert fact(run, "organisation", "kpis_missing").value == 9 - len(ready)


def test_a_kpi_of_all_rows_needs_every_row() -> None:
    def fees(frame: pd.DataFrame) -> pd.DataFrame:
        frame["mrr_cents"] = frame["mrr_cents"].fillna(1)
        return frame

    run = changed(sample(), client_contract=fees)
    found = {f.dimensions["kpi"]: f.value for f in facts_of(run, "organisation", "kpis_missing") if f.dimensions}
    assert found["dc_mrr_coverage"] == 0
    assert fact(run, "organisation", "kpis_missing").value == 8


@pytest.mark.parametrize("table", ["ledger", "focus_cost", "finding", "funnel_event"])
def test_a_kpi_is_missing_when_its_table_goes(table: str) -> None:
    before = fact(sample(), "organisation", "kpis_missing").value
    assert fact(without(sample(), table), "organisation", "kpis_missing").value > before


def test_a_condition_that_cannot_be_read_leaves_the_count_without_a_value() -> None:
    run = changed(sample(), kpi_definition=put("needs_condition", "any: stage ==== 1", kpi_id="cac"))
    total = fact(run, "organisation", "kpis_missing")
    assert (total.status, total.value) == ("not_evaluable", None)
    assert "cac" in total.reason


def test_a_definition_less_moves_the_denominator() -> None:
    run = changed(sample(), kpi_definition=drop(kpi_id="cac"))
    assert fact(run, "organisation", "kpis_defined").value == 14
    assert fact(run, "organisation", "kpis_missing").value == 8


def test_the_rules_in_force_are_counted() -> None:
    rest = tuple(rule for rule in rulebook.shipped().rules if rule.rule_id != "empty_pipeline")
    run = replace(sample(), rules=judgement.Judgement(rulebook.Rules(rules=rest)))
    assert _count(run) == 7
    places = {f.dimensions["action"] for f in facts_of(run, "organisation", "agenda_actions") if f.dimensions}
    assert "empty_pipeline" not in places
    assert "equity_risk" in places


def test_a_group_without_shortfall_rules_counts_none() -> None:
    run = replace(sample(), rules=judgement.Judgement(rulebook.Rules(rules=rulebook.shipped().of_kind("missing_kpi"))))
    assert fact(run, "organisation", "shortfalls_open").reason == "no rule of kind shortfall is in force"
    assert fact(run, "organisation", "agenda_actions").value is not None
