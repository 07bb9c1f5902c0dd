"""When cash runs out and when it falls below its floor: the same dates in every report."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from executive_suite import formats
from executive_suite.reports import phrases
from executive_suite.reports.selection import Selection

DAYS_A_MONTH = Decimal("30.4375")
_FORESEEN = 24
"""Most months of runway for which its end is named; a later date would suggest false precision."""


def cash_out_day(s: Selection) -> date | None:
    """The day on which cash is gone at the mean burn, in months of 30.4375 days; None without a runway."""
    runway = s.fact("cash_runway_months").number
    if runway is None:
        return None
    return s.figures.report_date + timedelta(days=int(Decimal(runway) * DAYS_A_MONTH))


def floor_day(s: Selection) -> date | None:
    """The day on which cash falls below its floor at the mean burn.

    Returns:
        The day, in months of 30.4375 days; None without burn or floor, or if cash is below it already.
    """
    runway, floor = s.fact("cash_runway_months").number, s.fact("runway_floor").number
    if runway is None or floor is None or runway <= floor:
        return None
    return s.figures.report_date + timedelta(days=int((Decimal(runway) - floor) * DAYS_A_MONTH))


def floor_cents(s: Selection) -> Decimal | None:
    """The floor as cash at the mean burn, cents; None without burn or floor."""
    months, burn = s.fact("runway_floor").number, s.fact("net_burn").number
    return Decimal(months) * burn if months is not None and burn is not None and burn > 0 else None


def sentence(s: Selection) -> str:
    """Cash, when it runs out, and when it falls below its floor; without a full stop."""
    cash, runway, floor = s.fact("cash_balance"), s.fact("cash_runway_months"), s.fact("runway_floor")
    gone = cash_out_day(s)
    if runway.number is None or gone is None:
        return f"Cash of {formats.of(cash)} {phrases.no_runway(s)}"
    if runway.number > _FORESEEN:
        return f"Cash of {formats.of(cash)} lasts {formats.of(runway)} at a burn of {s.text('net_burn')}"
    end = f"Cash of {formats.of(cash)} runs out in {formats.month(gone)}"
    if floor.number is None:
        return end
    below = floor_day(s)
    limit = f"the {formats.number(floor.number)}-month floor"
    return f"{end}; it falls below {limit} on {formats.day(below)}" if below else f"{end}; it is already below {limit}"
