"""Which archived reports were opened, as the distribution's access logs tell: counts, and nobody's address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Reads:
    """How often a report of a date was read.

    Attributes:
        report: Report id.
        title: As readers know it.
        report_date: Its date.
        count: Reads: one viewer within one hour is one, whatever of the report they opened.
    """

    report: str
    title: str
    report_date: date
    count: int


@dataclass(frozen=True, slots=True)
class Readership:
    """What was counted until a day.

    Attributes:
        through: The last day that was counted, UTC, ISO; empty where there are no logs.
        reads: Of report dates that anybody read, oldest first; each report that was due then, read or not.
    """

    through: str = ""
    reads: tuple[Reads, ...] = ()


NOTHING_COUNTED = Readership()
"""Of a deployment without access logs."""
