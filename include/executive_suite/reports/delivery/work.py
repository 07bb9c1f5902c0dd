"""The delivery sections on the work: what is delivered where, how much the crew could carry, and what it carried."""

from __future__ import annotations

from executive_suite import formats
from executive_suite.facts.fact import Fact, Why
from executive_suite.rendering.blocks import Section, Table, section
from executive_suite.rendering.charts import Level
from executive_suite.reports import months, phrases, pictures
from executive_suite.reports.delivery.concerns import REGISTER, YEAR, last_set_out
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import Col, figures, itself, month, table, words

CREW = "Record crew assignments and crew availability."
_STATES = {"planned": "Planned", "in_progress": "Under way", "completed": "Completed", "cancelled": "Canceled"}
_POSSIBLE = "delivery_capacity_jobs"


def service(s: Selection, who: str) -> Section:
    """The section on the service delivery model: jobs by state and by lane."""
    return section("Service delivery model", reading=_reading(s, who), states=_states(s, who), lanes=_lanes(s, who))


def _reading(s: Selection, who: str) -> str:
    miles, days = s.fact("delivery_nautical_miles", who, **YEAR), s.fact("delivery_days", who, **YEAR)
    all_miles, all_days = s.fact("delivery_nautical_miles", who), s.fact("delivery_days", who)
    if miles.value is None:
        return f"Miles and days are {phrases.of(all_miles)}."
    return (
        f"The jobs completed in 12 months covered {formats.of(miles)} and took {formats.of(days)} each on average; "
        f"all completed jobs together covered {formats.of(all_miles)} and took {formats.of(all_days)} each."
    )


def _states(s: Selection, who: str) -> Table:
    total = s.fact("delivery_jobs", who)
    facts = [s.fact("delivery_jobs", who, state=state) for state in _STATES]
    return table(
        "Jobs by state, count, all jobs known by the report date",
        [fact for fact in facts if fact.value is not None],
        (words("State", lambda f: _STATES.get(f.dimensions.get("state", ""), "")), itself("Jobs")),
        total=total,
        total_name="All but canceled",
        empty=phrases.missing(total, REGISTER),
    )


def _lanes(s: Selection, who: str) -> Table:
    total = s.fact("delivery_jobs", who)
    facts = s.facts("delivery_jobs", "lane", entity_id=who)
    return table(
        "Jobs by lane, count, all jobs that were not canceled",
        sorted(facts, key=lambda f: (-cents(f), f.dimensions["lane"])),
        (
            words("From and to", lambda f: f.dimensions.get("lane", "").replace(" - ", " to ")),
            itself("Jobs"),
            figures("Share", lambda f: cells.share(f, total)),
        ),
        total=total,
        total_name="All lanes",
        empty=phrases.missing(total, REGISTER),
    )


def capacity(s: Selection, who: str) -> Section:
    """The section on capacity constraints: jobs that the crew could carry against those it carried."""
    whole = s.fact("crew_utilisation", who)
    chart = pictures.by_month(
        s,
        "capacity",
        "Crew utilization",
        s.months("crew_utilisation", months.YEAR, who),
        instead=f"Crew utilization is {phrases.of(whole)}",
        levels=[Level(1, "every day used")],
        finding=_found(s, whole),
        with_year_before=True,
    )
    return section(
        "Capacity constraints", reading=_could(s, who), chart=chart, months=_months(s, who), roles=_roles(s, who)
    )


def _found(s: Selection, whole: Fact) -> str:
    if whole.value is None:
        return ""
    before, idle = s.prior(whole), last_set_out(s)
    since = f", after {formats.of(before)} at the previous report" if before and before.value is not None else ""
    stopped = f"; no job has set out since {formats.month(idle)}" if idle else ""
    return f"{formats.of(whole)} of the crew's days in 12 months were used{since}{stopped}."


def _could(s: Selection, who: str) -> str:
    could, did = s.fact(_POSSIBLE, who), s.fact("delivery_jobs", who, **YEAR)
    ahead = s.fact(_POSSIBLE, who, window="next_30_days")
    if could.value is None:
        return f"Capacity is {phrases.of(could)}."
    binds = "the crew limits" if cents(did) >= cents(could) else "demand, not the crew, limits"
    coming = f"{formats.of(ahead)} ({ahead.reason})" if ahead.value is not None else phrases.of(ahead)
    return (
        f"The available crew could have carried {formats.of(could)} in 12 months ({could.reason}); it carried "
        f"{formats.of(did)}. So {binds} the business. The next 30 days allow {coming}."
    )


def _months(s: Selection, who: str) -> Table:
    def role(fact: Fact) -> str:
        found = fact.qualifier
        return phrases.capital(found.subject) if found is not None and found.why is Why.BOTTLENECK else fact.reason

    return table(
        "Jobs that the crew could carry, and jobs that set out, by month, count, complete months, actual",
        s.months(_POSSIBLE, months.YEAR, who),
        (
            month(lambda f: f.period),
            itself("Possible", notes="never"),
            figures("Set out", lambda f: s.fact("delivery_jobs", who, f.period)),
            words("Bottleneck", role),
        ),
        note=(
            "Each month counts only whole jobs, so the months may add up to less than the year. A job completed in "
            "these months may have set out before them."
        ),
        empty=phrases.missing(s.fact(_POSSIBLE, who), CREW),
    )


def _roles(s: Selection, who: str) -> Table:
    def of(head: str, metric_id: str, **more: str) -> Col[Fact]:
        return figures(head, lambda f: s.fact(metric_id, who, role=f.dimensions["role"], **more))

    return table(
        "Crew by role: days available and used, utilization, and jobs that the role allows, latest 12 complete months",
        sorted(s.facts("crew_utilisation", "role", entity_id=who), key=lambda f: f.dimensions["role"]),
        (
            words("Role", lambda f: f.dimensions["role"].capitalize()),
            of("Available", "crew_days_available"),
            of("On jobs", "crew_days_available", part="used"),
            itself("Utilization", notes="always"),
            of("Allows", _POSSIBLE),
        ),
        empty=phrases.missing(s.fact("crew_utilisation", who), CREW),
    )
