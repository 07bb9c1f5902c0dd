"""The CEO's report on sales: from the revenue target to what is still to be found, and how revenue is spread."""

from __future__ import annotations

from dataclasses import dataclass, replace

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Column, Table
from executive_suite.rendering.charts import Point
from executive_suite.reports import frame, monthly, phrases
from executive_suite.reports.ceo.units import entities
from executive_suite.reports.selection import Selection

_HIGHLY_CONCENTRATED = 1800
"""DOJ/FTC Merger Guidelines (2023), 2.1; borrowed as a yardstick."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What is still to be sold, and how concentrated revenue is."""

    gap: Chart
    table: Table
    concentration: str


def pipeline(s: Selection) -> Pipeline:
    """The section on the pipeline."""
    return Pipeline(_pipeline_gap(s), _pipeline(s), _concentration(s))


def _pipeline(s: Selection) -> Table:
    """How the gap of each unit comes about: target less earned less pipeline; and how often its quotes are won."""
    year = s.figures.report_date.year
    whole, told = s.fact("pipeline_gap"), s.fact("pipeline_weighted").value is not None
    heads = ["Business unit", "Target", "Earned", "Pipeline", "Gap", "Win rate"]
    shown = [head for head in heads if whole.value is not None or head not in {"Target", "Earned", "Gap"}]

    def row(entity_id: str, name: str) -> tuple[Cell, ...]:
        gap = s.fact("pipeline_gap", entity_id)
        found = s.fact("pipeline_weighted", entity_id)
        # A unit without an opportunity has a pipeline of 0 where opportunities are on record at all.
        nothing = told and found.value is None and entity_id != GROUP
        target = _of_year(s, "budget_amount", entity_id, line="revenue")
        cells = {
            "Business unit": Cell(name),
            "Target": _money(target),
            "Earned": _money(_earned(gap, found, target)),
            "Pipeline": _money(0) if nothing else _quiet(s, found),
            "Gap": _quiet(s, gap),
            "Win rate": _quiet(s, s.fact("win_rate", entity_id)),
        }
        return tuple(cells[head] for head in shown)

    names = sorted(set(entities(s, "pipeline_gap")) | set(entities(s, "pipeline_weighted")), key=s.entity)
    return Table(
        f"From the revenue target of {year} to what is still to be found, {formats.currency()}, actual"
        if whole.value is not None
        else f"Pipeline and win rate, {formats.currency()}, actual; no revenue target of {year} to stand beside",
        tuple(Column(head, "right" if place else "left") for place, head in enumerate(shown)),
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
    return Cell("\u2013") if cents is None else Cell(formats.money(cents), cents, "money")


def _pipeline_note(s: Selection) -> str:
    """What else there is to say of sales, each where it has a value, and why a win rate is missing."""
    said = [s.fact("pipeline_weighted").reason]
    coverage, cycle = s.fact("pipeline_coverage"), s.fact("sales_cycle_days")
    if coverage.value is not None:
        said.append(f"open opportunities cover {formats.of(coverage)} of what is left, where three times is usual")
    if cycle.value is not None:
        said.append(f"a sale takes {formats.of(cycle)} from first contact to close")
    if any(f.value is None for f in s.facts("win_rate")):
        said.append("a win rate needs five opportunities closed in twelve months")
    return " ".join(phrases.sentence(part) for part in said if part)


def _quiet(s: Selection, fact: Fact) -> Cell:
    """A cell whose missing value needs no sentence in each row."""
    return s.cell(fact) if fact.value is not None else replace(s.cell(fact), note="")


def _pipeline_gap(s: Selection) -> Chart:
    facts = [(s.entity(e), s.fact("pipeline_gap", e)) for e in entities(s, "pipeline_gap")]
    points = [Point(name, f.value, formats.of(f)) for name, f in facts if isinstance(f.value, int)]
    points.sort(key=lambda p: (-p.value, p.label))
    words = ", ".join(f"{p.label} {p.text}" for p in points) or "no business unit has a target"
    year = s.figures.report_date.year
    title = f"Revenue still to find, {formats.currency()}, calendar year {year}, target less earned less pipeline"
    whole, finding = s.fact("pipeline_gap"), ""
    if points:
        of = f" of the group's {formats.of(whole)}" if whole.value is not None else ""
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
            (above if value > _HIGHLY_CONCENTRATED else below).append(f"over {name} ({formats.number(value)})")
    if not above and not below:
        return f"How concentrated revenue is cannot be told: {s.fact('revenue_concentration_hhi').reason}."
    high = f"above {formats.number(_HIGHLY_CONCENTRATED)} counts as high"
    said = [f"is highly concentrated {' and '.join(above)}"] if above else []
    said += [f"is spread widely enough {' and '.join(below)}"] if below else []
    said += [f"cannot be told {' and '.join(untold)}"] if untold else []
    return f"By the Herfindahl-Hirschman index ({high}), revenue {'; it '.join(said)}."
