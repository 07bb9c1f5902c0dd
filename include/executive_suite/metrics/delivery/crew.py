"""How busy the crew is by role, and how many jobs it could carry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import Fact, Qualifier, Why
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable, qualified
from executive_suite.metrics.arithmetic import ratio, rounded
from executive_suite.metrics.cut import Cut, cut, grouped, months_between
from executive_suite.metrics.delivery.jobs import CANCELLED, NEEDS, PLANNED, Job, crew_scope, jobs
from executive_suite.metrics.registry import metric
from executive_suite.period import Month

AHEAD_DAYS = 30
UNCOVERED = not_evaluable("the calendar of the crew has no day of the month")
USED = "used"
NOT_TOLD = not_evaluable("no crew on jobs is recorded")
NO_CREW = "table crew_availability has no complete month"
NEEDS_CREW: Mapping[str, tuple[str, ...]] = {
    **NEEDS,
    "delivery_crew": ("delivery_id", "person_id", "role", "days"),
    "crew_availability": ("person_id", "date", "role", "available"),
}

ByRole = Mapping[str, Fraction]


def capacity(available: ByRole, required: ByRole) -> Measure:
    """Jobs that the available days of each role allow, with the bottleneck as the reason.

    >>> capacity({"captain": Fraction(20), "mate": Fraction(60)}, {"captain": Fraction(5), "mate": Fraction(10)}).reason
    'bottleneck: captain'
    """
    possible = {role: floor(available.get(role, Fraction(0)) / days) for role, days in required.items() if days > 0}
    if not possible:
        return not_applicable("no job on record says which crew-days it needs")
    role = min(sorted(possible), key=lambda name: possible[name])
    return Measure(possible[role], reason=f"bottleneck: {role}", qualifier=Qualifier(Why.BOTTLENECK, subject=role))


@dataclass(frozen=True, slots=True)
class Hand:
    """A person on a job that was not cancelled.

    Attributes:
        person_id: Who.
        role: As what.
        days: Days of work on the job.
        job: The job.
        row: The row that says so.
    """

    person_id: str
    role: str
    days: Decimal
    job: Job
    row: Any = field(default=None, compare=False, repr=False)


@per_context
def hands(context: Context) -> tuple[Hand, ...]:
    """Everyone on every job that was not cancelled."""
    register = {job.delivery_id: job for job in jobs(context).rows if job.state != CANCELLED}
    crew = context.rows("delivery_crew", *NEEDS_CREW["delivery_crew"])
    return tuple(
        Hand(row.person_id, row.role, row.days, register[row.delivery_id], row)
        for row in crew
        if row.delivery_id in register
    )


def days_used(context: Context) -> Mapping[Month, ByRole]:
    """Crew-days on jobs by month and role, each job's spread evenly over its own days."""
    used: defaultdict[Month, defaultdict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for hand in hands(context):
        if hand.job.state != PLANNED:  # what did not set out took nobody's time
            first, last = hand.job.first, hand.job.last
            for month in months_between(first, Month.of(last)):
                inside = min(last, (month + 1).first - timedelta(days=1)) - max(first, month.first)
                share = Fraction(inside.days + 1, (last - first).days + 1)
                used[month][hand.role] += Fraction(hand.days) * share
    return used


def days_available(rows: Iterable[Any]) -> ByRole:
    """Days available by role."""
    return {role: Fraction(len(free)) for role, free in grouped((r for r in rows if r.available), _role).items()}


def _role(row: Any) -> str:
    return str(row.role)


def days_required(crew: Sequence[Hand]) -> ByRole:
    """Mean days that a job needs of each role."""
    number = len({hand.job.delivery_id for hand in crew})
    return {role: Fraction(sum(hand.days for hand in own)) / number for role, own in grouped(crew, _role).items()}


def calendar(context: Context) -> Cut:
    """The crew's calendar, as that of whoever the whole crew belongs to."""
    days = cut(context, "crew_availability", context.rows("crew_availability", *NEEDS_CREW["crew_availability"]))
    return replace(days, entity_id=crew_scope(jobs(context)))


@per_context
def covered(context: Context) -> frozenset[Month]:
    """The months that the crew's calendar has a day of; of another one it says nothing, not that nobody was free."""
    return frozenset(Month.of(row.date) for row in calendar(context).rows)


@metric("crew_utilisation", "crew_days_available", "delivery_capacity_jobs", needs=NEEDS_CREW, otherwise=NO_CREW)
def _facts(context: Context) -> Iterator[Fact]:
    days, crewed, used = calendar(context), hands(context), days_used(context)
    required = days_required(crewed)
    inputs = {"crew_availability": days, "delivery_crew": crewed}
    kept = covered(context)
    for part, months in days.windows(lambda row: row.date):
        if not kept & set(months):
            unknown = dict.fromkeys(("crew_utilisation", "crew_days_available", "delivery_capacity_jobs"), UNCOVERED)
            yield from (part.fact(metric_id, why, inputs=inputs, assumed=False) for metric_id, why in unknown.items())
            continue
        # Days on jobs of a month without a calendar have nothing to be set against.
        taken = _added(used.get(month, {}) for month in months if month in kept)
        available = days_available(part.rows)
        for metric_id, told, dimensions in (*_utilisation(taken, available), *_capacity(available, required)):
            measure = NOT_TOLD if dimensions.get("part") == USED and not crewed else told
            yield part.fact(metric_id, measure, inputs=inputs, assumed=False, **dimensions)
    ahead = _ahead(days, required)
    yield days.fact("delivery_capacity_jobs", ahead, inputs=inputs, assumed=False, window=f"next_{AHEAD_DAYS}_days")


def _added(parts: Iterable[ByRole]) -> ByRole:
    found: defaultdict[str, Fraction] = defaultdict(Fraction)
    for part in parts:
        for role, days in part.items():
            found[role] += days
    return found


Figure = tuple[str, Measure, dict[str, str]]


def _utilisation(used: ByRole, available: ByRole) -> Iterator[Figure]:
    yield from _used(sum(used.values(), Fraction(0)), sum(available.values(), Fraction(0)), {})
    for role in sorted(used.keys() | available.keys()):
        yield from _used(used.get(role, Fraction(0)), available.get(role, Fraction(0)), {"role": role})


def _used(taken: Fraction, given: Fraction, by: dict[str, str]) -> Iterator[Figure]:
    share = ratio(taken, given, otherwise="no crew-days available")
    overtime = taken > given > 0
    yield "crew_utilisation", qualified(share, "overtime", Qualifier(Why.OVERTIME)) if overtime else share, by
    yield "crew_days_available", Measure(rounded(given, 2)), by
    yield "crew_days_available", Measure(rounded(taken, 2)), {**by, "part": USED}


def _capacity(available: ByRole, required: ByRole) -> Iterator[Figure]:
    yield "delivery_capacity_jobs", capacity(available, required), {}
    for role, days in sorted(required.items()):
        alone = capacity(available, {role: days})
        yield "delivery_capacity_jobs", alone if alone.value is None else Measure(alone.value), {"role": role}


def _ahead(days: Cut, required: ByRole) -> Measure:
    first = days.context.report_date
    last = first + timedelta(days=AHEAD_DAYS - 1)
    if not len(days):
        return not_evaluable("table crew_availability is empty")
    known = max(row.date for row in days.rows)
    if known < last:
        return not_applicable(f"the crew calendar ends on {known.isoformat()}")
    return capacity(days_available(row for row in days.rows if first <= row.date <= last), required)
