"""A run's note has its report date and its outcome, and whatever a person wrote there."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "plugins"))

from executive_suite_notes import noted

MAY = date(2026, 5, 1)


def test_a_run_without_a_note_gets_one_line() -> None:
    assert noted(None, MAY, "running") == "Report date May 1, 2026: running"


def test_the_line_is_replaced_and_what_people_wrote_stays() -> None:
    begun = noted("make run\nfor the board", MAY, "running")
    ended = noted(begun, MAY, "7 of 8 reports sent, 1 held by admin")
    assert ended == "Report date May 1, 2026: 7 of 8 reports sent, 1 held by admin\n\nmake run\nfor the board"
    assert noted(ended, MAY, "running") == begun


@pytest.mark.parametrize("written", [0, 500, 960, 998, 999, 1000])
def test_whatever_is_said_what_people_wrote_stays_and_the_table_takes_it(written: int) -> None:
    """Airflow's column of a note has 1,000 characters, and a scheduler that writes more stops."""
    found = noted("x" * written, MAY, "why " * 1000)
    assert found.endswith("x" * written)
    assert len(found) <= 1000
    assert noted(found, MAY, "why " * 1000) == found
