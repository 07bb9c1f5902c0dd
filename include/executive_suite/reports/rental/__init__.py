"""The audit of a rental property: page one in ``page``, its sections in modules by topic."""

from __future__ import annotations

from executive_suite.reports.rental.page import view

__all__ = ["view"]
