"""The CFO's report: page one in ``page``, its sections in modules by topic."""

from __future__ import annotations

from executive_suite.reports.cfo.page import view
from executive_suite.reports.cfo.workbook import sheets

__all__ = ["sheets", "view"]
