"""The audit of the client portfolio."""

from __future__ import annotations

from dataclasses import dataclass, replace

from executive_suite.reports import frame
from executive_suite.reports.blocks import ActionList, FindingList, Page
from executive_suite.reports.selection import Selection

_KPIS = ("mrr", "unbilled_revenue", "contracts_uninvoiced", "renewals_due", "revenue_churn", "realisation_rate")


@dataclass(frozen=True, slots=True)
class PortfolioView:
    """What the template relies on."""

    page: Page
    findings: FindingList
    actions: ActionList


def view(s: Selection, base: Page) -> PortfolioView:
    """The report from the figures of a run."""
    page = replace(
        base,
        message=(f"{s.kpi(_KPIS[0]).label}: {s.text(_KPIS[0])}; {s.kpi(_KPIS[0]).comparison}.",),
        kpis=tuple(s.kpi(metric_id) for metric_id in _KPIS),
        changes=frame.changes(s, *_KPIS),
    )
    return PortfolioView(page, s.findings("Shortfalls", "shortfall"), s.actions("The next 30 days", "thirty_day"))
