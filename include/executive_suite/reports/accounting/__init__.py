"""The accounting officer's report: page one in ``page``, its sections in modules by topic."""

from __future__ import annotations

from executive_suite.reports.accounting.page import view
from executive_suite.reports.accounting.workbook import sheets

__all__ = ["sheets", "view"]
