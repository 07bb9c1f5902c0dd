"""What waits over all report dates, in groups of one next step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from executive_suite.mailing.causes import UNSENT, Cause
from executive_suite.run import periods
from executive_suite.run.periods import State
from executive_suite.run.standing import Mail

_ORDER = (*UNSENT,)
"""The order of the runbook: what is most urgent comes first."""


@dataclass(frozen=True, slots=True)
class Group:
    """Mails that wait for the same thing.

    Attributes:
        cause: A row of the runbook.
        state: As the room names it.
        meaning: What the cause means, and what to do.
        mails: Newest report date first.
    """

    cause: str
    state: State
    meaning: Cause
    mails: tuple[Mail, ...]


def grouped(mails: Iterable[Mail]) -> tuple[Group, ...]:
    """Waiting mails by their cause, the most urgent first."""
    found: dict[str, list[Mail]] = {}
    for mail in sorted(mails, key=lambda one: one.report_date, reverse=True):
        found.setdefault(mail.cause, []).append(mail)
    causes = sorted(found, key=lambda cause: _ORDER.index(cause) if cause in UNSENT else len(_ORDER))
    return tuple(
        Group(cause, periods.state_of(found[cause][0]), found[cause][0].meaning, tuple(found[cause]))
        for cause in causes
    )
