"""What the tasks of a lane say in Airflow's grid: the report, and its outcome where the color alone misleads.

A green send may have sent nothing because the mail was sent before, and a skipped one waits for nobody. So the label of
such a task has a few words after the report's id: ``cfo · sent before, on May 1, 2026``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from executive_suite import formats

SAYS = " · "
"""Between the report's id and the words."""
LONGEST = 200
"""Airflow keeps 250 characters of a label."""


def said(text: str) -> str:
    """The words as they follow a report's id; empty if there are none."""
    line = " ".join(text.split())
    return f"{SAYS}{line if len(line) <= LONGEST else line[: LONGEST - 1] + '…'}" if line else ""


def parts(label: str) -> tuple[str, str]:
    """A label's report id and words.

    >>> parts("cfo · held by admin"), parts("cfo")
    (('cfo', 'held by admin'), ('cfo', ''))
    """
    report, _, words = label.partition(SAYS)
    return report, words


def of_send(outcomes: Iterable[Mapping[str, Any]], zone: ZoneInfo) -> str:
    """What a send says that ended well: nothing, unless it sent less than its color tells.

    Args:
        outcomes: Of its recipients, with ``already`` and ``accepted_at``.
        zone: Of the group.

    >>> before = {"already": True, "accepted_at": "2026-05-01T13:00:00.000000Z"}
    >>> of_send([before], ZoneInfo("America/Los_Angeles"))
    'sent before, on May 1, 2026'
    >>> of_send([before, {"already": False, "accepted_at": ""}], ZoneInfo("UTC"))
    '1 of 2 sent before'
    """
    found = list(outcomes)
    before = [one for one in found if one["already"]]
    if not before:
        return ""
    if len(before) < len(found):
        return f"{len(before)} of {len(found)} sent before"
    last = max(str(one["accepted_at"] or "") for one in before)
    return (
        f"sent before, on {formats.day(datetime.fromisoformat(last).astimezone(zone).date())}"
        if last
        else "sent before"
    )
