"""The accountant's workbook: statements of each unit, consolidated by formula, side by side, aged, and checked."""

from __future__ import annotations

from executive_suite.reports.accounting.workbook.consolidated import sheets

__all__ = ["sheets"]
