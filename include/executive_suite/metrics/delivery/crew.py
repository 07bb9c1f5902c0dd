"""How busy the crew is by role, and how many jobs it could carry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import floor

import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact, Qualifier, Why
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable, qualified
from executive_suite.metrics.arithmetic import exact, ratio, rounded
from executive_suite.metrics.cut import for_group_too
from executive_suite.metrics.delivery.jobs import CANCELLED, NEEDS, PLANNED, YEAR, crew_scopes, jobs
from executive_suite.metrics.frames import complete_months_since
from executive_suite.metrics.registry import metric
from executive_suite.period import complete_months
from executive_suite.schema.typed import records

AHEAD_DAYS = 30
NO_CREW = "table crew_availability has no complete month"
SOURCE = "Goldratt, The Goal (theory of constraints); capacity utilisation of operations management"
NEEDS_CREW: Mapping[str, tuple[str, ...]] = {
    **NEEDS,
    "delivery_crew": ("delivery_id", "person_id", "role", "days"),
    "crew_availability": ("person_id", "date", "role", "available"),
}

CREW_UTILISATION = Definition(
    "crew_utilisation",
    "Crew utilisation",
    "ratio",
    "Crew-days on jobs / crew-days available, by role and undivided. A job's crew-days are spread evenly over its "
    "days. At the report date: the latest twelve complete months. No crew-days available: n/a. Above 1 is overtime.",
    SOURCE,
)
CAPACITY = Definition(
    "delivery_capacity_jobs",
    "Delivery capacity",
    "jobs",
    "Most jobs that the available crew could carry: over the roles, the least of floor(days available / mean days that "
    "a job needs of the role). The role that decides is the bottleneck, and is named. Days needed come from the jobs "
    "on record that were not cancelled.",
    SOURCE,
    "higher",
)
CREW_DAYS = Definition(
    "crew_days_available",
    "Crew-days available",
    "days",
    "Days on which a person of the role said to be available; used: days on jobs.",
    SOURCE,
)


def capacity(available: Mapping[str, Fraction], required: Mapping[str, Fraction]) -> Measure:
    """Jobs that the available days of each role allow, with the bottleneck as the reason.

    >>> capacity({"captain": Fraction(20), "mate": Fraction(60)}, {"captain": Fraction(5), "mate": Fraction(10)}).reason
    'bottleneck: captain'
    """
    possible = {role: floor(available.get(role, Fraction(0)) / days) for role, days in required.items() if days > 0}
    if not possible:
        return not_applicable("no job on record says which crew it needs")
    role = min(sorted(possible), key=lambda name: possible[name])
    return Measure(possible[role], reason=f"bottleneck: {role}", qualifier=Qualifier(Why.BOTTLENECK, subject=role))


@dataclass(frozen=True, slots=True)
class _Span:
    """A month or a longer window, first and last day in."""

    first: date
    last: date
    period: str


def _spans(context: Context, days: pd.Series) -> Iterator[_Span]:
    months = complete_months_since(context, days)
    for month in months:
        yield _Span(month.first, (month + 1).first - timedelta(days=1), str(month))
    latest = [m for m in complete_months(context.report_date, YEAR) if m in months]
    if latest:
        yield _Span(latest[0].first, (latest[-1] + 1).first - timedelta(days=1), "")


@per_context
def crewed(context: Context) -> pd.DataFrame:
    """One row a person and job that was not cancelled: its crew row with exact ``days``, the job's span and state."""
    register = jobs(context)
    register = register[register["state"] != CANCELLED]
    crew = context.table("delivery_crew", *NEEDS_CREW["delivery_crew"])
    rows = crew.merge(register[["delivery_id", "first", "last", "state"]], on="delivery_id")
    return rows.assign(days=pd.Series([exact(text) for text in rows["days"]], index=rows.index, dtype="object"))


def days_used(rows: pd.DataFrame, first: date, last: date) -> dict[str, Fraction]:
    """Crew-days by role that fall into a span, each job's spread evenly over its own days."""
    used: dict[str, Fraction] = {}
    near = rows[(rows["first"] <= pd.Timestamp(last)) & (rows["last"] >= pd.Timestamp(first))]
    for role, begun, ended, days in records(near, "role", "first", "last", "days"):
        start, end = begun.date(), ended.date()
        inside = (min(end, last) - max(start, first)).days + 1
        used[str(role)] = used.get(str(role), Fraction(0)) + days * Fraction(inside, (end - start).days + 1)
    return used


