"""A run's note has its report date and its outcome, and whatever a person wrote there."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "plugins"))

from executive_suite_notes import LONGEST, noted

MAY = date(2026, 5, 1)


def test_a_run_without_a_note_gets_one_line() -> None:
    assert noted(None, MAY, "running") == "Report date May 1, 2026: running"


def test_the_line_is_replaced_and_what_people_wrote_stays() -> None:
    begun = noted("make run\nfor the board", MAY, "running")
    ended = noted(begun, MAY, "7 of 8 reports sent, 1 held by admin")
    assert ended == "Report date May 1, 2026: 7 of 8 reports sent, 1 held by admin\n\nmake run\nfor the board"
    assert noted(ended, MAY, "running") == begun


def test_a_long_reason_leaves_room_for_people() -> None:
    """Airflow's column of a note has 1,000 characters."""
    assert len(noted("x" * 500, MAY, "why " * 1000)) < 1000
    assert LONGEST < 500
