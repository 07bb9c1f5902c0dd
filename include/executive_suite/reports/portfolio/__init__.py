"""The audit of a client portfolio: page one in ``page``, its sections in modules by topic."""

from __future__ import annotations

from executive_suite.reports.portfolio.page import view

__all__ = ["view"]
