"""The CTO's report on the cloud and on readiness: what it costs, what could be saved, what nobody has tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Column, Kpi, Table
from executive_suite.rendering.charts import Level
from executive_suite.reports import frame, monthly, news, phrases
from executive_suite.reports.cto import uptime
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables.length import without_figures

_PERIODS = 12
_READINESS = ("secret_age_days", "restore_test_age_days", "cloud_untagged_share", "cloud_unit_cost")
ROTATED_WITHIN_DAYS = 90
"""Rotation every quarter: the age from which a credential is reported (docs/operations.md)."""


@dataclass(frozen=True, slots=True)
class Cloud:
    """The bill against its baseline, by service, and what could be saved of it."""

    cost: Chart
    services: Table
    savings: Table


@dataclass(frozen=True, slots=True)
class Readiness:
    """Uptime, secrets, restore tests, unit cost."""

    systems: Table
    measures: Table


def cloud(s: Selection) -> Cloud:
    """The section on the cloud."""
    return Cloud(_cost(s), _services(s), _savings(s))


def readiness(s: Selection) -> Readiness:
    """The section on readiness."""
    return Readiness(uptime.systems(s), _measures(s))


def oldest_secret(s: Selection) -> Kpi:
    """The age of the oldest secret beside the age at which it should have been rotated."""
    limit = replace(s.fact("secret_age_days"), value=ROTATED_WITHIN_DAYS)
    return s.kpi("secret_age_days", target=limit, target_is="limit")


def _cost(s: Selection) -> Chart:
    """The bill by month against the range of its baseline."""
    facts = s.months("cloud_billed_cost", _PERIODS)
    points = monthly.points(facts)
    levels = []
    for name in ("low", "high"):
        value = monthly.number(s.fact(f"cloud_baseline_{name}"))
        if value is not None:
            levels.append(Level(value, f"baseline {name} {formats.number(value)}"))
    words = ", ".join(f"{formats.month(f.period)} {formats.of(f)}" for f in facts) or "no complete period"
    words += "".join(f"; {level.text}" for level in levels)
    periods = phrases.latest(len(points), "complete billing periods")
    title = f"Cloud bill by month, {formats.CLOUD_CURRENCY}, {periods}, actual"
    alt = f"Cloud bill: {words}."
    return frame.chart("cloud", title, charts.columns(points, levels=levels), alt, finding=_within(s, facts))


def _within(s: Selection, facts: Sequence[Fact]) -> str:
    """Where the latest bill stands in the range of its baseline."""
    low, high = monthly.number(s.fact("cloud_baseline_low")), monthly.number(s.fact("cloud_baseline_high"))
    value = monthly.number(facts[-1]) if facts else None
    if value is None:
        return ""
    bill = f"The bill of {formats.month(facts[-1].period)}, {formats.of(facts[-1])},"
    if low is None or high is None:
        return f"{bill} has no baseline to stand beside yet."
    place = "above" if value > high else "below" if value < low else "within"
    return f"{bill} is {place} its baseline of {formats.number(low, 2)} to {formats.number(high, 2)}."


def _services(s: Selection) -> Table:
    """The latest period by service beside the one before."""
    month = monthly.latest(s, "cloud_billed_cost").period
    earlier = monthly.before(s, "cloud_billed_cost").period
    chosen = [
        f
        for f in s.figures.facts
        if f.metric_id == "cloud_billed_cost" and f.period == month and set(f.dimensions) == {"service"}
    ]
    chosen.sort(key=lambda f: (-(monthly.number(f) or Decimal(0)), f.dimensions["service"]))

    def prior(fact: Fact) -> Fact:
        return s.fact("cloud_billed_cost", GROUP, earlier, **fact.dimensions)

    def change(fact: Fact) -> Cell:
        now, then = monthly.number(fact), monthly.number(prior(fact))
        if now is None or then is None:
            return Cell("new" if then is None else formats.NOT_AVAILABLE)
        if now == then:
            return Cell("unchanged")
        sign = "+" if now > then else ""
        return Cell(
            f"{sign}{formats.number(now - then, 2)} {formats.CLOUD_CURRENCY}",
            tone=news.tone(fact.metric_id, now - then),
        )

    table = s.table(
        f"Cloud bill by service, {formats.CLOUD_CURRENCY}, {formats.month(month)} and {formats.month(earlier)}, actual",
        tuple(chosen),
        (
            ("Service", lambda f: Cell(f.dimensions["service"])),
            (formats.month(month), s.cell),
            (formats.month(earlier), lambda f: replace(s.cell(prior(f)), note="")),
            ("Change", change),
        ),
        empty="Not evaluable: table focus_cost is absent or has no complete period.",
    )
    columns = tuple(Column(c.title, "left" if i == 0 else "right") for i, c in enumerate(table.columns))
    total = monthly.latest(s, "cloud_billed_cost")
    if not table.rows:
        return table
    before = monthly.before(s, "cloud_billed_cost")
    return replace(table, columns=columns, total=(Cell("All services"), s.cell(total), s.cell(before), change(total)))


def _savings(s: Selection) -> Table:
    facts = s.facts("cloud_open_savings", "recommendation", "title")
    facts = tuple(sorted(facts, key=lambda f: (-(monthly.number(f) or Decimal(0)), f.dimensions["recommendation"])))
    table = s.table(
        f"Open recommendations to save on the cloud, {formats.CLOUD_CURRENCY} a month, estimate",
        facts,
        (
            ("Recommendation", lambda f: Cell(phrases.capital(f.dimensions["title"]))),
            ("Saving", s.cell),
        ),
        empty=phrases.nothing(s.fact("cloud_open_savings"), "No recommendation is open."),
    )
    columns = (Column("Recommendation"), Column("Saving", "right"))
    if not facts:
        return table
    return replace(
        table, columns=columns, total=(Cell("All open recommendations"), s.cell(s.fact("cloud_open_savings")))
    )


def _measures(s: Selection) -> Table:
    def row(metric_id: str) -> tuple[Cell, ...]:
        fact = s.fact(metric_id, per="booking") if metric_id == "cloud_unit_cost" else s.fact(metric_id)
        shown = s.kpi(metric_id, per="booking") if metric_id == "cloud_unit_cost" else s.kpi(metric_id)
        if metric_id == "secret_age_days":
            shown = oldest_secret(s)
        return (Cell(shown.label, metric_id=metric_id), s.cell(fact, shown.tone), Cell(phrases.against(shown, fact)))

    rows = [row(metric_id) for metric_id in _READINESS]
    rows += [
        (
            Cell(f"Cloud cost per {f.dimensions['per']}, {s.entity(f.entity_id)}", metric_id=f.metric_id),
            s.cell(f),
            Cell(""),
        )
        for f in s.facts("cloud_unit_cost", "per")
        if f.entity_id != GROUP
    ]
    heads = (Column("Measure"), Column("Now", "right"), Column("Against"))
    return without_figures(Table("What is ready, what it costs a unit, at the report date", heads, tuple(rows)))
