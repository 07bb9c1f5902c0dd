"""The CMO's report: which channels work, what the mailing may bring, what to list next, and what cannot be measured."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from executive_suite.facts import Fact
from executive_suite.findings import Action
from executive_suite.rendering.blocks import ActionList, Chart, Decision, Page, Table
from executive_suite.reports import frame, monthly, phrases, wording
from executive_suite.reports.cmo import channels as cmo_channels
from executive_suite.reports.cmo import mailing as cmo_mailing
from executive_suite.reports.cmo import plan as cmo_plan
from executive_suite.reports.cmo import search as cmo_search
from executive_suite.reports.selection import Selection

_MAIN = ("campaign_contacts_sendable", "channels_live", "attribution_conversions", "marketing_milestones_due")
_NAMED = 3
"""KPIs without an input that a decision names; of the rest it gives the number."""


@dataclass(frozen=True, slots=True)
class CmoView:
    """What the CMO's template relies on."""

    page: Page
    channels: cmo_channels.Channels
    mailing: cmo_mailing.Mailing
    listings: ActionList
    search: Table
    search_chart: Chart
    roadmap: Table
    funnel: Table
    plan: cmo_plan.Plan
    economics: Table


def view(s: Selection, base: Page) -> CmoView:
    """The CMO's report from the figures of a run."""
    page = replace(
        base,
        message=_message(s),
        kpis=(
            s.kpi("channels_live", target=s.fact("channels_live", state="planned"), target_is="planned"),
            s.kpi("campaign_contacts_sendable"),
            s.kpi("channel_bookings", "Bookings, twelve months"),
            s.kpi("attribution_conversions", "Attributed conversions"),
            s.kpi("cac"),
            cmo_mailing.rate(s, "email_bounce_rate"),
            monthly.kpi(s, "search_clicks", "Search clicks"),
            s.kpi("marketing_milestones_due", "Milestones due in 90 days"),
        ),
        changes=frame.changes(
            s,
            "channels_live",
            "campaign_contacts_sendable",
            "channel_bookings",
            "attribution_conversions",
            "email_delivery_rate",
            "email_bounce_rate",
            "marketing_milestones_due",
        ),
        decisions=tuple(map(Decision, _decisions(s))),
    )
    return CmoView(
        page=page,
        channels=cmo_channels.channels(s),
        mailing=cmo_mailing.mailing(s),
        listings=_listings(s),
        search=cmo_search.search(s),
        search_chart=cmo_search.search_chart(s),
        roadmap=cmo_search.roadmap(s),
        funnel=cmo_search.funnel(s),
        plan=cmo_plan.plan(s),
        economics=cmo_plan.economics(s),
    )


def _message(s: Selection) -> tuple[str, ...]:
    """What the list may bring, from whom; then how many channels sell, of how many planned."""
    contacts = s.fact("campaign_contacts_sendable")
    low, high = (s.fact("campaign_gross_value", scenario=name) for name in ("low", "high"))
    if low.value is None or high.value is None:
        first = f"{wording.of(contacts)} contacts may be mailed; what that brings is {wording.NOT_AVAILABLE}."
    else:
        span = f"{wording.number(Decimal(str(low.value)) / 100)}\u2013{wording.of(high)}"
        first = f"A mailing to {wording.of(contacts)} contacts may bring {span} of gross bookings."
    if contacts.value is None:
        first = phrases.told(s, *_MAIN)
    if s.fact("channels_live").value is None:
        return (first,)
    live, planned = s.text("channels_live"), s.text("channels_live", state="planned")
    are = "is" if s.fact("channels_live").value == 1 else "are"
    second = f"{live} of {planned} channels {are} live, {_agencies(s)}; {_measured(s)}."
    return (first, second)


def _agencies(s: Selection) -> str:
    """How many of the live channels are travel agencies."""
    live = s.fact("channels_live", type="ota")
    return f"{wording.of(live)} of them travel agencies" if live.value else "none of them a travel agency"


def _measured(s: Selection) -> str:
    conversions: Fact = s.fact("attribution_conversions")
    if conversions.value:
        return f"{wording.amount(conversions.value, 'count')} conversions can be attributed"
    return "no conversion can be attributed yet"


def _decisions(s: Selection) -> tuple[str, ...]:
    """List what is eligible, clear what blocks the rest, and close the first gaps of measurement."""
    agencies = sorted((a for a in s.figures.actions if a.agenda == "ota_sequence"), key=lambda a: a.rank)
    ready = [a for a in agencies if a.status == "eligible"]
    blocked = [a for a in agencies if a.status != "eligible"]
    found = []
    if ready:
        worth = wording.money(sum(a.at_stake_cents or 0 for a in ready))
        found.append(f"List now: {phrases.series([a.title for a in ready])}, expected {worth} net a month.")
    if blocked:
        worth = wording.money(sum(a.at_stake_cents or 0 for a in blocked))
        paper = blocked[0].status.removeprefix("blocked: ").removesuffix(" missing")
        names = phrases.series([a.title for a in blocked])
        found.append(f"Get the {paper}: it blocks {names}, expected {worth} net a month.")
    if s.fact("campaign_gross_value", scenario="high").value is not None:
        cost = s.text("campaign_send_cost")
        found.append(f"Send the mailing or drop it: it costs {cost} to send, labour not counted.")
    missing = [f.dimensions["name"] for f in cmo_plan.missing_kpis(s)]
    if missing:
        more = len(missing) - _NAMED
        names = phrases.series([*missing[:_NAMED], *([f"{more} more"] if more > 0 else [])])
        count = wording.counted(len(missing), "KPI")
        found.append(
            f"Start to measure: {count} of this report {'has' if len(missing) == 1 else 'have'} no input ({names})."
        )
    return tuple(found)


def _listings(s: Selection) -> ActionList:
    """The order of listing; what each is worth is worth that every month."""
    empty = phrases.nothing(s.fact("channels_live"), "No travel agency is left to list with.")
    title = "What can go live today first, then expected net per set-up day"
    ranked = s.actions(title, "ota_sequence", empty=empty)
    order = sorted((a for a in s.figures.actions if a.agenda == "ota_sequence"), key=lambda a: (a.rank, a.action_id))
    agenda = _agenda_by_channel(s)
    items = []
    for item, action in zip(ranked.items, order, strict=False):
        net = wording.stake(action.at_stake_cents)
        worth = replace(item, at_stake=f"{net} net a month") if net else item
        other = agenda.get(action.action_id)
        ready = other is not None and action.status == "eligible"
        items.append(phrases.taken(worth, action, other) if ready and other is not None else worth)
    return replace(ranked, items=tuple(items))


def _agenda_by_channel(s: Selection) -> dict[str, Action]:
    """Channels that a finding of the thirty-day agenda rests on, with what the agenda says of them."""
    agenda = phrases.agreed(s)
    return {
        row.key["channel_id"]: agenda[finding.finding_id]
        for finding in s.figures.findings
        if finding.finding_id in agenda
        for row in finding.evidence
        if "channel_id" in row.key
    }
