"""The delivery sections on cost and margin of jobs, and on billing gaps."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.period import complete_months
from executive_suite.rendering.blocks import NOTHING, Cell, Section, Table, Tone, section
from executive_suite.rendering.charts import Point
from executive_suite.reports import months, phrases, pictures
from executive_suite.reports.delivery.concerns import REGISTER, YEAR, margin_if_invoiced
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import Col, figures, itself, month, table, words
from executive_suite.reports.tables.lean import lean, shown
from executive_suite.wording import noted, say

_GAP, _COST, _MARGIN = "delivery_billing_gap", "cost_per_delivery", "delivery_margin"
_UNPAID = "invoiced_not_collected"
_GAPS: tuple[tuple[str, dict[str, str]], ...] = (
    ("Quoted, not invoiced", {}),
    ("including completed and not invoiced at all", {"gap": "completed_not_invoiced"}),
    ("Invoiced, not collected", {"gap": _UNPAID}),
    ("Deposits paid beyond what is invoiced", {"gap": "deposit_not_invoiced"}),
    ("In dispute", {"gap": "disputed"}),
    ("Invoiced above the quote", {"gap": "invoiced_above_quote"}),
)
_PAID = {"basis": "with_deposits"}
_DEPOSIT = "deposit_not_invoiced"
_ADD_COSTS = noted("Record crew assignments, and postings with the job that they belong to.")
_MOST_JOBS = 15


def cost(s: Selection, who: str) -> Section:
    """The section on the cost per delivery: by kind of cost, and the jobs with the lowest margins."""
    facts = s.facts(_COST, "component", entity_id=who, **YEAR)
    parts = sorted(facts, key=lambda f: (-cents(f), f.dimensions["component"]))
    known = [fact for fact in parts if fact.value is not None]
    chart = pictures.bars(
        "cost",
        say(
            "Mean cost of a completed job by kind, {currency}, latest 12 complete months, actual",
            currency=formats.currency(),
        ),
        [Point(_kind(fact), cents(fact), formats.of(fact)) for fact in known],
        of="Mean cost",
        instead=say("The cost of a job is {cost}", cost=phrases.of(s.fact(_COST, who))),
        finding=_found(s, who, known),
    )
    return section(
        "Cost per delivery",
        point=_margins(s, who),
        rows={"parts": _parts(s, who, parts), "every": _jobs(s, who)},
        **shown(chart=chart, jobs=_lowest(s, who)),
    )


def _kind(fact: Fact) -> str:
    return fact.dimensions.get("component", "").capitalize()


def _found(s: Selection, who: str, known: Sequence[Fact]) -> str:
    """The mean cost of a job against all jobs, and its largest part."""
    whole, ever = s.fact(_COST, who, **YEAR), s.fact(_COST, who)
    if not known:
        return ""
    averaged = say("Jobs averaged {whole} over 12 months", whole=formats.of(whole))
    if cents(whole) <= 0 or cents(ever) <= 0:
        return say("{averaged}, and {ever} over all time.", averaged=averaged, ever=formats.of(ever))
    away = Decimal(cents(whole)) / cents(ever) - 1
    side = (
        say("{away} {value} than", away=formats.share(abs(away)), value=say("more") if away > 0 else say("less"))
        if away
        else say("as much as")
    )
    part = formats.share(Decimal(cents(known[0])) / cents(whole))
    return say(
        "{averaged}, {side} the mean of all jobs; {part} of that is {lower}.",
        averaged=averaged,
        side=side,
        part=part,
        lower=_kind(known[0]).lower(),
    )


def _margins(s: Selection, who: str) -> str:
    """The margin of a year by invoices, with deposits counted, and with everything billed as quoted."""
    margin, ever = s.fact(_MARGIN, who, **YEAR), s.fact(_MARGIN, who)
    if margin.value is None or ever.value is None:
        return phrases.missing(ever, _ADD_COSTS, say("The margin of 12 months is {margin}.", margin=phrases.of(margin)))
    paid = s.fact(_MARGIN, who, **_PAID, **YEAR)
    said = say(
        "By invoices the margin was {margin} over 12 months, {ever} over all jobs.",
        margin=formats.of(margin),
        ever=formats.of(ever),
    )
    if paid.value is None or paid.value == margin.value:
        return say("{said} Counting deposits changes nothing.", said=said)
    said += say(" Counting deposits that are not invoiced yet, it was {paid}", paid=formats.of(paid))
    whole = margin_if_invoiced(s)
    return (
        say("{said}; with all work billed as quoted, {whole}.", said=said, whole=formats.share(whole))
        if whole is not None
        else f"{said}."
    )


def _lowest(s: Selection, who: str) -> Table:
    """The jobs of the latest twelve complete months by margin with deposits counted, lowest first."""
    since = str(complete_months(s.figures.report_date, months.YEAR)[0])
    ended = {
        f.dimensions["delivery"]: str(f.value) for f in s.facts("delivery_completed_on", "delivery", entity_id=who)
    }
    facts = [
        fact
        for fact in s.facts(_MARGIN, "delivery", entity_id=who, **_PAID)
        if ended.get(fact.dimensions["delivery"], "") >= since
    ]
    facts.sort(key=lambda f: (f.number is not None, f.number or 0, f.dimensions["delivery"]))

    def loses(fact: Fact) -> Tone:
        return "watch" if fact.number is None or fact.number < 0 else "neutral"

    return lean(
        table(
            "Jobs of 12 months by margin with deposits counted, lowest first",
            facts,
            (
                words("Job", lambda f: s.label("delivery", f.dimensions["delivery"])),
                month(lambda f: ended[f.dimensions["delivery"]][:7], "Ended"),
                figures("Cost", lambda f: s.fact(_COST, who, delivery=f.dimensions["delivery"])),
                itself("Margin", tone=loses, notes="never"),
            ),
        )
    )


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
        note=say(
            "Work in progress on jobs under way: {cost}.", cost=formats.of(s.fact(_COST, who, state="work_in_progress"))
        ),
        empty=phrases.missing(s.fact(_COST, who), _ADD_COSTS),
    )


def _jobs(s: Selection, who: str) -> Table:
    """Jobs by margin, lowest first."""
    facts = sorted(
        s.facts(_MARGIN, "delivery", entity_id=who),
        key=lambda f: (f.number is not None, f.number or 0, f.dimensions["delivery"]),
    )
    part = say(", {most_jobs} of {facts}", most_jobs=_MOST_JOBS, facts=len(facts)) if len(facts) > _MOST_JOBS else ""

    def of(head: str, metric_id: str) -> Col[Fact]:
        return figures(head, lambda f: s.fact(metric_id, who, delivery=f.dimensions["delivery"]))

    return table(
        say(
            "Completed jobs: margin, cost, cost per nautical mile, cost against its estimate, lowest margin first{part}",
            part=part,
        ),
        facts[:_MOST_JOBS],
        (
            words("Job", lambda f: f.dimensions["delivery"]),
            words("Route", lambda f: _route(s, f.dimensions["delivery"])),
            itself("Margin", notes="never"),
            figures("With deposits", lambda f: s.fact(_MARGIN, who, **_PAID, **f.dimensions), notes="never"),
            of(say("Cost"), _COST),
            figures(
                "Per mile",
                lambda f: cells.rate(s.fact("cost_per_nautical_mile", who, delivery=f.dimensions["delivery"])),
            ),
            of(say("Estimate"), "cost_estimate_accuracy"),
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
    return section(
        "Billing gaps",
        point=_open(s, who),
        rows={"gaps": gaps, "every": _open_jobs(s, who)},
        **shown(jobs=_to_bill(s, who)),
    )


def _open(s: Selection, who: str) -> str:
    """What is to be invoiced and to be collected, and how much of it deposits have paid already."""
    gap, unpaid, held = (s.fact(_GAP, who, **part) for part in ({}, {"gap": _UNPAID}, {"gap": _DEPOSIT}))
    if gap.value is None:
        return phrases.missing(gap, REGISTER)
    parts = [say("{gap} quoted is not invoiced", gap=formats.of(gap))] if cents(gap) else []
    if cents(unpaid):
        parts.append(say("{unpaid} invoiced is not collected", unpaid=formats.of(unpaid)))
    if not parts:
        return say(
            "Every completed job ({gap} in all) is invoiced as quoted and collected.", gap=formats.number(_over(gap))
        )
    said = say("Of completed work, {parts}.", parts=formats.series(parts))
    left = cents(gap) + cents(unpaid) - cents(held)
    if cents(held) and left > 0:
        said += say(
            " Deposits have paid {held} of that already, so {left} is still to come in.",
            held=formats.of(held),
            left=formats.money(left),
        )
    return f"{said} {_waiting(s, who)}".strip()


def _over(gap: Fact) -> int:
    """How many jobs a gap is taken over."""
    return (gap.qualifier.count if gap.qualifier is not None else None) or 0


def _waiting(s: Selection, who: str) -> str:
    """The time from completion to invoice, and how long jobs without an invoice have waited."""
    invoiced, open_age = s.fact("days_to_invoice", who), s.fact("days_to_invoice", who, state="not_invoiced")
    summary = (
        [say("Invoices follow {invoiced} after completion on average.", invoiced=formats.of(invoiced))]
        if invoiced.value is not None
        else []
    )
    if open_age.value is not None:
        summary.append(
            say("Completed jobs without one have waited {open_age} on average.", open_age=formats.of(open_age))
        )
    return " ".join(summary)


def _route(s: Selection, job: str) -> str:
    """Where a job goes, which is its name in the body; empty where the register does not say."""
    name = s.label("delivery", job)
    return "" if name == job else name


def _gaps_of(s: Selection, who: str, *gap: str) -> dict[str, Fact]:
    """A gap by job: without a kind, what is quoted and not invoiced."""
    named = {"gap": gap[0]} if gap else {}
    by = ("delivery", *named)
    return {fact.dimensions["delivery"]: fact for fact in s.facts(_GAP, *by, entity_id=who, **named)}


def _to_bill(s: Selection, who: str) -> Table:
    """The jobs with a gap by route, and when they ended."""
    short, unpaid, held = _gaps_of(s, who), _gaps_of(s, who, _UNPAID), _gaps_of(s, who, _DEPOSIT)
    size = {job: cents(short[job] if job in short else unpaid[job]) for job in {**short, **unpaid}}
    ended = {
        f.dimensions["delivery"]: str(f.value) for f in s.facts("delivery_completed_on", "delivery", entity_id=who)
    }

    def column(head: str, facts: dict[str, Fact]) -> Col[str]:
        return figures(head, lambda job: cells.of(facts[job], notes="never") if job in facts else Cell(NOTHING))

    return lean(
        table(
            "Completed jobs to bill or to collect, largest first",
            sorted(size, key=lambda job: (-size[job], job)),
            (
                words("Job", lambda job: s.label("delivery", job)),
                month(lambda job: ended.get(job, "")[:7], "Ended"),
                column("To invoice", short),
                column("Deposit", held),
                column("To collect", unpaid),
            ),
        )
    )


def _open_jobs(s: Selection, who: str) -> Table:
    short, unpaid = _gaps_of(s, who), _gaps_of(s, who, _UNPAID)
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
    route: Col[str] = words("Route", lambda job: _route(s, job))
    return table(
        "Jobs with a gap, largest first",
        jobs,
        (own, route, column("Not invoiced", short), column("Not collected", unpaid)),
        total="",
        total_name="These jobs",
        empty=phrases.missing(s.fact(_GAP, who), REGISTER, "Every completed job is invoiced and collected."),
    )
