"""The delivery section on what a job costs, and what margin it leaves with deposits counted."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.period import complete_months
from executive_suite.rendering.blocks import Section, Table, Tone, section
from executive_suite.rendering.charts import Point
from executive_suite.reports import months, phrases, pictures
from executive_suite.reports.absence import Proof, none
from executive_suite.reports.delivery.concerns import REGISTER, YEAR, margin_if_invoiced, route_of
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import Col, figures, itself, month, table, words
from executive_suite.reports.tables.lean import lean, shown
from executive_suite.wording import noted, say

_COST, _MARGIN = "cost_per_delivery", "delivery_margin"
_PAID = {"basis": "with_deposits"}
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
        covered=s.fact(_COST, who).value is not None,
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
    if paid.value is None:
        return said
    if paid.value == margin.value:
        same = Proof(holds=True, facts=(margin.fact_id, paid.fact_id))
        return none("{said} Counting deposits changes nothing.", same, said=said)
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
            "Completed jobs: margin, cost, cost per nautical mile, cost against its estimate, lowest margin "
            "first{part}",
            part=part,
        ),
        facts[:_MOST_JOBS],
        (
            words("Job", lambda f: f.dimensions["delivery"]),
            words("Route", lambda f: route_of(s, f.dimensions["delivery"])),
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
