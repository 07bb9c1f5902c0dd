"""Reports show the fiscal year that the figures state."""

from __future__ import annotations

from dataclasses import replace

import pytest

from executive_suite.facts.fact import Fact
from executive_suite.reports.selection import Selection
from report_figures import figures


@pytest.mark.parametrize(
    ("first", "label", "inside", "outside"),
    [
        ("2025-07-01", "fiscal 2026", ("2025-07", "2026-06"), ("2025-06", "2026-07")),
        ("2026-01-01", "2026", ("2026-01", "2026-12"), ("2025-12", "2027-01")),
        ("", "2026", ("2026-01", "2026-12"), ("2025-12", "2027-01")),  # figures that do not say
    ],
)
def test_a_year_begins_where_the_figures_say(
    first: str, label: str, inside: tuple[str, ...], outside: tuple[str, ...]
) -> None:
    given = figures()
    stated = (Fact("fiscal_year", "group", given.report_date.isoformat(), first, "date"),) if first else ()
    s = Selection(replace(given, facts=stated))
    assert s.year_label == label
    assert all(map(s.in_year, inside))
    assert not any(map(s.in_year, outside))
