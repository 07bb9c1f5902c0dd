"""The delivery sections on cost and margin of jobs, and on billing gaps."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import Cell, Section, Table, section
from executive_suite.rendering.charts import Point
from executive_suite.reports import phrases, pictures
from executive_suite.reports.delivery.concerns import REGISTER, YEAR, margin_if_invoiced
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import Col, figures, itself, table, words

_GAP, _COST, _MARGIN = "delivery_billing_gap", "cost_per_delivery", "delivery_margin"
_UNPAID = "invoiced_not_collected"
_GAPS: tuple[tuple[str, dict[str, str]], ...] = (
    ("Quoted, not invoiced", {}),
    ("including completed and not invoiced at all", {"gap": "completed_not_invoiced"}),
    ("Invoiced, not collected", {"gap": _UNPAID}),
    ("In dispute", {"gap": "disputed"}),
    ("Invoiced above the quote", {"gap": "invoiced_above_quote"}),
)
_MOST_JOBS = 15


def cost(s: Selection, who: str) -> Section:
    """The section on the cost per delivery: by kind of cost, and the jobs with the lowest margins."""
    facts = s.facts(_COST, "component", entity_id=who, **YEAR)
    parts = sorted(facts, key=lambda f: (-cents(f), f.dimensions["component"]))
    known = [fact for fact in parts if fact.value is not None]
    chart = pictures.bars(
        "cost",
        f"Mean cost of a completed job by kind, {formats.currency()}, latest 12 complete months, actual",
        [Point(_kind(fact), cents(fact), formats.of(fact)) for fact in known],
        of="Mean cost",
        instead=f"The cost of a job is {phrases.of(s.fact(_COST, who))}",
        finding=_found(s, who, known),
    )
    return section(
        "Cost per delivery", reading=_margins(s, who), chart=chart, parts=_parts(s, who, parts), jobs=_jobs(s, who)
    )


def _kind(fact: Fact) -> str:
    return fact.dimensions.get("component", "").capitalize()


def _found(s: Selection, who: str, known: Sequence[Fact]) -> str:
    """The mean cost of a job against all jobs, and its largest part."""
    whole, ever = s.fact(_COST, who, **YEAR), s.fact(_COST, who)
    if not known:
        return ""
    averaged = f"Jobs averaged {formats.of(whole)} over 12 months"
    if cents(whole) <= 0 or cents(ever) <= 0:
        return f"{averaged}, and {formats.of(ever)} over all time."
    away = Decimal(cents(whole)) / cents(ever) - 1
    side = f"{formats.share(abs(away))} {'more' if away > 0 else 'less'} than" if away else "as much as"
    part = formats.share(Decimal(cents(known[0])) / cents(whole))
    return f"{averaged}, {side} the mean of all jobs; {part} of that is {_kind(known[0]).lower()}."


def _margins(s: Selection, who: str) -> str:
    margin, ever = s.fact(_MARGIN, who, **YEAR), s.fact(_MARGIN, who)
    if margin.value is None or ever.value is None:
        return f"The margin of 12 months is {phrases.of(margin)}."
    summary = f"The margin was {formats.of(margin)} over 12 months, {formats.of(ever)} over all jobs."
    if (whole := margin_if_invoiced(s)) is not None:
        summary += f" With uninvoiced work billed as quoted, it would be {formats.share(whole)}."
    return summary


def _parts(s: Selection, who: str, parts: Sequence[Fact]) -> Table:
    total = s.fact(_COST, who, **YEAR)

    def ever(fact: Fact) -> Fact:
        named = {"component": fact.dimensions["component"]} if "component" in fact.dimensions else {}
        return s.fact(_COST, who, **named)

    return table(
        "Mean cost of a completed job by kind, 12 months and all jobs, actual",
        parts,
        (
            words("Kind", _kind),
            itself("12 months", notes="always"),
            figures("Share", lambda f: cells.share(f, total)),
            figures("All jobs", ever),
        ),
        total=total,
        total_name="All kinds",
        note=f"Work in progress on jobs under way: {formats.of(s.fact(_COST, who, state='work_in_progress'))}.",
        empty=phrases.missing(
            s.fact(_COST, who), "Record crew assignments, and postings with the job that they belong to."
        ),
    )


def _jobs(s: Selection, who: str) -> Table:
    """Jobs by margin, lowest first."""
    facts = sorted(
        s.facts(_MARGIN, "delivery", entity_id=who),
        key=lambda f: (f.number is not None, f.number or 0, f.dimensions["delivery"]),
    )
    shown = f", {_MOST_JOBS} of {len(facts)}" if len(facts) > _MOST_JOBS else ""

    def of(head: str, metric_id: str) -> Col[Fact]:
        return figures(head, lambda f: s.fact(metric_id, who, delivery=f.dimensions["delivery"]))

    return table(
        f"Completed jobs: margin, cost, cost per nautical mile, cost against its estimate, lowest margin first{shown}",
        facts[:_MOST_JOBS],
        (
            words("Job", lambda f: f.dimensions["delivery"]),
            itself("Margin"),
            of("Cost", _COST),
            figures(
                "Per mile",
                lambda f: cells.rate(s.fact("cost_per_nautical_mile", who, delivery=f.dimensions["delivery"])),
            ),
            of("Estimate", "cost_estimate_accuracy"),
        ),
        empty=phrases.missing(s.fact(_MARGIN, who), REGISTER),
    )


def billing(s: Selection, who: str) -> Section:
    """The section on billing gaps: quoted but not invoiced, invoiced but not collected, by job."""
    facts = [(name, s.fact(_GAP, who, **dimensions)) for name, dimensions in _GAPS]
    gaps = table(
        "Billing gaps, completed jobs to date",
        [row for row in facts if row[1].value is not None],
        (
            words("Gap", lambda row: row[0]),
            figures("Amount", lambda row: row[1], notes="never"),
            words("Of", lambda row: row[1].reason),
        ),
        empty=phrases.missing(s.fact(_GAP, who), REGISTER),
    )
    return section("Billing gaps", reading=_open(s, who), gaps=gaps, jobs=_open_jobs(s, who))


def _open(s: Selection, who: str) -> str:
    gap, unpaid = s.fact(_GAP, who), s.fact(_GAP, who, gap=_UNPAID)
    if gap.value is None:
        return f"Billing gaps are {phrases.of(gap)}."
    if not cents(gap) + cents(unpaid):
        return "Every completed job is invoiced as quoted and collected."
    whole = formats.money(cents(gap) + cents(unpaid))
    return (
        f"{whole} of completed work is unpaid: {formats.of(gap)} was quoted but never invoiced, "
        f"{formats.of(unpaid)} invoiced but never collected. {_waiting(s, who)}"
    ).strip()


def _waiting(s: Selection, who: str) -> str:
    """The time from completion to invoice, and how long jobs without an invoice have waited."""
    invoiced, open_age = s.fact("days_to_invoice", who), s.fact("days_to_invoice", who, state="not_invoiced")
    summary = (
        [f"Invoices follow {formats.of(invoiced)} after completion on average."] if invoiced.value is not None else []
    )
    if open_age.value is not None:
        summary.append(f"Completed jobs without one have waited {formats.of(open_age)} on average.")
    return " ".join(summary)


def _open_jobs(s: Selection, who: str) -> Table:
    short = {f.dimensions["delivery"]: f for f in s.facts(_GAP, "delivery", entity_id=who)}
    unpaid = {f.dimensions["delivery"]: f for f in s.facts(_GAP, "delivery", "gap", entity_id=who, gap=_UNPAID)}
    size = {job: cents(short[job] if job in short else unpaid[job]) for job in {**short, **unpaid}}
    jobs = sorted(size, key=lambda job: (-size[job], job))[:_MOST_JOBS]

    def column(head: str, facts: dict[str, Fact]) -> Col[str]:
        together = sum(cents(facts[job]) for job in jobs if job in facts)

        def cell(job: str) -> Cell:
            if job in facts:
                return cells.of(facts[job], notes="never")
            return cells.money(0 if job else together)

        return figures(head, cell)

    own: Col[str] = words("Job", lambda job: job)
    return table(
        "Jobs with a gap, largest first",
        jobs,
        (own, column("Not invoiced", short), column("Not collected", unpaid)),
        total="",
        total_name="These jobs",
        empty=phrases.missing(s.fact(_GAP, who), REGISTER, "Every completed job is invoiced and collected."),
    )
