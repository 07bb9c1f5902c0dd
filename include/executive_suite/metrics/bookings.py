"""What the status of a booking means: occupancy, rates, taxes, channels and revenue all read it here.

A booking is *asked* (an inquiry or a quote), *sold*, *complimentary* (served for nothing), a *no-show* (the fee is
kept, nobody came) or *canceled*. Of two bookings of one asset whose times overlap, the one booked first holds it; the
other is *double-booked*: a finding, and no second sale.

Source: STR/CoStar data reporting guidelines (aligned with USALI, 11th edition): complimentary rooms and no-shows are no
rooms sold; the guaranteed fee of a no-show is rooms revenue.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import MissingInputError
from executive_suite.metrics.cut import grouped

_EVER = datetime.max.replace(tzinfo=UTC)


class Kind(StrEnum):
    """What became of a booking."""

    ASKED = "asked"
    SOLD = "sold"
    COMPLIMENTARY = "complimentary"
    NO_SHOW = "no-show"
    CANCELED = "canceled"


_STATUSES: Mapping[str, Kind] = {
    "inquiry": Kind.ASKED,
    "quoted": Kind.ASKED,
    "confirmed": Kind.SOLD,
    "completed": Kind.SOLD,
    "no_show": Kind.NO_SHOW,
    "cancelled": Kind.CANCELED,
}


def kind(booking: Any) -> Kind:
    """What became of a booking, by its status, its price and whether it was called off before it was served."""
    found = _STATUSES[booking.status]
    if booking.get("cancelled_at") is not None and booking.status not in ("completed", "no_show"):
        return Kind.CANCELED
    return Kind.COMPLIMENTARY if found is Kind.SOLD and net_cents(booking) == 0 else found


def net_cents(booking: Any) -> int | None:
    """Gross less discount, cents: the price without tax; None if no gross is on record."""
    gross = booking.get("gross_cents")
    return None if gross is None else int(gross - (booking.get("discount_cents") or 0))


def holds(booking: Any) -> bool:
    """Whether a booking takes its asset for its time: somebody is served, for money or for nothing."""
    return kind(booking) in (Kind.SOLD, Kind.COMPLIMENTARY)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two bookings of one asset whose times overlap: rows of booking.

    Attributes:
        first: The one booked first, which holds the asset.
        second: The other.
    """

    first: Any
    second: Any


@per_context
def overlaps(context: Context) -> tuple[Overlap, ...]:
    """The double bookings: each with the booking that holds its asset, by asset and time of booking.

    A booking ends when the next may begin: a departure and an arrival at one instant do not overlap.

    Raises:
        MissingInputError: table booking, or a column that tells asset and time, is absent.
    """
    rows = context.rows("booking", "booking_id", "asset_id", "status", "service_start", "service_end")
    timed = (row for row in rows if holds(row) and row.service_start is not None and row.service_end is not None)
    return tuple(found for own in grouped(timed, attrgetter("asset_id")).values() for found in _of_asset(own))


def _of_asset(bookings: Iterable[Any]) -> Iterator[Overlap]:
    """The double bookings of one asset."""
    kept: list[Any] = []  # those that hold it, by time: none of them overlap
    for row in sorted(bookings, key=_booked):
        at = bisect_left(kept, row.service_start, key=attrgetter("service_start"))
        near = [other for other in kept[max(at - 1, 0) : at + 1] if row.service_start < _until(other)]
        met = next((other for other in near if other.service_start < _until(row)), None)
        if met is None:
            kept.insert(at, row)
        else:
            yield Overlap(met, row)


def _until(booking: Any) -> datetime:
    """When the asset is free again; what begins and ends at one instant takes a day, as it takes a night."""
    start: datetime = booking.service_start
    end: datetime = booking.service_end
    return end if end > start else start + timedelta(days=1)


def _booked(booking: Any) -> tuple[datetime, str]:
    """When a booking was made, for order; those that do not say come last, by id."""
    return booking.get("booked_at") or _EVER, booking.booking_id


@per_context
def double_booked(context: Context) -> frozenset[str]:
    """The bookings whose asset another holds at their time; none where the table does not tell assets or times."""
    try:
        return frozenset(overlap.second.booking_id for overlap in overlaps(context))
    except MissingInputError:
        return frozenset()


@per_context
def canceled(context: Context) -> frozenset[str]:
    """The bookings that were canceled; none where no booking is on record."""
    try:
        rows = context.rows("booking", "booking_id", "status")
    except MissingInputError:
        return frozenset()
    return frozenset(row.booking_id for row in rows if kind(row) is Kind.CANCELED)


def sales(context: Context, *columns: str) -> Iterator[Any]:
    """The bookings that are sales: sold for money, none of them double-booked; rows of booking.

    Raises:
        MissingInputError: table booking, its status, or one of ``columns`` is absent.
    """
    for row in context.rows("booking", "status", *columns):
        if kind(row) is Kind.SOLD and row.get("booking_id") not in double_booked(context):
            yield row
