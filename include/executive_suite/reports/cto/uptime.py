"""The CTO's table of systems: how long each was up, and what is left of the time that it may be down."""

from __future__ import annotations

from dataclasses import replace

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import Cell, Column, Table, Tone
from executive_suite.reports import monthly, phrases
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables.length import without_figures

TITLE = "Systems over twelve complete months: up, down, and error budget left"
HEADS = (
    Column("System"),
    Column("Uptime", "right"),
    Column("Downtime", "right"),
    Column("Error budget left", "right"),
)


def systems(s: Selection) -> Table:
    """One row a system, the longest down first; then all of them."""
    empty = phrases.nothing(s.fact("uptime"), "No outage is recorded and no system has a target.")
    found = [*s.facts("uptime", "category", "system"), *s.facts("uptime", "system")]
    found.sort(key=lambda fact: (monthly.number(fact) or 0, fact.dimensions["system"]))
    rows = [_row(s, fact) for fact in found]
    if len(rows) > 1:
        rows.append(_row(s, s.fact("uptime")))
    return without_figures(Table(TITLE, HEADS, tuple(rows), empty=empty))


def _row(s: Selection, fact: Fact) -> tuple[Cell, ...]:
    left = s.fact("error_budget_left", **fact.dimensions)
    number = monthly.number(left)
    tone: Tone = "neutral" if number is None else "bad" if number < 0 else "good"
    category, system = (fact.dimensions.get(name, "") for name in ("category", "system"))
    name = f"{phrases.capital(category)} ({system})" if category else system or "All systems"
    return (
        Cell(name, metric_id="uptime"),
        _share(s, fact),
        s.cell(s.fact("downtime_hours", **fact.dimensions)),
        s.cell(left, tone) if left.value is not None else Cell(formats.NOT_AVAILABLE),
    )


def _share(s: Selection, fact: Fact) -> Cell:
    """Uptime to a hundredth of a per cent: to a tenth, an hour a year cannot be told from none."""
    number = monthly.number(fact)
    shown = s.cell(fact)
    return shown if number is None else replace(shown, text=f"{formats.number(number * 100, 2)} %")
