"""One report of one date: its page, its files, its mails, where it came from."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, HTTPException, Response

from executive_suite.archive import documents, editions
from executive_suite.archive.editions import Edition
from executive_suite.archive.publication import CONTENT_TYPES
from executive_suite.config import Report
from executive_suite.document import Document
from executive_suite.room import lanes, offers, shelf
from executive_suite.room.offers import Offer
from executive_suite.room.pages import FOREIGN, page
from executive_suite.room.shelf import Cell
from executive_suite.room.visit import Visit, Visiting
from executive_suite.run import clock

router = APIRouter(prefix="/reports/{day}/{report}")


def current(visit: Visit, day: date, report: str) -> tuple[Report, Edition, Document]:
    """A report's configuration, its current edition and that edition's document.

    Raises:
        HTTPException: 403 or 404.
    """
    configured = visit.readable(report)
    records = visit.opened.records
    revision = editions.open_revision(records, day, configured.file_name)
    for number in range(revision, 0, -1):  # a revision that was opened and not rendered yet has none
        edition = editions.current_edition(records, day, configured.file_name, number)
        if edition is not None:
            return configured, edition, documents.load(records, edition.content_digest)
    raise HTTPException(404, f"Nothing is archived of {configured.title} of {day}.")


@router.get("")
def show(visit: Visiting, day: date, report: str) -> Response:
    """The report with everything around it."""
    configured, edition, document = current(visit, day, report)
    (period,) = shelf.periods(visit.opened, [day], clock.now())
    cell = next(one for one in period.cells if one.report == report)
    return page(
        visit,
        "report.j2",
        title=f"{configured.title}, {day}",
        configured=configured,
        edition=edition,
        document=document,
        day_of=day,
        cell=cell,
        files=sorted(document.files),
        offers=_offers(visit, cell, day, edition),
    )


def _offers(visit: Visit, cell: Cell, day: date, edition: Edition) -> tuple[Offer, ...]:
    """What the person can do; nothing for who only reads."""
    if not visit.person.may_act:
        return ()
    lane = lanes.latest(visit.runs, cell.report, day)
    return offers.of(cell, day.isoformat(), lane, edition.content_digest)


@router.get("/page")
def page_of(visit: Visiting, day: date, report: str) -> Response:
    """The archived page, for a frame in which nothing runs."""
    _, _, document = current(visit, day, report)
    return Response(document.files["html"], media_type="text/html", headers={"Content-Security-Policy": FOREIGN})


@router.get("/files/{extension}")
def download(visit: Visiting, day: date, report: str, extension: str) -> Response:
    """A file of the report, to keep."""
    configured, edition, document = current(visit, day, report)
    if extension not in document.files:
        raise HTTPException(404, f"{configured.title} of {day} has no file of that kind.")
    revised = f"-revision-{edition.revision}" if edition.revision > 1 else ""
    name = f"{configured.file_name}-{day.isoformat()}{revised}.{extension}"
    return Response(
        document.files[extension],
        media_type=CONTENT_TYPES.get(extension, "application/octet-stream"),
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": FOREIGN},
    )
