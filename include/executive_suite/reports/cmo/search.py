"""Local search in the CMO's report: what it brings by month, and keyword by keyword what to do next."""

from __future__ import annotations

from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Column, Table
from executive_suite.reports import frame, monthly, news, phrases
from executive_suite.reports.selection import Selection
from executive_suite.reports.years import year_before

_MONTHS = 12
_STEPS = (
    (Decimal(3), "Hold: keep the page and its reviews fresh"),
    (Decimal(10), "Raise the click-through: title, snippet, reviews"),
    (Decimal(20), "Reach the first page: strengthen the page, local links"),
    (Decimal(10_000), "Give it a page of its own for the town"),
)
"""What a position asks for: the first whose limit it does not exceed."""


def chart(s: Selection) -> Chart:
    """Clicks from local search by month, twelve complete months, the latest beside the same month a year before."""
    facts = s.months("search_clicks", _MONTHS)
    points = monthly.points(facts)
    words = ", ".join(f"{formats.month(f.period)} {formats.of(f)}" for f in facts) or "no month is recorded"
    title = f"Clicks from local search by month, count, {phrases.latest(len(points))}, actual"
    alt = f"Search clicks: {words}."
    return frame.chart("search", title, charts.columns(points), alt, finding=_since(s, facts))


def _since(s: Selection, facts: tuple[Fact, ...]) -> str:
    """The latest month beside the same a year before; blank where either is not told."""
    if not facts or monthly.number(facts[-1]) is None:
        return ""
    latest, before = facts[-1], year_before(s, facts[-1])
    said = f"Local search brought {formats.counted(latest.value, 'click')} in {formats.month(latest.period)}"
    if monthly.number(before) is None:
        return f"{said}."
    return f"{said}, against {formats.of(before)} a year before."


def roadmap(s: Selection) -> Table:
    """Keywords in the order of the clicks within reach, with the next step that their position asks for."""
    month, earlier = (wanted(s, "search_clicks").period for wanted in (monthly.latest, monthly.before))
    facts = monthly.divided(s, "search_clicks_in_reach", month, "keyword")
    facts.sort(key=lambda f: (-(monthly.number(f) or 0), f.entity_id, f.dimensions["keyword"]))
    units = sorted({s.entity(f.entity_id) for f in facts})
    whose = f", {units[0]}" if len(units) == 1 else ""

    def beside(metric_id: str, fact: Fact, period: str = month) -> Fact:
        return s.fact(metric_id, fact.entity_id, period, **fact.dimensions)

    def row(fact: Fact) -> tuple[Cell, ...]:
        now, then = beside("search_position", fact), beside("search_position", fact, earlier)
        words = fact.dimensions["keyword"]
        return (
            Cell(words if whose else f"{words} ({s.entity(fact.entity_id)})"),
            s.cell(beside("search_impressions", fact)),
            s.cell(beside("search_clicks", fact)),
            phrases.plain(s.cell(beside("search_ctr", fact))),
            _place(now, then),
            s.cell(fact),
            Cell(_step(monthly.number(now), monthly.number(fact))),
        )

    heads = ("Keyword", "Shown", "Clicks", "Click rate", "Position", "In reach", "Next step")
    left = {heads[0], heads[-1]}
    return Table(
        f"Keywords by clicks within reach a month{whose}, {formats.month(month)}, "
        f"position beside {formats.month(earlier)}, estimate",
        tuple(Column(head, "left" if head in left else "right") for head in heads),
        tuple(map(row, facts)),
        note=_within_reach(s, facts),
        empty="Not evaluable: table seo_rank is absent or has no complete month; export it from the search console.",
    )


def _within_reach(s: Selection, facts: list[Fact]) -> str:
    """All clicks within reach, beside those that come."""
    reach = sum(monthly.whole(f) for f in facts)
    clicks = monthly.latest(s, "search_clicks")
    if clicks.value is None:
        return ""
    return f"In reach: {formats.counted(reach, 'click')} a month, beside the {formats.of(clicks)} that come."


def _place(now: Fact, then: Fact) -> Cell:
    """A position beside that of the month before."""
    value, base = monthly.number(now), monthly.number(then)
    if value is None:
        return Cell(formats.NOT_AVAILABLE)
    text = formats.number(value, 1)
    if base is None:
        return Cell(text, metric_id="search_position")
    judged = news.tone("search_position", value - base)
    return Cell(f"{text}, was {formats.number(base, 1)}", tone=judged, metric_id="search_position")


def _step(place: Decimal | None, reach: Decimal | None) -> str:
    if place is None:
        return "Get the keyword ranked: give it a page"
    if not reach:
        return _STEPS[0][1]
    return next(words for limit, words in _STEPS if place <= limit)
