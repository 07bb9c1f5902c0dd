"""Two dates of a report side by side, and one date as known then and as known now."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import date
from itertools import islice
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from executive_suite import formats
from executive_suite.archive import editions
from executive_suite.archive.editions import Edition
from executive_suite.config import ConfigError, Report
from executive_suite.room import compare, figures, known, points, report, texts, turnover
from executive_suite.room.compare import Moved, Side
from executive_suite.room.figures import UnreadableError
from executive_suite.room.pages import page
from executive_suite.room.points import Point
from executive_suite.room.visit import Visit, Visiting, ours
from executive_suite.run import clock, owed
from executive_suite.run.crossing import StepError
from executive_suite.schema.quality import QualityError
from executive_suite.stores.store import StoreError

router = APIRouter(prefix="/compare")

Part = Literal["figures", "signals", "text"]
TABS: Mapping[Part, str] = {"figures": "Figures", "signals": "Signals and decisions", "text": "Text side by side"}
TWO = 2
"""The sides of a comparison."""
FIRST = 50
"""Figures that are listed unless all are asked for."""
UNREAD = (ConfigError, FileNotFoundError, QualityError, StepError, StoreError)
"""What sources say of themselves when they cannot be read."""

TURN = threading.Lock()
"""A comparison reads all sources and computes every figure twice: one person waits for another."""


Given = Annotated[Point | None, BeforeValidator(Point.given)]
"""A side of a comparison, as an address has it."""


class Asked(BaseModel):
    """Of which report and date it is to be said what is known now."""

    model_config = ConfigDict(extra="forbid")
    report: str
    day: date = Field(alias="date")


class Chosen(BaseModel):
    """What is compared: two dates or revisions of a report, or one date and what is known now; and the part shown."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)
    report: str = ""
    first: Given = Field(None, alias="from")
    last: Given = Field(None, alias="to")
    day: date | None = Field(None, alias="date")
    known: Literal["", "now"] = ""
    view: Part = "figures"
    figure: str = Field("", max_length=80)
    entity: str = Field("", max_length=80)
    all: bool = False

    @property
    def points(self) -> list[Point]:
        """The two sides in order; fewer if one was not chosen, or both are the same."""
        return sorted({point for point in (self.first, self.last) if point})


@router.get("")
def show(visit: Visiting, chosen: Annotated[Chosen, Query()]) -> Response:
    """Two dates, by default the latest two; or a form that asks what is known now of one."""
    readable = [one for one in visit.opened.config.reports if visit.person.may_read(one.report)]
    configured = visit.readable(chosen.report) if chosen.report else next(iter(readable), None)
    days = owed.dates(visit.opened, clock.now())
    head: dict[str, Any] = {"title": "Compare", "reports": readable, "days": days, "configured": configured}
    head["points"] = tuple(map(Point, days))
    if configured is None:
        return page(visit, "compare_none.j2", **head, text="You are on the reader list of no report.")
    if chosen.known:
        return page(visit, "compare_known.j2", **head, day_of=chosen.day or next(iter(days), None))
    wanted = chosen.points if chosen.first or chosen.last else _latest(visit, configured, days)
    head["points"] = points.around(visit.opened.records, configured.file_name, days, wanted)
    if len(wanted) < TWO:
        text = "Choose two dates." if days else "Nothing is archived yet."
        return page(visit, "compare_none.j2", **head, text=text)
    head |= {"first": wanted[0], "last": wanted[1], "chosen": chosen, "tabs": TABS}
    try:
        values = _PARTS[chosen.view](visit, configured, wanted, chosen)
    except UnreadableError as error:
        return page(visit, "compare_none.j2", **head, text=str(error))
    return page(visit, f"compare_{chosen.view}.j2", **head, **values)


def _latest(visit: Visit, configured: Report, days: tuple[date, ...]) -> list[Point]:
    """The latest two dates at which the report is archived, in order."""
    archived = (Point(day) for day in days if editions.latest(visit.opened.records, day, configured.file_name))
    return sorted(islice(archived, TWO))


def _edition(visit: Visit, configured: Report, point: Point) -> Edition:
    edition = editions.shown(visit.opened.records, point.day, configured.file_name, point.revision)
    if edition is None:
        msg = f"Nothing is archived of {configured.title} of {point.named(formats.day)}."
        raise UnreadableError(msg)
    return edition


def _side(visit: Visit, configured: Report, point: Point) -> Side:
    records, digest = visit.opened.records, _edition(visit, configured, point).content_digest
    found = figures.of(records, digest)
    return Side(found, figures.shown(records, digest, configured), report.told(found, configured.report))


def _figures(visit: Visit, configured: Report, sides: list[Point], asked: Chosen) -> dict[str, Any]:
    then, now = (_side(visit, configured, point) for point in sides)
    with formats.speaking(now.figures.currency, now.figures.locale, now.figures.report_date):
        moved = compare.moved(then, now)
    wanted = [one for one in moved if _wanted(one, asked)]
    return {
        "moved": wanted if asked.all else wanted[:FIRST],
        "count": len(wanted),
        "whole": len(moved),
        "entities": sorted({(one.entity, one.entity_id) for one in moved}),
    }


def _wanted(one: Moved, asked: Chosen) -> bool:
    return asked.figure.casefold().strip() in one.label.casefold() and asked.entity in {"", one.entity_id}


def _signals(visit: Visit, configured: Report, sides: list[Point], _asked: Chosen) -> dict[str, Any]:
    then, now = (_side(visit, configured, point) for point in sides)
    return {"signals": turnover.signals(then.told, now.told), "decisions": turnover.decisions(then.told, now.told)}


def _text(visit: Visit, configured: Report, sides: list[Point], _asked: Chosen) -> dict[str, Any]:
    digests = [_edition(visit, configured, point).content_digest for point in sides]
    one, other = (report.document(visit.opened.records, digest).text for digest in digests)
    return {"hunks": texts.hunks(one, other)}


_PARTS = {"figures": _figures, "signals": _signals, "text": _text}


@router.post("/known-now", dependencies=[Depends(ours)])
def known_now(visit: Visiting, asked: Asked) -> Response:
    """What is known now of a report of a date: a part of a page.

    Raises:
        HTTPException: 403, 404; 409 if the sources cannot be read; 429 while another one is at work.
    """
    configured = visit.readable(asked.report)
    try:
        side = _side(visit, configured, Point(asked.day))
    except UnreadableError as error:
        raise HTTPException(404, str(error)) from None
    if not TURN.acquire(blocking=False):
        raise HTTPException(429, "Another comparison is running. Try again in half a minute.")
    try:
        answer = visit.door.act(visit.group, "restate", report_date=asked.day.isoformat())
    except UNREAD as error:
        raise HTTPException(409, f"The sources cannot be read: {error}") from None
    finally:
        TURN.release()
    with formats.speaking(side.figures.currency, side.figures.locale, side.figures.report_date):
        found = known.known(answer, side.figures, side.shown)
    return page(visit, "compare_known_now.j2", title="", configured=configured, day_of=asked.day, known=found)
