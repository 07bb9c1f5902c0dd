"""Local search and the funnel in the CMO's report: where people find the group, and where they stop."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from executive_suite.facts import Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Column, Table
from executive_suite.reports import frame, monthly, news, phrases, wording
from executive_suite.reports.selection import Selection

_MONTHS = 12
_STEPS = (
    (Decimal(3), "Hold: keep the page and its reviews fresh"),
    (Decimal(10), "Raise the click-through: title, snippet, reviews"),
    (Decimal(20), "Reach the first page: strengthen the page, local links"),
    (Decimal(10_000), "Give it a page of its own for the town"),
)
"""What a position asks for: the first whose limit it does not exceed."""


def search(s: Selection) -> Table:
    """Keywords of the last complete month, beside the positions of the month before."""
    month, earlier = (wanted(s, "search_clicks").period for wanted in (monthly.latest, monthly.before))
    facts = _monthly(s, "search_impressions", month, "keyword")
    facts.sort(key=lambda f: (-(monthly.number(f) or 0), f.entity_id, f.dimensions["keyword"]))

    def beside(metric_id: str, fact: Fact, period: str = month) -> Fact:
        return s.fact(metric_id, fact.entity_id, period, **fact.dimensions)

    def position(fact: Fact) -> Cell:
        now, then = beside("search_position", fact), beside("search_position", fact, earlier)
        value, base = monthly.number(now), monthly.number(then)
        if value is None:
            return Cell(wording.NOT_AVAILABLE)
        text = wording.number(value, 1)
        if base is None:
            return Cell(text, metric_id="search_position")
        return Cell(
            f"{text}, was {wording.number(base, 1)}",
            tone=news.tone("search_position", value - base),
            metric_id="search_position",
        )

    units = sorted({s.entity(f.entity_id) for f in facts})
    whose = f", {units[0]}" if len(units) == 1 else ""

    def keyword(fact: Fact) -> Cell:
        words = fact.dimensions["keyword"]
        return Cell(words if whose else f"{words} ({s.entity(fact.entity_id)})")

    table = s.table(
        f"Local search by keyword{whose}, {wording.month(month)}, position beside {wording.month(earlier)}, actual",
        tuple(facts),
        (
            ("Keyword", keyword),
            ("Impressions", s.cell),
            ("Clicks", lambda f: s.cell(beside("search_clicks", f))),
            ("Click-through", lambda f: s.cell(beside("search_ctr", f))),
            ("Position", position),
        ),
        empty="Not evaluable: table seo_rank is absent or has no complete month; export it from the search console.",
    )
    left = {"Keyword", "Business unit"}
    return replace(table, columns=tuple(Column(c.title, "left" if c.title in left else "right") for c in table.columns))


def search_chart(s: Selection) -> Chart:
    """Clicks from local search by month, twelve complete months."""
    facts = s.months("search_clicks", _MONTHS)
    points = monthly.points(facts)
    words = ", ".join(f"{wording.month(f.period)} {wording.of(f)}" for f in facts) or "no month is recorded"
    title = f"Clicks from local search by month, count, {phrases.latest(len(points))}, actual"
    return frame.chart("search", title, charts.columns(points), f"Search clicks: {words}.")


def roadmap(s: Selection) -> Table:
    """Keywords in the order of the clicks within reach, with the next step that their position asks for."""
    month = monthly.latest(s, "search_clicks").period
    facts = _monthly(s, "search_clicks_in_reach", month, "keyword")
    facts.sort(key=lambda f: (-(monthly.number(f) or 0), f.entity_id, f.dimensions["keyword"]))

    def position(fact: Fact) -> Fact:
        return s.fact("search_position", fact.entity_id, month, **fact.dimensions)

    def step(fact: Fact) -> Cell:
        place = monthly.number(position(fact))
        if place is None:
            return Cell("Get the keyword ranked: give it a page")
        if not monthly.number(fact):
            return Cell(_STEPS[0][1])
        return Cell(next(words for limit, words in _STEPS if place <= limit))

    def place(fact: Fact) -> Cell:
        value = monthly.number(position(fact))
        return Cell(wording.NOT_AVAILABLE if value is None else wording.number(value, 1))

    table = s.table(
        f"Roadmap: keywords by clicks within reach a month, {wording.month(month)}, estimate",
        tuple(facts),
        (
            ("Keyword", lambda f: Cell(f.dimensions["keyword"])),
            ("Position", place),
            ("Clicks in reach", s.cell),
            ("Next step", step),
        ),
        empty="Not evaluable: table seo_rank is absent or has no complete month; export it from the search console.",
    )
    right = {"Position", "Clicks in reach"}
    columns = tuple(Column(c.title, "right" if c.title in right else "left") for c in table.columns)
    return replace(table, columns=columns)


def funnel(s: Selection) -> Table:
    """Steps of each funnel in the last complete month; a step nobody completes is marked."""
    month, earlier = (wanted(s, "funnel_step_conversion").period for wanted in (monthly.latest, monthly.before))
    facts = _monthly(s, "funnel_step_count", month, "step", "step_no")
    facts.sort(key=lambda f: (f.entity_id, int(f.dimensions["step_no"])))

    def rate(fact: Fact, period: str, *, quiet: bool) -> Cell:
        if fact.dimensions["step_no"] == "1":
            return Cell("first step")
        found = s.fact("funnel_step_conversion", fact.entity_id, period, **fact.dimensions)
        cell = s.cell(found, "bad" if found.value is not None and not found.value and not quiet else "neutral")
        return replace(cell, note="") if quiet else cell

    table = s.table(
        f"Funnel: people in each step and the share of those in the step before, {wording.month(month)}, actual",
        tuple(facts),
        (
            ("Business unit", lambda f: Cell(s.entity(f.entity_id))),
            ("Step", lambda f: Cell(phrases.capital(f.dimensions["step"].replace("_", " ")))),
            ("People", s.cell),
            (f"Share, {wording.month(month)}", lambda f: rate(f, month, quiet=False)),
            (f"Share, {wording.month(earlier)}", lambda f: rate(f, earlier, quiet=True)),
        ),
        empty="Not evaluable: table funnel_event is absent or has no complete month.",
    )
    columns = tuple(Column(c.title, "left" if i < 2 else "right") for i, c in enumerate(table.columns))  # noqa: PLR2004 - names, then numbers
    return replace(table, columns=columns)


def _monthly(s: Selection, metric_id: str, month: str, *names: str) -> list[Fact]:
    """Facts of one month divided by exactly these dimensions."""
    return [
        f for f in s.figures.facts if f.metric_id == metric_id and f.period == month and set(f.dimensions) == set(names)
    ]
