"""One report of one date: its page, its files, its mails, where it came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Path, Query, Response

from executive_suite.archive import editions
from executive_suite.archive.editions import Edition
from executive_suite.archive.publication import CONTENT_TYPES
from executive_suite.config import Report
from executive_suite.document import Document
from executive_suite.facts.figures import Figures
from executive_suite.room import figures, lanes, mails, offers, paper, reads, report, shelf
from executive_suite.room.figures import UnreadableError
from executive_suite.room.offers import Offer
from executive_suite.room.pages import FOREIGN, page
from executive_suite.room.paper import Paper
from executive_suite.room.report import Past
from executive_suite.room.visit import Visit, Visiting
from executive_suite.run import clock, owed
from executive_suite.run.periods import Cell

router = APIRouter(prefix="/reports/{day}/{report}")
Name = Annotated[str, Path(alias="report")]
Revision = Annotated[int, Query(ge=0, description="one that was replaced; 0 is what readers have now")]

Part = Literal["one", "whole", "paper", "text", "mail", "workbook", "signals", "origin"]
TABS: Mapping[Part, str] = {
    "one": "Page one",
    "whole": "Whole page",
    "paper": "PDF",
    "text": "Text",
    "mail": "Mail as sent",
    "workbook": "Workbook",
    "signals": "Signals and decisions",
    "origin": "Origin",
}
NEEDS: Mapping[Part, str] = {"paper": "pdf", "workbook": "xlsx"}
"""Parts that only reports with a file of that kind have."""
FILES = {
    "pdf": "PDF",
    "xlsx": "Workbook",
    "ics": "Calendar",
    "html": "Web page",
    "txt": "Text",
    "csv": "Rows behind the figures (CSV)",
}
NEAR = 6
"""Report dates that are looked through for an earlier or a later report."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown: a report's configuration, its date, an edition and its document, and the report's state.

    Attributes:
        past: By what the edition is replaced; None if it is of the open revision.
    """

    configured: Report
    day: date
    edition: Edition
    document: Document
    cell: Cell
    past: Past | None

    @property
    def is_current(self) -> bool:
        """Whether it is what readers have: a revision that is open and not made yet takes nothing away."""
        return self.past is None or not self.past.successor_at


def read_as(visit: Visit, day: date, name: str, revision: int) -> tuple[Report, Edition, Document]:
    """A report's configuration, the edition of a revision (0 is the latest) and that edition's document.

    Raises:
        HTTPException: 403 or 404.
    """
    configured = visit.readable(name)
    edition = editions.shown(visit.opened.records, day, configured.file_name, revision)
    if edition is None:
        what = f"revision {revision} of {configured.title}" if revision else configured.title
        raise HTTPException(404, f"Nothing is archived of {what} of {day}.")
    return configured, edition, report.document(visit.opened.records, edition.content_digest)


def _cell(visit: Visit, day: date, name: str) -> Cell:
    return shelf.cell(visit.opened, day, name, clock.now(), lanes.at_work(visit.runs))


@router.get("")
def show(
    visit: Visiting,
    day: date,
    name: Name,
    view: Part = "one",
    recipient: str = "",
    generation: Annotated[int, Query(ge=0)] = 0,
    revision: Revision = 0,
) -> Response:
    """The report with everything around it, one part at a time."""
    configured = visit.readable(name)
    records, cell = visit.opened.records, _cell(visit, day, name)
    head: dict[str, Any] = {"title": f"{configured.title}, {day}", "configured": configured, "day_of": day}
    head |= {"cell": cell, "earlier": None, "later": None, "read_count": reads.of(visit.opened, day, (cell,)).get(name)}
    head["earlier"], head["later"] = _neighbors(visit, configured, day)
    edition = editions.shown(records, day, configured.file_name, revision)
    if edition is None:
        if revision:
            raise HTTPException(404, f"Nothing is archived of revision {revision} of {configured.title} of {day}.")
        choice = _offers(visit, cell, day, "")
        return page(visit, "report_none.j2", status=200 if cell.mails else 404, offers=choice, **head)
    past = report.past(records, day, configured.file_name, edition)
    shown = Shown(configured, day, edition, report.document(records, edition.content_digest), cell, past)
    head["link"] = partial(_link, f"{visit.home}/reports/{day}/{name}", revision)
    files = shown.document.files
    tabs = {part: words for part, words in TABS.items() if NEEDS.get(part, "html") in files}
    if view not in tabs:
        raise HTTPException(404, f"{configured.title} of {day} has no part of that kind.")
    values = _PARTS[view](visit, shown) if view != "mail" else _mail(visit, shown, recipient, generation)
    values["offers"] = _offers(visit, cell, day, edition.content_digest) if shown.is_current else ()
    sizes = {kind: (words, len(files[kind])) for kind, words in FILES.items() if kind in files}
    return page(visit, f"report_{view}.j2", **head, shown=shown, tabs=tabs, view=view, files=sizes, **values)


def _link(report_page: str, revision: int, path: str = "", **query: object) -> str:
    """The address of a part of the revision that is shown."""
    asked = {name: value for name, value in {**query, "revision": revision}.items() if value}
    return f"{report_page}{path}{'?' if asked else ''}{urlencode(asked)}"


def _offers(visit: Visit, cell: Cell, day: date, digest: str) -> tuple[Offer, ...]:
    """What the person can do about what is shown, or about what was never made; nothing for who only reads."""
    if not visit.person.may_act:
        return ()
    lane = lanes.latest(visit.runs, cell.report, day)
    return offers.of(cell, day.isoformat(), lane, digest)


def _neighbors(visit: Visit, configured: Report, day: date) -> tuple[date | None, date | None]:
    """The nearest earlier and later date at which the report is archived."""
    every = owed.dates(visit.opened, clock.now())

    def first(days: list[date]) -> date | None:
        records = visit.opened.records
        return next((one for one in days[:NEAR] if editions.latest(records, one, configured.file_name)), None)

    return first([one for one in every if one < day]), first([one for one in reversed(every) if one > day])


def _nothing(_visit: Visit, _shown: Shown) -> dict[str, Any]:
    return {}


def _paper(_visit: Visit, shown: Shown) -> dict[str, Any]:
    return {"sizes": paper.sizes(_on_paper(shown.edition, shown.document))}


def _workbook(_visit: Visit, shown: Shown) -> dict[str, Any]:
    return {"sheets": report.sheets(shown.document.files["xlsx"])}


def _signals(visit: Visit, shown: Shown) -> dict[str, Any]:
    try:
        found = figures.of(visit.opened.records, shown.edition.content_digest)
    except UnreadableError as error:
        return {"unreadable": str(error)}
    told = report.told(found, shown.configured.report)
    return {"unreadable": "", "told": told, "names": found.entities, "currency": found.currency}


def _origin(visit: Visit, shown: Shown) -> dict[str, Any]:
    records, digest = visit.opened.records, shown.edition.content_digest
    found: Figures | None = None
    with suppress(UnreadableError):
        found = figures.of(records, digest)
    made = report.origin(records, shown.day, shown.configured, found, digest)
    runs = {step.run_id: visit.door.run_page(visit.request, visit.group, step.run_id) for step in made.steps}
    return {"origin": made, "runs": {run_id: address for run_id, address in runs.items() if run_id}}


_PARTS: Mapping[Part, Callable[[Visit, Shown], dict[str, Any]]] = {
    "one": _nothing,
    "whole": _nothing,
    "paper": _paper,
    "text": _nothing,
    "workbook": _workbook,
    "signals": _signals,
    "origin": _origin,
}


def _mail(visit: Visit, shown: Shown, recipient: str, generation: int) -> dict[str, Any]:
    """The mail to one recipient, by default the first; of the latest generation, or of the one that is asked for."""
    records = visit.opened.records
    found = mails.deliveries(records, shown.cell.report, shown.day, shown.edition.revision)
    awaited = [one.recipient_id for one in shown.cell.mails] if shown.is_current else []
    names = sorted({*found, *awaited})
    chosen = recipient or next(iter(names), "")
    if recipient and recipient not in names:
        raise HTTPException(404, "Nobody of that id gets this report.")
    made = mails.made(records, found.get(chosen, ""))
    at = next((mail for mail in made if generation in {0, mail.generation}), None)
    if generation and at is None:
        raise HTTPException(404, "There is no such mail.")
    read = None
    if at is not None:
        fetch = partial(visit.door.act, visit.group, "mail_as_sent", mail_key=at.mail_key, recipient=chosen)
        read = mails.read(at, chosen, fetch)
    return {"names": names, "chosen": chosen, "made": made, "mail": at, "read": read}


@router.get("/page")
def page_of(visit: Visiting, day: date, name: Name, revision: Revision = 0) -> Response:
    """The archived page, for a frame in which nothing runs."""
    _, _, document = read_as(visit, day, name, revision)
    return _framed(document.files["html"])


@router.get("/page-one")
def page_one(visit: Visiting, day: date, name: Name, revision: Revision = 0) -> Response:
    """The mail as its reader sees it, for a frame."""
    _, _, document = read_as(visit, day, name, revision)
    return _framed(mails.page_one(document))


@router.get("/mails/{recipient}/{generation}")
def mail_of(
    visit: Visiting, day: date, name: Name, recipient: str, generation: int, revision: Revision = 0
) -> Response:
    """The HTML part of a mail that was sent, for a frame."""
    configured, edition, document = read_as(visit, day, name, revision)
    past = report.past(visit.opened.records, day, configured.file_name, edition)
    shown = Shown(configured, day, edition, document, _cell(visit, day, name), past)
    found = _mail(visit, shown, recipient, generation)["read"]
    if found is None:
        raise HTTPException(404, "There is no such mail.")
    return _framed(found.html)


def _framed(html: str | bytes) -> Response:
    return Response(html, media_type="text/html", headers={"Content-Security-Policy": FOREIGN})


@router.get("/paper/{number}.png")
def paper_of(visit: Visiting, day: date, name: Name, number: int, revision: Revision = 0) -> Response:
    """A page on paper as a picture."""
    _, edition, document = read_as(visit, day, name, revision)
    try:
        picture = paper.picture(_on_paper(edition, document), number)
    except (IndexError, KeyError):
        raise HTTPException(404, "There is no such page.") from None
    return Response(picture, media_type="image/png")


def _on_paper(edition: Edition, document: Document) -> Paper:
    return Paper(edition.content_digest, document.files["pdf"])


@router.get("/files/{extension}")
def download(visit: Visiting, day: date, name: Name, extension: str, revision: Revision = 0) -> Response:
    """A file of the report, to keep; its name says which revision it is, where there is more than one."""
    configured, edition, document = read_as(visit, day, name, revision)
    if extension not in document.files:
        raise HTTPException(404, f"{configured.title} of {day} has no file of that kind.")
    past = report.past(visit.opened.records, day, configured.file_name, edition)
    revised = f"-revision-{edition.revision}" if edition.revision > 1 or past else ""
    revised += "-replaced" if past and past.successor_at else ""
    file_name = f"{configured.file_name}-{day.isoformat()}{revised}.{extension}"
    return Response(
        document.files[extension],
        media_type=CONTENT_TYPES.get(extension, "application/octet-stream"),
        headers={"Content-Disposition": f'attachment; filename="{file_name}"', "Content-Security-Policy": FOREIGN},
    )
