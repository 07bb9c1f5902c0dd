"""The reports of the CFO and of the accounting officer, from small datasets to bytes."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from finance_rows import CHART, ledger, params
from test_finance_burn import six_months

from executive_suite import config, metrics
from executive_suite.document import Document
from executive_suite.facts.figures import Figures
from executive_suite.facts.findings import Action, Finding
from executive_suite.metrics import compute
from executive_suite.rendering import lint
from executive_suite.reports import build
from typed_tables import context, typed

CONFIG = Path(__file__).parents[3] / "include" / "config"
REPORTS = ("cfo", "accounting")

# What the product statement demands of the two reports.
SECTIONS = {
    "cfo": ["Burn", "Cash and runway", "Break-even", "Capital allocation", "Monthly revenue targets",
            "Non-negotiable control rules"],
    "accounting": ["Revenue recognition by stream", "Chart of accounts", "Expenses by function",
                   "The accounting system", "Roadmap to profitability"],
}  # fmt: skip

NOTHING = Figures(date(2026, 5, 1), "2026-05-01T07:00:00+00:00", "America/Los_Angeles", "0" * 64, ())


def figures(**more: object) -> Figures:
    values = {
        "burn_window_months": 6,
        "unit_price_cents@boats:charter": 2000_00,
        "unit_variable_cost_cents@boats:charter": 500_00,
        "target_profit_month_cents": 1500_00,
        "runway_floor_months": 3,
        "tier_zero_cost_max_cents": 100,
        "tier_infra_max_cents": 10_000,
        "tier_payback_max_months": 6,
    }
    tables = {
        "ledger": ledger(six_months()),
        "account": CHART,
        "param": params(values),
        "system": typed("system", [{"system_id": "S2", "category": "accounting", "status": "none", "since": None}]),
        "milestone": typed(
            "milestone",
            [
                {"milestone_id": "M1", "report": "accounting", "title": "system live", "due_on": "2026-06-30",
                 "target_metric": "trial_balance_diff_cents", "target_value": "0", "achieved_on": None}
            ],
        ),
        "deployment_option": typed(
            "deployment_option",
            [{"option_id": "P4", "title": "calendar", "category": "feature", "cost_cents": 150_000,
              "exp_monthly_gain_cents": 90_000, "confidence_bp": 10_000}],
        ),
    } | more  # fmt: skip
    data = context("2026-05-01", **tables)  # type: ignore[arg-type]
    facts = tuple(fact for field in ("finance", "forecast", "accounting") for fact in compute(data, field))
    option = Action("P4", "capital", 1, "calendar", "cost $1,500.00", status="revenue-producing",
                    details={"cost_cents": "150000"})  # fmt: skip
    return replace(NOTHING, facts=facts, actions=(option,), entities={"a": "Alpha", "b": "Beta"})


def document(name: str, given: Figures) -> Document:
    metrics.definitions()
    return build(given, config.load(CONFIG).report(name))


def words(shown: Document) -> str:
    return " ".join(shown.text.split())


@pytest.mark.parametrize("name", REPORTS)
def test_every_section_that_the_product_demands_is_there(name: str) -> None:
    text = document(name, figures()).text
    for section in SECTIONS[name]:
        # A section without records has a line among those that are not covered yet, and no heading of its own.
        assert f"\n{section.upper()}\n" in text or section.lower() in text.partition("NOT COVERED YET")[2].lower()


def test_the_cfo_reads_the_products_figures_first() -> None:
    # The product's table: 38,800 of cash, 4.85 months at 8,000 a month, break-even at 6 charters, floor of 3 months.
    shown = words(document("cfo", figures()))
    page_one = shown[: shown.index("WHAT CHANGED")]
    for figure in ("$38,800", "4.9 months", "$8,000 a month", "floor 3 months", "6 charters"):
        assert figure in page_one
    assert "pays back in 1.7 months" in shown


def test_a_richer_cash_box_changes_the_message() -> None:
    rows = [*six_months(), ("2026-04-30", "a", "financing", {"1010": 8000_00, "3010": -8000_00})]
    shown = words(document("cfo", figures(ledger=ledger(rows))))
    # By hand: 11,000 goes on the 5th of each month, the mean of six, and 3,000 comes over its days, as only the books
    # tell of sales. 46,800 less five times 8,000 is 6,800 on October 1; by October 5 it is 484 more and 11,000 less.
    assert "Cash of $46,800 runs out in Oct 2026" in shown


def test_the_accounting_officer_reads_that_there_is_no_system() -> None:
    shown = words(document("accounting", figures()))
    assert "No accounting system is deployed; the books balance (difference $0)" in shown
    deployed = typed("system", [{"system_id": "S2", "category": "accounting", "status": "deployed", "since": None}])
    assert "An accounting system is deployed" in words(document("accounting", figures(system=deployed)))


def test_every_tier_is_named_also_an_empty_one() -> None:
    shown = words(document("cfo", figures()))
    for tier in ("Zero-cost", "Low-cost infrastructure", "Revenue", "No-deploy guardrail"):
        assert tier in shown


@pytest.mark.parametrize("name", REPORTS)
def test_without_any_figure_the_report_says_what_is_missing(name: str) -> None:
    shown = document(name, NOTHING)
    assert "n/a" in shown.text
    assert lint.check(shown) == ()


@pytest.mark.parametrize("name", REPORTS)
def test_the_linter_finds_nothing(name: str) -> None:
    assert lint.check(document(name, figures())) == ()


@pytest.mark.parametrize("name", REPORTS)
def test_the_same_figures_give_the_same_bytes(name: str) -> None:
    given = figures()
    assert document(name, given).content_digest == document(name, given).content_digest


@pytest.mark.parametrize("name", REPORTS)
def test_hostile_names_and_signs_stay_readable(name: str) -> None:
    given = figures()
    long = "Ωmega & Søns <b>“Ltd”</b> שלום " + "x" * 100
    turned = tuple(
        replace(f, value=-f.value) if isinstance(f.value, int | Decimal) and not isinstance(f.value, bool) else f
        for f in given.facts
    )
    finding = Finding("no_accounting_system", "shortfall", long, "fires", "critical", long)
    hostile = replace(given, facts=turned, entities={"a": long, "b": "🚢"}, findings=(finding,) * 3)
    shown = document(name, hostile)
    assert "<b>“Ltd”</b>" not in shown.mail_html
    assert "Ωmega" in shown.text
    assert len(shown.mail_html.encode()) < 100_000  # Gmail clips longer mails
