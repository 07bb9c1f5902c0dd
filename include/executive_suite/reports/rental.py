"""The audit of the rental."""

from __future__ import annotations

from dataclasses import dataclass, replace

from executive_suite.reports import frame
from executive_suite.reports.blocks import ActionList, FindingList, Page
from executive_suite.reports.selection import Selection

_KPIS = ("property_value", "net_operating_income", "occupancy", "rent_collection_rate", "maintenance_cost", "cap_rate")


@dataclass(frozen=True, slots=True)
class RentalView:
    """What the template relies on."""

    page: Page
    findings: FindingList
    actions: ActionList


def view(s: Selection, base: Page) -> RentalView:
    """The report from the figures of a run."""
    page = replace(
        base,
        message=(f"{s.kpi(_KPIS[0]).label}: {s.text(_KPIS[0])}; {s.kpi(_KPIS[0]).comparison}.",),
        kpis=tuple(s.kpi(metric_id) for metric_id in _KPIS),
        changes=frame.changes(s, *_KPIS),
    )
    return RentalView(page, s.findings("Shortfalls", "shortfall"), s.actions("The next 30 days", "thirty_day"))
