"""Lodging tax: what nights sold owe the city, at the rate valid on each night."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import optional_param, param, scopes
from executive_suite.facts.fact import GROUP, Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.accounting.chart import of_class
from executive_suite.metrics.accounting.jurisdiction import Stay, convention
from executive_suite.metrics.accounting.refunds import price_cents
from executive_suite.metrics.arithmetic import WHOLE_BP, whole_cents
from executive_suite.metrics.book.book import NOTHING, Sum, book, lines, sums_of
from executive_suite.metrics.bookings import Kind, double_booked, kind
from executive_suite.metrics.registry import metric

RATE = "lodging_tax_rate_bp"
TAX_SUBTYPES = ("lodging_tax", "occupancy_tax")
TAX_TERMS = r"lodging tax|occupancy tax|\btot\b"
NEEDS: Mapping[str, tuple[str, ...]] = {
    "booking": ("booking_id", "entity_id", "service_start", "service_end", "status", "gross_cents"),
    "param": ("param", "scope", "value"),
}


def lodging_tax(rent: Mapping[date, int], rates_bp: Mapping[date, Decimal]) -> int:
    """Tax of the nights, each at its own rate, cents; rounded half up once.

    Args:
        rent: Rent by night, cents.
        rates_bp: Rate by night, basis points.

    Source: San Diego raised its transient occupancy tax from 10.5% to 11.75% (zone 1) on May 1, 2025.

    >>> before, after = date(2025, 4, 30), date(2025, 5, 1)
    >>> lodging_tax({before: 10_000}, {before: Decimal(1050)}), lodging_tax({after: 10_000}, {after: Decimal(1175)})
    (1050, 1175)
    """
    return whole_cents(sum((cents * rates_bp[night] for night, cents in rent.items()), Decimal(0)) / WHOLE_BP)


@metric("lodging_tax_liability", "lodging_tax_accrued", "lodging_tax_remitted", needs=NEEDS)
def _lodging(context: Context) -> Iterator[Fact]:
    taxed = tuple(scope for scope in scopes(context, RATE) if scope != GROUP)
    if not taxed:
        msg = f"param {RATE} has no value for an entity on {context.report_date.isoformat()}"
        raise MissingInputError(msg)
    owed: dict[str, list[tuple[Any, int]]] = {entity: [] for entity in (GROUP, *taxed)}
    twice = double_booked(context)
    for booking in context.rows("booking", *NEEDS["booking"]):
        counts = booking.entity_id in taxed and booking.booking_id not in twice
        if counts and (tax := _tax(context, booking)) is not None:
            owed[booking.entity_id].append((booking, tax))
            owed[GROUP].append((booking, tax))
    try:
        paid, unseen = _remitted(context), None
    except MissingInputError as missing:
        paid, unseen = {}, not_evaluable(str(missing))
    paid[GROUP] = sum(paid.values(), NOTHING)
    rules = {entity: str(convention(context, entity, context.last_day)) for entity in taxed}
    rules[GROUP] = " / ".join(dict.fromkeys(rules.values()))
    booked = {booking.entity_id for booking in context.rows("booking")} & set(taxed)
    for entity, taxed_bookings in owed.items():
        taxes = [tax for _, tax in taxed_bookings]
        own = paid.get(entity, NOTHING)
        none = (
            None if entity in booked or (entity == GROUP and booked) else not_evaluable("no booking of it is recorded")
        )
        measures = {
            "lodging_tax_accrued": none or Measure(sum(taxes), reason=rules[entity]),
            "lodging_tax_remitted": unseen or Measure(own.cents),
            "lodging_tax_liability": none or unseen or Measure(sum(taxes) - own.cents, reason=rules[entity]),
        }
        yield from context.facts(
            measures, inputs={"booking": [row for row, _ in taxed_bookings], "ledger": own}, entity_id=entity
        )


def _tax(context: Context, booking: Any) -> int | None:
    """Tax on a booking's nights before the report date; None if exempt, collected by the marketplace or still ahead."""
    what = kind(booking)
    if what not in (Kind.SOLD, Kind.NO_SHOW) or booking.service_start is None or booking.service_end is None:
        return None
    arrives, leaves = (context.local_day(at, booking.entity_id) for at in (booking.service_start, booking.service_end))
    here, stay = convention(context, booking.entity_id, arrives), Stay(arrives, leaves, price_cents(context, booking))
    if what is Kind.NO_SHOW:
        # Nobody stayed: the fee is one sum, due when the guest failed to come.
        stay = Stay(arrives, arrives, stay.rent_cents)
    if here.exempts(stay) or (what is Kind.NO_SHOW and not here.no_shows):
        return None
    rent = stay.rent_until(context.report_date)
    rent = {night: cents for night, cents in rent.items() if not _collected(context, booking.text("channel_id"), night)}
    rates = {night: param(context, RATE, booking.entity_id, on=night).value for night in rent}
    return lodging_tax(rent, rates) if rent else None


def _collected(context: Context, channel_id: str, night: date) -> bool:
    """Whether the marketplace of a booking collects the tax itself on that night."""
    collects = optional_param(context, "marketplace_collects_tax", channel_id, on=night)
    return collects is not None and bool(collects.value)


def _remitted(context: Context) -> dict[str, Sum]:
    """Debits on lodging-tax accounts by entity.

    Raises:
        MissingInputError: nothing shows what was remitted.
    """
    accounts = of_class(context.rows("account", "account", "type", "name"), ("liability",), TAX_SUBTYPES, TAX_TERMS)
    if not accounts:
        msg = "the chart has no lodging-tax account, so nothing is known to be remitted"
        raise MissingInputError(msg)
    if not book(context).rows:
        msg = "the ledger is empty, so nothing is known to be remitted"
        raise MissingInputError(msg)
    posted = lines(context)
    debits = sums_of(context, posted.on(accounts) & (posted.cents > 0), "entity_id")
    return {entity: total for (entity,), total in debits.items()}
