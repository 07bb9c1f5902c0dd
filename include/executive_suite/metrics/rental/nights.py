"""The nights of rented property: which could be sold, were offered and were sold to guests, and for how much."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from operator import attrgetter

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.metrics.accounting.refunds import price_cents
from executive_suite.metrics.between import of_group
from executive_suite.metrics.bookings import Kind, double_booked, kind
from executive_suite.metrics.cut import Owned, grouped
from executive_suite.metrics.rental.properties import rented, tenancies
from executive_suite.metrics.straight_line import share
from executive_suite.period import months_later

# The room-inventory standard of STR and USALI: a unit leaves the inventory after six consecutive months out of
# order, or while the whole property is closed for a season of at least thirty days.
OUT_OF_ORDER_MONTHS = 6
SEASONAL_CLOSURE_DAYS = 30

ONE_DAY = timedelta(days=1)
Day = date

Key = tuple[str, date]
"""A unit and the day on which its night begins."""


key = attrgetter("row.asset_id", "row.date")
"""The key of a night of the calendar."""


@dataclass(frozen=True, slots=True)
class StayNight(Owned):
    """One night that was booked, with its row of booking.

    Attributes:
        date: The day on which the night begins.
        cents: Its share of the price; the fee of a no-show comes on the first night.
        kind: What became of the booking.
        monthly: Whether the booking runs for a month or longer: where a lease runs too, it is the tenant's.
    """

    date: date
    cents: int
    kind: Kind
    monthly: bool

    @property
    def day(self) -> Day:
        """When it is."""
        return self.date


@dataclass(frozen=True, slots=True)
class Night(Owned):
    """One night of one unit: a row of availability with the owner of the unit.

    Attributes:
        inventory: Whether it is in the standard denominator.
        offered: Whether it is in the adjusted one.
        sold: Whether it was sold; a night stayed for nothing, or that nobody came to stay, is offered, not sold.
        let: Whether it belongs to a long-term lease, so that it was never for guests.
        stays: The bookings of guests that it was part of.
    """

    inventory: bool
    offered: bool
    sold: bool
    let: bool
    stays: tuple[StayNight, ...]

    def of_group(self, context: Context) -> Night:
        """The same night for the group: what one of its entities sold to another was not sold."""
        stays = tuple(of_group(context, self.stays))
        if len(stays) == len(self.stays):
            return self
        return replace(self, stays=stays, sold=any(stay.kind is Kind.SOLD for stay in stays))

    @property
    def assumed(self) -> bool:
        """Whether a booking behind it is marked ``assumed``."""
        return any(stay.assumed for stay in self.stays)


@per_context
def nights(context: Context) -> tuple[Night, ...]:
    """Every night of the calendar of rented property.

    Raises:
        MissingInputError: table availability, or a column of it or of booking, is absent.
    """
    calendar = rented(context, context.rows("availability", "asset_id", "date", "status"))
    stays: dict[Key, list[StayNight]] = defaultdict(list)
    for stay in stay_nights(context) if context.has("booking") else ():
        stays[stay.asset_id, stay.date].append(stay)
    gone, let = {*_long_out_of_order(calendar), *_closed_for_the_season(calendar)}, _let(context, calendar)
    return tuple(
        _night(listed, tuple(stays.get(key(listed), ())), gone=key(listed) in gone, let=key(listed) in let)
        for listed in calendar
    )


def _night(listed: Owned, stays: tuple[StayNight, ...], *, gone: bool, let: bool) -> Night:
    stays = tuple(stay for stay in stays if not (let and stay.monthly))
    paid = any(stay.kind is Kind.SOLD for stay in stays)
    # Where a booking tells what became of a night, the calendar's mark adds nothing.
    sold = paid or (listed.row.status == "booked" and not stays)
    let = let and not paid
    return Night(
        listed.row,
        listed.entity_id,
        inventory=not let and (sold or not gone),
        offered=not let and (paid or listed.row.status in ("available", "booked")),
        sold=sold and not let,
        let=let,
        stays=stays,
    )


def _let(context: Context, calendar: Iterable[Owned]) -> set[Key]:
    """The nights that the calendar does not offer, because a long-term lease of the unit runs."""
    leases = grouped(tenancies(context) if context.has("lease") else (), attrgetter("asset_id"))
    return {
        key(listed)
        for listed in calendar
        if listed.row.status != "available"
        and any(
            lease.start_on <= listed.row.date and (lease.end_on is None or listed.row.date <= lease.end_on)
            for lease in leases.get(listed.row.asset_id, ())
        )
    }


@per_context
def stay_nights(context: Context) -> tuple[StayNight, ...]:
    """Every night booked in property, the price of a stay split evenly over its nights, exact to the cent.

    The price is gross less discount and refunds: taxes are separate and are no revenue, platform fees are a cost, a
    cleaning fee is in it when the booking's gross has it. A night belongs to the local day on which it begins. A
    double-booked stay is left out: another holds its nights.

    Raises:
        MissingInputError: table booking, or a column of it, is absent.
    """
    columns = ("booking_id", "entity_id", "asset_id", "service_start", "service_end", "status", "gross_cents")
    twice = double_booked(context)
    booked = (row for row in context.rows("booking", *columns) if row.asset_id and row.booking_id not in twice)
    return tuple(night for stay in rented(context, booked) for night in _split(context, stay))


def _split(context: Context, stay: Owned) -> Iterator[StayNight]:
    what = kind(stay.row)
    if what is Kind.ASKED:
        return
    # The clock is that of the entity that sold the stay.
    start, end = (context.local_day(at, stay.row.entity_id) for at in (stay.service_start, stay.service_end))
    count = max((end - start).days, 1)
    price = 0 if what is Kind.CANCELED else price_cents(context, stay.row)
    monthly = end >= months_later(start, 1)
    for night in range(count):
        cents = share(price, night + 1, count) - share(price, night, count)
        if what is Kind.NO_SHOW:
            cents = 0 if night else price
        yield StayNight(stay.row, stay.entity_id, start + timedelta(days=night), cents, what, monthly)


def _runs(keys: Iterable[Key]) -> Iterator[list[Key]]:
    """The unbroken runs of nights of a unit."""
    run: list[Key] = []
    for asset_id, day in sorted(keys):
        if run and (asset_id, day - ONE_DAY) != run[-1]:
            yield run
            run = []
        run.append((asset_id, day))
    if run:
        yield run


def _long_out_of_order(calendar: Iterable[Owned]) -> Iterator[Key]:
    """The nights of runs that are out of order for six months or longer."""
    for run in _runs(key(listed) for listed in calendar if listed.row.status == "out_of_order"):
        if run[-1][1] + ONE_DAY >= months_later(run[0][1], OUT_OF_ORDER_MONTHS):
            yield from run


def _closed_for_the_season(calendar: Iterable[Owned]) -> Iterator[Key]:
    """The nights of runs of thirty days or longer in which an owner keeps every unit of the property closed."""
    by_day: dict[tuple[str | None, date], list[Owned]] = defaultdict(list)
    for listed in calendar:
        by_day[listed.entity_id, listed.row.date].append(listed)
    closed = (day for day in by_day.values() if all(listed.row.status == "owner_block" for listed in day))
    for run in _runs(key(listed) for day in closed for listed in day):
        if len(run) >= SEASONAL_CLOSURE_DAYS:
            yield from run
