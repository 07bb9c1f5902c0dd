"""Which reports were read: reads by the distribution's logs, and opened mails as weak evidence; nobody's address."""

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
class Opens:
    """How many mails of a report of a date were opened: weak evidence, apart from reads.

    Attributes:
        report: Report id.
        title: As readers know it.
        report_date: Its date.
        opened: Recipients whose mail program loaded the mail's pictures.
        mails: Recipients to whom it was sent.
    """

    report: str
    title: str
    report_date: date
    opened: int
    mails: int


@dataclass(frozen=True, slots=True)
class Readership:
    """What was counted until a day.

    Attributes:
        through: The last day of which reads were counted, UTC, ISO; empty where there are no logs.
        reads: Of report dates that anybody read, oldest first; each report that was due then, read or not.
        opens: Of the latest report dates, oldest first, if any mail of them was opened by ``opens_through``.
        opens_through: The last day of which opened mails were counted; empty where nothing tells.
    """

    through: str = ""
    reads: tuple[Reads, ...] = ()
    opens: tuple[Opens, ...] = ()
    opens_through: str = ""


NOTHING_COUNTED = Readership()
"""Of a deployment without access logs and without events of mails."""
