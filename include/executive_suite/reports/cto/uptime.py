"""The CTO's table of systems: uptime, downtime, and error budget left."""

from __future__ import annotations

from dataclasses import replace

from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import Cell, Table, Tone
from executive_suite.reports import phrases
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import figures, table, words
from executive_suite.wording import say


def systems(s: Selection) -> Table:
    """One row per system, the longest down first; then all of them."""
    found = [*s.facts("uptime", "category", "system"), *s.facts("uptime", "system")]
    found.sort(key=lambda fact: (fact.number or 0, fact.dimensions["system"]))
    rows = [*found, s.fact("uptime")] if len(found) > 1 else found

    def left(fact: Fact) -> Cell:
        budget = s.fact("error_budget_left", **fact.dimensions)
        tone: Tone = "neutral" if budget.number is None else "act" if budget.number < 0 else "fine"
        return cells.of(budget, tone, notes="never")

    return table(
        "Systems over 12 complete months: up, down, and error budget left",
        rows,
        (
            words("System", lambda f: Cell(_name(f), metric_id="uptime")),
            # To a hundredth of a percent: rounded to a tenth, an hour per year would not show.
            figures("Uptime", lambda f: replace(cells.of(f), places=2)),
            figures("Downtime", lambda f: s.fact("downtime_hours", **f.dimensions)),
            figures("Error budget left", left),
        ),
        empty=phrases.unless(s.fact("uptime"), "No outage is recorded and no system has a target."),
        fixed=True,
    )


def _name(fact: Fact) -> str:
    category, system = (fact.dimensions.get(name, "") for name in ("category", "system"))
    return f"{phrases.capital(category)} ({system})" if category else system or say("All systems")
