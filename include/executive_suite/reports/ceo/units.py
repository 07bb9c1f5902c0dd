"""The CEO's report on the business units: what each contributes, its health, and the group month by month."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Column, Table, Tone
from executive_suite.rendering.charts import Point
from executive_suite.reports import frame, monthly, news, phrases
from executive_suite.reports.selection import Selection

_YEAR = 12


@dataclass(frozen=True, slots=True)
class Units:
    """Health of the business units, and what they do to profit and loss."""

    months: Chart
    health: Table
    result: Table


def units(s: Selection) -> Units:
    """The section on business units."""
    return Units(_months(s), _health(s), _result(s))


def entities(s: Selection, metric_id: str) -> list[str]:
    """Entities that have the metric, the group left out, by the name a reader knows."""
    found = {f.entity_id for f in s.figures.facts if f.metric_id == metric_id and f.entity_id != GROUP}
    return sorted(found, key=s.entity)


def _health(s: Selection) -> Table:
    """Each unit over a year and in the latest month: who earns, who only did, and who never does."""
    now, before = monthly.latest(s, "segment_contribution"), monthly.before(s, "segment_contribution")
    count = len(s.months("segment_contribution", _YEAR))
    span = formats.counted(count, "month")
    heads = ("Business unit", span, formats.month(now.period), f"vs {formats.month(before.period)}", "Health")

    def row(entity_id: str, name: str) -> tuple[Cell, ...]:
        facts = s.months("segment_contribution", _YEAR, entity_id)
        cents = sum(int(monthly.number(f) or 0) for f in facts)
        latest = monthly.latest(s, "segment_contribution", entity_id)
        words, tone = _verdict(cents, monthly.number(latest))
        return (
            Cell(name),
            Cell(formats.money(cents), cents, "money", metric_id="segment_contribution") if facts else Cell("n/a"),
            s.cell(latest),
            _changed(
                s, monthly.latest(s, "metric_change", entity_id, metric="segment_contribution", against="prior_month")
            ),
            Cell(words, tone=tone) if facts else Cell("n/a"),
        )

    return Table(
        f"Contribution by business unit, {formats.currency()}, {span} to {formats.month(now.period)}, and that month",
        tuple(Column(head, "left" if head in {"Business unit", "Health"} else "right") for head in heads),
        tuple(row(entity, s.entity(entity)) for entity in entities(s, "segment_contribution")),
        row(GROUP, "Group"),
        _driver(s, before),
        "Not evaluable: the ledger has no complete month.",
    )


def _driver(s: Selection, before: Fact) -> str:
    """What the group's change against the month before comes from."""
    said = monthly.latest(s, "metric_change").reason
    since = f"largest driver of the change since {formats.month(before.period)}:"
    return phrases.sentence(said.replace("largest driver:", since))


def _verdict(year: int, month: Decimal | None) -> tuple[str, Tone]:
    """Health by two signs: what the year left, and what the latest month left."""
    if month is None:
        return "no figure for the month", "neutral"
    if year >= 0:
        return ("earns", "good") if month >= 0 else ("earned over the year, loses now", "neutral")
    return ("lost over the year, earns now", "neutral") if month >= 0 else ("loses", "bad")


def _result(s: Selection) -> Table:
    """Revenue beside its budget, direct cost and contribution of the last complete month."""
    heads = (
        Column("Business unit"),
        Column("Revenue", "right"),
        Column("vs budget", "right"),
        Column("Direct cost", "right"),
        Column("Contribution", "right"),
    )

    def row(entity_id: str, name: str) -> tuple[Cell, ...]:
        budget = monthly.latest(s, "metric_change", entity_id, metric="segment_revenue", against="budget")
        return (
            Cell(name),
            s.cell(monthly.latest(s, "segment_revenue", entity_id)),
            _changed(s, budget),
            s.cell(monthly.latest(s, "segment_direct_cost", entity_id)),
            _toned(s, monthly.latest(s, "segment_contribution", entity_id)),
        )

    month = monthly.latest(s, "segment_contribution").period
    shared = monthly.latest(s, "segment_direct_cost", part="shared")
    note = f"Shared cost of {formats.of(shared)} belongs to no unit." if shared.value else ""
    return Table(
        f"Profit and loss by business unit, {formats.currency()}, {formats.month(month)}, actual",
        heads,
        tuple(row(entity, s.entity(entity)) for entity in entities(s, "segment_contribution")),
        row(GROUP, "Group"),
        note,
        "Not evaluable: the ledger has no complete month.",
    )


def _toned(s: Selection, fact: Fact) -> Cell:
    """A contribution: below zero is bad news."""
    value = monthly.number(fact)
    return s.cell(fact, "neutral" if value is None or value >= 0 else "bad")


def _changed(s: Selection, fact: Fact) -> Cell:
    """A change with its sign, good or bad."""
    value = monthly.number(fact)
    if value is None:
        return Cell(formats.NOT_AVAILABLE, metric_id=fact.metric_id)
    cell = s.cell(fact, news.tone("metric_change", value))
    return replace(cell, text=f"+{cell.text}" if value > 0 else cell.text)


def _months(s: Selection) -> Chart:
    """Contribution of the group by month."""
    facts = s.months("segment_contribution", _YEAR)
    points = [
        Point(formats.month(f.period)[:3], f.value, formats.number(Decimal(f.value) / 100_000, 1))
        for f in facts
        if isinstance(f.value, int)
    ]
    words = ", ".join(f"{formats.month(f.period)} {formats.of(f)}" for f in facts) or "no complete month"
    title = (
        f"Contribution of the group after shared cost, thousand {formats.currency()}, "
        f"{phrases.latest(len(points))}, actual"
    )
    alt = f"Contribution of the group: {words}."
    return frame.chart("months", title, charts.columns(points), alt, finding=monthly.losses(facts, "The group"))
