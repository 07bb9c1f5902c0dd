"""What can be compared of a report: a date, or one of the revisions of a date."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from executive_suite.archive import editions
from executive_suite.stores.store import ObjectStore

REVISION = "~"
"""Between date and revision in addresses."""


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """A date of a report, as its readers have it now, or as one revision said it.

    Attributes:
        day: The report date.
        revision: 0 for the one that readers have.
    """

    day: date
    revision: int = 0

    @classmethod
    def given(cls, text: object) -> Point | None:
        """As an address has it: a date, with ``~`` and a number for a revision; None for nothing.

        Raises:
            ValueError: it is neither.
        """
        day, _, revision = str(text or "").partition(REVISION)
        return cls(date.fromisoformat(day), int(revision or 0)) if day else None

    def __str__(self) -> str:
        return f"{self.day}{REVISION}{self.revision}" if self.revision else str(self.day)

    def named(self, day: Callable[[date], str]) -> str:
        """In words."""
        return f"{day(self.day)}, revision {self.revision}" if self.revision else day(self.day)


def around(records: ObjectStore, file_name: str, days: Iterable[date], chosen: Iterable[Point]) -> tuple[Point, ...]:
    """What there is to choose from: each date, and each revision of the dates that are compared now.

    Only these: the revisions of all dates would take a listing of each.
    """
    of_now = {point.day for point in chosen}
    found: list[Point] = []
    for day in days:
        found.append(Point(day))
        if day in of_now:
            last = editions.open_revision(records, day, file_name)
            found += [Point(day, number) for number in range(last, 0, -1) if last > 1]
    return tuple(found)
