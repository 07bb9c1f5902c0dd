"""Facts made by hand for one business, and the audit that they make."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from executive_suite import config, metrics, reports
from executive_suite.document import Document
from executive_suite.facts.fact import Fact, Input
from executive_suite.facts.figures import Figures
from executive_suite.facts.table import ordered
from executive_suite.reports.audit import Concern
from executive_suite.reports.build import view_of

ROOT = Path(__file__).parents[1]
DAY = "2026-05-01"


def figures(facts: Sequence[Fact], *, previous: Sequence[Fact] = ()) -> Figures:
    metrics.definitions()
    return Figures(
        report_date=date.fromisoformat(DAY),
        cut_off="2026-05-01T07:00:00+00:00",
        zone="America/Los_Angeles",
        dataset_hash="0" * 64,
        facts=ordered(facts),
        previous=ordered(previous),
        previous_date="2026-04-01" if previous else "",
    )


def build(found: Figures, audit: str) -> Document:
    report = config.load(ROOT / "include" / "config").report(audit)
    return reports.build(found, report.model_copy(update={"formats": ("txt", "html")}))


def fact(metric_id: str, value: object, *, reason: str = "", status: str = "ok", **dimensions: str) -> Fact:
    unit = metrics.definitions()[metric_id].unit
    return Fact(metric_id, "one", DAY, value, unit, dimensions, status, reason, (Input("t", 1),))  # type: ignore[arg-type]


def titles(concerns: tuple[Concern, ...]) -> list[tuple[str, str]]:
    return [(concern.severity, concern.title) for concern in concerns]


def lines(audit: str, facts: Sequence[Fact]) -> tuple[str, ...]:
    message = view_of(figures(facts), config.load(ROOT / "include" / "config").report(audit)).page.message
    assert isinstance(message, tuple)
    return message
