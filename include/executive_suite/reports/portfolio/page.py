"""The audit of client contracts: page one; its sections are in modules by topic."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from executive_suite.rendering.blocks import Chart, Kpi, Page, View
from executive_suite.reports import audit, frame, page_picture, phrases, story
from executive_suite.reports.absence import none, zero
from executive_suite.reports.kpis import kpi
from executive_suite.reports.portfolio import billing, churn, contracts, economics, revenue
from executive_suite.reports.selection import Selection
from executive_suite.wording import say

KIND = "portfolio_concern"
UNBILLED = "billable_work_unbilled"
_CHANGES = (
    "mrr",
    "unbilled_revenue",
    "contracts_uninvoiced",
    "renewals_due",
    "realisation_rate",
    "billable_utilisation",
    "effective_hourly_rate",
)
_KPIS = {
    "mrr": "Recurring revenue",
    "unbilled_revenue": "",
    "contracts_uninvoiced": "Contracts without an invoice",
    "renewals_due": f"Contracts ending in {contracts.HORIZONS[-1]} days",
    "realisation_rate": "",
    "billable_utilisation": "",
    "logo_churn": "Clients lost in 12 months",
    "effective_hourly_rate": "",
}


def view(s: Selection, base: Page) -> View:
    """The audit from the figures of a run."""
    who = audit.whose(s, "mrr")
    page = replace(
        base,
        message=_message(s, who),
        picture=_picture(s, who),
        kpis=_kpis(s, who),
        changes=frame.changes(s, *_CHANGES, entity_id=who),
        decisions=story.decisions(s, base.report),
    )
    return View(
        page,
        {
            "attention": audit.findings(s, KIND, base.reader),
            "gaps": billing.gaps(s, who),
            "revenue": revenue.revenue(s, who),
            "renewals": contracts.renewals(s, who),
            "churn": churn.churn(s, who),
            "recurring": economics.recurring(s, who),
            "economics": economics.economics(s, who),
        },
    )


def _message(s: Selection, who: str) -> tuple[str, ...]:
    """What is not billed, and recurring revenue; then the worst concern of another kind."""
    recurring, unbilled = s.fact("mrr", who), s.fact("unbilled_revenue", who)
    monthly = say(
        "recurring revenue is {recurring}{value}",
        recurring=phrases.of(recurring),
        value=say(" a month") if recurring.value is not None else "",
    )
    if unbilled.value is None and recurring.value is None:
        first = phrases.available_on_page(_kpis(s, who), monthly)
    else:
        if recurring.value is not None and not recurring.number:
            monthly = none("there is no recurring revenue", zero(recurring))
        first = f"{phrases.capital(billing.unbilled(s, who))}; {monthly}."
    return (first, audit.lead(s, KIND, UNBILLED))


def _picture(s: Selection, who: str) -> Chart:
    """Which contracts end when, if several do."""
    facts = s.facts("contract_renewals", "contract", "client", entity_id=who)
    ends = sorted((date.fromisoformat(str(f.value)), f.dimensions["client"]) for f in facts if f.value is not None)
    return page_picture.ends(s, [(client, day) for day, client in ends], say("Contracts"), who)


def _kpis(s: Selection, who: str) -> tuple[Kpi, ...]:
    return tuple(kpi(s, metric_id, label, entity_id=who) for metric_id, label in _KPIS.items())
