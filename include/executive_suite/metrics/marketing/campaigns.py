"""The mailing list and what a campaign to it may bring: scenarios, never a promise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.dataset.parameters import param
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_applicable
from executive_suite.metrics.arithmetic import ratio
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rows import any_assumed, rows

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

CONTACT_COLUMNS = ("contact_hash", "consent_status")
SCENARIO_COLUMNS = ("campaign_id", "scenario", "delivery_rate_bp", "booking_rate_ppm", "avg_booking_cents")
SENDABLE = "subscribed"
BASIS_POINTS = 10_000
PARTS_PER_MILLION = 1_000_000


def latest_consent(context: Context, entity_id: str = GROUP) -> pd.DataFrame:
    """One row a contact: the latest consent given to the entity, or to any entity for the group.

    A consent without a date is older than any with one; of two at the same instant a refusal wins.

    Raises:
        MissingInputError: the table or a column is absent.
    """
    frame = context.table("contact", *CONTACT_COLUMNS)
    if entity_id != GROUP and "entity_id" in frame.columns:
        frame = frame[frame["entity_id"] == entity_id]
    willing = frame["consent_status"] == SENDABLE
    ordered = frame.assign(refuses=~willing)
    by = [column for column in ("consent_at", "recorded_at") if column in frame.columns]
    ordered = ordered.sort_values([*by, "refuses"], na_position="first", kind="stable")
    return ordered.drop_duplicates("contact_hash", keep="last").drop(columns="refuses")


def expected_bookings(contacts: int, delivery_rate_bp: int, booking_rate_ppm: int) -> int:
    """Whole bookings that a mailing brings: contacts times delivery rate times booking rate, rounded down.

    >>> expected_bookings(3_676, 10_000, 1_100), expected_bookings(3_676, 10_000, 5_450)
    (4, 20)
    """
    return contacts * delivery_rate_bp * booking_rate_ppm // (BASIS_POINTS * PARTS_PER_MILLION)


def send_cost(contacts: int, cents_per_thousand: Decimal) -> int:
    """Cost of sending one mail to each contact, cents, rounded half up.

    >>> send_cost(3_676, Decimal(10))
    37
    """
    return int((contacts * cents_per_thousand / 1000).quantize(Decimal(1), ROUND_HALF_UP))


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


def scenarios(context: Context) -> tuple[Scenario, ...]:
    """Every scenario of every campaign over the contacts of the campaign's entity (all when it is not registered).

    Raises:
        MissingInputError: contacts, scenarios or one of their columns are absent.
    """
    frame = context.table("campaign_scenario", *SCENARIO_COLUMNS)
    owner: dict[str, str] = {}
    if context.has("campaign"):
        register = context.table("campaign", "campaign_id", "entity_id")
        owner = {str(c): str(e) for c, e in zip(register["campaign_id"], register["entity_id"], strict=True)}
    found, lists = [], {}
    for row in rows(frame.sort_values(["campaign_id", "scenario"])):
        entity = owner.get(row.text("campaign_id"), GROUP)
        if entity not in lists:
            consent = latest_consent(context, entity)
            consent = consent[consent["consent_status"] == SENDABLE]
            lists[entity] = len(consent), any_assumed(consent)
        contacts, assumed = lists[entity]
        bookings = expected_bookings(contacts, row.whole("delivery_rate_bp"), row.whole("booking_rate_ppm"))
        gross = bookings * row.whole("avg_booking_cents")
        margin = gross * row.whole("gross_margin_bp") // BASIS_POINTS
        found.append(
            Scenario(
                row.text("campaign_id"),
                row.text("scenario"),
                contacts,
                bookings,
                gross,
                margin,
                row.assumed or assumed,
            )
        )
    return tuple(found)


@metric(
    Definition(
        "campaign_contacts_sendable",
        "Sendable contacts",
        "count",
        "Distinct contacts whose latest consent is subscribed. Unsubscribed, hard-bounced, complaining and never "
        "consenting contacts are not mailed.",
        "CAN-SPAM Act, 15 U.S.C. 7704(a)(4); bulk-sender rules of mailbox providers",
        "higher",
    ),
    needs={"contact": CONTACT_COLUMNS},
)
def _sendable(context: Context) -> Iterator[Fact]:
    everyone = latest_consent(context)
    entities = sorted(set(context.table("contact").get("entity_id", pd.Series(dtype="str")).dropna()) - {GROUP})
    for entity in (GROUP, *entities):
        consent = everyone if entity == GROUP else latest_consent(context, entity)
        chosen = consent[consent["consent_status"] == SENDABLE]
        yield context.fact(
            "campaign_contacts_sendable",
            Measure(len(chosen)),
            inputs={"contact": len(consent)},
            entity_id=entity,
            assumed=any_assumed(chosen),
        )
    for status, those in everyone.groupby("consent_status", observed=True):
        yield context.fact(
            "campaign_contacts_sendable",
            Measure(len(those)),
            inputs={"contact": len(those)},
            assumed=any_assumed(those),
            consent=str(status),
        )
    suppressed = everyone[everyone["consent_status"] != SENDABLE]
    yield context.fact(
        "campaign_contacts_sendable",
        Measure(len(suppressed)),
        inputs={"contact": len(suppressed)},
        assumed=any_assumed(suppressed),
        state="suppressed",
    )


@metric(
    Definition(
        "campaign_bookings",
        "Bookings of a campaign, by scenario",
        "count",
        "Sendable contacts times delivery rate times booking rate of the scenario, rounded down to whole bookings.",
        "Campaign scenario model; the rates are assumptions",
        "higher",
    ),
    Definition(
        "campaign_gross_value",
        "Gross bookings of a campaign, by scenario",
        "cents",
        "Whole bookings of the scenario times its average booking value. Gross bookings, not return on investment.",
        "Campaign scenario model; the rates are assumptions",
        "higher",
    ),
    needs={"campaign_scenario": SCENARIO_COLUMNS, "contact": CONTACT_COLUMNS},
)
def _scenarios(context: Context) -> Iterator[Fact]:
    yield from _by_scenario(context, "campaign_bookings", lambda scenario: scenario.bookings)
    yield from _by_scenario(context, "campaign_gross_value", lambda scenario: scenario.gross_cents)


@metric(
    Definition(
        "campaign_gross_margin",
        "Gross margin of a campaign, by scenario",
        "cents",
        "Gross bookings of the scenario times its gross margin, before the cost of sending and labour.",
        "Campaign scenario model; the rates are assumptions",
        "higher",
    ),
    needs={"campaign_scenario": (*SCENARIO_COLUMNS, "gross_margin_bp"), "contact": CONTACT_COLUMNS},
)
def _margins(context: Context) -> Iterator[Fact]:
    yield from _by_scenario(context, "campaign_gross_margin", lambda scenario: scenario.margin_cents)


def _by_scenario(context: Context, metric_id: str, amount: Callable[[Scenario], int]) -> Iterator[Fact]:
    """A sum by campaign and scenario, and by scenario over all campaigns."""
    found = scenarios(context)
    contacts = len(context.table("contact"))
    groups = [({"campaign": s.campaign_id, "scenario": s.scenario}, [s]) for s in found]
    names = sorted({s.scenario for s in found})
    groups += [({"scenario": name}, [s for s in found if s.scenario == name]) for name in names]
    for dimensions, those in groups:
        yield context.fact(
            metric_id,
            Measure(sum(amount(s) for s in those)),
            inputs={"campaign_scenario": len(those), "contact": contacts},
            entity_id=GROUP,
            assumed=any(s.assumed for s in those),
            **dimensions,
        )


@metric(
    Definition(
        "campaign_send_cost",
        "Cost of sending a campaign",
        "cents",
        "Sendable contacts times the price per thousand mails (param email_send_cost_cents_per_1000). Labour recorded "
        "in campaign spend stands beside it; without it a return on investment would mean nothing.",
        "Price list of the mail service, as a parameter",
        "lower",
    ),
    needs={"contact": CONTACT_COLUMNS, "param": ("param", "scope", "value")},
)
def _send_cost(context: Context) -> Iterator[Fact]:
    price = param(context, "email_send_cost_cents_per_1000")
    consent = latest_consent(context)
    chosen = consent[consent["consent_status"] == SENDABLE]
    inputs = {"contact": len(chosen), "param": 1}
    measure = Measure(send_cost(len(chosen), price.value))
    assumed = price.assumed or any_assumed(chosen)
    yield context.fact("campaign_send_cost", measure, inputs=inputs, assumed=assumed)
    if context.has("campaign_spend"):
        spend = context.table("campaign_spend", "labour_cents")
        if len(spend):
            labour = Measure(int(spend["labour_cents"].sum()))
            yield context.fact("campaign_send_cost", labour, inputs={"campaign_spend": len(spend)}, part="labour")


NO_LABOUR = (
    "no labour or spend is recorded for the campaign; the price of the mails alone would make any return boundless"
)


def return_on_investment(margin_cents: int, cost_cents: int) -> Measure:
    """Margin less cost, over cost.

    >>> return_on_investment(750_000, 60_000).value
    Decimal('11.5000000000')
    """
    return ratio(margin_cents - cost_cents, cost_cents, "it costs nothing")


@metric(
    Definition(
        "campaign_return_on_investment",
        "Return on investment of a campaign, by scenario",
        "ratio",
        "Gross margin of the scenario less the cost of sending, spend and labour, divided by that cost. "
        "n/a while no labour or spend is recorded: the price of the mails alone would make any return look boundless.",
        "Farris, Bendle, Pfeifer, Reibstein, Marketing Metrics: return on marketing investment",
        "higher",
    ),
    needs={
        "campaign_scenario": (*SCENARIO_COLUMNS, "gross_margin_bp"),
        "contact": CONTACT_COLUMNS,
        "campaign_spend": ("campaign_id", "spend_cents", "labour_cents"),
        "param": ("param", "scope", "value"),
    },
)
def _returns(context: Context) -> Iterator[Fact]:
    price = param(context, "email_send_cost_cents_per_1000")
    spend = context.table("campaign_spend")
    for scenario in scenarios(context):
        own = spend[spend["campaign_id"] == scenario.campaign_id]
        cost = int((own["spend_cents"] + own["labour_cents"]).sum())
        measure = not_applicable(NO_LABOUR)
        if cost:
            whole = cost + send_cost(scenario.contacts, price.value)
            measure = return_on_investment(scenario.margin_cents, whole)
        yield context.fact(
            "campaign_return_on_investment",
            measure,
            inputs={"campaign_scenario": 1, "campaign_spend": len(own), "contact": scenario.contacts, "param": 1},
            assumed=scenario.assumed or price.assumed,
            campaign=scenario.campaign_id,
            scenario=scenario.scenario,
        )
