"""The shelf and what waits: the pages that a person opens first."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from executive_suite.room import shelf, words
from executive_suite.room.pages import page
from executive_suite.room.visit import Visiting
from executive_suite.run import clock

router = APIRouter()
PERIODS = 12
"""Report dates on one page of the shelf: half a year of two a month."""


@router.get("/")
def show(visit: Visiting, before: Annotated[int, Query(ge=0)] = 0) -> Response:
    """The latest report dates, or those before as many."""
    now = clock.now()
    days = shelf.dates(visit.opened, now)
    shown = shelf.periods(visit.opened, days[before : before + PERIODS], now)
    columns = {cell.report: cell.title for period in shown for cell in period.cells}
    return page(
        visit,
        "shelf.j2",
        title="Shelf",
        periods=[(period, {cell.report: cell for cell in period.cells}) for period in shown],
        columns=columns,
        sentence=lambda: words.sentence(shown[0]) if shown else "No report has been made yet.",
        before=before,
        more=len(days) > before + PERIODS,
        size=PERIODS,
        count=len(days),
    )
