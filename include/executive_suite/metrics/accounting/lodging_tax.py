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
from executive_suite.metrics.accounting.refunds import price_cents
from executive_suite.metrics.arithmetic import WHOLE_BP, whole_cents
from executive_suite.metrics.book.book import NOTHING, Sum, book, lines, sums_of
from executive_suite.metrics.bookings import Kind, double_booked, kind
from executive_suite.metrics.registry import metric
from executive_suite.metrics.straight_line import share
from executive_suite.period import months_later

RATE = "lodging_tax_rate_bp"
EXEMPT_NIGHTS = 31
"""Without a parameter, a stay of thirty days or less is taxed (California Revenue and Taxation Code 7280(a))."""
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

    def rent_until(self, day: date) -> Mapping[date, int]:
        """Rent by night, cents, for nights before ``day``; running totals are rounded, so that nothing is lost."""
        nights = self.nights
        due = [share(self.rent_cents, n, len(nights)) for n in range(len(nights) + 1)]
        return {night: due[n + 1] - due[n] for n, night in enumerate(nights) if night < day}


@dataclass(frozen=True, slots=True)
class Convention:
    """What a jurisdiction taxes.

    Attributes:
        months: Calendar months from which a stay is exempt; None where nights decide.
        nights: Nights from which a stay is exempt.
        no_shows: Whether the fee of a guest who never came is taxed.
    """

    months: int | None
    nights: int
    no_shows: bool

    def exempts(self, stay: Stay) -> bool:
        """Whether a stay is long enough to be exempt.

        Source: San Diego Municipal Code 35.0102: less than one month, to the same calendar day of the next month, or
        its last day; City of Avalon and County of San Diego (Regulatory Code 22.202(c)): 30 consecutive days or less.

        >>> june = Stay(date(2026, 6, 1), date(2026, 7, 1), 310_000)
        >>> Convention(1, 31, True).exempts(june), Convention(None, 31, True).exempts(june)
        (True, False)
        """
        if self.months is not None:
            return stay.leaves >= months_later(stay.arrives, self.months)
        return len(stay.nights) >= self.nights

    def __str__(self) -> str:
        """For people."""
        length = f"{self.nights} nights" if self.months is None else f"{self.months} calendar months"
        length = length.removesuffix("s") if length.startswith("1 ") else length
        return f"stays of {length} or longer exempt; no-show fees {'taxed' if self.no_shows else 'not taxed'}"


def convention(context: Context, entity_id: str, on: date) -> Convention:
    """What the jurisdiction of an entity taxes on a day: by its own parameters, else by the group's."""

    def stated(name: str) -> int | None:
        own = optional_param(context, name, entity_id, on=on) or optional_param(context, name, on=on)
        return own.whole if own else None

    nights, fees = stated("lodging_tax_exempt_from_nights"), stated("lodging_tax_on_no_show_fees")
    # County of San Diego, Regulatory Code 22.202(b): occupancy includes a guaranteed no-show fee paid.
    return Convention(stated("lodging_tax_exempt_from_months"), nights or EXEMPT_NIGHTS, no_shows=fees != 0)


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
    twice = double_booked(context)
    for booking in context.rows("booking", *NEEDS["booking"]):
        counts = booking.entity_id in taxed and booking.booking_id not in twice
        if counts and (tax := _tax(context, booking)) is not None:
            owed[booking.entity_id].append(tax)
            owed[GROUP].append(tax)
    try:
        paid, unseen = _remitted(context), None
    except MissingInputError as missing:
        paid, unseen = {}, not_evaluable(str(missing))
    paid[GROUP] = sum(paid.values(), NOTHING)
    rules = {entity: str(convention(context, entity, context.last_day)) for entity in taxed}
    rules[GROUP] = " / ".join(dict.fromkeys(rules.values()))
    booked = {booking.entity_id for booking in context.rows("booking")} & set(taxed)
    for entity, taxes in owed.items():
        own = paid.get(entity, NOTHING)
        none = (
            None if entity in booked or (entity == GROUP and booked) else not_evaluable("no booking of it is recorded")
        )
        measures = {
            "lodging_tax_accrued": none or Measure(sum(taxes), reason=rules[entity]),
            "lodging_tax_remitted": unseen or Measure(own.cents),
            "lodging_tax_liability": none or unseen or Measure(sum(taxes) - own.cents, reason=rules[entity]),
        }
        yield from context.facts(measures, inputs={"booking": len(taxes), "ledger": own.lines}, entity_id=entity)


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
