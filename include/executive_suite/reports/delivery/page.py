"""The audit of the delivery business: service model, capacity, job costs, billing gaps, idle captains, punctuality."""

from __future__ import annotations

from dataclasses import dataclass, replace

from executive_suite.facts import Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import ActionList, Cell, Chart, Column, FindingList, Kpi, Page, Table
from executive_suite.rendering.charts import Level, Point
from executive_suite.reports import audit, frame, wording
from executive_suite.reports.audit import MonthColumn
from executive_suite.reports.delivery import concerns
from executive_suite.reports.selection import Selection

REGISTER = "Add table delivery: a row a job, with its dates, miles and amounts."
CREW = "Add tables delivery_crew and crew_availability."
YEAR = {"window": "trailing_12_months"}
STATES = {"planned": "Planned", "in_progress": "Under way", "completed": "Completed", "cancelled": "Cancelled"}
GAPS: tuple[tuple[str, dict[str, str]], ...] = (
    ("Quoted, not invoiced", {}),
    ("of which: completed and not invoiced at all", {"gap": "completed_not_invoiced"}),
    ("Invoiced, not collected", {"gap": "invoiced_not_collected"}),
    ("In dispute", {"gap": "disputed"}),
    ("Invoiced above the quote", {"gap": "invoiced_above_quote"}),
)
MOST_JOBS = 15


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """What the template relies on; each field is a block of the section that it is named after."""

    page: Page
    attention: FindingList
    agenda: ActionList
    service_reading: str
    service: Table
    lanes: Table
    capacity_reading: str
    capacity: Chart
    capacity_months: Table
    roles: Table
    cost: Chart
    cost_parts: Table
    jobs: Table
    gaps: Table
    open_jobs: Table
    charter_reading: str
    charter: Table
    quality: Table


def view(s: Selection, base: Page) -> DeliveryView:
    """The audit from the figures of a run."""
    who = audit.whose(s, "delivery_jobs")
    found = concerns.concerns(s, who)
    page = replace(
        base,
        message=_message(s, who, found),
        kpis=_kpis(s, who),
        changes=frame.changes(
            s,
            ("Cost per job, twelve months", s.fact("cost_per_delivery", who, **YEAR)),
            "delivery_billing_gap",
            "crew_utilisation",
            "idle_captain_days",
            entity_id=who,
        ),
        decisions=audit.decisions(s, found),
    )
    return DeliveryView(
        page=page,
        attention=audit.listed(s, who, found, base.reader, concerns.NEEDS),
        agenda=audit.agenda(s, who, found, base.reader, concerns.NEEDS),
        service_reading=_service_reading(s, who),
        service=_service(s, who),
        lanes=_lanes(s, who),
        capacity_reading=_capacity_reading(s, who),
        capacity=_capacity(s, who),
        capacity_months=_capacity_months(s, who),
        roles=_roles(s, who),
        cost=_cost(s, who),
        cost_parts=_cost_parts(s, who),
        jobs=_jobs(s, who),
        gaps=_gaps(s, who),
        open_jobs=_open_jobs(s, who),
        charter_reading=_charter_reading(s, who),
        charter=_charter(s, who),
        quality=_quality(s, who),
    )


def _message(s: Selection, who: str, found: tuple[audit.Concern, ...]) -> tuple[str, ...]:
    """Jobs and margin of the year beside all time; then the worst concern of another kind."""
    others = tuple(concern for concern in found if concern.title != concerns.LOSS)
    jobs, margin = s.fact("delivery_jobs", who, **YEAR), s.fact("delivery_margin", who, **YEAR)
    ever = s.fact("delivery_margin", who)
    if jobs.value is None:
        first = audit.told(_kpis(s, who), f"jobs: {audit.note(s.fact('delivery_jobs', who))}")
        return (first, audit.lead(s, who, others, concerns.NEEDS))
    first = (
        f"{wording.counted(jobs.value, 'job')} in twelve months at a margin of {wording.of(margin)}, "
        f"against {wording.of(ever)} over all jobs."
    )
    return (first, audit.lead(s, who, others, concerns.NEEDS))


def _kpis(s: Selection, who: str) -> tuple[Kpi, ...]:
    return (
        _year(s, who, "delivery_jobs", "Jobs"),
        _year(s, who, "delivery_margin", "Margin"),
        _year(s, who, "cost_per_delivery", "Cost per job"),
        _year(s, who, "cost_per_nautical_mile", "Cost a mile"),
        s.kpi("crew_utilisation", entity_id=who),
        _of_completed(s.kpi("delivery_billing_gap", entity_id=who)),
        s.kpi("days_to_invoice", entity_id=who),
        s.kpi("on_time_rate", entity_id=who),
    )


def _of_completed(shown: Kpi) -> Kpi:
    """A gap whose note says of how many jobs, as such."""
    return replace(shown, note=f"over {shown.note.replace(' job', ' completed job')}") if "job" in shown.note else shown


