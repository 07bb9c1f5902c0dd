"""Straight-line recognition: days over the days of the term (actual/actual), alike for revenue, rent and nights."""

from __future__ import annotations

from datetime import date


def share(cents: int, done: int, whole: int) -> int:
    """What of an amount is due after ``done`` of ``whole`` equal parts, cents, rounded half up on the running total.

    Differences of running totals add up to the amount, whatever the parts are.

    >>> [share(100, done, 3) for done in (1, 2, 3)]
    [33, 67, 100]
    """
    return (2 * cents * done + whole) // (2 * whole)


def straight_line(cents: int, start: date, end: date, until: date) -> int:
    """Earned by the end of ``until``, cents.

    Args:
        cents: Price of the whole term.
        start: First day of the service.
        end: Last day of the service; the last night of a stay.
        until: Last day that counts.

    Raises:
        ValueError: the service ends before it starts.

    Source: ASC 606-10-25-31 and 55-17: progress by time elapsed. A year's 1,200.00 from January 15, 2026, has earned
    17 of 365 days at the end of January.

    >>> straight_line(120_000, date(2026, 1, 15), date(2027, 1, 14), date(2026, 1, 31))
    5589
    """
    if end < start:
        msg = f"expected an end on or after {start.isoformat()}, got {end.isoformat()}"
        raise ValueError(msg)
    whole = (end - start).days + 1
    return share(cents, min(max((until - start).days + 1, 0), whole), whole)
