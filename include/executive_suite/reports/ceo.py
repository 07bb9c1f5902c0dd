"""The CEO"s report."""

from __future__ import annotations

from dataclasses import dataclass, replace

from executive_suite.reports import frame
from executive_suite.reports.blocks import ActionList, FindingList, Page
from executive_suite.reports.selection import Selection

_KPIS = (
    "cash_balance",
    "cash_runway_months",
    "shortfalls_open",
    "kpis_missing",
    "pipeline_gap",
    "equity_uncommitted_pct",
)


@dataclass(frozen=True, slots=True)
class CeoView:
    """What the template relies on."""

    page: Page
    findings: FindingList
    actions: ActionList


def view(s: Selection, base: Page) -> CeoView:
    """The report from the figures of a run."""
    page = replace(
        base,
        message=(f"{s.kpi(_KPIS[0]).label}: {s.text(_KPIS[0])}; {s.kpi(_KPIS[0]).comparison}.",),
        kpis=tuple(s.kpi(metric_id) for metric_id in _KPIS),
        changes=frame.changes(s, *_KPIS),
    )
    return CeoView(page, s.findings("Critical shortfalls", "shortfall"), s.actions("The next 30 days", "thirty_day"))
