"""The audit of client contracts: page one; ``billing``, ``contracts`` and ``economics`` make its sections."""

from __future__ import annotations

from dataclasses import dataclass, replace

from executive_suite import formats
from executive_suite.rendering.blocks import ActionList, FindingList, Kpi, Page
from executive_suite.reports import audit, frame
from executive_suite.reports.portfolio import billing, contracts, economics
from executive_suite.reports.selection import Selection

KIND = "portfolio_concern"
UNBILLED = "billable_work_unbilled"


@dataclass(frozen=True, slots=True)
class PortfolioView:
    """What the template relies on; each field is the section that it is named after."""

    page: Page
    attention: FindingList
    agenda: ActionList
    gaps: billing.Gaps
    revenue: billing.Revenue
    renewals: contracts.Renewals
    churn: contracts.Churn
    recurring: economics.Recurring
    economics: economics.Economics


def view(s: Selection, base: Page) -> PortfolioView:
    """The audit from the figures of a run."""
    who = audit.whose(s, "mrr")
    page = replace(
        base,
        message=_message(s, who),
        kpis=_kpis(s, who),
        changes=frame.changes(
            s,
            "mrr",
            "unbilled_revenue",
            "contracts_uninvoiced",
            "renewals_due",
            "realisation_rate",
            "billable_utilisation",
            "effective_hourly_rate",
            entity_id=who,
        ),
        decisions=audit.decisions(s, KIND),
    )
    return PortfolioView(
        page=page,
        attention=audit.listed(s, KIND, base.reader),
        agenda=audit.agenda(s, KIND, base.reader),
        gaps=billing.gaps(s, who),
        revenue=billing.revenue(s, who),
        renewals=contracts.renewals(s, who),
        churn=contracts.churn(s, who),
        recurring=economics.recurring(s, who),
        economics=economics.economics(s, who),
    )


def _message(s: Selection, who: str) -> tuple[str, ...]:
    """What is not billed beside recurring revenue; then the worst concern of another kind."""
    recurring, unbilled = s.fact("mrr", who), s.fact("unbilled_revenue", who)
    old = s.fact("unbilled_revenue", who, age_days=billing.AGES[-1])
    monthly = f"recurring revenue is {formats.of(recurring)}"
    if recurring.value is not None:
        monthly += " a month"
    if unbilled.value:
        aged = f", {formats.of(old)} of it for more than 90 days" if audit.cents(old) else ""
        first = f"{formats.of(unbilled)} of billable work stands on no invoice{aged}; {monthly}."
    elif unbilled.value is not None or recurring.value is not None:
        first = f"Work that no invoice covers: {formats.of(unbilled)}; {monthly}."
    else:
        first = audit.told(_kpis(s, who), f"recurring revenue: {audit.note(recurring)}")
    return (first, audit.lead(s, KIND, UNBILLED))


def _kpis(s: Selection, who: str) -> tuple[Kpi, ...]:
    named = {
        "logo_churn": "Clients lost in twelve months",
        "renewals_due": f"Contracts that end in {contracts.HORIZONS[-1]} days",
    }
    return tuple(
        s.kpi(metric_id, named.get(metric_id, ""), entity_id=who)
        for metric_id in (
            "mrr",
            "unbilled_revenue",
            "contracts_uninvoiced",
            "renewals_due",
            "logo_churn",
            "realisation_rate",
            "billable_utilisation",
            "effective_hourly_rate",
        )
    )