def _year(s: Selection, who: str, metric_id: str, label: str) -> Kpi:
    """The figure of twelve months; without one, the figure of all jobs, which says why there is none."""
    if s.fact(metric_id, who, **YEAR).inputs:
        return s.kpi(metric_id, f"{label}, twelve months", entity_id=who, window="trailing_12_months")
    return s.kpi(metric_id, label, entity_id=who)


def _service_reading(s: Selection, who: str) -> str:
    miles, days = s.fact("delivery_nautical_miles", who, **YEAR), s.fact("delivery_days", who, **YEAR)
    if miles.value is None:
        return f"Miles and days are {wording.NOT_AVAILABLE}: {audit.note(s.fact('delivery_nautical_miles', who))}."
    return (
        f"The jobs completed in twelve months covered {wording.of(miles)} in all and took {wording.of(days)} each on "
        f"average; all completed jobs together, {wording.of(s.fact('delivery_nautical_miles', who))} and "
        f"{wording.of(s.fact('delivery_days', who))} each."
    )


def _service(s: Selection, who: str) -> Table:
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
    return s.table(
        "Jobs by lane, count, all jobs that were not cancelled",
        tuple(facts),
        (("From - to", lambda f: Cell(f.dimensions["lane"])), ("Jobs", s.cell)),
        empty=audit.missing(s.fact("delivery_jobs", who), REGISTER),
    )


def _capacity_reading(s: Selection, who: str) -> str:
    could, did = s.fact("delivery_capacity_jobs", who), s.fact("delivery_jobs", who, **YEAR)
    ahead = s.fact("delivery_capacity_jobs", who, window="next_30_days")
    if could.value is None:
        return f"Capacity is {wording.NOT_AVAILABLE}: {audit.note(could)}."
    next_days = f"{wording.of(ahead)} ({ahead.reason})" if ahead.value is not None else f"n/a: {audit.note(ahead)}"
    return (
        f"The crew on the calendar could have carried {wording.of(could)} in twelve months ({could.reason}); it "
        f"carried {wording.of(did)}. The next 30 days allow {next_days}."
    )


def _capacity(s: Selection, who: str) -> Chart:
    months = s.months("crew_utilisation", audit.MONTHS, who)
    points = [replace(point, text=point.text.removesuffix(" %")) for point in audit.points(months)]
    title = f"Crew utilisation by month, % of the days available, {audit.latest(points)}, actual"
    picture = charts.columns(points, levels=[Level(1, "every day used")] if points else [])
    return audit.chart("capacity", title, (picture, points), audit.in_words(months), s.fact("crew_utilisation", who))


