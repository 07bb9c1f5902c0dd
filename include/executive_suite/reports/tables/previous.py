"""Figures of an audit next to those of the previous report."""

from __future__ import annotations

from collections.abc import Sequence

from executive_suite.facts.definition import definition_of
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import NOTHING, Cell, Table
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import figures, itself, table, words
from executive_suite.wording import say


def with_previous(s: Selection, title: str, facts: Sequence[Fact], empty: str) -> Table:
    """One row per figure: now, at the previous report, and what qualifies it."""

    def prior(fact: Fact) -> Cell:
        before = s.prior(fact)
        return Cell(NOTHING) if before is None else cells.of(before, notes="never")

    return table(
        title,
        facts,
        (
            words("Figure", lambda f: say(definition_of(f.metric_id).name)),
            itself("Now", notes="never"),
            figures("Previous report", prior),
            words("Note", lambda f: f.reason),
        ),
        empty=empty,
    )
