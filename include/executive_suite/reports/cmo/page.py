"""The CMO's report: which channels work, what the mailing may bring, what to list next, and what cannot be measured."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import ActionList, Chart, Page, Table
from executive_suite.reports import frame, monthly, phrases
from executive_suite.reports.cmo import agenda, channels, funnel, mailing, plan, search
from executive_suite.reports.selection import Selection

_MAIN = ("campaign_contacts_sendable", "channels_live", "attribution_conversions", "marketing_milestones_due")


@dataclass(frozen=True, slots=True)
class CmoView:
    """What the CMO's template relies on."""

    page: Page
    channels: channels.Channels
    mailing: mailing.Mailing
    listings: ActionList
    search: Chart
    roadmap: Table
    funnel: funnel.Funnel
    plan: plan.Plan
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
            mailing.rate(s, "email_bounce_rate"),
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
        decisions=agenda.decisions(s),
    )
    return CmoView(
        page=page,
        channels=channels.channels(s),
        mailing=mailing.mailing(s),
        listings=agenda.listings(s),
        search=search.chart(s),
        roadmap=search.roadmap(s),
        funnel=funnel.funnel(s),
        plan=plan.plan(s),
        economics=plan.economics(s),
    )


def _message(s: Selection) -> tuple[str, ...]:
    """What the list may bring, from whom; then how many channels sell, of how many planned."""
    contacts = s.fact("campaign_contacts_sendable")
    low, high = (s.fact("campaign_gross_value", scenario=name) for name in ("low", "high"))
    if low.value is None or high.value is None:
        first = _booked(s, contacts)
    else:
        span = f"{formats.number(Decimal(str(low.value)) / 100)}\u2013{formats.of(high)}"
        first = f"A mailing to {formats.of(contacts)} contacts may bring {span} of gross bookings"
        cost = s.fact("campaign_send_cost")
        first += f", for {formats.of(cost)} of sending." if cost.value is not None else "."
    if contacts.value is None:
        first = phrases.told(s, *_MAIN)
    if s.fact("channels_live").value is None:
        return (first,)
    live, planned = s.text("channels_live"), s.text("channels_live", state="planned")
    are = "is" if s.fact("channels_live").value == 1 else "are"
    second = f"{live} of {planned} channels {are} live, {_agencies(s)}; {_measured(s)}."
    return (first, second)


def _booked(s: Selection, contacts: Fact) -> str:
    """What came in, where no mailing is planned: bookings beside those at the previous report."""
    bookings = s.fact("channel_bookings")
    before = s.prior(bookings)
    mailed = "no mailing is planned"
    if contacts.value:
        mailed += f" to the {formats.counted(contacts.value, 'contact')} that may be mailed"
    if bookings.value is None:
        return f"{phrases.capital(mailed)}; bookings cannot be told: {bookings.reason}."
    told = f", against {formats.of(before)} at the previous report" if before is not None and before.value else ""
    return f"{formats.counted(bookings.value, 'booking')} came in twelve months{told}; {mailed}."


def _agencies(s: Selection) -> str:
    """How many of the live channels are travel agencies, and what those that are not live are expected to bring."""
    live = s.fact("channels_live", type="ota")
    said = f"{formats.of(live)} of them travel agencies" if live.value else "none of them a travel agency"
    worth = sum(a.at_stake_cents or 0 for a in agenda.sequence(s))
    return f"{said}, where {formats.money(worth)} net a month is expected" if worth and not live.value else said


def _measured(s: Selection) -> str:
    conversions: Fact = s.fact("attribution_conversions")
    if conversions.value:
        return f"{formats.amount(conversions.value, 'count')} conversions can be attributed"
    return "no conversion can be attributed yet"
