"""The CMO"s report."""

from __future__ import annotations

from dataclasses import dataclass, replace

from executive_suite.reports import frame
from executive_suite.reports.blocks import ActionList, FindingList, Page
from executive_suite.reports.selection import Selection

_KPIS = ("channels_live", "campaign_contacts_sendable", "campaign_send_cost", "cac", "roas", "marketing_milestones_due")


@dataclass(frozen=True, slots=True)
class CmoView:
    """What the template relies on."""

    page: Page
    findings: FindingList
    actions: ActionList


def view(s: Selection, base: Page) -> CmoView:
    """The report from the figures of a run."""
    page = replace(
        base,
        message=(f"{s.kpi(_KPIS[0]).label}: {s.text(_KPIS[0])}; {s.kpi(_KPIS[0]).comparison}.",),
        kpis=tuple(s.kpi(metric_id) for metric_id in _KPIS),
        changes=frame.changes(s, *_KPIS),
    )
    return CmoView(
        page, s.findings("What cannot be measured", "missing_kpi"), s.actions("Sequence of listings", "ota_sequence")
    )
