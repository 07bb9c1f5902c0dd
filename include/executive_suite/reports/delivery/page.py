"""The audit of the delivery business: page one; its sections are in modules by topic."""

from __future__ import annotations

from dataclasses import replace

from executive_suite import formats
from executive_suite.facts.fact import Why
from executive_suite.rendering.blocks import Kpi, Page, View
from executive_suite.reports import audit, frame, page_picture, phrases, story
from executive_suite.reports.delivery import billing, concerns, money, promises, work
from executive_suite.reports.delivery.concerns import YEAR
from executive_suite.reports.kpis import kpi
from executive_suite.reports.selection import Selection
from executive_suite.wording import say

_CHANGES = ("delivery_billing_gap", "crew_utilisation", "idle_captain_days")


def view(s: Selection, base: Page) -> View:
    """The audit from the figures of a run."""
    who = audit.whose(s, "delivery_jobs")
    yearly = (
        (say("Margin, 12 months"), s.fact("delivery_margin", who, **YEAR)),
        (say("Cost per job, 12 months"), s.fact("cost_per_delivery", who, **YEAR)),
    )
    page = replace(
        base,
        message=_message(s, who),
        picture=page_picture.by_month(s, "revenue", who),
        kpis=_kpis(s, who),
        changes=frame.changes(s, *yearly, *_CHANGES, entity_id=who),
        decisions=story.decisions(s, base.report),
    )
    return View(
        page,
        {
            "attention": audit.findings(s, concerns.KIND, base.reader),
            "service": work.service(s, who),
            "capacity": work.capacity(s, who),
            "cost": money.cost(s, who),
            "billing": billing.billing(s, who),
            "charter": promises.charter(s, who),
            "quality": promises.promises(s, who),
        },
    )


def _message(s: Selection, who: str) -> tuple[str, ...]:
    """Jobs and margin of the year against all time; then where the work is, else the worst concern of another kind."""
    jobs, margin = s.fact("delivery_jobs", who, **YEAR), s.fact("delivery_margin", who, **YEAR)
    ever, never = s.fact("delivery_margin", who), s.fact("delivery_billing_gap", who, gap="completed_not_invoiced")
    if jobs.value is None:
        first = phrases.available_on_page(
            _kpis(s, who), say("jobs are {fact}", fact=phrases.of(s.fact("delivery_jobs", who)))
        )
        return (first, audit.lead(s, concerns.KIND, concerns.LOSS))
    count = formats.counted(jobs.value, "job")
    if margin.value is None:
        first = say("{count} in 12 months; the margin is {margin}.", count=count, margin=phrases.of(margin))
        return (first, audit.lead(s, concerns.KIND, concerns.LOSS, first=concerns.DRY))
    same = (
        say("the same as over all jobs")
        if margin.value == ever.value
        else say("against {ever} over all jobs", ever=formats.of(ever))
    )
    first = say(
        "{count} in 12 months at a margin of {margin}, {same}", count=count, margin=formats.of(margin), same=same
    )
    whole = concerns.margin_if_invoiced(s)
    if whole is None:
        return (f"{first}.", audit.lead(s, concerns.KIND, concerns.LOSS, first=concerns.DRY))
    first += say(
        "; invoicing {never} of completed work would lift it to {whole}.",
        never=formats.of(never),
        whole=formats.share(whole),
    )
    return (first, audit.lead(s, concerns.KIND, concerns.LOSS, concerns.NEVER, first=concerns.DRY))


def _kpis(s: Selection, who: str) -> tuple[Kpi, ...]:
    return (
        _year(s, who, "delivery_jobs", say("Jobs")),
        _year(s, who, "delivery_margin", say("Margin")),
        _year(s, who, "cost_per_delivery", say("Cost per job")),
        kpi(s, "crew_utilisation", entity_id=who),
        _gap(s, who),
        _year(s, who, "on_time_rate", say("On time")),
        _year(s, who, "days_to_invoice", say("Days to invoice")),
        _year(s, who, "cost_per_nautical_mile", say("Cost a mile")),
    )


def _gap(s: Selection, who: str) -> Kpi:
    """The billing gap, with the number of jobs that it is taken over."""
    shown, counted = kpi(s, "delivery_billing_gap", entity_id=who), s.fact("delivery_billing_gap", who).qualifier
    if counted is None or counted.why is not Why.COUNTED:
        return shown
    return replace(shown, note=say("over {count}", count=formats.counted(counted.count, "completed job")))


def _year(s: Selection, who: str, metric_id: str, label: str) -> Kpi:
    """The figure of twelve months; without one, the figure of all jobs, which says why there is none."""
    if s.fact(metric_id, who, **YEAR).inputs:
        return kpi(s, metric_id, say("{label}, 12 months", label=label), entity_id=who, window=YEAR["window"])
    return kpi(s, metric_id, label, entity_id=who)