def days_available(rows: pd.DataFrame, first: date, last: date) -> dict[str, Fraction]:
    """Days available by role in a span."""
    inside = (rows["date"] >= pd.Timestamp(first)) & (rows["date"] <= pd.Timestamp(last)) & rows["available"]
    counts = rows["role"][inside.to_numpy(dtype=bool, na_value=False)].value_counts(sort=False)
    return {str(role): Fraction(int(count)) for role, count in sorted(counts.items())}


def days_required(rows: pd.DataFrame) -> dict[str, Fraction]:
    """Mean days that a job needs of each role."""
    number = rows["delivery_id"].nunique()
    sums: dict[str, Fraction] = {}
    for role, days in zip(rows["role"], rows["days"], strict=True):
        sums[str(role)] = sums.get(str(role), Fraction(0)) + days
    return {role: total / number for role, total in sums.items()}


@metric(CREW_UTILISATION, CREW_DAYS, CAPACITY, needs=NEEDS_CREW)
def crew(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    ids = ("crew_utilisation", "crew_days_available", "delivery_capacity_jobs")
    return for_group_too(context, _facts(context), ids, NO_CREW)


def _facts(context: Context) -> Iterator[Fact]:
    rows = crewed(context)
    # What did not set out took nobody's time.
    worked = rows[rows["state"] != PLANNED]
    free = context.tables["crew_availability"]
    required = days_required(rows)
    scopes = crew_scopes(jobs(context))
    for span in _spans(context, free["date"]):
        used, available = days_used(worked, span.first, span.last), days_available(free, span.first, span.last)
        figures = [*_utilisation(used, available), *_capacity(available, required)]
        for entity_id in scopes:
            for metric_id, measure, dimensions in figures:
                yield context.fact(
                    metric_id,
                    measure,
                    entity_id=entity_id,
                    period=span.period,
                    inputs={"crew_availability": len(free), "delivery_crew": len(rows)},
                    assumed=False,
                    **dimensions,
                )
    ahead = _ahead(context, free, required)
    for entity_id in scopes:
        yield context.fact(
            "delivery_capacity_jobs",
            ahead,
            entity_id=entity_id,
            inputs={"crew_availability": len(free), "delivery_crew": len(rows)},
            window=f"next_{AHEAD_DAYS}_days",
        )


Figure = tuple[str, Measure, dict[str, str]]


def _utilisation(used: Mapping[str, Fraction], available: Mapping[str, Fraction]) -> Iterator[Figure]:
    for role in (None, *sorted(used.keys() | available.keys())):
        by = {} if role is None else {"role": role}
        taken = sum(used.values(), Fraction(0)) if role is None else used.get(role, Fraction(0))
        given = sum(available.values(), Fraction(0)) if role is None else available.get(role, Fraction(0))
        share = ratio(taken, given, otherwise="no crew-days available")
        yield (
            "crew_utilisation",
            qualified(share, "overtime", Qualifier(Why.OVERTIME)) if taken > given > 0 else share,
            by,
        )
        yield "crew_days_available", Measure(rounded(given, 2)), by
        yield "crew_days_available", Measure(rounded(taken, 2)), {**by, "part": "used"}


def _capacity(available: Mapping[str, Fraction], required: Mapping[str, Fraction]) -> Iterator[Figure]:
    yield "delivery_capacity_jobs", capacity(available, required), {}
    for role, days in sorted(required.items()):
        alone = capacity(available, {role: days})
        yield "delivery_capacity_jobs", Measure(alone.value, alone.status), {"role": role}


def _ahead(context: Context, free: pd.DataFrame, required: Mapping[str, Fraction]) -> Measure:
    last = context.report_date + timedelta(days=AHEAD_DAYS - 1)
    if free.empty:
        return not_evaluable("table crew_availability is empty")
    known = free["date"].max().date()
    if known < last:
        return not_applicable(f"the crew calendar ends on {known.isoformat()}")
    return capacity(days_available(free, context.report_date, last), required)
