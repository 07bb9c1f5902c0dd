"""Occupancy by both of its denominators, average daily rate and revenue per available night."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from operator import attrgetter
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import param
from executive_suite.facts.fact import Fact, MissingInputError, Qualifier, Why
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.accounting.documents import agreed
from executive_suite.metrics.arithmetic import RATIO, rounded
from executive_suite.metrics.cut import Cut, cut, grouped
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rental.counts import count_of
from executive_suite.metrics.rental.nights import ONE_DAY, Key, Night, key, nights
from executive_suite.metrics.straight_line import share
from executive_suite.period import Month

NO_CALENDAR = "table availability has no complete month of a property's nights"


@metric(
    "occupancy", "occupancy_adjusted", needs={"availability": ("asset_id", "date", "status")}, otherwise=NO_CALENDAR
)
def _occupancy(context: Context) -> Iterator[Fact]:
    booked = {"booking": context.rows("booking")} if context.has("booking") else {}
    for unit in cut(context, "availability", nights(context)).by_entity():
        spans = _spans(unit.rows)
        for here, months in unit.windows(attrgetter("row.date")):
            count, inputs = count_of(here.rows, {}), {"availability": here, **booked}
            gap = _unlisted(here, months, spans)
            yield here.fact("occupancy", gap or count.occupancy(), inputs=inputs, assumed=False)
            yield here.fact("occupancy_adjusted", gap or count.occupancy_adjusted(), inputs=inputs, assumed=False)


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
    for unit in cut(context, "availability", nights(context)).by_entity():
        prices, spans = _prices(context, unit.rows), _spans(unit.rows)
        for here, months in unit.windows(attrgetter("row.date")):
            count, gap = count_of(here.rows, prices), _unlisted(here, months, spans)
            stays = {stay.booking_id for night in here.rows for stay in night.stays}
            inputs = {"availability": here, "booking": stays}
            yield here.fact("adr", gap or count.adr(), inputs=inputs)
            yield here.fact("revpar", gap or count.revpar(), inputs=inputs)
            yield here.fact("revpar", gap or count.revpar(adjusted=True), inputs=inputs, basis="adjusted")


def _spans(found: Iterable[Night]) -> Mapping[str, tuple[date, date]]:
    """The first and the last night that the calendar lists of each unit."""
    spans: dict[str, tuple[date, date]] = {}
    for night in found:
        first, last = spans.get(night.asset_id, (night.date, night.date))
        spans[night.asset_id] = min(first, night.date), max(last, night.date)
    return spans


def _unlisted(here: Cut, months: Sequence[Month], spans: Mapping[str, tuple[date, date]]) -> Measure | None:
    """Why a window says nothing: the calendar skips nights between the first and the last that it lists of a unit."""
    start, end = months[0].first, (months[-1] + 1).first - ONE_DAY
    expected = sum(max((min(last, end) - max(first, start)).days + 1, 0) for first, last in spans.values())
    skipped = expected - len(here)
    if not skipped:
        return None
    nights = "1 night" if skipped == 1 else f"{skipped} nights"
    return not_evaluable(f"the calendar skips {nights} of {expected}", Qualifier(Why.INPUT_BLANK, skipped, expected))


def _prices(context: Context, found_nights: Iterable[Night]) -> Mapping[Key, int]:
    """Cents of each of some nights: of what was booked, else of the short-term lease that it was sold under."""
    guests = [night for night in found_nights if not night.let]
    found = {key(night): sum(stay.cents for stay in night.stays) for night in guests if night.stays}
    leased = [night for night in guests if night.sold and not night.stays]
    if leased and context.has("lease"):
        leases = context.rows("lease", "asset_id", "start_on", "end_on", "rent_cents", "status")
        by_unit = grouped(filter(agreed, leases), attrgetter("asset_id"))
        for night in leased:
            running = [lease for lease in by_unit.get(night.asset_id, ()) if _covers(lease, night)]
            if running:
                found[key(night)] = sum(_day_rent(lease, night) for lease in running)
    return found


def _covers(lease: Any, night: Night) -> bool:
    return lease.start_on <= night.date and (lease.end_on is None or night.date <= lease.end_on)


def _day_rent(lease: Any, night: Night) -> int:
    """A day's share of the month's rent, cents; the days of a month add up to the rent."""
    day, length = night.date.day, monthrange(night.date.year, night.date.month)[1]
    return share(lease.rent_cents, day, length) - share(lease.rent_cents, day - 1, length)


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
