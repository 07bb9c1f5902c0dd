"""Report dates of which nothing waits any more: whoever asks what waits over all dates does not look at them again.

| object (records bucket) | says |
|---|---|
| ``ledger/dates/<report date>/<n>`` | even: nothing waited when somebody looked; odd: something does, or was begun |

Of each date the highest number counts. Who looks takes the number after the one that stood *before* they looked; who
begins something takes an odd one that is higher still. So a look that was overtaken closes nothing.

Only dates beyond the age limit are closed: of younger ones a deadline may still make somebody owed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from executive_suite.run.deployment import Deployment
from executive_suite.stores.store import ObjectStore, StoredObject

_DATES = "ledger/dates/"
NEVER = -1
"""The number of a date at which nobody has looked."""


def numbers(records: ObjectStore, day: date | None = None) -> dict[date, int]:
    """The number that counts, of each date that has one or of the one named; from one listing."""
    found: dict[date, int] = {}
    for key in records.keys(f"{_DATES}{day.isoformat()}/" if day else _DATES):
        of, _, number = key.removeprefix(_DATES).partition("/")
        on = date.fromisoformat(of)
        found[on] = max(int(number), found.get(on, NEVER))
    return found


def may_wait(deployment: Deployment, days: Iterable[date], known: dict[date, int], now: datetime) -> tuple[date, ...]:
    """The dates that have to be looked at: young ones, and those that nobody has closed."""
    return tuple(day for day in days if not old(deployment, day, now) or known.get(day, NEVER) % 2)


def looked(records: ObjectStore, day: date, before: int, *, waits: bool) -> None:
    """Record a look at a date of which ``before`` was the number; whoever was faster is right."""
    if before == NEVER or not waits:
        _create(records, day, before + 1 + waits)


def begun(deployment: Deployment, day: date, now: datetime) -> None:
    """Record that something of a date was begun, before and after it: a look in between saw only half of it."""
    if old(deployment, day, now):
        number = numbers(deployment.records, day).get(day, NEVER)
        while not _create(deployment.records, day, number + 2 - (number % 2 == 0)):
            number += 2


def _create(records: ObjectStore, day: date, number: int) -> bool:
    return records.create(StoredObject(f"{_DATES}{day.isoformat()}/{number}", b"{}", "application/json"))


def old(deployment: Deployment, day: date, now: datetime) -> bool:
    """Whether a date is beyond the age limit, whatever the zone."""
    return day < now.date() - timedelta(days=deployment.config.limits.age_limit_days + 1)
