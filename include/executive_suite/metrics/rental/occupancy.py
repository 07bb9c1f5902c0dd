"""Occupancy by both of its denominators, average daily rate and revenue per available night."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import attrgetter
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import param
from executive_suite.facts.fact import Fact, MissingInputError, Qualifier, Why
from executive_suite.facts.measure import Measure, not_evaluable, qualified
from executive_suite.metrics.accounting.documents import agreed
from executive_suite.metrics.arithmetic import RATIO, per_unit, ratio, rounded
from executive_suite.metrics.cut import cut, grouped
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rental.nights import Key, Night, key, nights

NO_NIGHTS = "no nights available"
NONE_SOLD = "no nights sold"
NO_CALENDAR = "table availability has no complete month of a property's nights"


@dataclass(frozen=True, slots=True)
class Nights:
    """What happened to the nights of a period.

    Attributes:
        inventory: Nights in the standard denominator.
        offered: Nights in the adjusted denominator.
        sold: Nights sold.
        revenue: Cents of the nights sold.
        unpriced: Sold nights without a booking, so without a price.
    """

    inventory: int
    offered: int
    sold: int
    revenue: int = 0
    unpriced: int = 0

    def occupancy(self) -> Measure:
        """Standard occupancy.

        >>> Nights(inventory=31, offered=29, sold=10).occupancy().value
        Decimal('0.3225806452')
        """
        return ratio(self.sold, self.inventory, otherwise=NO_NIGHTS)

    def occupancy_adjusted(self) -> Measure:
        """Adjusted occupancy.

        >>> Nights(inventory=31, offered=29, sold=10).occupancy_adjusted().value
        Decimal('0.3448275862')
        """
        return ratio(self.sold, self.offered, otherwise="no nights offered")

    def adr(self) -> Measure:
        """Average daily rate, cents.

        >>> Nights(inventory=31, offered=29, sold=10, revenue=250_000).adr().value
        25000
        """
        return self._priced(per_unit(self.revenue, self.sold, otherwise=NONE_SOLD))

    def revpar(self, *, adjusted: bool = False) -> Measure:
        """Revenue per available (or, adjusted, per offered) night, cents.

        >>> Nights(inventory=31, offered=29, sold=10, revenue=250_000).revpar().value
        Decimal('8064.52')
        """
        return self._priced(per_unit(self.revenue, self.offered if adjusted else self.inventory, otherwise=NO_NIGHTS))

    def _priced(self, measure: Measure) -> Measure:
        if not self.unpriced:
            return measure
        blank = Qualifier(Why.INPUT_BLANK, self.unpriced, self.sold)
        if self.unpriced == self.sold:
            return not_evaluable("the nights sold have neither booking nor lease, so no price", blank)
        note = f"{self.unpriced} of {self.sold} nights sold have neither booking nor lease and count as 0"
        return qualified(measure, note, blank)


def _count(found: Sequence[Night], prices: Mapping[Key, int]) -> Nights:
    """Count nights, and add up the prices of those sold."""
    sold = [prices.get(key(night)) for night in found if night.sold]
    return Nights(
        inventory=sum(night.inventory for night in found),
        offered=sum(night.offered for night in found),
        sold=len(sold),
        revenue=sum(cents for cents in sold if cents is not None),
        unpriced=sold.count(None),
    )


@metric(
    "occupancy", "occupancy_adjusted", needs={"availability": ("asset_id", "date", "status")}, otherwise=NO_CALENDAR
)
def _occupancy(context: Context) -> Iterator[Fact]:
    booked = {"booking": len(context.tables["booking"])} if context.has("booking") else {}
    for unit in cut(context, "availability", nights(context)).by_entity():
        for here, _ in unit.windows(attrgetter("row.date")):
            count, inputs = _count(here.rows, {}), {"availability": len(here), **booked}
            yield here.fact("occupancy", count.occupancy(), inputs=inputs, assumed=False)
            yield here.fact("occupancy_adjusted", count.occupancy_adjusted(), inputs=inputs, assumed=False)


@metric(
    "adr",
    "revpar",
    needs={
        "availability": ("asset_id", "date", "status"),
        "booking": ("booking_id", "entity_id", "asset_id", "service_start", "service_end", "status", "gross_cents"),
    },
    otherwise=NO_CALENDAR,
)
def _rates(context: Context) -> Iterator[Fact]:
    prices = _prices(context)
    for unit in cut(context, "availability", nights(context)).by_entity():
        for here, _ in unit.windows(attrgetter("row.date")):
            count = _count(here.rows, prices)
            stays = {stay.booking_id for night in here.rows for stay in night.stays}
            inputs = {"availability": len(here), "booking": len(stays)}
            yield here.fact("adr", count.adr(), inputs=inputs)
            yield here.fact("revpar", count.revpar(), inputs=inputs)
            yield here.fact("revpar", count.revpar(adjusted=True), inputs=inputs, basis="adjusted")


def _prices(context: Context) -> Mapping[Key, int]:
    """Cents of each night sold: of its stays, else its day's share of the month's rent; none without either."""
    sold = [night for night in nights(context) if night.sold]
    found = {key(night): sum(stay.cents for stay in night.stays) for night in sold if night.stays}
    let = [night for night in sold if not night.stays]
    if let and context.has("lease"):
        leases = context.rows("lease", "asset_id", "start_on", "end_on", "rent_cents", "status")
        by_unit = grouped(filter(agreed, leases), attrgetter("asset_id"))
        for night in let:
            running = [lease for lease in by_unit.get(night.asset_id, ()) if _covers(lease, night)]
            if running:
                found[key(night)] = sum(_day_rent(lease, night) for lease in running)
    return found


def _covers(lease: Any, night: Night) -> bool:
    return lease.start_on <= night.date and (lease.end_on is None or night.date <= lease.end_on)


def _day_rent(lease: Any, night: Night) -> int:
    """A day's share of the month's rent, cents; the days of a month add up to the rent."""
    day, length = night.date.day, monthrange(night.date.year, night.date.month)[1]
    return int(lease.rent_cents * day // length - lease.rent_cents * (day - 1) // length)


@metric("occupancy_target", needs={"availability": ("asset_id",), "param": ("param", "scope", "value")})
def _targets(context: Context) -> Iterator[Fact]:
    entities = sorted({night.entity_id for night in nights(context) if night.entity_id})
    for entity_id in entities:
        try:
            measure = Measure(rounded(Fraction(param(context, "occupancy_target", entity_id).value), RATIO))
        except MissingInputError as missing:
            measure = not_evaluable(str(missing))
        yield context.fact("occupancy_target", measure, entity_id=entity_id, inputs={"param": 1})
    if not entities:
        yield context.fact("occupancy_target", not_evaluable("no entity owns a calendar"), inputs={"param": 0})
