"""The CEO's report: page one in ``page``, its sections in modules by topic."""

from __future__ import annotations

from executive_suite.reports.ceo.page import view

__all__ = ["view"]
