"""Captains without a job, and the charters that they could take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from math import ceil
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.dataset.rows import any_assumed
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_applicable
from executive_suite.metrics.arithmetic import whole_cents
from executive_suite.metrics.bookings import double_booked, holds
from executive_suite.metrics.cut import Cut
from executive_suite.metrics.delivery.crew import NEEDS_CREW, NO_CREW, UNCOVERED, calendar, covered, hands
from executive_suite.metrics.delivery.jobs import PLANNED
from executive_suite.metrics.registry import metric

CAPTAIN = "captain"
NEEDS_CHARTERS: Mapping[str, tuple[str, ...]] = {
    **NEEDS_CREW,
    "asset": ("entity_id", "asset_class"),
    "booking": ("booking_id", "entity_id", "service_start", "service_end", "status", "gross_cents"),
}
_LESS = ("discount_cents", "platform_fee_cents", "variable_cost_cents")


@dataclass(frozen=True, slots=True)
class IdleDay:
    """A day on which a captain was available, how many of those captains had no job, and the rows that say so."""

    date: date
    idle: int
    assumed: bool = False
    rows: tuple[Any, ...] = field(default=(), compare=False, repr=False)


@per_context
def idle_captains(context: Context) -> Cut:
    """The days on which a captain was available, by day, as those of whoever the crew belongs to."""
    days = calendar(context)
    busy = set()
    for hand in hands(context):
        if hand.role == CAPTAIN and hand.job.state != PLANNED:
            # Who is paid for fewer days than the job took is busy on the first of them.
            length = min((hand.job.last - hand.job.first).days + 1, ceil(hand.days))
            busy |= {(hand.person_id, hand.job.first + timedelta(days=day)) for day in range(length)}
    free: dict[date, dict[str, Any]] = {}
    for row in days.rows:
        if row.role == CAPTAIN and row.available:
            free.setdefault(row.date, {})[row.person_id] = row
    idle = (
        IdleDay(day, sum((who, day) not in busy for who in free[day]), rows=tuple(free[day].values()))
        for day in sorted(free)
    )
    return replace(days, rows=tuple(idle))


@dataclass(frozen=True, slots=True)
class Charter:
    """A charter that sailed or is confirmed.

    Attributes:
        booking_id: Its booking.
        first: Its first local day.
        days: Local days that it takes.
        contribution: Gross less discount, platform fee and variable cost, cents.
        assumed: Whether its booking is marked ``assumed``.
    """

    booking_id: str
    first: date
    days: int
    contribution: int
    assumed: bool


@per_context
def charters_by_day(context: Context) -> Mapping[date, Sequence[Charter]]:
    """The charters that sail on each local day."""
    bookings = context.rows("booking", *NEEDS_CHARTERS["booking"], *_LESS)
    owners = {row.entity_id for row in context.rows("asset", "entity_id", "asset_class") if row.asset_class == "vessel"}
    elsewhere = {row.get("booking_id") for row in context.rows("delivery")} | double_booked(context)
    found: dict[date, list[Charter]] = {}
    for row in bookings:
        if row.entity_id in owners and holds(row) and row.booking_id not in elsewhere:
            first, last = (context.local_day(at, row.entity_id) for at in (row.service_start, row.service_end))
            days = max((last - first).days, 0) + 1
            contribution = row.gross_cents - sum(getattr(row, name) or 0 for name in _LESS)
            charter = Charter(row.booking_id, first, days, contribution, row.assumed)
            for day in range(days):
                found.setdefault(first + timedelta(days=day), []).append(charter)
    return found


@dataclass(frozen=True, slots=True)
class Placeable:
    """What idle captains of a window could take.

    Attributes:
        days: Day by day the lesser of idle captains and charters.
        left: Idle captain-days that no charter of the group takes.
        charter_days: Charter days on those days.
        charters: The charters, each once.
    """

    days: int
    left: int
    charter_days: int
    charters: tuple[Charter, ...]

    def worth(self, days: int) -> Measure:
        """So many charter days at the mean contribution of a day of these charters."""
        if not self.charters:
            return not_applicable("no charter sailed")
        contribution, length = (sum(getattr(c, name) for c in self.charters) for name in ("contribution", "days"))
        return Measure(whole_cents(Fraction(days * contribution, length)))


def placeable_in(window: Cut) -> Placeable:
    """What the idle captains of a window could take."""
    sailing = charters_by_day(window.context)
    days = sum(min(day.idle, len(sailing.get(day.date, ()))) for day in window.rows)
    here = [charter for day in window.rows for charter in sailing.get(day.date, ())]
    once = {charter.booking_id: charter for charter in here}
    return Placeable(days, window.sum("idle") - days, len(here), tuple(once.values()))


@metric("idle_captain_days", needs=NEEDS_CREW, otherwise=NO_CREW)
def _idle(context: Context) -> Iterator[Fact]:
    for window, months in idle_captains(context).windows(lambda day: day.date):
        known = covered(context) & set(months)
        yield window.fact("idle_captain_days", Measure(window.sum("idle")) if known else UNCOVERED)


@metric("charter_days_placeable", "charter_days_placeable_value", needs=NEEDS_CHARTERS, otherwise=NO_CREW)
def _placeable(context: Context) -> Iterator[Fact]:
    for window, months in idle_captains(context).windows(lambda day: day.date):
        found = placeable_in(window)
        inputs = {"booking": found.charters, "crew_availability": window}
        assumed = any_assumed(found.charters)
        days = Measure(found.days, reason=f"of {found.charter_days} charter day{'s' * (found.charter_days != 1)}")
        known = covered(context) & set(months)
        worth = found.worth(found.days) if known else UNCOVERED
        yield window.fact("charter_days_placeable", days if known else UNCOVERED, inputs=inputs, assumed=assumed)
        yield window.fact("charter_days_placeable_value", worth, inputs=inputs, assumed=assumed)
