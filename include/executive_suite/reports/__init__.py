"""Figures to documents: one reader's view, then every format from one template; same figures, same bytes."""

from __future__ import annotations

from executive_suite.reports.build import build, explained, not_made, shown

__all__ = ["build", "explained", "not_made", "shown"]
