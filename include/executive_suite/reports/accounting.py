"""The accounting officer"s report."""

from __future__ import annotations

from dataclasses import dataclass, replace

from executive_suite.reports import frame
from executive_suite.reports.blocks import ActionList, FindingList, Page
from executive_suite.reports.selection import Selection

_KPIS = (
    "operating_income",
    "expense_by_function",
    "revenue_recognised",
    "trial_balance_difference",
    "milestones_due",
    "accounts_undefined",
)


@dataclass(frozen=True, slots=True)
class AccountingView:
    """What the template relies on."""

    page: Page
    findings: FindingList
    actions: ActionList


def view(s: Selection, base: Page) -> AccountingView:
    """The report from the figures of a run."""
    page = replace(
        base,
        message=(f"{s.kpi(_KPIS[0]).label}: {s.text(_KPIS[0])}; {s.kpi(_KPIS[0]).comparison}.",),
        kpis=tuple(s.kpi(metric_id) for metric_id in _KPIS),
        changes=frame.changes(s, *_KPIS),
    )
    return AccountingView(
        page, s.findings("Accounting gaps", "accounting_gap"), s.actions("The next 30 days", "thirty_day")
    )
