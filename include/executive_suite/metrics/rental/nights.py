"""The nights of rented property: what could be sold, what was offered, what was sold and for how much."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.metrics.rental.properties import Owned, rented
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


@dataclass(frozen=True, slots=True)
class StayNight:
    """One night of a stay: its booking and its share of the price, cents."""

    booking_id: str
    asset_id: str
    date: date
    cents: int
    assumed: bool


@dataclass(frozen=True, slots=True)
class Night:
    """One night of one unit in the calendar.

    Attributes:
        entity_id: Who owns the unit; None if the records do not show it.
        asset_id: The unit.
        date: The day on which it begins.
        asking_cents: What the calendar asks for it; None when it names no price.
        inventory: Whether it is in the standard denominator.
        offered: Whether it is in the adjusted one.
        sold: Whether it was sold; a night stayed for nothing is offered, not sold.
        stays: The stays that it was part of.
    """

    entity_id: str | None
    asset_id: str
    date: date
    asking_cents: int | None
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
    return tuple(_night(listed, tuple(stays.get(_key(listed), ())), gone=_key(listed) in gone) for listed in calendar)


def _night(listed: Owned, stays: tuple[StayNight, ...], *, gone: bool) -> Night:
    row, paid = listed.row, sum(stay.cents for stay in stays)
    sold = paid > 0 or (row.status == "booked" and not (stays and paid == 0))
    return Night(
        listed.entity_id,
        row.asset_id,
        row.date,
        row.get("asking_cents"),
        inventory=sold or not gone,
        offered=paid > 0 or row.status in ("available", "booked"),
        sold=sold,
        stays=stays,
    )


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
    return tuple(night for stay in rented(context, booked) for night in _split(context, stay.row))


def _split(context: Context, row: Any) -> Iterator[StayNight]:
    arrival, departure = (context.local_day(at, row.entity_id) for at in (row.service_start, row.service_end))
    count = max((departure - arrival).days, 1)
    price = row.gross_cents - (row.get("discount_cents") or 0)
    for night in range(count):
        # What is due up to this night less what was due before it, so that the nights add up to the price.
        cents = price * (night + 1) // count - price * night // count
        yield StayNight(row.booking_id, row.asset_id, arrival + timedelta(days=night), cents, row.assumed)


def _key(listed: Owned) -> Key:
    return listed.row.asset_id, listed.row.date


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
    for run in _runs(_key(listed) for listed in calendar if listed.row.status == "out_of_order"):
        if run[-1][1] + ONE_DAY >= months_later(run[0][1], OUT_OF_ORDER_MONTHS):
            yield from run


def _closed_for_the_season(calendar: Iterable[Owned]) -> Iterator[Key]:
    """The nights of runs of thirty days or longer in which an owner keeps every unit of the property closed."""
    by_day: dict[tuple[str | None, date], list[Owned]] = defaultdict(list)
    for listed in calendar:
        by_day[listed.entity_id, listed.row.date].append(listed)
    closed = (day for day in by_day.values() if all(listed.row.status == "owner_block" for listed in day))
    for run in _runs(_key(listed) for day in closed for listed in day):
        if len(run) >= SEASONAL_CLOSURE_DAYS:
            yield from run
