"""Small figures for tests of the report design system; the values are made up and compared with themselves only."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from executive_suite import config, metrics
from executive_suite.facts.fact import Fact
from executive_suite.facts.figures import Figures
from executive_suite.facts.findings import Action, Evidence, Finding

HOSTILE = (
    '=HYPERLINK("https://example.com","x")',
    "<script>alert(1)</script>",
    '{{ 7 * 7 }} {% raw %} #panic() \\ $x$ *b* _i_ @ref <lbl> [c] `d` ~ "q"',
    "שלום עולם \u202e reversed",
    "🚤🏴‍☠️ Ωμέγα 株式会社",
    "a" * 120,
)


def report() -> config.Report:
    """The report of specimens, as the shipped configuration states a report; its mail is whole, with every block."""
    shown = config.Report(
        report="specimen",
        file_name="specimen-report",
        title="SPECIMEN report",
        reader="SPECIMEN",
        report_type="cfo",
        entity="group",
        view="executive_suite.reports.cfo:view",
        template="reports/specimen.j2",
        formats=("txt", "html", "pdf", "xlsx"),
        recipients=("primary",),
        mail="full",
    )
    # A configuration names views of the package only; the specimens' view is the tests' own.
    return shown.model_copy(update={"view": "specimen_view:view"})


def figures(*, words: str = "plain", burn: int = 800_000, findings: int = 1, empty: bool = False) -> Figures:
    """Six months of burn, cash, runway, one action; ``words`` stand wherever data brings text along."""
    metrics.definitions()
    day = date(2026, 5, 1)
    at = day.isoformat()
    months = [f"{y}-{m:02d}" for y, m in ((2025, 11), (2025, 12), (2026, 1), (2026, 2), (2026, 3), (2026, 4))]
    facts = (
        []
        if empty
        else [
            Fact("cash_balance", "group", at, 3_880_000, "cents"),
            Fact("net_burn", "group", at, burn, "cents/month"),
            Fact("cash_runway_months", "group", at, Decimal("4.85"), "months"),
            Fact("break_even_units", "group", at, 6, "units"),
            Fact("break_even_units", "group", at, 6, "units", {"basis": "worst_month"}),
            *(Fact("net_burn", "group", m, burn + i * 1000, "cents/month") for i, m in enumerate(months)),
            *(Fact("gross_burn", "group", m, burn + 100_000, "cents/month") for m in months),
        ]
    )
    row = Evidence("ledger", {"txn_id": "T1"}, words, "ledger.csv", 2, assumed=True)
    found = tuple(
        Finding(f"CR{i}", "control_violation", words, "fires", "high", words, "jada", 12_345, words, (row,), words)
        for i in range(findings)
    )
    actions = (Action("P1", "capital", 1, words, words, words, "2026-06-01", "jada", words, 100, "1", assumed=True),)
    return Figures(
        report_date=day,
        cut_off="2026-05-01T07:00:00+00:00",
        zone="America/Los_Angeles",
        dataset_hash="ab" * 32,
        facts=tuple(facts),
        findings=() if empty else found,
        actions=() if empty else actions,
        entities={"group": "Group", "jada": words},
        coverage={"ledger": 0 if empty else 12},
    )
