"""The CTO"s report."""

from __future__ import annotations

from dataclasses import dataclass, replace

from executive_suite.reports import frame
from executive_suite.reports.blocks import ActionList, FindingList, Page
from executive_suite.reports.selection import Selection

_KPIS = (
    "security_gaps_open",
    "ux_gaps_open",
    "delivery_capability_gaps_open",
    "cloud_baseline_median",
    "cloud_open_savings",
    "cvss_exposure_open",
)


@dataclass(frozen=True, slots=True)
class CtoView:
    """What the template relies on."""

    page: Page
    findings: FindingList
    actions: ActionList


def view(s: Selection, base: Page) -> CtoView:
    """The report from the figures of a run."""
    page = replace(
        base,
        message=(f"{s.kpi(_KPIS[0]).label}: {s.text(_KPIS[0])}; {s.kpi(_KPIS[0]).comparison}.",),
        kpis=tuple(s.kpi(metric_id) for metric_id in _KPIS),
        changes=frame.changes(s, *_KPIS),
    )
    return CtoView(page, s.findings("Security gaps", "security_gap"), s.actions("Engineering actions", "engineering"))
