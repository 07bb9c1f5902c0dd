"""The delivery sections on the work: what is delivered where, how much the crew could carry, and what it carried."""

from __future__ import annotations

from executive_suite import formats
from executive_suite.facts.fact import Fact, Why
from executive_suite.rendering.blocks import Section, Table, section
from executive_suite.rendering.charts import Level
from executive_suite.reports import months, phrases, pictures
from executive_suite.reports.absence import Proof, left, none, zero
from executive_suite.reports.delivery.concerns import REGISTER, YEAR, last_set_out
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import Col, figures, itself, month, table, words
from executive_suite.reports.tables.lean import shown
from executive_suite.wording import noted, say

CREW = noted("Record crew assignments and crew availability.")
_STATES = {
    "planned": noted("Planned"),
    "in_progress": noted("Under way"),
    "completed": noted("Completed"),
    "cancelled": noted("Canceled"),
}
_POSSIBLE = "delivery_capacity_jobs"


def service(s: Selection, who: str) -> Section:
    """The section on the service delivery model: jobs by state and by lane."""
    return section(
        "Service delivery model",
        covered=s.fact("delivery_jobs", who).value is not None,
        point=_model(s, who),
        rows={"states": _states(s, who), "lanes": _lanes(s, who)},
    )


def _model(s: Selection, who: str) -> str:
    """How many jobs there were in a year and how long they took, what is planned, and the lane that most jobs take."""
    jobs, miles, days = (s.fact(m, who, **YEAR) for m in ("delivery_jobs", "delivery_nautical_miles", "delivery_days"))
    total = s.fact("delivery_jobs", who)
    if total.value is None or jobs.value is None:
        return phrases.missing(total, REGISTER)
    said = [_ended(jobs, total)]
    if miles.number and days.number:
        said.append(say("{miles}, {days} each on average", miles=formats.of(miles), days=formats.of(days)))
    ahead = [
        f"{formats.counted(fact.number, 'job')} {phrases.are(fact.number)} {state_words}"
        for state, state_words in (("planned", "planned"), ("in_progress", say("under way")))
        if (fact := s.fact("delivery_jobs", who, state=state)).number
    ]
    coming = f" {formats.series(ahead)}." if ahead else none(" No job is planned or under way.", left(ahead, total))
    return f"{': '.join(said)}.{coming}{_most(s, who, total)}"


def _ended(jobs: Fact, total: Fact) -> str:
    every = formats.counted(total.number, "job")
    if not jobs.number:
        return none("None of {every} on record ended in the latest 12 months", zero(jobs), every=every)
    return say(
        "{value} of {every} on record ended in the latest 12 months",
        value=formats.number(jobs.number),
        every=every,
    )


def _most(s: Selection, who: str, total: Fact) -> str:
    """The lane with most jobs, if any has more than one."""
    lanes = s.facts("delivery_jobs", "lane", entity_id=who)
    most = max(lanes, key=lambda f: (cents(f), f.dimensions["lane"]), default=None)
    if most is None or cents(most) <= 1:
        return ""
    return say(
        " Most jobs, {most} of {total}, go from {most_2}.",
        most=formats.number(cents(most)),
        total=formats.number(cents(total)),
        most_2=_lane(most),
    )


def _lane(fact: Fact) -> str:
    return fact.dimensions.get("lane", "").replace(" - ", " to ")


def _states(s: Selection, who: str) -> Table:
    total = s.fact("delivery_jobs", who)
    facts = [s.fact("delivery_jobs", who, state=state) for state in _STATES]
    return table(
        "Jobs by state, count, all jobs known by the report date",
        [fact for fact in facts if fact.value is not None],
        (words("State", lambda f: say(_STATES.get(f.dimensions.get("state", ""), ""))), itself("Jobs")),
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
            words("From and to", _lane),
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
        instead=say("Crew utilization is {whole}", whole=phrases.of(whole)),
        levels=[Level(1, say("every day used"))],
        finding=_found(s, whole),
        with_year_before=True,
    )
    return section(
        "Capacity constraints",
        covered=s.fact(_POSSIBLE, who).value is not None,
        point=_could(s, who),
        rows={"months": _months(s, who), "roles": _roles(s, who)},
        **shown(chart=chart),
    )


def _found(s: Selection, whole: Fact) -> str:
    if whole.value is None:
        return ""
    before, idle = s.prior(whole), last_set_out(s)
    since = ""
    if before and before.value is not None and not formats.alike(whole.value, before.value, whole.unit):
        since = say(", after {before} in the previous report", before=formats.of(before))
    stopped = (
        none("; no job has set out since {idle}", Proof(bool(idle), (whole.fact_id,)), idle=formats.month(idle))
        if idle
        else ""
    )
    return say(
        "{whole} of the crew's days in 12 months were used{since}{stopped}.",
        whole=formats.of(whole),
        since=since,
        stopped=stopped,
    )


def _could(s: Selection, who: str) -> str:
    could, did = s.fact(_POSSIBLE, who), s.fact("delivery_jobs", who, **YEAR)
    ahead = s.fact(_POSSIBLE, who, window="next_30_days")
    if could.value is None:
        return phrases.missing(could, CREW)
    full = cents(did) >= cents(could)
    binds = say("the crew limits the business") if full else say("demand, not the crew, limits the business")
    coming = say(" The next 30 days have room for {ahead}.", ahead=formats.of(ahead)) if ahead.value is not None else ""
    return say(
        "The crew could have carried {could} in 12 months ({reason}) and carried {did}: {binds}.{coming}",
        could=formats.of(could),
        reason=could.reason,
        did=formats.of(did),
        binds=binds,
        coming=coming,
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
            of(say("Available"), "crew_days_available"),
            of(say("On jobs"), "crew_days_available", part="used"),
            itself("Utilization", notes="always"),
            of(say("Allows"), _POSSIBLE),
        ),
        empty=phrases.missing(s.fact("crew_utilisation", who), CREW),
    )
