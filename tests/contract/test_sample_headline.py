"""The sample group yields the figures of the product statement at 2026-05-01, and evidence that changes moves them.

Every expected value is one that the product statement gives for the sample (its table "Figures that the sample data
must yield"), with the rules that it names; none was read off our own output.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from executive_suite import metrics
from executive_suite.dataset import snapshot
from executive_suite.dataset.context import Context
from executive_suite.dataset.snapshot import Typed
from executive_suite.facts.fact import Fact, Value
from executive_suite.facts.findings import Action, Finding
from executive_suite.rules import agenda, judgement, rulebook
from executive_suite.run import pipeline
from executive_suite.sources import files

DATA = Path(__file__).parents[2] / "include" / "data"
REPORT_DATE = date(2026, 5, 1)

Row = dict[str, str]
Edit = Callable[[list[Row]], None]


def value(facts: tuple[Fact, ...], metric_id: str, period: str = "2026-05-01", **dimensions: str) -> Value | None:
    """The one group figure of that name, period and dimensions."""
    (found,) = (
        fact
        for fact in facts
        if (fact.metric_id, fact.entity_id, fact.period, dict(fact.dimensions))
        == (metric_id, "group", period, dimensions)
    )
    return found.value


@pytest.fixture(scope="module")
def shipped() -> Typed:
    return snapshot.read(files.read_folder(DATA))


@pytest.fixture(scope="module")
def context(shipped: Typed) -> Context:
    return pipeline.context_of(pipeline.dataset(shipped, REPORT_DATE), DATA.parent / "config")


@pytest.fixture(scope="module")
def facts(context: Context) -> tuple[Fact, ...]:
    return metrics.compute_all(context)


@pytest.fixture(scope="module")
def findings(context: Context, facts: tuple[Fact, ...]) -> tuple[Finding, ...]:
    return judgement.evaluate(context, facts, rulebook.load())


@pytest.fixture(scope="module")
def actions(context: Context, facts: tuple[Fact, ...], findings: tuple[Finding, ...]) -> tuple[Action, ...]:
    return agenda.rank(context, facts, findings)


@pytest.mark.parametrize(
    ("month", "cents"),
    [
        ("2025-11", 820_000),
        ("2025-12", 900_000),
        ("2026-01", 860_000),
        ("2026-02", 700_000),
        ("2026-03", 740_000),
        ("2026-04", 780_000),
    ],
)
def test_net_burn_of_the_last_six_complete_months(facts: tuple[Fact, ...], month: str, cents: int) -> None:
    assert value(facts, "net_burn", month) == cents


def test_cash_mean_burn_and_runway(facts: tuple[Fact, ...]) -> None:
    assert value(facts, "net_burn") == 800_000
    assert value(facts, "cash_balance") == 3_880_000
    assert value(facts, "cash_runway_months") == Decimal("4.85")


def test_break_even_is_six_charters_at_the_mean_and_in_the_worst_month(facts: tuple[Fact, ...]) -> None:
    assert value(facts, "break_even_units") == 6
    assert value(facts, "break_even_units", basis="worst_month") == 6


def test_cloud_bill_and_open_savings(facts: tuple[Fact, ...]) -> None:
    assert Decimal(str(value(facts, "cloud_baseline_low"))) == 50
    assert Decimal(str(value(facts, "cloud_baseline_high"))) == 84
    assert Decimal(str(value(facts, "cloud_open_savings"))) == 25


def test_email_blast(facts: tuple[Fact, ...]) -> None:
    assert value(facts, "campaign_contacts_sendable") == 3_676
    assert value(facts, "campaign_contacts_sendable", state="suppressed") == 324
    assert value(facts, "campaign_gross_value", scenario="low") == 1_000_000
    assert value(facts, "campaign_gross_value", scenario="high") == 5_000_000


def test_eight_shortfalls_by_name(facts: tuple[Fact, ...], findings: tuple[Finding, ...]) -> None:
    assert value(facts, "shortfalls_open") == 8
    fired = {finding.finding_id for finding in findings if finding.kind == "shortfall" and finding.outcome == "fires"}
    assert fired == {
        "empty_pipeline",
        "revenue_tracking_gap",
        "equity_risk",
        "no_ota_listing",
        "billing_model_absent",
        "funnel_break",
        "key_person_transition",
        "no_accounting_system",
    }


def test_no_rule_decides_by_words(context: Context, facts: tuple[Fact, ...], findings: tuple[Finding, ...]) -> None:
    wordless = tuple(replace(fact, reason="") for fact in facts)
    without = judgement.evaluate(context, wordless, rulebook.load())

    def decided(found: tuple[Finding, ...]) -> list[object]:
        return [(f.finding_id, f.outcome, f.severity, f.at_stake_cents, f.due_on, f.judged_by) for f in found]

    assert decided(without) == decided(findings)


def test_the_revenue_tracking_gap_is_one_charter(findings: tuple[Finding, ...]) -> None:
    (gap,) = (finding for finding in findings if finding.finding_id == "revenue_tracking_gap")
    assert [row.key["booking_id"] for row in gap.evidence] == ["B1"]
    assert gap.assumed


def test_missing_kpis(facts: tuple[Fact, ...]) -> None:
    assert value(facts, "kpis_missing") == 9
    assert value(facts, "kpis_defined") == 15


def test_security_gaps(facts: tuple[Fact, ...]) -> None:
    assert value(facts, "security_gaps_open") == 6


def test_ten_engineering_actions_of_twelve(actions: tuple[Action, ...]) -> None:
    # (0.6 x security impact + 0.4 x user value) / effort, worked by hand from the twelve rows; ties by action id
    ranked = [action.action_id for action in actions if action.agenda == "engineering"]
    assert ranked == ["E1", "E5", "E2", "E3", "E4", "E6", "E10", "E8", "E11", "E9"]


def test_four_milestones_of_the_road_to_profitability(facts: tuple[Fact, ...]) -> None:
    assert value(facts, "milestones_due") == 4


@pytest.mark.parametrize(("rule", "count"), [("CR1", 1), ("CR2", 5), ("CR3", 2)])
def test_control_rules(facts: tuple[Fact, ...], rule: str, count: int) -> None:
    assert value(facts, "control_rule_violations", rule=rule) == count


def test_ota_sequence(actions: tuple[Action, ...]) -> None:
    sequence = [action.action_id for action in actions if action.agenda == "ota_sequence"]
    assert sequence == ["sailo", "getmyboat", "viator", "gyg"]


def test_capital_tiers(facts: tuple[Fact, ...]) -> None:
    tiers = {o: value(facts, "capital_tier", option=o) for o in ("P1", "P2", "P3", "P4", "P5")}
    assert tiers == {
        "P1": "zero-cost",
        "P2": "zero-cost",
        "P3": "low-cost",
        "P4": "revenue-producing",
        "P5": "no-deploy",
    }


def test_the_forty_percent_holder(facts: tuple[Fact, ...]) -> None:
    assert value(facts, "equity_uncommitted_pct") == 4_000


def where(column: str, key: str, **cells: str) -> Edit:
    """Set cells of the rows that have ``key`` in ``column``."""

    def edit(rows: list[Row]) -> None:
        chosen = [row for row in rows if row[column] == key]
        assert chosen
        for row in chosen:
            row.update(cells)

    return edit


def without(column: str, key: str) -> Edit:
    """Take away the rows that have ``key`` in ``column``."""

    def edit(rows: list[Row]) -> None:
        before = len(rows)
        rows[:] = [row for row in rows if row[column] != key]
        assert len(rows) < before

    return edit


def with_row(**cells: str) -> Edit:
    """Add a row; columns that are not named stay blank."""

    def edit(rows: list[Row]) -> None:
        rows.append(dict.fromkeys(rows[0], "") | cells)

    return edit


def changed(given: Typed, folder: Path, table: str, edit: Edit) -> Context:
    """The data with one table edited, read again from a file."""
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns, rows = list(reader.fieldnames or ()), list(reader)
    edit(rows)
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    edited = snapshot.read(files.read_folder(folder))
    both = replace(given, frames={**given.frames, **edited.frames}, faults=edited.faults)
    return pipeline.context_of(pipeline.dataset(both, REPORT_DATE), DATA.parent / "config")


def facts_of(context: Context, field: str, *metric_ids: str) -> tuple[Fact, ...]:
    """The facts of the calculations that yield these metrics."""
    return tuple(
        fact
        for calculation in metrics.load(field)
        if any(one in metric_ids for one in calculation.metric_ids)
        for fact in calculation.run(context)
    )


OPEN_OPPORTUNITY = with_row(
    opp_id="O2",
    valid_from="2026-04-02T20:00:00Z",
    entity_id="jada",
    stage="qualified",
    amount_cents="250000",
    probability_bp="3000",
    expected_close="2026-06-15",
    created_at="2026-04-02T20:00:00Z",
    recorded_at="2026-04-02T20:00:00Z",
)
CERTIFICATE = with_row(
    doc_id="COI-26",
    entity_id="jada",
    kind="coi",
    effective="2026-04-15",
    expires="2027-04-14",
    verified_on="2026-04-14",
    recorded_at="2026-04-14T20:00:00Z",
)
QUOTES_ARRIVE = where("step", "quote_submitted", count="12")
JOBS_TOO = where("step", "job_booked", count="5")


def both(first: Edit, second: Edit) -> Edit:
    def edit(rows: list[Row]) -> None:
        first(rows)
        second(rows)

    return edit


@pytest.mark.parametrize(
    ("table", "edit", "field", "moved"),
    [
        ("opportunity", OPEN_OPPORTUNITY, "organisation", {"shortfalls_open": 7, "kpis_missing": 8}),
        ("booking", where("booking_id", "B1", status="cancelled"), "organisation", {"shortfalls_open": 7}),
        (
            "equity_holder",
            where("person_id", "Sergio", agreement_signed="true", vesting_schedule="four years"),
            "organisation",
            {"shortfalls_open": 7, "equity_uncommitted_pct": 0},
        ),
        ("channel", where("channel_id", "sailo", status="live"), "organisation", {"shortfalls_open": 7}),
        ("client_contract", where("contract_id", "C1", billing_model="hourly"), "organisation", {"shortfalls_open": 7}),
        ("funnel_event", both(QUOTES_ARRIVE, JOBS_TOO), "organisation", {"shortfalls_open": 7}),
        ("key_role", where("role_id", "operations", successor_id="deputy"), "organisation", {"shortfalls_open": 7}),
        ("system", where("system_id", "S2", status="deployed"), "organisation", {"shortfalls_open": 7}),
        ("finding", where("finding_id", "F1", closed_on="2026-04-20"), "technology", {"security_gaps_open": 5}),
        (
            "cost_recommendation",
            where("rec_id", "R1", status="done", closed_on="2026-04-20"),
            "technology",
            {"cloud_open_savings": 11},
        ),
        (
            "contact",
            where("contact_hash", "440336ba063a4b41", consent_status="unsubscribed"),
            "marketing",
            {"campaign_contacts_sendable": 3_675},
        ),
        ("milestone", without("milestone_id", "M4"), "accounting", {"milestones_due": 3}),
        # margin 1,500 - 500 = 1,000; residual fixed cost 8,000 + 500 / 6 of deposits added back: 8,083.33 / 1,000
        ("param", where("value", "200000", value="150000"), "finance", {"break_even_units": 9}),
        # April's 66.42 and 50.00 more of computing: the highest of the six bills
        ("focus_cost", where("BilledCost", "46.42", BilledCost="96.42"), "technology", {"cloud_baseline_high": 116.42}),
        # 600 USD less received a month: 48,000 + 6 x 600 of burn in six months, 38,800 - 3,600 - (5 before) of cash
        ("ledger", without("memo", "rent received"), "finance", {"net_burn": 1_040_000}),
        # CR2 has five transactions without a complete document; one more makes the sum of the three rules nine
        ("expense_doc", without("txn_id", "T0050"), "finance", {"control_rule_violations": 9}),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_evidence_moves_its_figure(
    shipped: Typed, tmp_path: Path, table: str, edit: Edit, field: str, moved: Mapping[str, float]
) -> None:
    facts = facts_of(changed(shipped, tmp_path, table, edit), field, *moved)
    expected = {metric_id: Decimal(str(number)) for metric_id, number in moved.items()}
    assert {metric_id: Decimal(str(value(facts, metric_id))) for metric_id in moved} == expected


def test_a_certificate_unlocks_the_agencies_that_need_one(shipped: Typed, tmp_path: Path) -> None:
    # expected net a set-up day: viator 14,000/14 = 1,000; gyg 11,200/14 = 800; sailo 1,800/3 = 600; getmyboat 400
    context = changed(shipped, tmp_path, "compliance_doc", CERTIFICATE)
    ranks = {
        fact.dimensions["channel"]: int(str(fact.value))
        for fact in facts_of(context, "marketing", "ota_rank")
        if fact.metric_id == "ota_rank"
    }
    assert sorted(ranks, key=lambda channel: ranks[channel]) == ["viator", "gyg", "sailo", "getmyboat"]
    # B2 was confirmed on 20 April, inside the new certificate; B1 stays a violation
    violations = facts_of(context, "finance", "control_rule_violations")
    assert value(violations, "control_rule_violations", rule="CR3") == 1
