"""The accounting report on income: by month, by entity, and what of it became cash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import GROUP
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Table
from executive_suite.rendering.charts import Point
from executive_suite.reports import frame, monthly, phrases
from executive_suite.reports.accounting.statement import MONTHS, columns, summed
from executive_suite.reports.selection import Selection

MOST_ENTITIES = 15
STATEMENT = ("revenue", "expenses", "net_income", "net_cash_change")


@dataclass(frozen=True, slots=True)
class Income:
    """Income and change in cash."""

    chart: Chart
    months: Table
    entities: Table


def income(s: Selection) -> Income:
    """The section on income."""
    months, year = s.months("net_income", MONTHS), s.months("net_income", 12)
    points = [
        Point(formats.month(f.period)[:3], f.value, formats.number(Decimal(f.value) / 100_000, 1))
        for f in year
        if isinstance(f.value, int)
    ]
    words = ", ".join(f"{formats.month(f.period)} {formats.of(f)}" for f in year)
    title = f"Net income a month, thousand {formats.currency()}, {phrases.latest(len(points))}, actual"
    alt = f"Net income by month: {words or 'none'}."
    chart = frame.chart("income", title, charts.columns(points), alt, finding=monthly.losses(year, "The group"))
    rows = tuple(
        (Cell(formats.month(f.period)), *(s.cell(s.fact(metric, period=f.period)) for metric in STATEMENT))
        for f in months
    )
    heads = ("Revenue", "Expenses", "Net income", "Change in cash")
    total = (Cell(f"{len(rows)} months" if len(rows) > 1 else "Together"), *(summed(s, metric) for metric in STATEMENT))
    statement = Table(
        f"Income statement and change in cash by complete month, {formats.currency()}, group, actual",
        columns("Month", *heads),
        rows,
        total if rows else (),
        empty="Not evaluable: the ledger has no complete month.",
    )
    return Income(chart, statement, _entities(s, heads))


def _entities(s: Selection, heads: Sequence[str]) -> Table:
    last = [f.period for f in s.months("net_income", MONTHS)]
    names = sorted({f.entity_id for f in s.figures.facts if f.metric_id == "net_income" and f.period in last} - {GROUP})
    shown = names[:MOST_ENTITIES]
    rows = tuple((Cell(s.entity(name)), *(summed(s, metric, name) for metric in STATEMENT)) for name in shown)
    total = (Cell(s.entity(GROUP)), *(summed(s, metric) for metric in STATEMENT))
    return Table(
        f"Income and change in cash by entity, {formats.currency()}, {phrases.latest(len(last))} together, actual",
        columns("Entity", *heads),
        rows,
        total if rows else (),
        note=f"{len(names) - len(shown)} more entities are in the fact table." if len(names) > len(shown) else "",
        empty="Not evaluable: no entity has postings.",
    )
