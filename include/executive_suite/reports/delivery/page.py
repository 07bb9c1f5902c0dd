"""The audit of the delivery business: page one; ``work``, ``money`` and ``promises`` make its sections."""

from __future__ import annotations

from dataclasses import dataclass, replace

from executive_suite import formats
from executive_suite.rendering.blocks import ActionList, FindingList, Kpi, Page, Table
from executive_suite.reports import audit, frame
from executive_suite.reports.delivery import concerns
from executive_suite.reports.delivery.concerns import YEAR
from executive_suite.reports.delivery.money import Billing, Cost, billing, cost
from executive_suite.reports.delivery.promises import Charter, charter, quality
from executive_suite.reports.delivery.work import Capacity, Service, capacity, service
from executive_suite.reports.selection import Selection


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """What the template relies on; each field is the section that it is named after."""

    page: Page
    attention: FindingList
    agenda: ActionList
    service: Service
    capacity: Capacity
    cost: Cost
    billing: Billing
    charter: Charter
    quality: Table


def view(s: Selection, base: Page) -> DeliveryView:
    """The audit from the figures of a run."""
    who = audit.whose(s, "delivery_jobs")
    page = replace(
        base,
        message=_message(s, who),
        kpis=_kpis(s, who),
        changes=frame.changes(
            s,
            ("Margin, twelve months", s.fact("delivery_margin", who, **YEAR)),
            ("Cost per job, twelve months", s.fact("cost_per_delivery", who, **YEAR)),
            "delivery_billing_gap",
            "crew_utilisation",
            "idle_captain_days",
            entity_id=who,
        ),
        decisions=audit.decisions(s, concerns.KIND),
    )
    return DeliveryView(
        page=page,
        attention=audit.listed(s, concerns.KIND, base.reader),
        agenda=audit.agenda(s, concerns.KIND, base.reader),
        service=service(s, who),
        capacity=capacity(s, who),
        cost=cost(s, who),
        billing=billing(s, who),
        charter=charter(s, who),
        quality=quality(s, who),
    )


def _message(s: Selection, who: str) -> tuple[str, ...]:
    """Jobs and margin of the year against all time; then where the work is, else the worst concern of another kind."""
    jobs, margin = s.fact("delivery_jobs", who, **YEAR), s.fact("delivery_margin", who, **YEAR)
    ever, never = s.fact("delivery_margin", who), s.fact("delivery_billing_gap", who, gap="completed_not_invoiced")
    if jobs.value is None:
        first = audit.told(_kpis(s, who), f"jobs: {audit.note(s.fact('delivery_jobs', who))}")
        return (first, audit.lead(s, concerns.KIND, concerns.LOSS))
    if margin.value is None:
        first = f"{formats.counted(jobs.value, 'job')} in twelve months; the margin cannot be told: {margin.reason}."
        return (first, audit.lead(s, concerns.KIND, concerns.LOSS, first=concerns.DRY))
    same = "as over all jobs" if margin.value == ever.value else f"against {formats.of(ever)} over all jobs"
    first = f"{formats.counted(jobs.value, 'job')} in twelve months at a margin of {formats.of(margin)}, {same}"
    whole = concerns.margin_if_invoiced(s)
    if whole is None:
        return (f"{first}.", audit.lead(s, concerns.KIND, concerns.LOSS, first=concerns.DRY))
    first += (
        f": {formats.of(never)} of completed work was never invoiced, with it the margin is {formats.share(whole)}."
    )
    return (first, audit.lead(s, concerns.KIND, concerns.LOSS, concerns.NEVER, first=concerns.DRY))


def _kpis(s: Selection, who: str) -> tuple[Kpi, ...]:
    return (
        _year(s, who, "delivery_jobs", "Jobs"),
        _year(s, who, "delivery_margin", "Margin"),
        _year(s, who, "cost_per_delivery", "Cost per job"),
        _year(s, who, "cost_per_nautical_mile", "Cost a mile"),
        s.kpi("crew_utilisation", entity_id=who),
        _of_completed(s.kpi("delivery_billing_gap", entity_id=who)),
        _year(s, who, "days_to_invoice", "Days to invoice"),
        _year(s, who, "on_time_rate", "On time"),
    )


def _of_completed(shown: Kpi) -> Kpi:
    """A gap whose note says of how many jobs, as such."""
    return replace(shown, note=f"over {shown.note.replace(' job', ' completed job')}") if "job" in shown.note else shown


def _year(s: Selection, who: str, metric_id: str, label: str) -> Kpi:
    """The figure of twelve months; without one, the figure of all jobs, which says why there is none."""
    if s.fact(metric_id, who, **YEAR).inputs:
        return s.kpi(metric_id, f"{label}, twelve months", entity_id=who, window="trailing_12_months")
    return s.kpi(metric_id, label, entity_id=who)
