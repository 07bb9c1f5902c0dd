"""Who reads what, as far as it is known: reads by the distribution's logs, and opened mails as weak evidence, apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from executive_suite import formats
from executive_suite.outbox.outbox import Outbox
from executive_suite.run import opens, readership
from executive_suite.run.deployment import Deployment
from executive_suite.run.periods import Cell

AHEAD = timedelta(days=45)
"""How long before its date a report can have been read: a person may have one made ahead of its time."""


@dataclass(frozen=True, slots=True)
class ReadCount:
    """How often a report of a date was read.

    Attributes:
        reads: By the logs; None where there are none.
        through: The last day that was counted, ISO; empty where there are none.
        opened: Recipients whose mail program loaded the mail's pictures.
        mails: Of how many.
    """

    reads: int | None
    through: str
    opened: int
    mails: int

    def __bool__(self) -> bool:
        return self.reads is not None or self.opened > 0

    def __str__(self) -> str:
        """The count in words; nothing where nothing is known."""
        parts = []
        if self.reads is not None:
            counted = f"read {formats.counted(self.reads, 'time')} through {formats.day(self.through)}"
            parts.append(f"{counted} (logs come a day or two late)")
        if self.opened:
            parts.append(f"{self.opened} of {formats.counted(self.mails, 'mail')} opened (weak evidence)")
        return "; ".join(parts)


def of(deployment: Deployment, day: date, cells: tuple[Cell, ...]) -> dict[str, ReadCount]:
    """Report id to what is known of its reads at a date; only what is archived can be read."""
    through, every = readership.totals(deployment.records, since=day - AHEAD)
    names = {report.report: report.file_name for report in deployment.config.reports}
    outbox = Outbox(deployment.records)
    found = {}
    for cell in cells:
        if not cell.revision:
            continue
        counted = every.get((day, names.get(cell.report, "")), 0) if through else None
        sent = [mail for mail in cell.mails if mail.delivery_id]
        opened = sum(opens.opened(outbox.read(mail.delivery_id)) for mail in sent)
        found[cell.report] = ReadCount(counted, through, opened, len(sent))
    return found
