"""The nights of rented property: which could be sold, were offered and were sold, and for how much."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.metrics.cut import Owned
from executive_suite.metrics.rental.properties import rented
from executive_suite.period import months_later

# The room-inventory standard of STR and USALI: a unit leaves the inventory after six consecutive months out of
# order, or while the whole property is closed for a season of at least thirty days.
OUT_OF_ORDER_MONTHS = 6
SEASONAL_CLOSURE_DAYS = 30

# A guest who was charged and never came has still bought the night.
SOLD_STATUSES = ("confirmed", "completed", "no_show")
ONE_DAY = timedelta(days=1)

Key = tuple[str, date]
"""A unit and the day on which its night begins."""


key = attrgetter("row.asset_id", "row.date")
"""The key of a night of the calendar."""


@dataclass(frozen=True, slots=True)
class StayNight(Owned):
    """One night of a stay: a row of booking, the day on which the night begins and its share of the price, cents."""

    date: date
    cents: int


@dataclass(frozen=True, slots=True)
class Night(Owned):
    """One night of one unit: a row of availability with the owner of the unit.

    Attributes:
        inventory: Whether it is in the standard denominator.
        offered: Whether it is in the adjusted one.
        sold: Whether it was sold; a night stayed for nothing is offered, not sold.
        stays: The stays that it was part of.
    """

    inventory: bool
    offered: bool
    sold: bool
    stays: tuple[StayNight, ...]

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
    gone = {*_long_out_of_order(calendar), *_closed_for_the_season(calendar)}
    return tuple(_night(listed, tuple(stays.get(key(listed), ())), gone=key(listed) in gone) for listed in calendar)


def _night(listed: Owned, stays: tuple[StayNight, ...], *, gone: bool) -> Night:
    status, paid = listed.row.status, sum(stay.cents for stay in stays)
    sold = paid > 0 or (status == "booked" and not (stays and paid == 0))
    offered = paid > 0 or status in ("available", "booked")
    return Night(listed.row, listed.entity_id, inventory=sold or not gone, offered=offered, sold=sold, stays=stays)


@per_context
def stay_nights(context: Context) -> tuple[StayNight, ...]:
    """Every night of the stays in property, the price of a stay split evenly over its nights, exact to the cent.

    The price is gross less discount: taxes are separate and are no revenue, platform fees are a cost, a cleaning fee
    is in it when the booking's gross has it. A night belongs to the local day on which it begins.

    Raises:
        MissingInputError: table booking, or a column of it, is absent.
    """
    columns = ("booking_id", "entity_id", "asset_id", "service_start", "service_end", "status", "gross_cents")
    booked = (row for row in context.rows("booking", *columns) if row.asset_id and row.status in SOLD_STATUSES)
    return tuple(night for stay in rented(context, booked) for night in _split(context, stay))


def _split(context: Context, stay: Owned) -> Iterator[StayNight]:
    # The clock is that of the entity that sold the stay.
    start, end = (context.local_day(at, stay.row.entity_id) for at in (stay.service_start, stay.service_end))
    count = max((end - start).days, 1)
    price = stay.gross_cents - (stay.get("discount_cents") or 0)
    for night in range(count):
        # What is due up to this night less what was due before it, so that the nights add up to the price.
        cents = price * (night + 1) // count - price * night // count
        yield StayNight(stay.row, stay.entity_id, start + timedelta(days=night), cents)


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
