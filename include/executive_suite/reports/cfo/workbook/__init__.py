"""The CFO's workbook: the cash path with its levers as switches, burn, budget against actual, and break-even."""

from __future__ import annotations

from executive_suite.rendering.workbook.sheets import Sheet
from executive_suite.reports.cfo.workbook import break_even, budget, burn, path
from executive_suite.reports.selection import Selection


def sheets(s: Selection) -> tuple[Sheet, ...]:
    """The sheets of a CFO; none for what the records do not have."""
    return (*path.sheets(s), *burn.sheets(s), *budget.sheets(s), *break_even.sheets(s))
