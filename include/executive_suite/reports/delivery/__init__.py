"""The audit of a yacht delivery business: page one in ``page``, its sections in modules by topic."""

from __future__ import annotations

from executive_suite.reports.delivery.page import view

__all__ = ["view"]
