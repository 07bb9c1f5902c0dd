"""The CMO's section on mail: the business case of the mailing, and delivery rates."""

from __future__ import annotations

from dataclasses import replace

from executive_suite import formats
from executive_suite.facts.fact import Fact, Why
from executive_suite.rendering.blocks import Cell, Chart, Kpi, Section, Table, section
from executive_suite.rendering.charts import Point
from executive_suite.reports import phrases, pictures
from executive_suite.reports.absence import OURS, Proof, none
from executive_suite.reports.kpis import explained, kpi
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import figures, itself, table, words
from executive_suite.wording import say

_SCENARIOS = ("low", "base", "high")
_RATES = ("email_delivery_rate", "email_bounce_rate", "email_complaint_rate", "email_click_rate")


def mailing(s: Selection) -> Section:
    """The section on mail."""
    case = _case(s)
    return section(
        "Email blast: business case",
        point=_point(s),
        covered=s.fact("campaign_contacts_sendable").value is not None,
        rows={"chart": _chart(s), "reading": _reading(s), "received": _received(s)},
        **({"case": case} if case.rows else {}),
    )


def _point(s: Selection) -> str:
    """Whom a mailing would reach, what it may bring, and how mail was received so far."""
    contacts = s.fact("campaign_contacts_sendable")
    if contacts.value is None:
        return say("Contacts that may be mailed: {contacts}.", contacts=phrases.of(contacts))
    suppressed = s.fact("campaign_contacts_sendable", state="suppressed")
    reach = say("{contacts} contacts may be mailed", contacts=formats.of(contacts))
    reach += say(" ({suppressed} are suppressed)", suppressed=formats.of(suppressed)) if suppressed.value else ""
    low, high = (s.fact("campaign_gross_value", scenario=name) for name in ("low", "high"))
    worth = none("no mailing plan is on record", Proof(low.number is None or high.number is None))
    if low.number is not None and high.number is not None:
        worth = say("gross bookings of {number}, at assumed rates", number=formats.money_range(low.number, high.number))
        cost = s.fact("campaign_send_cost")
        worth += (
            say("; sending costs {cost}, labor not counted", cost=formats.of(cost)) if cost.value is not None else ""
        )
    bounced = s.fact("email_bounce_rate")
    told = (
        say(" Mail that bounced: {bounced}, {bounced_2}.", bounced=formats.of(bounced), bounced_2=_limit(bounced))
        if _limit(bounced)
        else ""
    )
    return f"{reach}: {worth}.{told}"


def rate(s: Selection, metric_id: str) -> Kpi:
    """A rate of mail, judged by its limit if one is set, else by its earlier value."""
    shown, fact = kpi(s, metric_id), s.fact(metric_id)
    if fact.qualified(Why.WITHIN_LIMIT, Why.ABOVE_LIMIT):
        return replace(shown, tone="fine" if fact.qualified(Why.WITHIN_LIMIT) else "act", note=_limit(fact))
    return shown


def _limit(fact: Fact) -> str:
    """On which side of its limit a rate is; empty without a limit."""
    found = fact.qualifier
    if found is None or found.count is None or not fact.qualified(Why.WITHIN_LIMIT, Why.ABOVE_LIMIT):
        return ""
    limit = formats.amount(found.count, "bp")
    return say(
        "{value} the limit of {limit}",
        value=say("within") if fact.qualified(Why.WITHIN_LIMIT) else say("above"),
        limit=limit,
    )


def _received(s: Selection) -> Table:
    """Delivery rates of mail, each against its limit and its earlier value."""

    def against(metric_id: str) -> str:
        fact = s.fact(metric_id)
        return "; ".join(filter(None, (_limit(fact), explained(rate(s, metric_id), fact))))

    return table(
        "Mail sent in 12 months, share of messages",
        _RATES,
        (
            words("Measure", lambda metric_id: Cell(rate(s, metric_id).label, metric_id=metric_id)),
            figures("Now", lambda metric_id: cells.of(s.fact(metric_id), rate(s, metric_id).tone)),
            words("Against", against),
        ),
        fixed=True,
    )


def _chart(s: Selection) -> Chart:
    facts = [(name, s.fact("campaign_gross_value", scenario=name)) for name in _SCENARIOS]
    points = [
        Point(say("{name} scenario", name=name), fact.number, formats.of(fact), "forecast")
        for name, fact in facts
        if fact.number is not None
    ]
    finding = (
        say("The {label} brings {text} of gross bookings.", label=points[0].label, text=points[0].text)
        if points
        else ""
    )
    if len(points) > 1:
        low, high = points[0], points[-1]
        finding = say(
            "The {label} brings {text} of gross bookings, the {label_2} {text_2}.",
            label=low.label,
            text=low.text,
            label_2=high.label,
            text_2=high.text,
        )
    return pictures.bars(
        "blast",
        say(
            "Gross bookings that the mailing may bring, {currency}, by scenario, forecast", currency=formats.currency()
        ),
        points,
        of="Gross bookings",
        instead=phrases.unless(s.fact("campaign_gross_value", scenario="high"), "no scenario is stated"),
        finding=finding,
    )


def _case(s: Selection) -> Table:
    """The business case of each campaign by scenario."""
    order = {name: place for place, name in enumerate(_SCENARIOS)}
    facts = sorted(
        s.facts("campaign_gross_value", "campaign", "scenario"),
        key=lambda f: (f.dimensions["campaign"], order.get(f.dimensions["scenario"], len(order))),
    )
    campaigns = {fact.dimensions["campaign"] for fact in facts}

    def name(fact: Fact) -> str:
        scenario = phrases.capital(fact.dimensions["scenario"])
        return scenario if len(campaigns) == 1 else f"{fact.dimensions['campaign']}, {scenario.lower()}"

    of = say("Mailing") if len(campaigns) == 1 else say("Mailings")
    return table(
        say("{of}: bookings, gross value and gross margin by scenario, forecast from assumed rates", of=of),
        facts,
        (
            words("Scenario", name),
            figures("Bookings", lambda f: s.fact("campaign_bookings", **f.dimensions)),
            itself("Gross value"),
            figures("Gross margin", lambda f: s.fact("campaign_gross_margin", **f.dimensions)),
        ),
        empty=phrases.missing(
            s.fact("campaign_gross_value", scenario="high"),
            "Add the scenarios of the mailing.",
            "No campaign scenarios are recorded.",
        ),
    )


def _reading(s: Selection) -> str:
    """Contacts that may be mailed, suppressed contacts, and the cost of sending."""
    contacts, labor = s.fact("campaign_contacts_sendable"), s.fact("campaign_send_cost", part="labour")
    if contacts.value is None:
        return say("Contacts that may be mailed: {contacts}.", contacts=phrases.of(contacts))
    suppressed = s.text("campaign_contacts_sendable", state="suppressed")
    work = none("labor is not recorded, so no return is stated", Proof(labor.value is None, (labor.fact_id,)))
    if labor.value is not None:
        work = say("labor {labor}", labor=formats.of(labor))
    return none(
        "{contacts} contacts may be mailed; {suppressed} are suppressed; sending costs {text}; {work}. Gross "
        "bookings are not a return: compare them with a group that gets no mail.",
        OURS,
        contacts=formats.of(contacts),
        suppressed=suppressed,
        text=s.text("campaign_send_cost"),
        work=work,
    )
