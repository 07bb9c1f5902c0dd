"""The board pack: the latest quarter, with page one in ``page`` and its sections in modules by topic."""

from __future__ import annotations

from executive_suite.reports.board.page import view

__all__ = ["view"]
