"""The CEO's section on the business units: revenue against last year, who sells nothing, and what that costs."""

from __future__ import annotations

from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.rendering.blocks import NOTHING, Cell, Section, Table, Tone, section
from executive_suite.reports import months, phrases, pictures, pictures_units
from executive_suite.reports.absence import Proof, left, none
from executive_suite.reports.ceo import health
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import figures, table, words
from executive_suite.reports.tables.lean import lean
from executive_suite.wording import say

_REVENUE, _CONTRIBUTION = "segment_revenue", "segment_contribution"
MONTHS = 6
"""Complete months next to the same months of last year: a season makes the months before a poor judge."""
_LONG = 3
"""Months without revenue from which on it is no pause."""


def units(s: Selection) -> Section:
    """The section on business units."""
    facts = s.months(_CONTRIBUTION, months.YEAR)
    return section(
        "Business units: health and revenue against last year",
        point=_point(s, facts),
        covered=s.month(_REVENUE).number is not None,
        revenue=pictures_units.revenue_by_unit(s),
        rows={
            "health": health.over_a_year(s, len(facts)),
            "result": health.of_the_month(s),
            "revenue_months": pictures.by_month(
                s,
                "revenue-months",
                "Revenue",
                s.months(_REVENUE, months.YEAR),
                instead=phrases.unless(s.month(_REVENUE), "no complete month"),
                finding=_against_last_year(s),
                with_year_before=True,
            ),
            "months": health.by_month(s, facts),
        },
        **({"units": lean(_units(s), most=8)} if facts else {}),
    )


def _point(s: Selection, facts: tuple[Fact, ...]) -> str:
    """Who has stopped selling, and what was lost or earned."""
    now = s.month(_REVENUE)
    if now.number is None:
        return phrases.unless(now, "Revenue is not available: the ledger has no complete month.")
    return " ".join(filter(None, (_stopped(s), months.losses(facts, say("The group")), _losing(s))))


def _against_last_year(s: Selection) -> str:
    """The group's latest month next to the same month of last year."""
    now = s.month(_REVENUE)
    if now.number is None:
        return ""
    before = months.year_before(s, now)
    revenue = say("Revenue was {now} in {period}", now=formats.of(now), period=formats.month(now.period))
    if before.number is not None:
        revenue += say(", against {before} a year before", before=formats.of(before))
        if before.number > 0:
            change = Decimal(now.number) / Decimal(before.number) - 1
            revenue += f" ({formats.amount(change, 'ratio', signed=True)})"
    return f"{revenue}."


def _losing(s: Selection) -> str:
    """How many units lost money over the latest months; of a single one the group's months tell it."""
    every = (s.months(_CONTRIBUTION, MONTHS, entity) for entity in s.entities(_CONTRIBUTION))
    results = [sum(map(cents, facts)) for facts in every if all(fact.number is not None for fact in facts)]
    if len(results) in {0, 1}:
        return ""
    lost = sum(result < 0 for result in results)
    if not lost:
        return none(
            "No unit lost money over {contribution}.",
            left(result for result in results if result < 0),
            Proof(bool(results)),
            contribution=months.span(len(s.months(_CONTRIBUTION, MONTHS))),
        )
    count = say("All") if lost == len(results) else say("{lost} of", lost=formats.number(lost))
    over = months.span(len(s.months(_CONTRIBUTION, MONTHS)))
    return say(
        "{count} {results} lost money over {over}.",
        count=count,
        results=formats.counted(len(results), "unit"),
        over=over,
    )


def _stopped(s: Selection) -> str:
    """The units without revenue, by the month since when."""
    by_month: dict[str, list[str]] = {}
    silent: list[Fact] = []
    for entity in s.entities(_REVENUE):
        if since := silent_since(s, entity):
            by_month.setdefault(since, []).append(s.entity(entity))
            silent += (fact for fact in s.months(_REVENUE, months.YEAR, entity) if fact.period >= since)
    parts = [
        say("{names} since {since}", names=formats.series(names), since=formats.month(since))
        for since, names in sorted(by_month.items())
    ]
    return (
        none(
            "No revenue from {listed}.",
            left((fact for fact in silent if cents(fact) > 0), *silent),
            listed="; ".join(parts),
        )
        if parts
        else ""
    )


def silent_since(s: Selection, entity: str) -> str:
    """The first of the latest months without revenue of a unit that had some, ISO; empty if it has revenue."""
    found = s.months(_REVENUE, 2 * months.YEAR, entity)
    earning = [place for place, fact in enumerate(found) if fact.number]
    if not found or not earning or earning[-1] == len(found) - 1:
        return ""
    return found[earning[-1] + 1].period


def _units(s: Selection) -> Table:
    """Each unit's latest months next to last year's, what is left of them, and since when it sells nothing."""
    latest = s.months(_REVENUE, MONTHS)
    count = len(latest)
    shown = sorted(s.entities(_REVENUE), key=lambda e: (_lost(s, e, count), e))

    def before(entity: str) -> Cell:
        found = [months.year_before(s, fact) for fact in s.months(_REVENUE, count, entity)]
        known = found and all(fact.number is not None for fact in found)
        return cells.together(found, _REVENUE) if known else Cell(NOTHING)

    def since(entity: str) -> Cell:
        month = silent_since(s, entity)
        return Cell(month, "month") if month else Cell()

    def tone(entity: str) -> Tone:
        month = silent_since(s, entity)
        if not month:
            return "neutral"
        quiet = sum(fact.period >= month for fact in s.months(_REVENUE, 2 * months.YEAR, entity))
        return "act" if quiet >= _LONG else "watch"

    return table(
        say(
            "Revenue and contribution, {count}, and revenue of the same months a year before",
            count=months.latest(count),
        ),
        shown,
        (
            words("Business unit", s.entity),
            figures("Revenue", lambda e: cells.together(s.months(_REVENUE, count, e), _REVENUE)),
            figures("Year before", before),
            figures("Result", lambda e: cells.together(s.months(_CONTRIBUTION, count, e), _CONTRIBUTION)),
            words("No revenue since", since, tone=tone),
        ),
        total=GROUP,
        empty=phrases.unless(s.month(_REVENUE), "Not available: the ledger has no complete month."),
    )


def _lost(s: Selection, entity: str, count: int) -> int:
    """How much less revenue than a year before, as a number to sort by: the largest loss first."""
    now = s.months(_REVENUE, count, entity)
    return sum(cents(fact) - cents(months.year_before(s, fact)) for fact in now)
