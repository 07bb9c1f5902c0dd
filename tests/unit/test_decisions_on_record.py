"""The CEO's table of decisions: what is open stays open when somebody puts it off."""

from __future__ import annotations

from typing import Any

from audit_facts import figures
from executive_suite.rendering.blocks import Cell, Table
from executive_suite.reports.ceo import calendar
from executive_suite.reports.selection import Selection
from typed_tables import computed, context, typed

DAY = "2026-05-01"
_NONE: dict[str, Any] = {"answer": None, "due_on": None, "decided_on": None}


def asked(decision_id: str, asked_on: str, **cells: str) -> dict[str, Any]:
    return {"decision_id": decision_id, "title": decision_id, "asked_on": asked_on, **_NONE, **cells}


ROWS = [
    asked("approved", "2026-01-05", answer="approved", decided_on="2026-02-01"),
    asked("done without a day", "2026-01-06", answer="done"),
    asked("put off, late", "2026-03-01", answer="deferred", due_on="2026-04-15", decided_on="2026-03-20"),
    asked("put off", "2026-02-01", answer="deferred", due_on="2026-06-15", decided_on="2026-02-20"),
    asked("open", "2026-04-01"),
]


def read(table: Table) -> list[dict[str, Cell]]:
    heads = [column.title for column in table.columns]
    return [dict(zip(heads, row, strict=True)) for row in table.rows]


# The table's own words: an answer "deferred" leaves it open; what is overdue comes before others.
def test_what_was_put_off_is_open_and_what_is_overdue_comes_first() -> None:
    facts = computed(context(DAY, decision=typed("decision", ROWS)), "organisation")
    cells = read(calendar.asked(Selection(figures(facts))))
    assert [row["Decision"].value for row in cells] == ["put off, late", "put off", "open"]
    assert [row["Due"].tone for row in cells] == ["act", "neutral", "neutral"]


# A decision that was made is asked for no more: it moves to the decisions made, the latest first.
def test_what_was_decided_moves_to_what_came_of_it() -> None:
    facts = computed(context(DAY, decision=typed("decision", ROWS)), "organisation")
    cells = read(calendar.came_of_it(Selection(figures(facts))))
    assert [row["Decision"].value for row in cells] == ["approved", "done without a day"]
    assert [row["Decided"].value for row in cells] == ["approved, Feb 1, 2026", "done, not recorded"]
