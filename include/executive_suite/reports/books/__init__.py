"""The workbooks that a CFO and an accountant work in: sheets with formulas over statements, facts and cash path."""

from __future__ import annotations
