"""The CTO's report: what is open on each stack, what the cloud costs, and the ten actions that pay most."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from executive_suite.rendering.blocks import ActionList, Decision, Page
from executive_suite.reports import frame, monthly, phrases, wording
from executive_suite.reports.cto import cloud as cto_cloud
from executive_suite.reports.cto import gaps as cto_gaps
from executive_suite.reports.selection import Selection

_MAIN = ("security_gaps_open", "ux_gaps_open", "delivery_capability_gaps_open", "cloud_baseline_median")
_DECISIONS = 3


@dataclass(frozen=True, slots=True)
class CtoView:
    """What the CTO's template relies on."""

    page: Page
    actions: ActionList
    security: cto_gaps.Security
    users: cto_gaps.Users
    release: cto_gaps.Release
    cloud: cto_cloud.Cloud
    readiness: cto_cloud.Readiness


def view(s: Selection, base: Page) -> CtoView:
    """The CTO's report from the figures of a run."""
    page = replace(
        base,
        message=_message(s),
        kpis=(
            s.kpi("security_gaps_open"),
            s.kpi("finding_sla_breaches"),
            s.kpi("finding_age_days_open", "Mean age of open findings"),
            s.kpi("ux_gaps_open"),
            s.kpi("delivery_capability_gaps_open"),
            monthly.kpi(s, "cloud_billed_cost", "Cloud bill"),
            s.kpi("cloud_open_savings"),
            cto_cloud.oldest_secret(s),
        ),
        changes=frame.changes(
            s,
            "security_gaps_open",
            "cvss_exposure_open",
            "finding_age_days_open",
            "finding_days_over_limit",
            "ux_gaps_open",
            "delivery_capability_gaps_open",
            "cloud_baseline_median",
            "cloud_open_savings",
        ),
        decisions=tuple(map(Decision, _decisions(s))),
    )
    return CtoView(
        page=page,
        actions=_actions(s),
        security=cto_gaps.security(s),
        users=cto_gaps.users(s),
        release=cto_gaps.release(s),
        cloud=cto_cloud.cloud(s),
        readiness=cto_cloud.readiness(s),
    )


def _message(s: Selection) -> tuple[str, ...]:
    """Open gaps against their limits; then the bill against its baseline and what could be saved of it."""
    gaps = s.fact("security_gaps_open")
    critical = s.text("security_gaps_open", severity="critical")
    are = "gap is" if gaps.value == 1 else "gaps are"
    first = f"{wording.of(gaps)} security {are} open, {critical} of them critical; {_late(s)}."
    if gaps.value == 0:
        first = "0 security gaps are open, which is the target."
    if gaps.value is None:
        first = phrases.told(s, *_MAIN)
    low, high = monthly.number(s.fact("cloud_baseline_low")), monthly.number(s.fact("cloud_baseline_high"))
    if low is None or high is None:
        return (first,)
    span = f"{wording.number(low)}\u2013{wording.number(high)} {wording.CLOUD_CURRENCY} a month"
    if wording.number(low) == wording.number(high):
        span = f"{wording.number(low)} {wording.CLOUD_CURRENCY} a month"
    saving = monthly.number(s.fact("cloud_open_savings"))
    if not saving:
        worth = "nothing is recommended to save on it"
    else:
        worth = (
            f"{wording.number(saving, 0 if saving == int(saving) else 2)} {wording.CLOUD_CURRENCY} of it could be saved"
        )
    return (first, f"The cloud costs {span}; {worth}.")


def _late(s: Selection) -> str:
    """How many gaps are past the limit for their severity."""
    share = s.fact("finding_sla_breaches")
    if share.value is None:
        return "no limit is set" if s.fact("security_gaps_open").value else "none is past a limit"
    if Decimal(str(share.value)) == 1:
        return "all are past their limit"
    return f"{wording.of(share)} are past their limit" if share.value else "none is past its limit"


def _decisions(s: Selection) -> tuple[str, ...]:
    """The first actions of the ranking, and the accepted risks that run out."""
    ranked = sorted((a for a in s.figures.actions if a.agenda == "engineering"), key=lambda a: a.rank)[:_DECISIONS]
    found = []
    for action in ranked:
        days = f"{action.effort_days} {'day' if action.effort_days == '1' else 'days'}"
        found.append(f"Start now: {phrases.capital(action.title)}; {days} of work, score {action.score}.")
    every = [a for a in s.figures.actions if a.agenda == "engineering"]
    unowned = [a for a in every if not a.owner and a.action_id not in phrases.agreed(s)]
    if unowned:
        found.append(f"Name an owner and a date for {len(unowned)} of the {len(every)} ranked actions: they have none.")
    return tuple(found)


def _actions(s: Selection) -> ActionList:
    """The first of the open actions, and how many there are."""
    count = len(s.facts("engineering_action_rank", "action"))
    empty = phrases.nothing(s.fact("engineering_action_score"), "Nothing is open.")
    ranked = _owned(s, phrases.listed(s.actions("", "engineering", empty=empty)))
    if not ranked.items:
        return replace(ranked, title="Open actions, by security impact and user value over effort")
    title = f"The first {len(ranked.items)} of {count} open actions, by security impact and user value over effort"
    return replace(ranked, title=title)


def _owned(s: Selection, ranked: ActionList) -> ActionList:
    """The actions with owner and day of the thirty-day agenda, where they stand on it and have none of their own."""
    order = sorted((a for a in s.figures.actions if a.agenda == "engineering"), key=lambda a: (a.rank, a.action_id))
    agenda = phrases.agreed(s)
    items = []
    for item, action in zip(ranked.items, order, strict=False):
        other = agenda.get(action.action_id)
        items.append(item if other is None else phrases.taken(item, action, other))
    return replace(ranked, items=tuple(items))
