"""Lodging tax: what nights sold owe the city, at the rate valid on each night."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import optional_param, param, scopes
from executive_suite.facts.fact import GROUP, Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.accounting.chart import of_class
from executive_suite.metrics.arithmetic import WHOLE_BP, whole_cents
from executive_suite.metrics.book.book import NOTHING, Sum, lines, sums_of
from executive_suite.metrics.registry import metric
from executive_suite.period import months_later

RATE = "lodging_tax_rate_bp"
SOLD = ("confirmed", "completed")
TAX_SUBTYPES = ("lodging_tax", "occupancy_tax")
TAX_TERMS = r"lodging tax|occupancy tax|\btot\b"
NEEDS: Mapping[str, tuple[str, ...]] = {
    "booking": ("booking_id", "entity_id", "service_start", "service_end", "status", "gross_cents"),
    "param": ("param", "scope", "value"),
}


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay: first night, day of departure, rent without tax in cents."""

    arrives: date
    leaves: date
    rent_cents: int

    @property
    def nights(self) -> tuple[date, ...]:
        """The nights spent; a stay within one day counts as one night."""
        count = max(1, (self.leaves - self.arrives).days)
        return tuple(self.arrives + timedelta(days=n) for n in range(count))

    @property
    def month_or_longer(self) -> bool:
        """Whether the stay reaches the same day of the next month."""
        return self.leaves >= months_later(self.arrives, 1)

    def rent_until(self, day: date) -> Mapping[date, int]:
        """Rent by night, cents, for nights before ``day``; running totals are rounded, so that nothing is lost."""
        nights = self.nights
        whole = len(nights)
        shares = [self.rent_cents * n // whole for n in range(whole + 1)]
        return {night: shares[n + 1] - shares[n] for n, night in enumerate(nights) if night < day}


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
    owed: dict[str, list[int]] = {entity: [] for entity in (GROUP, *taxed)}
    for booking in context.rows("booking", *NEEDS["booking"]):
        if booking.entity_id in taxed and booking.status in SOLD and (tax := _tax(context, booking)) is not None:
            owed[booking.entity_id].append(tax)
            owed[GROUP].append(tax)
    try:
        (paid, reason), lacking = _remitted(context), None
    except MissingInputError as missing:
        (paid, reason), lacking = ({}, ""), not_evaluable(str(missing))
    paid[GROUP] = sum(paid.values(), NOTHING)
    for entity, taxes in owed.items():
        own = paid.get(entity, NOTHING)
        accrued, remitted = sum(taxes), own.cents
        measures = {
            "lodging_tax_accrued": Measure(accrued, reason=reason),
            "lodging_tax_remitted": lacking or Measure(remitted, reason=reason),
            "lodging_tax_liability": lacking or Measure(accrued - remitted, reason=reason),
        }
        yield from context.facts(measures, inputs={"booking": len(taxes), "ledger": own.lines}, entity_id=entity)


def _tax(context: Context, booking: Any) -> int | None:
    """Tax on a booking's nights before the report date; None if exempt, collected by the marketplace or still ahead."""
    if booking.service_start is None or booking.service_end is None:
        return None
    stay = Stay(
        context.local_day(booking.service_start, booking.entity_id),
        context.local_day(booking.service_end, booking.entity_id),
        booking.gross_cents - (booking.get("discount_cents") or 0),
    )
    if stay.month_or_longer:
        return None
    rent = stay.rent_until(context.report_date)
    rent = {night: cents for night, cents in rent.items() if not _collected(context, booking.text("channel_id"), night)}
    rates = {night: param(context, RATE, booking.entity_id, on=night).value for night in rent}
    return lodging_tax(rent, rates) if rent else None


def _collected(context: Context, channel_id: str, night: date) -> bool:
    """Whether the marketplace of a booking collects the tax itself on that night."""
    collects = optional_param(context, "marketplace_collects_tax", channel_id, on=night)
    return collects is not None and bool(collects.value)


def _remitted(context: Context) -> tuple[dict[str, Sum], str]:
    """Debits on lodging-tax accounts by entity, and why there may be none to see."""
    if not (context.has("ledger") and context.has("account")):
        return {}, "without ledger and chart nothing is known to be remitted"
    accounts = of_class(context.rows("account", "account", "type", "name"), ("liability",), TAX_SUBTYPES, TAX_TERMS)
    posted = lines(context)
    debits = sums_of(context, posted.on(accounts) & (posted.cents > 0), "entity_id")
    reason = "" if accounts else "the chart has no lodging-tax account, so nothing is known to be remitted"
    return {entity: total for (entity,), total in debits.items()}, reason
