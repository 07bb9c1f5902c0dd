"""Figures to documents: one reader's view, then every format from one template; same figures, same bytes."""

from __future__ import annotations

from executive_suite.reports.build import attempt, build, explained, not_made, prepare, shown
from executive_suite.reports.together import together

__all__ = ["attempt", "build", "explained", "not_made", "prepare", "shown", "together"]
