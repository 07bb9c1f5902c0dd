"""The shelf, and one report date of it: the pages that a person opens first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response

from executive_suite.mailing.account import Circuit
from executive_suite.room import lanes, offers, reads, shelf
from executive_suite.room.pages import page
from executive_suite.room.visit import Visit, Visiting
from executive_suite.run import clock, owed, periods
from executive_suite.run.periods import Period

router = APIRouter()
PERIODS = 12
"""Report dates on one page of the shelf: half a year of two a month."""


@router.get("/")
def show(
    visit: Visiting,
    before: Annotated[int, Query(ge=0)] = 0,
    report: Annotated[str, Query()] = "",
    state: Annotated[str, Query()] = "",
) -> Response:
    """The latest report dates, or those before as many; of one report, or with reports in one state."""
    now = clock.now()
    days = owed.dates(visit.opened, now)
    page_of = days[before : before + PERIODS]
    at_work = lanes.at_work(visit.runs)
    shown = _seen(visit, shelf.periods(visit.opened, page_of, now, at_work, only=report, briefly=True))
    columns = {cell.report: cell.title for period in shown for cell in period.cells}
    configured = {one.report: one.called for one in visit.opened.config.reports if visit.person.may_read(one.report)}
    kept = [_with(period, state) for period in shown]
    stopped = Circuit(visit.opened.records, clock.now).opened()
    return page(
        visit,
        "shelf.j2",
        title="Shelf",
        periods=[({cell.report: cell for cell in period.cells}, period) for period in kept if period.cells],
        columns=columns,
        reports={**configured, **columns} if days else {},
        sentence=lambda: periods.sentence(shown[0]) if shown and shown[0].cells else _nothing(visit),
        before=before,
        more=len(days) > before + PERIODS,
        size=PERIODS,
        count=len(days),
        report=report,
        state=state,
        stopped=stopped,
        offers=(offers.closing(),) if stopped and visit.person.may_act else (),
    )


@router.get("/dates/{day}")
def one_date(visit: Visiting, day: date) -> Response:
    """Everything of one report date: each report, each mail, and what to do."""
    now = clock.now()
    (period,) = _seen(visit, shelf.periods(visit.opened, [day], now, lanes.at_work(visit.runs)))
    counts = reads.of(visit.opened, day, period.cells)
    return page(
        visit, "date.j2", title=str(day), period=period, reads=counts, sentence=lambda: periods.sentence(period)
    )


def _nothing(visit: Visit) -> str:
    if visit.person.may_act or visit.person.reports:
        return "No report has been made yet."
    return "You are on no report's reader list."


def _seen(visit: Visit, periods: tuple[Period, ...]) -> tuple[Period, ...]:
    """What the person may see of some report dates."""
    return tuple(
        replace(period, cells=tuple(cell for cell in period.cells if visit.person.may_read(cell.report)))
        for period in periods
    )


def _with(period: Period, state: str) -> Period:
    return replace(period, cells=tuple(cell for cell in period.cells if state in ("", cell.state)))
