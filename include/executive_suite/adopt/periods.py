"""Which days a file covers."""

from __future__ import annotations

from datetime import date

from executive_suite.adopt.reading import Reading


def period(reading: Reading) -> tuple[date, date] | None:
    """The first and last day that a file covers: as stated, else of its rows; None if it has neither."""
    days = [line.day for line in reading.bank_lines] + [entry.day for entry in reading.entries]
    begins, ends = reading.begins or min(days, default=None), reading.ends or max(days, default=None)
    return (min([begins, *days]), max([ends, *days])) if begins and ends else None
