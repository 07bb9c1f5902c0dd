"""The table of the funnel in the CMO's report: people in each step, and the part that goes on."""

from __future__ import annotations

from collections.abc import Sequence

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import Cell, Table
from executive_suite.reports import months, phrases
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import figures, itself, table, words
from executive_suite.wording import say


def steps(s: Selection) -> Table:
    """The steps of each funnel in the last complete month; a step that no one completes is marked."""
    month, earlier = (s.month("funnel_step_conversion", back=back).period for back in (0, 1))
    facts = months.divided(s, "funnel_step_count", month, "step", "step_no")
    facts.sort(key=lambda f: (f.entity_id, int(f.dimensions["step_no"])))
    return _table(s, facts, month, earlier)


def _table(s: Selection, facts: Sequence[Fact], month: str, earlier: str) -> Table:
    def rate(fact: Fact, period: str) -> Cell:
        if fact.dimensions["step_no"] == "1":
            return Cell(say("first step"))
        found = s.fact("funnel_step_conversion", fact.entity_id, period, **fact.dimensions)
        broken = found.value is not None and not found.value and period == month
        return cells.of(found, "act" if broken else "neutral", notes="never" if period == earlier else "missing")

    several = len({fact.entity_id for fact in facts}) > 1
    return table(
        say("Funnel{whose}: people in each step, and their share of the step before, actual", whose=_whose(s, facts)),
        facts,
        (
            *((words("Business unit", lambda f: s.entity(f.entity_id)),) if several else ()),
            words("Step", _step),
            itself("People"),
            figures(say("Share, {month}", month=formats.month(month)), lambda f: rate(f, month)),
            figures(say("Share, {earlier}", earlier=formats.month(earlier)), lambda f: rate(f, earlier)),
        ),
        empty=phrases.unless(s.month("funnel_step_count"), "No complete month of the funnel is recorded."),
    )


def _whose(s: Selection, facts: Sequence[Fact]) -> str:
    """The entity of the funnel, if there is only one."""
    units = {fact.entity_id for fact in facts}
    return f", {s.entity(units.pop())}" if len(units) == 1 else ""


def _step(fact: Fact) -> str:
    return phrases.capital(phrases.words_of(fact.dimensions["step"]))