def _capacity_months(s: Selection, who: str) -> Table:
    return s.table(
        "Jobs that the crew could carry, and jobs that set out, by month, count, complete months, actual",
        s.months("delivery_capacity_jobs", audit.MONTHS, who),
        (
            ("Month", lambda f: Cell(wording.month(f.period))),
            ("Possible", lambda f: audit.bare(s, f)),
            ("Set out", lambda f: s.cell(s.fact("delivery_jobs", who, f.period))),
            ("Bottleneck", lambda f: Cell(f.reason.removeprefix("bottleneck: ").capitalize())),
        ),
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


def _components(s: Selection, who: str) -> tuple[Fact, ...]:
    facts = s.facts("cost_per_delivery", "component", entity_id=who, **YEAR)
    return tuple(sorted(facts, key=lambda f: (-audit.cents(f), f.dimensions["component"])))


def _cost(s: Selection, who: str) -> Chart:
    facts = [f for f in _components(s, who) if f.value is not None]
    points = [Point(f.dimensions["component"].capitalize(), audit.cents(f), wording.of(f)) for f in facts]
    title = f"Mean cost of a completed job by kind, {wording.currency()}, latest 12 complete months, actual"
    words = "; ".join(f"{p.label} {p.text}" for p in points)
    return audit.chart("cost", title, (charts.bars(points), points), words, s.fact("cost_per_delivery", who))


def _cost_parts(s: Selection, who: str) -> Table:
    total, pending = (
        s.fact("cost_per_delivery", who, **YEAR),
        s.fact("cost_per_delivery", who, state="work_in_progress"),
    )
    facts = _components(s, who)
    return s.table(
        f"Mean cost of a completed job by kind, {wording.currency()}, twelve months beside all jobs, actual",
        facts,
        (
            ("Kind", lambda f: Cell(f.dimensions["component"].capitalize())),
            ("Twelve months", s.cell),
            ("All jobs", lambda f: s.cell(s.fact("cost_per_delivery", who, component=f.dimensions["component"]))),
        ),
        total=(Cell("A job"), s.cell(total), s.cell(s.fact("cost_per_delivery", who))) if facts else (),
        note=f"Work in progress on jobs under way: {wording.of(pending)}." if facts else "",
        empty=audit.missing(
            s.fact("cost_per_delivery", who), "Add tables delivery_crew, ledger (with project_id) and account."
        ),
    )


def _jobs(s: Selection, who: str) -> Table:
    """The jobs with the least margin first: where money is lost."""
    facts = sorted(
        s.facts("delivery_margin", "delivery", entity_id=who),
        key=lambda f: (f.value is not None, f.value if f.value is not None else 0, f.dimensions["delivery"]),
    )
    shown = f", {MOST_JOBS} of {len(facts)}" if len(facts) > MOST_JOBS else ""
    return s.table(
        f"Margin of completed jobs, % and {wording.currency()}, lowest first{shown}",
        tuple(facts[:MOST_JOBS]),
        (
            ("Job", lambda f: Cell(f.dimensions["delivery"])),
            ("Margin", s.cell),
            ("Cost", lambda f: s.cell(s.fact("cost_per_delivery", who, delivery=f.dimensions["delivery"]))),
            ("A mile", lambda f: s.cell(s.fact("cost_per_nautical_mile", who, delivery=f.dimensions["delivery"]))),
        ),
        empty=audit.missing(s.fact("delivery_margin", who), REGISTER),
    )


def _gaps(s: Selection, who: str) -> Table:
    facts = [(name, s.fact("delivery_billing_gap", who, **dimensions)) for name, dimensions in GAPS]
    rows = tuple(
        (Cell(name), audit.bare(s, fact), audit.said(fact.reason)) for name, fact in facts if fact.value is not None
    )
    wait, open_age = s.fact("days_to_invoice", who), s.fact("days_to_invoice", who, state="not_invoiced")
    return Table(
        f"Billing gaps, {wording.currency()}, completed jobs to date",
        (Column("Gap"), Column(wording.currency(), "right"), Column("Of")),
        rows,
        note=_waiting(wait, open_age) if rows else "",
        empty=audit.missing(facts[0][1], REGISTER),
    )


def _waiting(invoiced: Fact, open_age: Fact) -> str:
    """How long after completion jobs are invoiced, and how long those without an invoice have waited."""
    said = []
    if invoiced.value is not None:
        said.append(f"On average an invoice goes out {wording.of(invoiced)} after completion.")
    if open_age.value is not None:
        said.append(f"Completed jobs without one have waited {wording.of(open_age)} on average.")
    return " ".join(said)


def _open_jobs(s: Selection, who: str) -> Table:
    short = {f.dimensions["delivery"]: f for f in s.facts("delivery_billing_gap", "delivery", entity_id=who)}
    unpaid = {
        f.dimensions["delivery"]: f
        for f in s.facts("delivery_billing_gap", "delivery", "gap", entity_id=who)
        if f.dimensions["gap"] == "invoiced_not_collected"
    }
    size = {job: audit.cents(short[job]) if job in short else audit.cents(unpaid[job]) for job in {**short, **unpaid}}

    def cell(facts: dict[str, Fact], job: str) -> Cell:
        return audit.bare(s, facts[job]) if job in facts else Cell(wording.money(0), 0, "money")

    jobs = sorted(size, key=lambda job: (-size[job], job))[:MOST_JOBS]
    return Table(
        f"Jobs with a gap, {wording.currency()}, largest first",
        (Column("Job"), Column("Not invoiced", "right"), Column("Not collected", "right")),
        tuple((Cell(job), cell(short, job), cell(unpaid, job)) for job in jobs),
        empty=audit.missing(
            s.fact("delivery_billing_gap", who), REGISTER, "Every completed job is invoiced and collected."
        ),
    )


def _charter_reading(s: Selection, who: str) -> str:
    idle, place = s.fact("idle_captain_days", who), s.fact("charter_days_placeable", who)
    worth = s.fact("charter_days_placeable_value", who)
    if idle.value is None or place.value is None:
        reason = audit.note(idle if idle.value is None else place)
        return f"Idle captains and charters are {wording.NOT_AVAILABLE}: {reason}."
    return (
        f"Captains were available and idle on {wording.of(idle)} of twelve months. On {wording.of(place)} "
        f"({place.reason}) one of them could have taken a charter that sailed; such days contributed "
        f"{wording.of(worth)}."
    )


def _charter(s: Selection, who: str) -> Table:
    return audit.by_month(
        s,
        f"Idle captains and charters that they could take, days and {wording.currency()}, complete months, actual",
        who,
        (
            MonthColumn("Idle days", "idle_captain_days"),
            MonthColumn("Placeable", "charter_days_placeable"),
            MonthColumn("Contribution", "charter_days_placeable_value"),
        ),
        empty=audit.missing(s.fact("idle_captain_days", who), CREW),
    )


def _quality(s: Selection, who: str) -> Table:
    items: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("On time", "on_time_rate", {}),
        ("Invoiced / quoted", "quote_accuracy", {}),
        ("Actual / planned days", "quote_accuracy", {"of": "duration"}),
    )
    rows = tuple(
        (
            Cell(name),
            audit.bare(s, s.fact(metric_id, who, **YEAR, **more)),
            audit.bare(s, s.fact(metric_id, who, **more)),
            audit.said(audit.note(s.fact(metric_id, who, **more))),
        )
        for name, metric_id, more in items
        if s.fact(metric_id, who, **more).inputs
    )
    return Table(
        "Kept promises: time, price and duration, twelve months beside all jobs",
        (Column("What"), Column("Twelve months", "right"), Column("All jobs", "right"), Column("Note")),
        rows,
        empty=audit.missing(s.fact("on_time_rate", who), REGISTER),
    )
