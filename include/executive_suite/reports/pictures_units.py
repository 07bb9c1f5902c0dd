"""Revenue by unit next to the same month of last year."""

from __future__ import annotations

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Chart, Tone
from executive_suite.rendering.charts import Point
from executive_suite.reports import months, phrases, pictures
from executive_suite.reports.absence import none, zero
from executive_suite.reports.selection import Selection, cents
from executive_suite.wording import say

REVENUE = "revenue"


def revenue_by_unit(s: Selection, chart_id: str = "revenue-by-unit") -> Chart:
    """Each unit's revenue of the last complete month, over that of a year earlier; not units without either."""
    pairs = [(now := s.month(REVENUE, entity), months.year_before(s, now)) for entity in s.entities(REVENUE)]
    known = [(now, before) for now, before in pairs if now.number is not None and (now.number or before.number)]
    known.sort(key=lambda pair: (-max(map(cents, pair)), pair[0].entity_id))
    whole = s.month(REVENUE)
    month, earlier = (formats.month(fact.period) for fact in (whole, months.year_before(s, whole)))
    points, listed, drawn = [], [], []
    for now, before in known:
        name, tone = s.entity(now.entity_id), _tone(s, now)
        points.append(Point(name, cents(now), formats.within_period(now), tone=tone))
        drawn.append(now)
        listed.append(f"{name} {formats.within_period(now)}")
        if before.number is not None:
            points.append(Point(name, before.number, formats.within_period(before), "prior"))
            drawn.append(before)
            listed[-1] += say(" (a year earlier {before})", before=formats.within_period(before))
    compared = any(before.number is not None for _, before in known)
    title = say(
        "Revenue by business unit, {currency}, {month}{value}, actual",
        currency=formats.currency(),
        month=month,
        value=say(" (lighter: {earlier})", earlier=earlier) if compared else "",
    )
    return pictures.chart(
        chart_id,
        title,
        charts.bars(points),
        say("Revenue in {month}: {listed}", month=month, listed=", ".join(listed))
        if points
        else phrases.unless(whole, "no unit has revenue"),
        finding=_finding(s, whole, [now for now, _ in known]),
        facts=drawn,
    )


def _tone(s: Selection, now: Fact) -> Tone:
    """``act`` for a unit whose revenue a signal says has stopped or fallen for good."""
    about = (REVENUE, now.entity_id)
    found = [x for x in s.figures.signals if (x.subject.metric_id, x.entity_id) == about and x.kind == "break"]
    return found[0].severity if found else "neutral"


def _finding(s: Selection, whole: Fact, units: list[Fact]) -> str:
    if whole.number is None:
        return ""
    month, before = formats.month(whole.period), months.year_before(s, whole)
    found = say("Revenue was {whole} in {month}", whole=formats.within_period(whole), month=month)
    if before.number:
        found += say(", {before} a year earlier", before=formats.within_period(before))
    idle = [fact for fact in units if not fact.number]
    if idle and len(units) > 1:
        counted = say("{idle} of {units}", idle=formats.number(len(idle)), units=formats.counted(len(units), "unit"))
        found += none("; {counted} earned nothing", zero(*idle), counted=counted)
    return f"{found}."
