"""What a customer costs and is worth, and what advertising brings back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from executive_suite.dataset.behind import Behind
from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.dataset.parameters import optional_param
from executive_suite.facts.fact import Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable, qualified
from executive_suite.metrics.accounting.refunds import price_cents
from executive_suite.metrics.arithmetic import CENT_HUNDREDTH, per_unit, quotient
from executive_suite.metrics.between import of_group
from executive_suite.metrics.bookings import sales
from executive_suite.metrics.cut import YEAR
from executive_suite.metrics.marketing.journeys import journeys, models, worth
from executive_suite.metrics.registry import metric
from executive_suite.metrics.sales.conversion import won_in_days
from executive_suite.period import complete_months, cut_off

HORIZON_MONTHS = 36
"""Longest lifetime of a customer that is counted (param ltv_horizon_months overrides it)."""

BOOKINGS = ("booking_id", "customer_id", "booked_at", "status", "gross_cents", "discount_cents")
SPEND = ("campaign_id", "date", "spend_cents", "labour_cents")
NO_SPEND = "no campaign spend is recorded in twelve complete months"
NO_HISTORY = "no customer booked in the twelve months before: how long customers stay is unknown"
NO_VISITS = "no visit through a channel is recorded in twelve complete months: the return is unknown, not zero"


@dataclass(frozen=True, slots=True)
class Economics:
    """Twelve complete months of acquisition: money in cents.

    Attributes:
        spend_cents: Campaign spend with labor; None when none is recorded.
        customers: Customers who booked in the window.
        new_customers: Those who had never booked before it.
        kept_customers: Customers of the twelve months before the window who booked again in it.
        earlier_customers: Customers of the twelve months before the window.
        margin_cents: Net value less platform fees and variable cost of the window's bookings with a customer.
        revenue_cents: Net value of the window's bookings.
        unnamed: Bookings of the window that name no customer.
        inputs: Rows of spend and bookings in the window, by table.
    """

    spend_cents: int | None
    customers: int
    new_customers: int
    kept_customers: int
    earlier_customers: int
    margin_cents: int
    revenue_cents: int
    unnamed: int
    inputs: Mapping[str, Behind]


def acquisition_cost(spend_cents: int | None, new_customers: int) -> Measure:
    """Spend with labor over new customers, cents; not applicable without spend or without new customers.

    >>> acquisition_cost(120_000, 8).value, acquisition_cost(120_000, 0).reason
    (15000, 'no new customer')
    """
    if spend_cents is None or spend_cents <= 0:
        return not_applicable(NO_SPEND)
    return per_unit(spend_cents, new_customers, otherwise="no new customer")


def return_on_spend(revenue_cents: int, spend_cents: int | None) -> Measure:
    """Revenue over spend, times; not applicable without spend.

    >>> return_on_spend(1_000, 0).value is None, return_on_spend(300_000, 100_000).value
    (True, Decimal('3.00'))
    """
    if spend_cents is None or spend_cents <= 0:
        return not_applicable(NO_SPEND)
    return Measure(quotient(revenue_cents, spend_cents, CENT_HUNDREDTH))


def lifetime_months(kept: int, earlier: int, horizon: int) -> int | Decimal:
    """Expected months that a customer stays: twelve over the yearly churn, at most the horizon.

    >>> lifetime_months(50, 100, 36), lifetime_months(100, 100, 36)
    (Decimal('24.00'), 36)
    """
    lost = earlier - kept
    if lost <= 0:
        return horizon
    return min(quotient(YEAR * earlier, lost, CENT_HUNDREDTH), Decimal(horizon))


def _window(context: Context, years_back: int = 0) -> tuple[date, date]:
    """First day and the day after the last of twelve complete months, so many years back."""
    months = complete_months(context.report_date, YEAR * (years_back + 1))
    return months[0].first, (months[YEAR - 1] + 1).first


def _spent(context: Context, start: date, end: date) -> tuple[Any, ...]:
    """Rows of campaign spend from a day to before another."""
    return tuple(row for row in context.rows("campaign_spend", *SPEND) if start <= row.date < end)


def _cost(spend: tuple[Any, ...]) -> int | None:
    """Spend with labor, cents; None when none is recorded."""
    return sum(row.spend_cents + row.labour_cents for row in spend) if spend else None


def _net(context: Context, bookings: list[Any]) -> int:
    return sum(price_cents(context, booking) for booking in bookings)


@per_context
def economics(context: Context) -> Economics:
    """The twelve latest complete months."""
    (start, end), (earlier_start, earlier_end) = _window(context), _window(context, 1)
    spend = _spent(context, start, end)
    dated = [
        (context.local_day(b.booked_at, b.get("entity_id")), b) for b in of_group(context, sales(context, *BOOKINGS))
    ]
    own = [b for day, b in dated if start <= day < end]
    # A margin is a customer's only where the booking names one: others would make every named customer worth more.
    theirs = [b for b in own if b.customer_id is not None]
    customers = {b.customer_id for b in theirs}
    before = {b.customer_id for day, b in dated if day < start}
    earlier = {b.customer_id for day, b in dated if earlier_start <= day < earlier_end} - {None}
    costs = sum((b.get("platform_fee_cents") or 0) + (b.get("variable_cost_cents") or 0) for b in theirs)
    return Economics(
        spend_cents=_cost(spend),
        customers=len(customers),
        new_customers=len(customers - before),
        kept_customers=len(earlier & customers),
        earlier_customers=len(earlier),
        margin_cents=_net(context, theirs) - costs,
        revenue_cents=_net(context, own),
        unnamed=len(own) - len(theirs),
        inputs={"campaign_spend": spend, "booking": own},
    )


@metric("cac", "cac_payback_months", "ltv_to_cac", needs={"campaign_spend": SPEND, "booking": BOOKINGS})
def _customers(context: Context) -> Iterator[Fact]:
    year = economics(context)
    cost = _of_named(acquisition_cost(year.spend_cents, year.new_customers), year)
    horizon = optional_param(context, "ltv_horizon_months")
    assumed = horizon is not None and horizon.assumed
    yield context.fact("cac", cost, inputs=year.inputs)
    yield from _lagged(context, year)
    payback = ltv = cost
    if cost.value is not None and (year.margin_cents <= 0 or not year.customers):
        payback = ltv = not_applicable("no gross margin from customers: never pays back")
    elif cost.value is not None:
        price, monthly = Decimal(str(cost.value)), Decimal(year.margin_cents) / year.customers / YEAR
        longest = horizon.whole if horizon else HORIZON_MONTHS
        payback, ltv = Measure(quotient(price, monthly, CENT_HUNDREDTH)), not_evaluable(NO_HISTORY)
        if year.earlier_customers:
            months = lifetime_months(year.kept_customers, year.earlier_customers, longest)
            ltv = Measure(quotient(monthly * months, price, CENT_HUNDREDTH))
    yield context.fact("cac_payback_months", payback, inputs=year.inputs)
    yield context.fact("ltv_to_cac", ltv, inputs=year.inputs, assumed=assumed and ltv.value is not None)


def _of_named(cost: Measure, year: Economics) -> Measure:
    """An acquisition cost with the number of bookings without a customer; not evaluable if all are."""
    bookings = len(year.inputs["booking"])
    if not year.unnamed or year.spend_cents is None:
        return cost
    if year.unnamed == bookings:
        return not_evaluable("no booking of the twelve months names its customer (booking.customer_id)")
    return qualified(cost, f"{year.unnamed} of {bookings} bookings name no customer")


def _lagged(context: Context, year: Economics) -> Iterator[Fact]:
    """Acquisition cost at the spend one sales cycle before the customers; nothing where no cycle is known."""
    try:
        days = won_in_days(context)
    except MissingInputError:
        return
    if not days:
        return
    lag = timedelta(days=round(days))
    start, end = _window(context)
    spend = _spent(context, start - lag, end - lag)
    measure = _of_named(acquisition_cost(_cost(spend), year.new_customers), year)
    if measure.value is not None:
        measure = qualified(measure, f"spend of {lag.days} days earlier: the median sales cycle")
    inputs = {**year.inputs, "campaign_spend": spend, "opportunity": context.table("opportunity")}
    yield context.fact("cac", measure, inputs=inputs, basis="lagged")


@metric("roas", "marketing_efficiency_ratio", needs={"campaign_spend": SPEND, "booking": BOOKINGS})
def _returns(context: Context) -> Iterator[Fact]:
    year = economics(context)
    ratio = return_on_spend(year.revenue_cents, year.spend_cents)
    yield context.fact("marketing_efficiency_ratio", ratio, inputs=year.inputs)
    held_out = not_evaluable("no table says what was sold to those held out (campaign.holdout_pct_bp alone)")
    yield context.fact("roas", held_out, inputs={}, basis="incremental")
    try:
        found = journeys(context)
    except MissingInputError as missing:
        yield context.fact("roas", not_evaluable(str(missing)), inputs=year.inputs)
        return
    start, end = (cut_off(edge, context.zone) for edge in _window(context))
    recent = [j for j in found if start <= j.touches[-1].at < end]
    touches = [touch for journey in recent for touch in journey.touches]
    inputs = {"campaign_spend": year.inputs["campaign_spend"], "touchpoint": touches}
    named, paid = models(context), _paid(context)
    default = "last_non_direct" if "last_non_direct" in named else "last"
    for name, model in named.items():
        credit = model(recent, value=True)
        value = int(sum(share for channel, share in credit.items() if paid is None or channel in paid))
        measure = return_on_spend(value, year.spend_cents)
        if measure.value is not None:  # visits that no one recorded are no return of zero
            measure = worth(recent, measure) if recent else not_evaluable(NO_VISITS)
        yield context.fact("roas", measure, inputs=inputs, model=name)
        if name == default:
            words = measure.reason or f"model: {name.replace('_', ' ')}"
            yield context.fact("roas", replace(measure, reason=words), inputs=inputs)


def _paid(context: Context) -> frozenset[str] | None:
    """The channels that campaigns with spend ran on; None when the campaigns are not registered."""
    if not context.has("campaign"):
        return None
    spent = {row.campaign_id for row in context.rows("campaign_spend")}
    register = context.rows("campaign", "campaign_id", "channel_id")
    return frozenset(row.channel_id for row in register if row.campaign_id in spent)
