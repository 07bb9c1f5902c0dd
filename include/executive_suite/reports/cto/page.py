"""The CTO's report: what is open on each stack, what the cloud costs, and the ten actions that pay most."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.facts.findings import Action
from executive_suite.rendering.blocks import ActionItem, ActionList, Decision, Page
from executive_suite.reports import frame, monthly, phrases
from executive_suite.reports.cto import cloud, gaps, remedies, security, stacks
from executive_suite.reports.selection import Selection

_MAIN = ("security_gaps_open", "ux_gaps_open", "delivery_capability_gaps_open", "cloud_baseline_median")
_DECISIONS = 3


@dataclass(frozen=True, slots=True)
class CtoView:
    """What the CTO's template relies on."""

    page: Page
    actions: ActionList
    security: security.Security
    stacks: stacks.Stacks
    users: gaps.Users
    release: gaps.Release
    readiness: cloud.Readiness
    cloud: cloud.Cloud


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
            cloud.oldest_secret(s),
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
        decisions=_decisions(s),
    )
    return CtoView(
        page=page,
        actions=_actions(s),
        security=security.security(s),
        stacks=stacks.stacks(s),
        users=gaps.users(s),
        release=gaps.release(s),
        cloud=cloud.cloud(s),
        readiness=cloud.readiness(s),
    )


def _critical(s: Selection, found: Fact) -> str:
    """How many of the open gaps are critical, as one says it of one, of none and of many."""
    critical = s.fact("security_gaps_open", severity="critical")
    if found.value == 1:
        return "and it is critical" if critical.value else "and it is not critical"
    return f"{formats.of(critical)} of them critical" if critical.value != 0 else "none of them critical"


def _message(s: Selection) -> tuple[str, ...]:
    """Open gaps against their limits; then the bill against its baseline and what could be saved of it."""
    found = s.fact("security_gaps_open")
    are = "gap is" if found.value == 1 else "gaps are"
    first = f"{formats.of(found)} security {are} open, {_critical(s, found)}; {_late(s)}."
    if found.value == 0:
        first = "0 security gaps are open, which is the target."
    if found.value is None:
        first = phrases.told(s, *_MAIN)
    low, high = monthly.number(s.fact("cloud_baseline_low")), monthly.number(s.fact("cloud_baseline_high"))
    if low is None or high is None:
        return (first,)
    span = f"{formats.number(low)}\u2013{formats.number(high)} {formats.CLOUD_CURRENCY} a month"
    if formats.number(low) == formats.number(high):
        span = f"{formats.number(low)} {formats.CLOUD_CURRENCY} a month"
    saving = monthly.number(s.fact("cloud_open_savings"))
    if not saving:
        worth = "nothing is recommended to save on it"
    else:
        worth = (
            f"{formats.number(saving, 0 if saving == int(saving) else 2)} {formats.CLOUD_CURRENCY} of it could be saved"
        )
    return (first, f"The cloud costs {span}; {worth}.")


def _late(s: Selection) -> str:
    """How many gaps are past the limit for their severity."""
    share = s.fact("finding_sla_breaches")
    if share.value is None:
        return "no limit is set" if s.fact("security_gaps_open").value else "none is past a limit"
    if Decimal(str(share.value)) == 1:
        return "it is past its limit" if s.fact("security_gaps_open").value == 1 else "all are past their limit"
    return f"{formats.of(share)} are past their limit" if share.value else "none is past its limit"


def _decisions(s: Selection) -> tuple[Decision, ...]:
    """The first actions of the ranking, what nobody owns, the oldest secret, and what could be saved."""
    found = [_started(s, action) for action in remedies.ranked(s)[:_DECISIONS]]
    every = remedies.ranked(s)
    unowned = [a for a in every if not all(remedies.terms(s, a))]
    if unowned:
        names = phrases.some([phrases.capital(a.title) for a in unowned])
        which = f"{len(unowned)} of the" if len(unowned) < len(every) else "all"
        what = f"Name an owner and a date for {which} {formats.counted(len(every), 'ranked action')}."
        found.append(Decision(what, f"{names}: nobody is named."))
    bare = [f for f in security.open_findings(s) if remedies.against(s, f.dimensions["finding"]) is None]
    if bare:
        names = phrases.some([phrases.capital(f.dimensions["title"]) for f in bare])
        what = f"Plan a remedy for {formats.counted(len(bare), 'open gap')} without a ranked action."
        found.append(Decision(what, f"{names}."))
    secret = cloud.oldest_secret(s)
    if secret.tone == "bad":
        limit = formats.counted(cloud.ROTATED_WITHIN_DAYS, "day")
        found.append(Decision("Rotate the oldest secret.", f"It is {secret.value} old; the limit is {limit}."))
    saving = s.fact("cloud_open_savings")
    if monthly.number(saving):
        count = formats.counted(len(s.facts("cloud_open_savings", "recommendation", "title")), "open recommendation")
        why = f"{count} to save on a bill of {formats.of(monthly.latest(s, 'cloud_billed_cost'))} a month."
        found.append(Decision("Take up the cloud savings, or close them.", why, stake=f"saves {_a_month(saving)}"))
    return tuple(found)


def _a_month(fact: Fact) -> str:
    return formats.of(fact).replace("/month", " a month")


def _started(s: Selection, action: Action) -> Decision:
    """An action to start now: what it closes, how late that is, and how long it takes."""
    owner, due = remedies.terms(s, action)
    gap = action.details.get("finding", "")
    titles = {f.dimensions["finding"]: f.dimensions["title"] for f in security.open_findings(s)}
    late = s.fact("finding_days_over_limit", finding=gap)
    closes = f"It closes {phrases.quoted(titles[gap])}" if gap in titles else f"It scores {action.score}"
    over = f", {formats.of(late)} past its limit" if monthly.number(late) else ""
    days = f"{action.effort_days} {'day' if action.effort_days == '1' else 'days'} of work"
    return Decision(f"Start now: {phrases.capital(action.title)}.", f"{closes}{over}.", owner, due, days)


def _actions(s: Selection) -> ActionList:
    """The first of the open actions with owner and day, and how many there are."""
    count = len(s.facts("engineering_action_rank", "action"))
    empty = phrases.nothing(s.fact("engineering_action_score"), "Nothing is open.")
    listed = phrases.listed(s.actions("", "engineering", empty=empty))
    if not listed.items:
        return replace(listed, title="Open actions, by security impact and user value over effort")
    title = f"The first {len(listed.items)} of {count} open actions, by security impact and user value over effort"
    return replace(listed, title=title, items=tuple(map(partial(_owned, s), listed.items, remedies.ranked(s))))


def _owned(s: Selection, item: ActionItem, action: Action) -> ActionItem:
    owner, due = remedies.terms(s, action)
    effort = f"{action.effort_days} {'day' if action.effort_days == '1' else 'days'}" if action.effort_days else ""
    return replace(item, owner=owner or item.owner, due=due or item.due, status=effort)
