"""The rows behind the CEO's business units: health over a year, the latest month, and the group by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact, Why
from executive_suite.rendering.blocks import Cell, Chart, Table, Tone
from executive_suite.reports import months, news, phrases, pictures
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import figures, table, words
from executive_suite.wording import noted, say

_CONTRIBUTION = "segment_contribution"
_EMPTY = noted("Not available: the ledger has no complete month.")


def by_month(s: Selection, facts: Sequence[Fact]) -> Chart:
    """What the group earned or lost in each month."""
    return pictures.by_month(
        s,
        "months",
        "Contribution of the group after shared cost",
        facts,
        instead=phrases.unless(s.month(_CONTRIBUTION), "no complete month"),
        finding=months.losses(facts, say("The group")),
    )


def over_a_year(s: Selection, count: int) -> Table:
    """Each unit over a year and in the latest month, with its health."""
    now, before = s.month(_CONTRIBUTION), s.month(_CONTRIBUTION, back=1)
    year = {entity: s.months(_CONTRIBUTION, months.YEAR, entity) for entity in (*s.entities(_CONTRIBUTION), GROUP)}

    def sums(entity: str) -> Cell:
        return cells.together(year[entity], _CONTRIBUTION) if year[entity] else Cell(None, "cents")

    def verdict(entity: str) -> tuple[str, Tone]:
        return _verdict(year[entity], s.month(_CONTRIBUTION, entity).number)

    return table(
        say(
            "Contribution by business unit, {count} through {period}, actual",
            count=formats.counted(count, "month"),
            period=formats.month(now.period),
        ),
        s.entities(_CONTRIBUTION),
        (
            words("Business unit", s.entity),
            figures(formats.counted(count, "month"), sums),
            figures(formats.month(now.period), lambda entity: s.month(_CONTRIBUTION, entity)),
            figures(
                say("vs {period}", period=formats.month(before.period)),
                lambda e: _moved(s.month("metric_change", e, metric=_CONTRIBUTION, against="prior_month")),
            ),
            words("Health", lambda e: verdict(e)[0], tone=lambda e: verdict(e)[1], totals=True),
        ),
        total=GROUP,
        note=_driver(s, before),
        empty=phrases.unless(s.month(_CONTRIBUTION), _EMPTY),
    )


def _driver(s: Selection, before: Fact) -> str:
    """Which unit drove the group's change since the month before."""
    change = s.month("metric_change")
    found = change.qualifier
    if found is None or found.why is not Why.LARGEST_DRIVER or found.count is None:
        return ""
    moved = formats.difference(Decimal(found.count), "cents")
    since = formats.month(before.period)
    if (cents(change) < 0) != (found.count < 0):
        return say(
            "{subject} moved most since {since}, against the group ({moved}).",
            subject=s.entity(found.subject),
            since=since,
            moved=moved,
        )
    course = say("decline") if cents(change) < 0 else say("rise")
    return say(
        "{subject} drove most of the {course} since {since} ({moved}).",
        subject=s.entity(found.subject),
        course=course,
        since=since,
        moved=moved,
    )


def _verdict(facts: Sequence[Fact], month: Decimal | int | None) -> tuple[str, Tone]:
    """Health by the contribution of the year and of the latest month."""
    if month is None:
        return say("no figure for the month"), "neutral"
    if any(fact.number is None for fact in facts):
        return say("no figure for the year"), "neutral"
    year = sum(map(cents, facts))
    if year >= 0:
        if month > 0:
            return "profitable", "fine"
        now = say("loss-making now") if month < 0 else say("no income now")
        return say("profitable over 12 months, {now}", now=now), "watch"
    return (say("loss-making over 12 months, not now"), "watch") if month >= 0 else ("loss-making", "act")


def of_the_month(s: Selection) -> Table:
    """Revenue next to its budget, direct cost and contribution of the last complete month."""
    shared = s.month("segment_direct_cost", part="shared")

    def contribution(entity: str) -> Cell:
        fact = s.month(_CONTRIBUTION, entity)
        return cells.of(fact, "watch" if cents(fact) < 0 else "neutral")

    return table(
        say("Profit and loss by business unit, {period}, actual", period=formats.month(shared.period)),
        s.entities(_CONTRIBUTION),
        (
            words("Business unit", s.entity),
            figures("Revenue", lambda entity: s.month("segment_revenue", entity)),
            figures(
                "vs budget", lambda e: _moved(s.month("metric_change", e, metric="segment_revenue", against="budget"))
            ),
            figures("Direct cost", lambda entity: s.month("segment_direct_cost", entity)),
            figures("Contribution", contribution),
        ),
        total=GROUP,
        note=say("Shared cost of {shared} is not allocated to any unit.", shared=formats.of(shared))
        if shared.value
        else "",
        empty=phrases.unless(s.month(_CONTRIBUTION), _EMPTY),
    )


def _moved(fact: Fact) -> Cell:
    """A change with its sign and verdict; its reason is printed elsewhere."""
    tone = news.moved("metric_change", fact.number or 0)
    return replace(cells.of(fact, tone, notes="never"), signed=True)
