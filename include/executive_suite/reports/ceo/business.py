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
_HIGHLY_CONCENTRATED = 1800
"""DOJ/FTC Merger Guidelines (2023), 2.1; borrowed as a yardstick."""


@dataclass(frozen=True, slots=True)
class Units:
    """Health of the business units, and what they do to profit and loss."""

    months: Chart
    health: Table
    result: Table


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What is still to be sold, and how concentrated revenue is."""

    gap: Chart
    table: Table
    concentration: str


def units(s: Selection) -> Units:
    """The section on business units."""
    return Units(_months(s), _health(s), _result(s))


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


def _months(s: Selection) -> Chart:
    """Contribution of the group by month."""
    facts = s.months("segment_contribution", _YEAR)
    points = [replace(p, text=_thousands(p), tone="neutral") for p in _points([(_short(f), f) for f in facts])]
    words = ", ".join(f"{wording.month(f.period)} {wording.of(f)}" for f in facts) or "no complete month"
    title = (
        f"Contribution of the group after shared cost, thousand {wording.currency()}, "
        f"{phrases.latest(len(points))}, actual"
    )
    alt = f"Contribution of the group: {words}."
    return frame.chart("months", title, charts.columns(points), alt, finding=monthly.losses(facts, "The group"))


def _short(fact: Fact) -> str:
    return wording.month(fact.period)[:3]


def _thousands(point: Point) -> str:
    return wording.number(Decimal(point.value) / 100_000, 1)


def _pipeline(s: Selection) -> Table:
    """How the gap of each unit comes about: target less earned less pipeline; and how often its quotes are won."""
    year = s.figures.report_date.year
    heads = ("Business unit", "Target", "Earned", "Pipeline", "Gap", "Win rate")

    def row(entity_id: str, name: str) -> tuple[Cell, ...]:
        gap = s.fact("pipeline_gap", entity_id)
        found = s.fact("pipeline_weighted", entity_id)
        weighted = _quiet(s, found) if found.value is not None or entity_id == GROUP else _money(0)
        target = _of_year(s, "budget_amount", entity_id, line="revenue")
        return (
            Cell(name),
            _money(target),
            _money(_earned(gap, found, target)),
            weighted,
            _quiet(s, gap),
            _quiet(s, s.fact("win_rate", entity_id)),
        )

    names = sorted(set(entities(s, "pipeline_gap")) | set(entities(s, "pipeline_weighted")), key=s.entity)
    return Table(
        f"From the revenue target of {year} to what is still to be found, {wording.currency()}, actual",
        tuple(Column(head, "right" if place else "left") for place, head in enumerate(heads)),
        tuple(row(entity, s.entity(entity)) for entity in names),
        row(GROUP, "Group"),
        _pipeline_note(s),
        "Not evaluable: neither opportunities nor a budget are on record.",
    )


def _of_year(s: Selection, metric_id: str, entity_id: str, **dimensions: str) -> int | None:
    """The sum of a monthly amount over the calendar year of the report, cents."""
    year = str(s.figures.report_date.year)
    found = [
        f.value
        for f in s.figures.facts
        if (f.metric_id, f.entity_id, f.dimensions) == (metric_id, entity_id, dimensions)
        and f.period.startswith(year)
        and isinstance(f.value, int)
    ]
    return sum(found) if found else None


def _earned(gap: Fact, weighted: Fact, target: int | None) -> int | None:
    """What is earned of a target by the gap's own reckoning; not to be told where the target is met, as that is not."""
    left = monthly.whole(gap)
    return None if target is None or not left else target - left - monthly.whole(weighted)


def _money(cents: int | None) -> Cell:
    return Cell("\u2013") if cents is None else Cell(wording.money(cents), cents, "money")


def _pipeline_note(s: Selection) -> str:
    """What else there is to say of sales, each where it has a value, and why a win rate is missing."""
    said = [s.fact("pipeline_weighted").reason]
    coverage, cycle = s.fact("pipeline_coverage"), s.fact("sales_cycle_days")
    if coverage.value is not None:
        said.append(f"open opportunities cover {wording.of(coverage)} of what is left; three times is the usual rule")
    if cycle.value is not None:
        said.append(f"a sale takes {wording.of(cycle)} from first contact to close")
    if any(f.value is None for f in s.facts("win_rate")):
        said.append("where no win rate stands, fewer than five closed in twelve months")
    return phrases.sentence("; ".join(filter(None, said)))


def _quiet(s: Selection, fact: Fact) -> Cell:
    """A cell whose missing value needs no sentence in each row."""
    return s.cell(fact) if fact.value is not None else replace(s.cell(fact), note="")


def _pipeline_gap(s: Selection) -> Chart:
    facts = [(s.entity(e), s.fact("pipeline_gap", e)) for e in entities(s, "pipeline_gap")]
    points = sorted(_points(facts), key=lambda p: (-p.value, p.label))
    words = ", ".join(f"{p.label} {p.text}" for p in points) or "no business unit has a target"
    year = s.figures.report_date.year
    title = f"Revenue still to find, {wording.currency()}, calendar year {year}, target less earned less pipeline"
    whole, finding = s.fact("pipeline_gap"), ""
    if points:
        of = f" of the group's {wording.of(whole)}" if whole.value is not None else ""
        finding = f"{points[0].label} has most still to find: {points[0].text}{of}."
    alt = f"Revenue still to find in {year}: {words}."
    return frame.chart("gap", title, charts.bars(points), alt, finding=finding)


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
    if not above and not below:
        return f"How concentrated revenue is cannot be told: {s.fact('revenue_concentration_hhi').reason}."
    high = f"above {wording.number(_HIGHLY_CONCENTRATED)} counts as high"
    said = [f"is highly concentrated {' and '.join(above)}"] if above else []
    said += [f"is spread widely enough {' and '.join(below)}"] if below else []
    said += [f"cannot be told {' and '.join(untold)}"] if untold else []
    return f"By the Herfindahl-Hirschman index ({high}), revenue {'; it '.join(said)}."
