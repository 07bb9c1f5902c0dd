"""Figures to documents: the view of one reader, then every format from one template; the same figures, the same bytes."""

from __future__ import annotations

from executive_suite.reports.build import build

__all__ = ["build"]
