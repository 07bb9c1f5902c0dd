"""The audit of a rental property: page one in ``page``, its sections by topic next to it."""

from __future__ import annotations

from executive_suite.reports.rental.page import view

__all__ = ["view"]
