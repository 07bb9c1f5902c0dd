"""Everything that waits for a person or for time, over all report dates."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Response

from executive_suite.room import waiting
from executive_suite.room.pages import page
from executive_suite.room.visit import Visiting
from executive_suite.run import clock
from executive_suite.run.outstanding import outstanding

router = APIRouter()


@router.get("/waiting")
def show(visit: Visiting) -> Response:
    """What the command ``outstanding`` finds, of the reports that the person may read."""
    config = visit.opened.config
    every = outstanding(visit.opened, clock.now())
    own = [mail for mail in every if visit.person.may_read(mail.report)]
    return page(
        visit,
        "waiting.j2",
        title="Waiting",
        groups=waiting.grouped(own),
        count=len(own),
        names={mail.report: found.title if (found := config.find(mail.report)) else "" for mail in own},
        date_of=date.fromisoformat,
        reads_all=visit.person.may_act,
    )
