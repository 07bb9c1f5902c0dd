"""The CMO's report: channels, the mailing, the next listings, local search, and the plan."""

from __future__ import annotations

from dataclasses import replace

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.rendering.blocks import Page, View
from executive_suite.reports import frame, page_picture, phrases, story
from executive_suite.reports.absence import Proof, left, none, nothing_of
from executive_suite.reports.cmo import agenda, channels, demand, mailing, plan, search
from executive_suite.reports.kpis import kpi, monthly
from executive_suite.reports.selection import Selection
from executive_suite.wording import say

_MAIN = ("campaign_contacts_sendable", "channels_live", "attribution_conversions", "marketing_milestones_due")
_CHANGES = (
    "channels_live",
    "campaign_contacts_sendable",
    "channel_bookings",
    "attribution_conversions",
    "email_delivery_rate",
    "email_bounce_rate",
    "marketing_milestones_due",
)


def view(s: Selection, base: Page) -> View:
    """The CMO's report from the figures of a run."""
    page = replace(
        base,
        message=_message(s),
        picture=page_picture.broken(s, base.report, "revenue", GROUP),
        kpis=(
            kpi(s, "channel_bookings", "Bookings, 12 months"),
            kpi(s, "channels_live", target=s.fact("channels_live", state="planned"), target_is="planned"),
            kpi(s, "campaign_contacts_sendable"),
            mailing.rate(s, "email_bounce_rate"),
            monthly(s, "search_clicks", "Search clicks"),
            kpi(s, "attribution_conversions", "Attributed conversions"),
            kpi(s, "cac"),
            kpi(s, "marketing_milestones_due", "Milestones due in 90 days"),
        ),
        changes=frame.changes(s, *_CHANGES),
        decisions=story.decisions(s, base.report, agenda.decisions(s), officer=say("CMO")),
    )
    return View(
        page,
        {
            "demand": demand.demand(s),
            "channels": channels.channels(s),
            "mailing": mailing.mailing(s),
            "listings": agenda.sequenced(s),
            "search": search.local(s),
            "plan": plan.plan(s),
        },
    )


def _message(s: Selection) -> tuple[str, ...]:
    """What the mailing may bring; then how many of the planned channels are live."""
    contacts, live = s.fact("campaign_contacts_sendable"), s.fact("channels_live")
    low, high = (s.fact("campaign_gross_value", scenario=name) for name in ("low", "high"))
    if low.number is None or high.number is None:
        first = _booked(s, contacts)
    else:
        cost = s.fact("campaign_send_cost")
        sending = say(", for {cost} of sending", cost=formats.of(cost)) if cost.value is not None else ""
        span = formats.money_range(low.number, high.number)
        first = say(
            "A mailing to {contacts} contacts may bring {span} of gross bookings{sending}.",
            contacts=formats.of(contacts),
            span=span,
            sending=sending,
        )
    if contacts.value is None and s.fact("channel_bookings").value is None:
        first = phrases.available(s, *_MAIN)
    if live.value is None:
        return (first,)
    planned = s.text("channels_live", state="planned")
    sold = say(
        "{live} of {planned} channels {are} live, {agencies}",
        live=formats.of(live),
        planned=planned,
        are=phrases.are(live.value),
        agencies=_agencies(s),
    )
    return (first, f"{sold}; {_measured(s)}.")


def _booked(s: Selection, contacts: Fact) -> str:
    """Without a planned mailing: bookings against those at the previous report."""
    bookings = s.fact("channel_bookings")
    before = s.prior(bookings)
    values = [s.fact("campaign_gross_value", scenario=name) for name in ("low", "high")]
    mailed = none("no mailing plan is on record", Proof(any(fact.number is None for fact in values)))
    if contacts.value:
        mailed += say(" for the {counted} that may be mailed", counted=formats.counted(contacts.value, "contact"))
    if bookings.value is None:
        return say("{mailed}; bookings are {bookings}.", mailed=phrases.capital(mailed), bookings=phrases.of(bookings))
    earlier = (
        say(", after {before} in the previous report", before=formats.of(before))
        if before is not None and before.value
        else ""
    )
    return say(
        "{counted} came in 12 months{earlier}; {mailed}.",
        counted=formats.counted(bookings.value, "booking"),
        earlier=earlier,
        mailed=mailed,
    )


def _agencies(s: Selection) -> str:
    """How many of the live channels are travel agencies, and what the others should bring."""
    live = s.fact("channels_live", type="ota")
    if live.value:
        return say(
            "{live} of them {are}",
            live=formats.of(live),
            are=phrases.are(live.value, "a travel agency", "travel agencies"),
        )
    worth = sum(action.at_stake_cents or 0 for action in agenda.sequence(s))
    expected = say(", where {worth} net a month is expected", worth=formats.money(worth)) if worth else ""
    agencies = [f for f in s.facts("channel_status", "channel", "name", "type", type="ota") if f.value == "live"]
    return none("none of them a travel agency{expected}", left(agencies, s.fact("channels_live")), expected=expected)


def _measured(s: Selection) -> str:
    conversions = s.fact("attribution_conversions")
    if conversions.value:
        return say("{conversions} conversions can be attributed", conversions=formats.of(conversions))
    return none("no conversion can be attributed yet", nothing_of(conversions))
