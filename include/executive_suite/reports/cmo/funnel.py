"""The funnel in the CMO's report: how many people take each step, and at which they stop."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Column, Table
from executive_suite.rendering.charts import Point
from executive_suite.reports import frame, monthly, phrases
from executive_suite.reports.selection import Selection


@dataclass(frozen=True, slots=True)
class Funnel:
    """Steps of each funnel in the last complete month."""

    chart: Chart
    table: Table


def funnel(s: Selection) -> Funnel:
    """The funnels of the group; a step that nobody completes is marked."""
    month, earlier = (wanted(s, "funnel_step_conversion").period for wanted in (monthly.latest, monthly.before))
    facts = monthly.divided(s, "funnel_step_count", month, "step", "step_no")
    facts.sort(key=lambda f: (f.entity_id, int(f.dimensions["step_no"])))
    return Funnel(_chart(s, facts, month), _table(s, facts, month, earlier))


def _chart(s: Selection, facts: list[Fact], month: str) -> Chart:
    """People in each step, of every funnel."""
    several = len({f.entity_id for f in facts}) > 1
    points = [
        Point(f"{_step(f)} ({s.entity(f.entity_id)})" if several else _step(f), value, formats.number(value))
        for f in facts
        if (value := monthly.number(f)) is not None
    ]
    words = ", ".join(f"{p.label} {p.text}" for p in points) or "no month is recorded"
    title = f"People in each step of the funnel{_whose(s, facts)}, count, {formats.month(month)}, actual"
    return frame.chart("funnel", title, charts.bars(points), f"People: {words}.", finding=_break(s, facts))


def _break(s: Selection, facts: list[Fact]) -> str:
    """The first step that nobody took though people took the one before; else how many came through."""
    pairs = [(a, b) for a, b in pairwise(facts) if a.entity_id == b.entity_id]
    for before, after in pairs:
        if after.value == 0 and monthly.whole(before):
            lost = f"{formats.of(before)} people reached {phrases.quoted(_step(before).lower())}"
            return f"{s.entity(after.entity_id)}: {lost} and nobody {phrases.quoted(_step(after).lower())}."
    if not pairs:
        return ""
    first, last = facts[0], next(f for f in reversed(facts) if f.entity_id == facts[0].entity_id)
    return f"{s.entity(first.entity_id)}: {formats.of(last)} of {formats.of(first)} people came through to the end."


def _table(s: Selection, facts: list[Fact], month: str, earlier: str) -> Table:
    def rate(fact: Fact, period: str, *, quiet: bool) -> Cell:
        if fact.dimensions["step_no"] == "1":
            return Cell("first step")
        found = s.fact("funnel_step_conversion", fact.entity_id, period, **fact.dimensions)
        cell = s.cell(found, "bad" if found.value is not None and not found.value and not quiet else "neutral")
        return replace(cell, note="") if quiet else cell

    several = len({f.entity_id for f in facts}) > 1
    rows = tuple(
        (
            *((Cell(s.entity(f.entity_id)),) if several else ()),
            Cell(_step(f)),
            s.cell(f),
            rate(f, month, quiet=False),
            rate(f, earlier, quiet=True),
        )
        for f in facts
    )
    names = (*(("Business unit",) if several else ()), "Step")
    heads = (*names, "People", f"Share, {formats.month(month)}", f"Share, {formats.month(earlier)}")
    return Table(
        f"Funnel{_whose(s, facts)}: people in each step and the share of those in the step before, "
        f"{formats.month(month)}, actual",
        tuple(Column(head, "left" if head in names else "right") for head in heads),
        rows,
        empty="Not evaluable: table funnel_event is absent or has no complete month.",
    )


def _whose(s: Selection, facts: list[Fact]) -> str:
    """Whose the funnel is, where there is one."""
    units = {f.entity_id for f in facts}
    return f", {s.entity(units.pop())}" if len(units) == 1 else ""


def _step(fact: Fact) -> str:
    return phrases.capital(fact.dimensions["step"].replace("_", " "))
