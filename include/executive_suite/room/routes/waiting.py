"""Everything that waits for a person or for time, over all report dates."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Response

from executive_suite.config import ConfigError
from executive_suite.room import waiting
from executive_suite.room.pages import page
from executive_suite.room.visit import Visit, Visiting
from executive_suite.run import clock
from executive_suite.run.outstanding import outstanding

router = APIRouter()


@router.get("/waiting")
def show(visit: Visiting) -> Response:
    """What the command ``outstanding`` finds, of the reports that the person may read."""
    every = outstanding(visit.opened, clock.now())
    own = [mail for mail in every if visit.person.may_read(mail.report)]
    return page(
        visit,
        "waiting.j2",
        title="Waiting",
        groups=waiting.grouped(own),
        count=len(own),
        names=_names(visit, {mail.report for mail in own}),
        date_of=date.fromisoformat,
        reads_all=visit.person.may_act,
    )


def _names(visit: Visit, reports: set[str]) -> dict[str, str]:
    """Report id to what readers call it; one that is no longer configured has only its id."""
    found = {}
    for report in reports:
        try:
            found[report] = visit.opened.config.report(report).title
        except ConfigError:
            found[report] = ""
    return found
