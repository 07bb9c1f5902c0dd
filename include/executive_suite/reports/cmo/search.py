"""Local search in the CMO's report: clicks by month, and the next step for each keyword."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import Cell, Chart, Section, Table, section
from executive_suite.reports import months, news, phrases, pictures, pictures_funnel
from executive_suite.reports.cmo import funnel
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import figures, itself, table, words
from executive_suite.reports.tables.lean import first
from executive_suite.wording import say

_STEPS = (
    (Decimal(3), "Hold: keep the page and its reviews fresh"),
    (Decimal(10), "Raise the click-through: title, snippet, reviews"),
    (Decimal(20), "Reach the first page: strengthen the page, local links"),
    (Decimal(10_000), "Build a dedicated page for the town"),
)
"""The next step for a position: the first whose limit it does not exceed."""


def chart(s: Selection) -> Chart:
    """Clicks from local search by month, twelve complete months."""
    facts = s.months("search_clicks", months.YEAR)
    return pictures.by_month(
        s,
        "search",
        "Clicks from local search",
        facts,
        instead=phrases.unless(s.month("search_clicks"), "no month is recorded"),
        finding=_since(s, facts),
    )


def _since(s: Selection, facts: Sequence[Fact]) -> str:
    """The latest month against the same month a year before; empty if the latest is missing."""
    if not facts or facts[-1].number is None:
        return ""
    latest, before = facts[-1], months.year_before(s, facts[-1])
    summary = say(
        "Local search brought {counted} in {period}",
        counted=formats.counted(latest.value, "click"),
        period=formats.month(latest.period),
    )
    return (
        say("{summary}, after {before} a year before.", summary=summary, before=formats.of(before))
        if before.number is not None
        else f"{summary}."
    )


def roadmap(s: Selection) -> Table:
    """Keywords by clicks within reach, with the next step for their position."""
    month, earlier = (s.month("search_clicks", back=back).period for back in (0, 1))
    facts = months.divided(s, "search_clicks_in_reach", month, "keyword")
    facts.sort(key=lambda f: (-cents(f), f.entity_id, f.dimensions["keyword"]))
    units = sorted({fact.entity_id for fact in facts})
    whose = f", {s.entity(units[0])}" if len(units) == 1 else ""

    def of(metric_id: str, fact: Fact, period: str = month) -> Fact:
        return s.fact(metric_id, fact.entity_id, period, **fact.dimensions)

    def keyword(fact: Fact) -> str:
        name = fact.dimensions["keyword"]
        return name if whose else f"{name} ({s.entity(fact.entity_id)})"

    return table(
        say(
            "Keywords by clicks within reach{whose}, {month} after {earlier}, estimate",
            whose=whose,
            month=formats.month(month),
            earlier=formats.month(earlier),
        ),
        facts,
        (
            words("Keyword", keyword),
            figures("Shown", lambda f: of("search_impressions", f)),
            figures("Clicks", lambda f: of("search_clicks", f)),
            figures("Click rate", lambda f: of("search_ctr", f), notes="never"),
            figures("Position", lambda f: _place(of("search_position", f), of("search_position", f, earlier))),
            itself("In reach"),
            words("Next step", lambda f: _step(of("search_position", f), f)),
        ),
        note=_within_reach(s, facts),
        empty=phrases.missing(
            s.month("search_clicks"),
            "Export the rankings from the search console.",
            "No complete month of search rankings is recorded.",
        ),
    )


def local(s: Selection) -> Section:
    """The section on local search and the funnel behind it."""
    steps, steps_table = pictures_funnel.funnel(s), funnel.steps(s)
    clicks, keywords = chart(s), roadmap(s)
    nothing = phrases.unless(s.month("search_clicks"), "No complete month of search rankings is recorded.")
    near = _near(s)
    return section(
        "Local SEO roadmap",
        point=" ".join(filter(None, (clicks.finding or nothing, _more(s, near), steps.finding))),
        covered=bool(clicks.svg or steps.svg),
        rows={"search": clicks, "roadmap": keywords, "funnel": steps, "steps": steps_table},
        **({"next": _next(s, near)} if near else {}),
    )


def _near(s: Selection) -> list[Fact]:
    """The keywords with clicks within reach, most first."""
    facts = months.divided(s, "search_clicks_in_reach", s.month("search_clicks").period, "keyword")
    return sorted((f for f in facts if f.value), key=lambda f: (-cents(f), f.entity_id, f.dimensions["keyword"]))


def _more(s: Selection, near: Sequence[Fact]) -> str:
    return _within_reach(s, near) if near else ""


def _next(s: Selection, near: Sequence[Fact]) -> Table:
    """The keywords that bring most, with the next step for each."""

    def place(fact: Fact) -> Fact:
        return s.fact("search_position", fact.entity_id, fact.period, **fact.dimensions)

    return first(
        table(
            say("Keywords by clicks within reach, {period}, estimate", period=formats.month(near[0].period)),
            near,
            (
                words("Keyword", lambda f: f.dimensions["keyword"]),
                figures("Place", lambda f: cells.tenths(place(f), "count")),
                itself("Within reach"),
                words("Next step", lambda f: _step(place(f), f)),
            ),
        ),
    )


def _within_reach(s: Selection, facts: Sequence[Fact]) -> str:
    """All clicks within reach, on top of the present ones."""
    clicks = s.month("search_clicks")
    if clicks.value is None:
        return ""
    more = formats.counted(sum(map(cents, facts)), say("more click"))
    return say("{more} within reach, on top of {clicks}.", more=more, clicks=formats.of(clicks))


def _place(now: Fact, then: Fact) -> Cell:
    """A position and that of the month before."""
    if now.number is None or then.number is None:
        return Cell(now.value, now.unit, metric_id=now.metric_id)
    tone = news.moved("search_position", now.number - then.number)
    return Cell(now.value, now.unit, tone, now.metric_id, after=say("(was {then})", then=formats.of(then)))


def _step(now: Fact, reach: Fact) -> str:
    place = now.number
    if place is None:
        return say("Get the keyword ranked: build a page for it")
    if not reach.value:
        return _STEPS[0][1]
    return next(step for limit, step in _STEPS if place <= limit)
