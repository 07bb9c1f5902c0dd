"""Workbooks: sheets of cells with formulas and their values, page one, and the tables of a report as filtered lists."""

from __future__ import annotations

from executive_suite.rendering.workbook.book import make

__all__ = ["make"]
