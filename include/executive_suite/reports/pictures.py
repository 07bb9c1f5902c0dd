"""Charts of a report: the picture, the same figures in words, and its finding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.period import Month
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Chart, Tone
from executive_suite.rendering.charts import Drawing, Level, Point, Since
from executive_suite.reports import months, phrases
from executive_suite.reports.selection import Selection
from executive_suite.wording import say

_THOUSANDS_FROM = 1_000_000
"""Cents from which on labels are in thousands, because longer ones do not fit over a column."""


def chart(
    chart_id: str,
    title: str,
    drawing: Drawing | Literal[""],
    alt: str,
    *,
    finding: str = "",
    note: str = "",
    facts: Sequence[Fact] = (),
) -> Chart:
    """A chart; its hatching gets a unique id, so that a page can have several.

    Args:
        chart_id: Unique in the report.
        title: Names measure, unit, period and scenario.
        drawing: The picture; empty if there is nothing to draw, and ``alt`` then says why.
        alt: The same figures in words.
        finding: What it shows: one sentence with its figure.
        note: Printed under the picture.
        facts: What it draws, for the drill-down.
    """
    if not drawing or not drawing.wide:
        return Chart(chart_id, say(title), "", phrases.sentence(say(alt)))
    ids = tuple(fact.fact_id for fact in facts)
    wide, narrow = _own(drawing.wide, chart_id), _own(drawing.narrow, f"{chart_id}-narrow")
    taller = tuple(_own(svg, chart_id) for svg in drawing.taller)
    return Chart(chart_id, say(title), wide, phrases.sentence(alt), say(note), say(finding), ids, narrow, taller)


def _own(svg: str, name: str) -> str:
    """The picture with an id of its own for its hatch."""
    return svg.replace('"hatch"', f'"hatch-{name}"').replace("#hatch", f"#hatch-{name}")


def bars(chart_id: str, title: str, points: Sequence[Point], *, of: str, instead: str, finding: str = "") -> Chart:
    """Things compared, with ``of`` in front of their values in words; ``instead`` says why there are none."""
    listed = ", ".join(f"{point.label} {point.text}" for point in points)
    return chart(chart_id, title, charts.bars(points), f"{say(of)}: {listed}" if listed else instead, finding=finding)


def by_month(  # noqa: PLR0913 - as above
    s: Selection,
    chart_id: str,
    title: str,
    facts: Sequence[Fact],
    *,
    instead: str,
    finding: str = "",
    levels: Sequence[Level] = (),
    tone: Callable[[Fact], Tone] = lambda _: "neutral",
    with_year_before: bool = False,
    tall: bool = False,
) -> Chart:
    """Monthly facts as columns, optionally over lighter ones of a year earlier.

    Args:
        s: The figures.
        chart_id: Unique in the report.
        title: The measure; unit, period and scenario are added.
        facts: Months, oldest first; those without a value are left out.
        instead: Printed in place of the picture if there is none.
        finding: What it shows, in one sentence.
        levels: Horizontal lines.
        tone: The verdict on a month.
        with_year_before: Whether to draw the year before, where it is known.
        tall: Whether it is the picture of page one.
    """
    known, title = [fact for fact in facts if fact.number is not None], say(title)
    large = any(abs(Decimal(fact.number or 0)) >= _THOUSANDS_FROM for fact in known)
    unit = formats.once(known[0].unit) if known else ""
    in_thousands = unit == "cents" and large

    def label(fact: Fact) -> str:
        number = fact.number or 0
        if not number:
            return formats.number(0)
        return formats.thousands(number) if in_thousands else formats.amount(fact.value, unit, bare=True)

    points: list[Point] = []
    listed: list[str] = []
    drawn_facts: list[Fact] = []
    earlier = False
    for fact in known:
        name = formats.month_name(fact.period)
        before = months.year_before(s, fact) if with_year_before else None
        listed.append(f"{formats.month(fact.period)} {formats.within_period(fact)}")
        if before is not None and before.number is not None:
            points.append(Point(name, before.number, "", "prior"))
            drawn_facts.append(before)
            listed[-1] += say(" (a year earlier {before})", before=formats.within_period(before))
            earlier = True
        points.append(Point(name, fact.number or 0, label(fact), tone=tone(fact)))
        drawn_facts.append(fact)
    counted_in = formats.unit(unit) or say("count")
    named = "" if not known else say("thousand {unit}", unit=counted_in) if in_thousands else counted_in
    lighter = say(" (lighter: a year earlier)") if earlier else ""
    full = ", ".join(filter(None, (title, named, months.latest(len(known)), say("actual")))) + lighter
    change = since(s, known)
    words = "; ".join(
        [
            say("{title} by month: {listed}", title=title, listed=", ".join(listed)),
            *(level.text for level in levels),
            *([change.text] if change else []),
        ]
    )
    drawn = charts.columns(points, levels=levels, since=change, tall=tall)
    return chart(chart_id, full, drawn, words if known else instead, finding=finding, facts=drawn_facts)


def since(s: Selection, facts: Sequence[Fact]) -> Since | None:
    """Where the months of a figure changed for good, by the signal that found it; None if none of them did."""
    if not facts:
        return None
    one, slots = facts[-1], {fact.period: slot for slot, fact in enumerate(facts)}
    for signal in s.figures.signals:
        about = (signal.subject.metric_id, signal.entity_id, dict(signal.subject.dimensions))
        if signal.kind == "break" and about == (one.metric_id, one.entity_id, dict(one.dimensions)):
            slot = slots.get(signal.since[:7], 0)
            return Since(slot, signal.mark or signal.headline) if slot else None
    return None


def ticks(today: date, days: int, *, back: int = 0) -> list[tuple[int, str]]:
    """Day from today and name of each month that begins within so many days, and ``back`` days before."""
    first = Month.of(today - timedelta(days=back))
    months = (first + count for count in range((days + back) // 28 + 2))
    every = [((month.first - today).days, formats.month_name(month.first.isoformat())) for month in months]
    return [(day, label) for day, label in every if -back <= day <= days]


def timeline(
    chart_id: str,
    title: str,
    points: Sequence[tuple[str, date]],
    *,
    today: date,
    days: int,
    instead: str,
    finding: str = "",
    tall: bool = False,
) -> Chart:
    """Things that fall due, each with its date, over a horizon of ``days`` from the report date."""
    items = [(name, (due - today).days, formats.day(due)) for name, due in points]
    listed = "; ".join(f"{name}, {text}" for name, _, text in items)
    drawn = charts.timeline(items, days=days, today=formats.day_of_year(today), tall=tall)
    return chart(chart_id, title, drawn, listed or instead, finding=finding)


def in_thousands(fact: Fact) -> str:
    """A money fact as a narrow label of a chart."""
    return formats.thousands(fact.number or 0)


def foreseen(points: Sequence[Point]) -> list[Point]:
    """Points as a forecast."""
    return [replace(point, style="forecast") for point in points]


def level(value: Decimal | int, name: str) -> Level:
    """A line at an amount of money, named in thousands."""
    return Level(value, f"{say(name)} {formats.thousands(value)}")
