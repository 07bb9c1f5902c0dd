"""Facts made by hand for one business, and the audit that they make."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from executive_suite import config, metrics, reports
from executive_suite.document import Document
from executive_suite.facts.fact import Fact, Input, Qualifier
from executive_suite.facts.figures import Figures
from executive_suite.facts.findings import Finding
from executive_suite.facts.table import ordered
from executive_suite.reports.audit import firing
from executive_suite.reports.build import view_of
from executive_suite.reports.selection import Selection
from executive_suite.rules import judgement, rulebook
from executive_suite.rules.rule import Kind
from executive_suite.signals import declared, ranking
from typed_tables import context

ROOT = Path(__file__).parents[1]
DAY = "2026-05-01"


def figures(facts: Sequence[Fact], *, previous: Sequence[Fact] = ()) -> Figures:
    metrics.definitions()
    kinds: tuple[Kind, ...] = ("rental_concern", "delivery_concern", "portfolio_concern")
    rules = rulebook.Rules(rules=rulebook.shipped().of_kind(*kinds))
    findings = judgement.evaluate(context(DAY), facts, rules)
    listed, _ = ranking.ranked(context(DAY), findings, (), (), declared.shipped())
    return Figures(
        report_date=date.fromisoformat(DAY),
        cut_off="2026-05-01T07:00:00+00:00",
        zone="America/Los_Angeles",
        dataset_hash="0" * 64,
        facts=ordered(facts),
        findings=findings,
        actions=listed,
        previous=ordered(previous),
        previous_date="2026-04-01" if previous else "",
    )


def build(found: Figures, audit: str) -> Document:
    report = config.load(ROOT / "include" / "config").report(audit)
    return reports.build(found, report.model_copy(update={"formats": ("txt", "html")}))


def fact(
    metric_id: str,
    value: object,
    *,
    reason: str = "",
    status: str = "ok",
    qualifier: Qualifier | None = None,
    **dimensions: str,
) -> Fact:
    unit = metrics.definitions()[metric_id].unit
    inputs = (Input("t", 1),)
    return Fact(metric_id, "one", DAY, value, unit, dimensions, status, reason, inputs, qualifier=qualifier)  # type: ignore[arg-type]


def concerns(audit: str, facts: Sequence[Fact]) -> tuple[Finding, ...]:
    return firing(Selection(figures(facts)), f"{audit}_concern")


def titles(audit: str, facts: Sequence[Fact]) -> list[tuple[str, str]]:
    return [(concern.severity, concern.title) for concern in concerns(audit, facts)]


def lines(audit: str, facts: Sequence[Fact]) -> tuple[str, ...]:
    page = view_of(figures(facts), config.load(ROOT / "include" / "config").report(audit)).page
    return (*page.message, *page.headlines, *page.rest)
