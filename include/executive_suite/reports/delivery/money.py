"""The delivery audit on money: what a job costs and leaves, what was not billed, and what was not collected."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Column, Table
from executive_suite.rendering.charts import Point
from executive_suite.reports import audit
from executive_suite.reports.delivery.concerns import REGISTER, YEAR, margin_if_invoiced
from executive_suite.reports.selection import Selection

GAPS: tuple[tuple[str, dict[str, str]], ...] = (
    ("Quoted, not invoiced", {}),
    ("of which: completed and not invoiced at all", {"gap": "completed_not_invoiced"}),
    ("Invoiced, not collected", {"gap": "invoiced_not_collected"}),
    ("In dispute", {"gap": "disputed"}),
    ("Invoiced above the quote", {"gap": "invoiced_above_quote"}),
)
MOST_JOBS = 15


@dataclass(frozen=True, slots=True)
class Cost:
    """The section on the cost per delivery."""

    reading: str
    chart: Chart
    parts: Table
    jobs: Table


@dataclass(frozen=True, slots=True)
class Billing:
    """The section on billing gaps."""

    reading: str
    gaps: Table
    jobs: Table


def cost(s: Selection, who: str) -> Cost:
    """What a job costs by kind, and which jobs left least."""
    facts = [f for f in _components(s, who) if f.value is not None]
    points = [Point(f.dimensions["component"].capitalize(), audit.cents(f), formats.of(f)) for f in facts]
    title = f"Mean cost of a completed job by kind, {formats.currency()}, latest 12 complete months, actual"
    words = "; ".join(f"{p.label} {p.text}" for p in points)
    whole = s.fact("cost_per_delivery", who, **YEAR)
    drawn = (charts.bars(points), points)
    told = s.fact("cost_per_delivery", who)
    chart = audit.chart("cost", title, drawn, words, told, _found(whole, told, facts))
    return Cost(_margins(s, who), chart, _parts(s, who), _jobs(s, who))


def _components(s: Selection, who: str) -> tuple[Fact, ...]:
    facts = s.facts("cost_per_delivery", "component", entity_id=who, **YEAR)
    return tuple(sorted(facts, key=lambda f: (-audit.cents(f), f.dimensions["component"])))


def _found(whole: Fact, ever: Fact, facts: list[Fact]) -> str:
    """What a job costs beside all jobs, and what most of it goes for."""
    if not facts:
        return ""
    if audit.cents(whole) <= 0 or audit.cents(ever) <= 0:
        return f"A job of twelve months cost {formats.of(whole)}, all jobs {formats.of(ever)} on average."
    away = Decimal(audit.cents(whole)) / audit.cents(ever) - 1
    beside = f"{formats.share(abs(away))} {'more' if away > 0 else 'less'} than" if away else "as much as"
    part = formats.share(Decimal(audit.cents(facts[0])) / audit.cents(whole))
    return (
        f"A job of twelve months cost {formats.of(whole)}, {beside} the mean of all jobs; {part} of it for "
        f"{facts[0].dimensions['component']}."
    )


def _margins(s: Selection, who: str) -> str:
    margin, ever = s.fact("delivery_margin", who, **YEAR), s.fact("delivery_margin", who)
    if margin.value is None or ever.value is None:
        return f"The margin of twelve months is {formats.NOT_AVAILABLE}: {audit.note(margin)}."
    said = f"The jobs of twelve months left {formats.of(margin)} of what was invoiced, all jobs {formats.of(ever)}."
    if (whole := margin_if_invoiced(s)) is not None:
        said += f" With what was never invoiced billed at its quote it would be {formats.share(whole)}."
    return said


def _parts(s: Selection, who: str) -> Table:
    total, pending = (
        s.fact("cost_per_delivery", who, **YEAR),
        s.fact("cost_per_delivery", who, state="work_in_progress"),
    )
    facts = _components(s, who)
    return s.table(
        f"Mean cost of a completed job by kind, {formats.currency()}, twelve months beside all jobs, actual",
        facts,
        (
            ("Kind", lambda f: Cell(f.dimensions["component"].capitalize())),
            ("Twelve months", s.cell),
            ("Share", lambda f: audit.share(f, total)),
            ("All jobs", lambda f: s.cell(s.fact("cost_per_delivery", who, component=f.dimensions["component"]))),
        ),
        total=(Cell("A job"), s.cell(total), audit.share(total, total), s.cell(s.fact("cost_per_delivery", who)))
        if facts
        else (),
        note=f"Work in progress on jobs under way: {formats.of(pending)}." if facts else "",
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

    def of(metric_id: str, fact: Fact) -> Fact:
        return s.fact(metric_id, who, delivery=fact.dimensions["delivery"])

    return s.table(
        f"Completed jobs: margin in %, cost and cost a nautical mile in {formats.currency()}, and cost against its "
        f"estimate, lowest margin first{shown}",
        tuple(facts[:MOST_JOBS]),
        (
            ("Job", lambda f: Cell(f.dimensions["delivery"])),
            ("Margin", s.cell),
            ("Cost", lambda f: s.cell(of("cost_per_delivery", f))),
            ("A mile", lambda f: _a_mile(of("cost_per_nautical_mile", f))),
            ("Estimate", lambda f: audit.bare(s, of("cost_estimate_accuracy", f))),
        ),
        empty=audit.missing(s.fact("delivery_margin", who), REGISTER),
    )


def _a_mile(fact: Fact) -> Cell:
    """The cost of a mile as money: "a mile" stands at the head."""
    if not isinstance(fact.value, int | Decimal):
        return Cell(formats.NOT_AVAILABLE, note=fact.reason)
    return Cell(formats.money(fact.value), fact.value, "money", metric_id=fact.metric_id, assumed=fact.assumed)


def billing(s: Selection, who: str) -> Billing:
    """What was quoted and not invoiced, invoiced and not collected, and on which jobs."""
    return Billing(_open(s, who), _gaps(s, who), _open_jobs(s, who))


def _open(s: Selection, who: str) -> str:
    gap, unpaid = s.fact("delivery_billing_gap", who), s.fact("delivery_billing_gap", who, gap="invoiced_not_collected")
    if gap.value is None:
        return f"Billing gaps are {formats.NOT_AVAILABLE}: {audit.note(gap)}."
    missing = audit.cents(gap) + audit.cents(unpaid)
    if not missing:
        return "Every completed job is invoiced at its quote and collected."
    return (
        f"{formats.money(missing)} of completed work has not come in: {formats.of(gap)} was quoted and never invoiced, "
        f"{formats.of(unpaid)} invoiced and never collected. {_waiting(s, who)}"
    ).strip()


def _waiting(s: Selection, who: str) -> str:
    """How long after completion jobs are invoiced, and how long those without an invoice have waited."""
    invoiced, open_age = s.fact("days_to_invoice", who), s.fact("days_to_invoice", who, state="not_invoiced")
    said = []
    if invoiced.value is not None:
        said.append(f"On average an invoice goes out {formats.of(invoiced)} after completion.")
    if open_age.value is not None:
        said.append(f"Completed jobs without one have waited {formats.of(open_age)} on average.")
    return " ".join(said)


def _gaps(s: Selection, who: str) -> Table:
    facts = [(name, s.fact("delivery_billing_gap", who, **dimensions)) for name, dimensions in GAPS]
    rows = tuple(
        (Cell(name), audit.bare(s, fact), audit.said(fact.reason)) for name, fact in facts if fact.value is not None
    )
    return Table(
        f"Billing gaps, {formats.currency()}, completed jobs to date",
        (Column("Gap"), Column(formats.currency(), "right"), Column("Of")),
        rows,
        empty=audit.missing(facts[0][1], REGISTER),
    )


def _open_jobs(s: Selection, who: str) -> Table:
    short = {f.dimensions["delivery"]: f for f in s.facts("delivery_billing_gap", "delivery", entity_id=who)}
    unpaid = {
        f.dimensions["delivery"]: f
        for f in s.facts("delivery_billing_gap", "delivery", "gap", entity_id=who)
        if f.dimensions["gap"] == "invoiced_not_collected"
    }
    size = {job: audit.cents(short[job]) if job in short else audit.cents(unpaid[job]) for job in {**short, **unpaid}}

    def cell(facts: dict[str, Fact], job: str) -> Cell:
        return audit.bare(s, facts[job]) if job in facts else Cell(formats.money(0), 0, "money")

    jobs = sorted(size, key=lambda job: (-size[job], job))[:MOST_JOBS]
    sums = [sum(audit.cents(facts[job]) for job in jobs if job in facts) for facts in (short, unpaid)]
    return Table(
        f"Jobs with a gap, {formats.currency()}, largest first",
        (Column("Job"), Column("Not invoiced", "right"), Column("Not collected", "right")),
        tuple((Cell(job), cell(short, job), cell(unpaid, job)) for job in jobs),
        total=(Cell("These jobs"), *(Cell(formats.money(cents), cents, "money") for cents in sums)) if jobs else (),
        empty=audit.missing(
            s.fact("delivery_billing_gap", who), REGISTER, "Every completed job is invoiced and collected."
        ),
    )
