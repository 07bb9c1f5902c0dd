"""The mailing list and what a campaign to it may bring: scenarios, never a promise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import chain
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.group import ends
from executive_suite.dataset.memo import per_context
from executive_suite.dataset.parameters import param
from executive_suite.dataset.rows import any_assumed
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_applicable
from executive_suite.metrics.arithmetic import WHOLE_BP, ratio, whole_cents
from executive_suite.metrics.cut import Cut, cut, grouped
from executive_suite.metrics.registry import metric

CONTACT_COLUMNS = ("contact_hash", "consent_status")
SCENARIO_COLUMNS = ("campaign_id", "scenario", "delivery_rate_bp", "booking_rate_ppm", "avg_booking_cents")
SENDABLE = "subscribed"
PARTS_PER_MILLION = 1_000_000
NEVER = datetime.min.replace(tzinfo=UTC)


def contacts(context: Context, consent: str, entity_id: str = GROUP) -> Cut:
    """The contacts whose latest consent to the entity, or to any entity for the group, is ``consent``.

    A consent without a date is older than any with one; of two at the same instant a refusal wins.
    """
    owned = "entity_id" in context.table("contact", *CONTACT_COLUMNS).columns
    known = _consents(context).get(entity_id if owned else GROUP, {})
    return Cut(context, "contact", known.get(consent, ()), entity_id)


@per_context
def _consents(context: Context) -> Mapping[str, Mapping[str, tuple[Any, ...]]]:
    """Contacts by entity (all of them as the group's) and latest consent; none of an entity that was sold or closed."""
    rows = [row for row in context.rows("contact", *CONTACT_COLUMNS) if row.get("entity_id") not in ends(context)]
    owned = grouped(rows, lambda row: row.get("entity_id")) | {GROUP: rows}
    return {entity: grouped(_latest(own), lambda row: row.consent_status) for entity, own in owned.items()}


def _latest(rows: Iterable[Any]) -> Iterable[Any]:
    found: dict[str, Any] = {}
    for row in rows:
        known = found.setdefault(row.contact_hash, row)
        if known is not row and _given(row) >= _given(known):
            found[row.contact_hash] = row
    return found.values()


def _given(row: Any) -> tuple[datetime, datetime, bool]:
    """What makes a consent the latest."""
    return (row.get("consent_at") or NEVER, row.get("recorded_at") or NEVER, row.consent_status != SENDABLE)


def expected_bookings(contacts: int, delivery_rate_bp: int, booking_rate_ppm: int) -> int:
    """Whole bookings that a mailing brings: contacts times delivery rate times booking rate, rounded down.

    >>> expected_bookings(3_676, 10_000, 1_100), expected_bookings(3_676, 10_000, 5_450)
    (4, 20)
    """
    return contacts * delivery_rate_bp * booking_rate_ppm // (WHOLE_BP * PARTS_PER_MILLION)


def send_cost(contacts: int, cents_per_thousand: Decimal) -> int:
    """Cost of sending one mail to each contact, cents, rounded half up.

    >>> send_cost(3_676, Decimal(10))
    37
    """
    return whole_cents(contacts * cents_per_thousand / 1000)


@dataclass(frozen=True, slots=True)
class Scenario:
    """What a campaign brings under one set of assumptions; money in cents."""

    campaign_id: str
    scenario: str
    contacts: int
    bookings: int
    gross_cents: int
    margin_cents: int
    assumed: bool


@per_context
def scenarios(context: Context) -> tuple[Scenario, ...]:
    """Every scenario of every campaign over the contacts of the campaign's entity (all when it is not registered)."""
    register = context.rows("campaign", "campaign_id", "entity_id") if context.has("campaign") else ()
    owner = {row.campaign_id: row.entity_id for row in register}
    found = []
    for row in context.rows("campaign_scenario", *SCENARIO_COLUMNS):
        mailed = contacts(context, SENDABLE, owner.get(row.campaign_id, GROUP))
        bookings = expected_bookings(len(mailed), row.delivery_rate_bp, row.booking_rate_ppm)
        gross = bookings * row.avg_booking_cents
        margin = gross * (row.get("gross_margin_bp") or 0) // WHOLE_BP
        assumed = any_assumed((row,), mailed.rows)
        found.append(Scenario(row.campaign_id, row.scenario, len(mailed), bookings, gross, margin, assumed))
    return tuple(found)


@metric("campaign_contacts_sendable", needs={"contact": CONTACT_COLUMNS})
def _sendable(context: Context) -> Iterator[Fact]:
    for entity, consents in _consents(context).items():
        sendable, inputs = contacts(context, SENDABLE, entity), {"contact": tuple(chain(*consents.values()))}
        yield sendable.fact("campaign_contacts_sendable", Measure(len(sendable)), inputs=inputs)
    consents = _consents(context)[GROUP]
    for consent in consents:
        own = contacts(context, consent)
        yield own.fact("campaign_contacts_sendable", Measure(len(own)), consent=consent)
    suppressed = cut(context, "contact", (row for consent in consents.keys() - {SENDABLE} for row in consents[consent]))
    yield suppressed.fact("campaign_contacts_sendable", Measure(len(suppressed)), state="suppressed")


@metric(
    "campaign_bookings",
    "campaign_gross_value",
    needs={"campaign_scenario": SCENARIO_COLUMNS, "contact": CONTACT_COLUMNS},
)
def _scenarios(context: Context) -> Iterator[Fact]:
    yield from _by_scenario(context, "campaign_bookings", "bookings")
    yield from _by_scenario(context, "campaign_gross_value", "gross_cents")


@metric(
    "campaign_gross_margin",
    needs={"campaign_scenario": (*SCENARIO_COLUMNS, "gross_margin_bp"), "contact": CONTACT_COLUMNS},
)
def _margins(context: Context) -> Iterator[Fact]:
    yield from _by_scenario(context, "campaign_gross_margin", "margin_cents")


def _by_scenario(context: Context, metric_id: str, amount: str) -> Iterator[Fact]:
    """A sum by scenario over all campaigns, and by campaign and scenario."""
    inputs = {"contact": context.table("contact")}
    for scenario in cut(context, "campaign_scenario", scenarios(context)).by("scenario", lambda s: s.scenario):
        for own in (scenario, *scenario.by("campaign", lambda s: s.campaign_id)):
            used = {**inputs, "campaign_scenario": own}
            yield own.fact(metric_id, Measure(own.sum(amount)), inputs=used)


@metric("campaign_send_cost", needs={"contact": CONTACT_COLUMNS, "param": ("param", "scope", "value")})
def _send_cost(context: Context) -> Iterator[Fact]:
    price, mailed = param(context, "email_send_cost_cents_per_1000"), contacts(context, SENDABLE)
    yield mailed.fact(
        "campaign_send_cost",
        Measure(send_cost(len(mailed), price.value)),
        inputs={"contact": mailed, "param": (price,)},
        assumed=any_assumed((price,), mailed.rows),
    )
    if context.has("campaign_spend") and (spend := context.rows("campaign_spend", "labour_cents")):
        labour = cut(context, "campaign_spend", spend)
        yield labour.fact("campaign_send_cost", Measure(labour.sum("labour_cents")), part="labour")


@metric(
    "campaign_return_on_investment",
    needs={
        "campaign_scenario": (*SCENARIO_COLUMNS, "gross_margin_bp"),
        "contact": CONTACT_COLUMNS,
        "campaign_spend": ("campaign_id", "spend_cents", "labour_cents"),
        "param": ("param", "scope", "value"),
    },
)
def _returns(context: Context) -> Iterator[Fact]:
    price = param(context, "email_send_cost_cents_per_1000")
    spend = grouped(context.rows("campaign_spend"), lambda row: row.campaign_id)
    for scenario in scenarios(context):
        spent = spend.get(scenario.campaign_id, ())
        cost = sum(row.spend_cents + row.labour_cents for row in spent)
        measure = not_applicable(
            "no labour or spend is recorded for the campaign; "
            "the price of the mails alone would make any return boundless"
        )
        if cost > 0:
            whole = cost + send_cost(scenario.contacts, price.value)
            measure = ratio(scenario.margin_cents - whole, whole, "it costs nothing")
        yield context.fact(
            "campaign_return_on_investment",
            measure,
            inputs={
                "campaign_scenario": (scenario,),
                "campaign_spend": spent,
                "contact": scenario.contacts,
                "param": (price,),
            },
            assumed=scenario.assumed or price.assumed,
            campaign=scenario.campaign_id,
            scenario=scenario.scenario,
        )
