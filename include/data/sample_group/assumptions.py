"""The assumptions of the sample group, read from ``assumptions.yaml`` and checked for shape."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, TypeVar

import yaml
from pydantic import Field

from executive_suite.config_files import Strict

FILE = Path(__file__).parents[1] / "assumptions.yaml"

T = TypeVar("T")
Range = tuple[int, int]
Season = Annotated[tuple[float, ...], Field(min_length=12, max_length=12)]


def in_year(values: Mapping[int, T], year: int) -> T:
    """The value of the latest year that is not after ``year``.

    >>> in_year({2023: 1, 2025: 2}, 2024)
    1
    """
    return values[max(known for known in values if known <= year)]


class CardFee(Strict):
    """What a card processor keeps of a receipt."""

    bp: int
    fixed_cents: int


class Collections(Strict):
    """Until when customers are reminded of invoices, and how many times longer they take afterwards."""

    reminded_until: date
    then_times: int


class Charters(Strict):
    """Yacht charters."""

    entity_id: str
    asset_id: str
    price_cents: Mapping[int, int]
    long_day_share_bp: int
    long_day_uplift_bp: int
    discount_share_bp: int
    discount_bp: int
    deposit_bp: int
    variable_cost_cents: Mapping[int, int]
    variable_cost_spread_bp: int
    season: Season
    growth_bp_a_year: int
    cancelled_bp: int
    no_show_bp: int
    lead_days: Range
    repeat_customer_bp: int
    channels: Mapping[str, int]


class Events(Strict):
    """Concerts and events."""

    entity_id: str
    season: Season
    price_cents: Range
    deposit_bp: int
    cost_share_bp: Range
    lead_days: Range
    pays_after_days: Range


class Hauling(Strict):
    """Dumpster and junk hauling."""

    entity_id: str
    season: Season
    price_cents: Mapping[int, Range]
    disposal_share_bp: Range
    trade_account_bp: int
    pays_after_days: Range
    web_share_bp: int


class Lane(Strict):
    """A delivery route."""

    origin: str
    destination: str
    nautical_miles: int


class Deliveries(Strict):
    """Yacht deliveries."""

    entity_id: str
    season: Season
    lanes: tuple[Lane, ...]
    miles_a_day: int
    knots: int
    gallons_a_mile: tuple[float, float]
    gallon_cents: Mapping[int, int]
    day_rate_cents: Mapping[str, int]
    deckhand_from_miles: int
    provisions_cents_a_person_day: int
    travel_cents: Range
    insurance_cents: int
    markup_bp: int
    deposit_bp: int
    weather_delay_bp: int
    underbilled_bp: int
    offered_bp: Mapping[bool, int]
    withdrawn_bp: int
    incident_bp: int
    owner_lets_bp: int
    charter_days_offered: Range
    pays_after_days: Range


class Let(Strict):
    """A furnished winter let."""

    start_on: date
    end_on: date
    rent_cents: int
    deposit_cents: int


class Rental(Strict):
    """The rental property: guests by the night in the warm months, one tenant in the others."""

    entity_id: str
    asset_id: str
    lets: tuple[Let, ...]
    night_cents: Annotated[tuple[int, ...], Field(min_length=12, max_length=12)]
    gap_nights: Annotated[tuple[int, ...], Field(min_length=12, max_length=12)]
    price_growth_bp_a_year: int
    stay_nights: Range
    owner_week_from: Mapping[int, date]
    out_of_order_bp: int
    turnover_cost_cents: int
    repairs_a_month: float
    repair_cents: Range


class Retainer(Strict):
    """A client who pays by the month."""

    contract_id: str
    client_id: str
    monthly_cents: int
    start_on: date
    end_on: date


class Hourly(Strict):
    """A client who pays for the hours of each month."""

    contract_id: str
    client_id: str
    tier: str
    sessions_a_month: float
    start_on: date
    end_on: date


class Project(Strict):
    """A client who pays by the milestone."""

    contract_id: str
    client_id: str
    tier: str
    total_cents: int
    start_on: date
    end_on: date


class Unbilled(Strict):
    """Work on a contract that has no billing model."""

    contract_id: str
    sessions_a_month: float
    minutes: Range


class Clients(Strict):
    """Web and client services."""

    entity_id: str
    hour_cents: int
    retainers: tuple[Retainer, ...]
    hourly: tuple[Hourly, ...]
    projects: tuple[Project, ...]
    unbilled: tuple[Unbilled, ...]
    retainer_sessions_a_month: float
    session_minutes: Range
    pays_after_days: Range


class FixedCost(Strict):
    """A cost of every month."""

    entity_id: str
    account: str
    day: int
    vendor: str
    memo: str
    cents: Mapping[int, int]


class Mortgage(Strict):
    """One payment a month for interest and for costs of the property, and the accounts that it is split between."""

    entity_id: str
    asset_id: str
    paid_on_account: str
    interest: str
    running_costs: str
    rate_bp: int


class Contractors(Strict):
    """A cost of every month that varies."""

    entity_id: str
    account: str
    day: int
    vendor: str
    memo: str
    cents: Range


class Funding(Strict):
    """When, by whom and to which reserve the entities are funded for the winter."""

    month: int
    day: int
    treasurer: str
    reserve_cents: Mapping[str, int]


class Asset(Strict):
    """An asset; one with an account is in the books at cost less straight-line depreciation."""

    asset_id: str
    entity_id: str
    asset_class: str
    name: str
    acquired_on: date | None
    cost_cents: int | None
    useful_life_months: int | None
    salvage_cents: int | None
    account: str | None
    market_cents: Mapping[int, int] | None
    basis: str | None
    insured_cents: int
    lien_cents: int


class Upkeep(Strict):
    """A bill for the vessel's upkeep, and when it was entered if that was late."""

    day: date
    cents: int
    category: str
    memo: str
    entered_on: date | None = None


class Misposting(Strict):
    """A receipt that was keyed wrongly first."""

    day: date
    keyed_cents: int
    right_cents: int
    corrected_on: date


class Target(Strict):
    """The revenue target of one account: a level a year, and the business whose season it follows."""

    entity_id: str
    account: str
    follows: str
    level_cents: Mapping[int, int]


class Budget(Strict):
    """Targets by month; direct costs are a share of an entity's revenue target."""

    years: tuple[int, ...]
    revenue: tuple[Target, ...]
    back_in: Mapping[int, Mapping[str, int]]
    direct_cost_bp: Mapping[str, tuple[str, str, int]]


class Assumptions(Strict):
    """Everything that the history is made from."""

    seed: str
    zone: str
    first_day: date
    window_opens: date
    report_date: date
    collections: Collections
    card_fee: CardFee
    charters: Charters
    events: Events
    hauling: Hauling
    deliveries: Deliveries
    rental: Rental
    clients: Clients
    fixed_costs: tuple[FixedCost, ...]
    mortgage: Mortgage
    contractors: Contractors
    funding: Funding
    assets: tuple[Asset, ...]
    upkeep: tuple[Upkeep, ...]
    misposting: Misposting
    budget: Budget


def load(file: Path = FILE) -> Assumptions:
    """The assumptions in a file.

    Raises:
        pydantic.ValidationError: a field is missing, unknown or of the wrong type.
    """
    return Assumptions.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
