"""The CFO's report: page one in ``page``, its sections in modules by topic."""

from __future__ import annotations

from executive_suite.reports.books.cfo import sheets
from executive_suite.reports.cfo.page import view

__all__ = ["sheets", "view"]
