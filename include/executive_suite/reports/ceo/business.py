"""The CEO's report on business: what each unit contributes, what is in the pipeline, how revenue is spread."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from executive_suite.facts import GROUP, Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Column, Table, Tone
from executive_suite.rendering.charts import Point
from executive_suite.reports import frame, monthly, news, phrases, wording
from executive_suite.reports.selection import Selection

_YEAR = 12
_PIPELINE = ("pipeline_gap", "pipeline_coverage", "win_rate", "sales_cycle_days")
_HIGHLY_CONCENTRATED = 1800
"""DOJ/FTC Merger Guidelines (2023), 2.1; borrowed as a yardstick."""


@dataclass(frozen=True, slots=True)
class Units:
    """Health of the business units, and what they do to profit and loss."""

    contribution: Chart
    health: Table
    result: Table
    months: Chart


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What is still to be sold, and how concentrated revenue is."""

    gap: Chart
    table: Table
    concentration: str


def units(s: Selection) -> Units:
    """The section on business units."""
    return Units(_contribution(s), _health(s), _result(s), _contribution_months(s))


def pipeline(s: Selection) -> Pipeline:
    """The section on the pipeline."""
    return Pipeline(_pipeline_gap(s), _pipeline(s), _concentration(s))


def entities(s: Selection, metric_id: str) -> list[str]:
    """Entities that have the metric, the group left out, by the name a reader knows."""
    found = {f.entity_id for f in s.figures.facts if f.metric_id == metric_id and f.entity_id != GROUP}
    return sorted(found, key=s.entity)


def _health(s: Selection) -> Table:
    """Each unit over a year and in the latest month: who earns, who only did, and who never does."""
    now, before = monthly.latest(s, "segment_contribution"), monthly.before(s, "segment_contribution")
    count = len(s.months("segment_contribution", _YEAR))
    span = wording.counted(count, "month")
    heads = ("Business unit", span, wording.month(now.period), f"vs {wording.month(before.period)}", "Health")

    def row(entity_id: str, name: str) -> tuple[Cell, ...]:
        facts = s.months("segment_contribution", _YEAR, entity_id)
        cents = sum(int(monthly.number(f) or 0) for f in facts)
        latest = monthly.latest(s, "segment_contribution", entity_id)
        words, tone = _verdict(cents, monthly.number(latest))
        return (
            Cell(name),
            Cell(wording.money(cents), cents, "money", metric_id="segment_contribution") if facts else Cell("n/a"),
            s.cell(latest),
            _changed(
                s, monthly.latest(s, "metric_change", entity_id, metric="segment_contribution", against="prior_month")
            ),
            Cell(words, tone=tone) if facts else Cell("n/a"),
        )

    return Table(
        f"Contribution by business unit, {wording.currency()}, {span} to {wording.month(now.period)}, and that month",
        tuple(Column(head, "left" if head in {"Business unit", "Health"} else "right") for head in heads),
        tuple(row(entity, s.entity(entity)) for entity in entities(s, "segment_contribution")),
        row(GROUP, "Group"),
        _driver(s, before),
        "Not evaluable: the ledger has no complete month.",
    )


