"""The workbooks that a CFO and an accountant work in: sheets with formulas, from statements, facts and the cash path."""

from __future__ import annotations
