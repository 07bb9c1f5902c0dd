"""The delivery audit on the work: what is delivered where, how much the crew could carry, and what it carried."""

from __future__ import annotations

from dataclasses import dataclass, replace

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Column, Table
from executive_suite.rendering.charts import Level
from executive_suite.reports import audit, years
from executive_suite.reports.delivery.concerns import REGISTER, YEAR, last_set_out
from executive_suite.reports.selection import Selection

CREW = "Add tables delivery_crew and crew_availability."
STATES = {"planned": "Planned", "in_progress": "Under way", "completed": "Completed", "cancelled": "Cancelled"}


@dataclass(frozen=True, slots=True)
class Service:
    """The section on the service delivery model."""

    reading: str
    states: Table
    lanes: Table


@dataclass(frozen=True, slots=True)
class Capacity:
    """The section on capacity constraints."""

    reading: str
    chart: Chart
    months: Table
    roles: Table


def service(s: Selection, who: str) -> Service:
    """Which jobs there are, and where they go."""
    return Service(_reading(s, who), _states(s, who), _lanes(s, who))


def _reading(s: Selection, who: str) -> str:
    miles, days = s.fact("delivery_nautical_miles", who, **YEAR), s.fact("delivery_days", who, **YEAR)
    if miles.value is None:
        return f"Miles and days are {formats.NOT_AVAILABLE}: {audit.note(s.fact('delivery_nautical_miles', who))}."
    return (
        f"The jobs completed in twelve months covered {formats.of(miles)} in all and took {formats.of(days)} each on "
        f"average; all completed jobs together, {formats.of(s.fact('delivery_nautical_miles', who))} and "
        f"{formats.of(s.fact('delivery_days', who))} each."
    )


def _states(s: Selection, who: str) -> Table:
    states = [(name, s.fact("delivery_jobs", who, state=state)) for state, name in STATES.items()]
    total = s.fact("delivery_jobs", who)
    rows = tuple((Cell(name), s.cell(fact)) for name, fact in states if fact.value is not None)
    return Table(
        "Jobs by state, count, all jobs known by the report date",
        (Column("State"), Column("Jobs", "right")),
        rows,
        total=(Cell("All but cancelled"), s.cell(total)) if rows else (),
        empty=audit.missing(total, REGISTER),
    )


def _lanes(s: Selection, who: str) -> Table:
    facts = sorted(
        s.facts("delivery_jobs", "lane", entity_id=who), key=lambda f: (-audit.cents(f), f.dimensions["lane"])
    )
    total = s.fact("delivery_jobs", who)
    return s.table(
        "Jobs by lane, count, all jobs that were not cancelled",
        tuple(facts),
        (
            ("From and to", lambda f: Cell(f.dimensions["lane"].replace(" - ", " to "))),
            ("Jobs", s.cell),
            ("Share", lambda f: audit.share(f, total)),
        ),
        total=(Cell("All lanes"), s.cell(total), audit.share(total, total)) if facts else (),
        empty=audit.missing(total, REGISTER),
    )


def capacity(s: Selection, who: str) -> Capacity:
    """How many jobs the crew on the calendar could carry beside those that it carried."""
    months = s.months("crew_utilisation", audit.MONTHS, who)
    told = [fact for fact in months if fact.value is not None]
    earlier = [years.year_before(s, fact) for fact in told]
    points = [replace(point, text=point.text.removesuffix(" %")) for point in audit.points(told)]
    lighter = " (lighter: a year earlier)" if any(fact.value is not None for fact in earlier) else ""
    title = f"Crew utilisation by month, % of the days available, {audit.latest(points)}, actual{lighter}"
    paired = years.paired(zip(points, earlier, strict=True))
    drawn = charts.columns(paired, levels=[Level(1, "every day used")] if points else [])
    whole = s.fact("crew_utilisation", who)
    chart = audit.chart("capacity", title, (drawn, points), audit.in_words(months), whole, _found(s, whole))
    return Capacity(_could(s, who), chart, _months(s, who), _roles(s, who))


def _found(s: Selection, whole: Fact) -> str:
    if whole.value is None:
        return ""
    before = s.prior(whole)
    since = f", after {formats.of(before)} at the previous report" if before and before.value is not None else ""
    idle = last_set_out(s)
    stopped = f"; no job has set out since {formats.month(idle)}" if idle else ""
    return f"{formats.of(whole)} of the crew's days of twelve months were used{since}{stopped}."


def _could(s: Selection, who: str) -> str:
    could, did = s.fact("delivery_capacity_jobs", who), s.fact("delivery_jobs", who, **YEAR)
    ahead = s.fact("delivery_capacity_jobs", who, window="next_30_days")
    if could.value is None:
        return f"Capacity is {formats.NOT_AVAILABLE}: {audit.note(could)}."
    next_days = f"{formats.of(ahead)} ({ahead.reason})" if ahead.value is not None else f"n/a: {audit.note(ahead)}"
    binds = "the crew limits" if audit.cents(did) >= audit.cents(could) else "demand, not the crew, limits"
    return (
        f"The crew on the calendar could have carried {formats.of(could)} in twelve months ({could.reason}); it "
        f"carried {formats.of(did)}. So {binds} the business. The next 30 days allow {next_days}."
    )


def _months(s: Selection, who: str) -> Table:
    months = s.months("delivery_capacity_jobs", audit.MONTHS, who)
    why = (
        "Each month counts whole jobs alone, so the months may add up to less than the year: days left over carry a "
        "job across its end. A job completed in these months may have set out before them."
    )
    return s.table(
        "Jobs that the crew could carry, and jobs that set out, by month, count, complete months, actual",
        months,
        (
            ("Month", lambda f: Cell(formats.month(f.period))),
            ("Possible", lambda f: audit.bare(s, f)),
            ("Set out", lambda f: s.cell(s.fact("delivery_jobs", who, f.period))),
            ("Bottleneck", lambda f: Cell(f.reason.removeprefix("bottleneck: ").capitalize())),
        ),
        note=why if months else "",
        empty=audit.missing(s.fact("delivery_capacity_jobs", who), CREW),
    )


def _roles(s: Selection, who: str) -> Table:
    facts = sorted(s.facts("crew_utilisation", "role", entity_id=who), key=lambda f: f.dimensions["role"])

    def of(metric_id: str, fact: Fact, **more: str) -> Cell:
        return s.cell(s.fact(metric_id, who, role=fact.dimensions["role"], **more))

    return s.table(
        "Crew by role: days available and used, utilisation, and jobs that the role allows, latest 12 complete months",
        tuple(facts),
        (
            ("Role", lambda f: Cell(f.dimensions["role"].capitalize())),
            ("Available", lambda f: of("crew_days_available", f)),
            ("On jobs", lambda f: of("crew_days_available", f, part="used")),
            ("Utilisation", s.cell),
            ("Allows", lambda f: of("delivery_capacity_jobs", f)),
        ),
        empty=audit.missing(s.fact("crew_utilisation", who), CREW),
    )