def _driver(s: Selection, before: Fact) -> str:
    """What the group's change against the month before comes from."""
    said = monthly.latest(s, "metric_change").reason
    since = f"largest driver of the change since {wording.month(before.period)}:"
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
    note = f"Shared cost of {wording.of(shared)} belongs to no unit." if shared.value else ""
    return Table(
        f"Profit and loss by business unit, {wording.currency()}, {wording.month(month)}, actual",
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
        return Cell(wording.NOT_AVAILABLE, metric_id=fact.metric_id)
    cell = s.cell(fact, news.tone("metric_change", value))
    return replace(cell, text=f"+{cell.text}" if value > 0 else cell.text)


def _points(facts: list[tuple[str, Fact]]) -> list[Point]:
    found = []
    for name, fact in facts:
        value = monthly.number(fact)
        if value is not None:
            found.append(Point(name, value, wording.of(fact), tone="bad" if value < 0 else "neutral"))
    return found


def _contribution(s: Selection) -> Chart:
    """Contribution of each unit in the last complete month, largest first."""
    facts = [(s.entity(e), monthly.latest(s, "segment_contribution", e)) for e in entities(s, "segment_contribution")]
    points = sorted(_points(facts), key=lambda p: (-p.value, p.label))
    month = wording.month(monthly.latest(s, "segment_contribution").period)
    words = ", ".join(f"{p.label} {p.text}" for p in points) or "no business unit has a figure"
    title = f"Contribution by business unit, {wording.currency()}, {month}, actual"
    return frame.chart("contribution", title, charts.bars(points), f"Contribution in {month}: {words}.")


def _contribution_months(s: Selection) -> Chart:
    """Contribution of the group by month."""
    facts = s.months("segment_contribution", _YEAR)
    points = _points([(wording.month(f.period)[:3], f) for f in facts])
    points = [replace(p, text=wording.number(Decimal(p.value) / 100_000, 1)) for p in points]
    words = ", ".join(f"{wording.month(f.period)} {wording.of(f)}" for f in facts) or "no complete month"
    title = (
        f"Contribution of the group after shared cost, thousand {wording.currency()}, "
        f"{phrases.latest(len(points))}, actual"
    )
    return frame.chart("months", title, charts.columns(points), f"Contribution of the group: {words}.")


def _pipeline(s: Selection) -> Table:
    heads = (
        Column("Business unit"),
        Column("Weighted", "right"),
        Column("Gap", "right"),
        Column("Coverage", "right"),
        Column("Win rate", "right"),
        Column("Cycle", "right"),
    )

    def row(entity_id: str, name: str) -> tuple[Cell, ...]:
        found = s.fact("pipeline_weighted", entity_id)
        weighted = _quiet(s, found) if found.value is not None or entity_id == GROUP else Cell("none")
        return (Cell(name), weighted, *(_quiet(s, s.fact(metric_id, entity_id)) for metric_id in _PIPELINE))

    names = sorted(set(entities(s, "pipeline_gap")) | set(entities(s, "pipeline_weighted")), key=s.entity)
    return Table(
        f"Pipeline against the revenue target, {wording.currency()}, calendar year "
        f"{s.figures.report_date.year}, actual",
        heads,
        tuple(row(entity, s.entity(entity)) for entity in names),
        row(GROUP, "Group"),
        s.fact("pipeline_weighted").reason,
        "Not evaluable: neither opportunities nor a budget are on record.",
    )


def _quiet(s: Selection, fact: Fact) -> Cell:
    """A cell whose missing value needs no sentence in each row."""
    return s.cell(fact) if fact.value is not None else replace(s.cell(fact), note="")


def _pipeline_gap(s: Selection) -> Chart:
    facts = [(s.entity(e), s.fact("pipeline_gap", e)) for e in entities(s, "pipeline_gap")]
    points = sorted(_points(facts), key=lambda p: (-p.value, p.label))
    words = ", ".join(f"{p.label} {p.text}" for p in points) or "no business unit has a target"
    year = s.figures.report_date.year
    title = (
        f"Revenue still to find, {wording.currency()}, calendar year {year}, target less earned less weighted pipeline"
    )
    return frame.chart("gap", title, charts.bars(points), f"Revenue still to find in {year}: {words}.")


def _concentration(s: Selection) -> str:
    """How concentrated revenue is over customers, business units and channels, beside the yardstick."""
    above: list[str] = []
    below: list[str] = []
    untold: list[str] = []
    for name, dimensions in (("customers", {}), ("business units", {"by": "entity"}), ("channels", {"by": "channel"})):
        fact = s.fact("revenue_concentration_hhi", **dimensions)
        value = monthly.number(fact)
        if value is None:
            untold.append(f"over {name} ({fact.reason})")
        else:
            (above if value > _HIGHLY_CONCENTRATED else below).append(f"over {name} ({wording.number(value)})")
    said = [f"highly concentrated {' and '.join(above)}"] if above else []
    said += [f"spread widely enough {' and '.join(below)}"] if below else []
    said += [f"not to be told {' and '.join(untold)}"] if untold else []
    if not above and not below:
        return f"How concentrated revenue is cannot be told: {s.fact('revenue_concentration_hhi').reason}."
    yardstick = f"Herfindahl-Hirschman index, where more than {wording.number(_HIGHLY_CONCENTRATED)} is high"
    return f"Revenue is {'; '.join(said)}. The yardstick is the {yardstick}."
