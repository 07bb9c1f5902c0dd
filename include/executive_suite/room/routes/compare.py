"""Two dates of a report side by side, and one date as known then and as known now."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Response
from pydantic import BaseModel, ConfigDict

from executive_suite import formats
from executive_suite.archive.editions import Edition
from executive_suite.config import ConfigError, Report
from executive_suite.room import compare, figures, known, report, shelf, texts
from executive_suite.room.compare import Moved, Side
from executive_suite.room.figures import UnreadableError
from executive_suite.room.pages import page
from executive_suite.room.visit import Visit, Visiting, ours
from executive_suite.run import clock
from executive_suite.schema.quality import QualityError
from executive_suite.stores.store import StoreError

router = APIRouter(prefix="/compare")

Part = Literal["figures", "signals", "text"]
TABS: Mapping[Part, str] = {"figures": "Figures", "signals": "Signals and decisions", "text": "Text side by side"}
FIRST = 50
"""Figures that are listed unless all are asked for."""
UNREAD = (ConfigError, QualityError, StoreError, FileNotFoundError)
"""What sources say of themselves when they cannot be read."""

_ONE_AT_A_TIME = threading.Lock()
"""A comparison reads all sources and computes every figure twice: one person waits for another."""


class Asked(BaseModel):
    """Of which report and date it is to be said what is known now."""

    model_config = ConfigDict(extra="forbid")
    report: str
    date: date


@router.get("")
def show(
    visit: Visiting,
    name: Annotated[str, Query(alias="report")] = "",
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    day: Annotated[date | None, Query(alias="date")] = None,
    known_at: Annotated[Literal["", "now"], Query(alias="known")] = "",
    view: Part = "figures",
    words: Annotated[str, Query(alias="figure", max_length=80)] = "",
    entity: Annotated[str, Query(max_length=80)] = "",
    every: Annotated[bool, Query(alias="all")] = False,
) -> Response:
    """Two dates, by default the latest two; or a form that asks what is known now of one."""
    readable = [one for one in visit.opened.config.reports if visit.person.may_read(one.report)]
    configured = visit.readable(name) if name else next(iter(readable), None)
    days = shelf.dates(visit.opened, clock.now())
    head: dict[str, Any] = {"title": "Compare", "reports": readable, "days": days, "configured": configured}
    if configured is None:
        return page(visit, "compare_none.j2", **head, text="You are on the reader list of no report.")
    if known_at:
        return page(visit, "compare_known.j2", **head, day_of=day or next(iter(days), None))
    dates = sorted({first, last} - {None}) if first or last else sorted(_latest(visit, configured, days))
    if len(dates) != 2:  # noqa: PLR2004 - a comparison has two sides
        text = "Choose two dates." if days else "Nothing is archived yet."
        return page(visit, "compare_none.j2", **head, text=text)
    head |= {"first": dates[0], "last": dates[1], "view": view, "tabs": TABS, "words": words, "entity": entity}
    try:
        values = _PARTS[view](visit, configured, dates, words, entity, every=every)
    except UnreadableError as error:
        return page(visit, "compare_none.j2", **head, text=str(error))
    return page(visit, f"compare_{view}.j2", **head, **values)


def _latest(visit: Visit, configured: Report, days: tuple[date, ...]) -> set[date]:
    """The latest two dates at which the report is archived."""
    archived = (day for day in days if report.edition_of(visit.opened.records, day, configured.file_name))
    return {day for day, _ in zip(archived, range(2), strict=False)}


def _edition(visit: Visit, configured: Report, day: date) -> Edition:
    edition = report.edition_of(visit.opened.records, day, configured.file_name)
    if edition is None:
        msg = f"Nothing is archived of {configured.title} of {formats.day(day)}."
        raise UnreadableError(msg)
    return edition


def _side(visit: Visit, configured: Report, day: date) -> Side:
    records, digest = visit.opened.records, _edition(visit, configured, day).content_digest
    found = figures.of(records, digest)
    return Side(found, figures.shown(records, digest, configured), report.told(found, configured.report))


def _figures(
    visit: Visit, configured: Report, dates: list[date], words: str, entity: str, *, every: bool
) -> dict[str, Any]:
    then, now = (_side(visit, configured, day) for day in dates)
    with formats.speaking(now.figures.currency, now.figures.locale, now.figures.report_date):
        moved = compare.moved(then, now)
    chosen = [one for one in moved if _wanted(one, words, entity)]
    return {
        "moved": chosen if every else chosen[:FIRST],
        "count": len(chosen),
        "whole": len(moved),
        "entities": sorted({(one.entity, one.entity_id) for one in moved}),
    }


def _wanted(one: Moved, words: str, entity: str) -> bool:
    return words.casefold().strip() in one.label.casefold() and entity in {"", one.entity_id}


def _signals(
    visit: Visit, configured: Report, dates: list[date], _words: str, _entity: str, *, every: bool
) -> dict[str, Any]:
    then, now = (_side(visit, configured, day) for day in dates)
    return {"signals": compare.signals(then, now), "decisions": compare.decisions(then, now), "every": every}


def _text(
    visit: Visit, configured: Report, dates: list[date], _words: str, _entity: str, *, every: bool
) -> dict[str, Any]:
    digests = [_edition(visit, configured, day).content_digest for day in dates]
    one, other = (report.document(visit.opened.records, digest).text for digest in digests)
    return {"hunks": texts.hunks(one, other), "every": every}


_PARTS = {"figures": _figures, "signals": _signals, "text": _text}


@router.post("/known-now", dependencies=[Depends(ours)])
def known_now(visit: Visiting, asked: Asked) -> Response:
    """What is known now of a report of a date: a part of a page.

    Raises:
        HTTPException: 403, 404; 409 if the sources cannot be read; 429 while another one is at work.
    """
    configured = visit.readable(asked.report)
    try:
        side = _side(visit, configured, asked.date)
    except UnreadableError as error:
        raise HTTPException(404, str(error)) from None
    if not _ONE_AT_A_TIME.acquire(blocking=False):
        raise HTTPException(429, "Another comparison is running. Try again in half a minute.")
    try:
        answer = visit.door.act(visit.group, "restate", report_date=asked.date.isoformat())
    except UNREAD as error:
        raise HTTPException(409, f"The sources cannot be read: {error}") from None
    finally:
        _ONE_AT_A_TIME.release()
    with formats.speaking(side.figures.currency, side.figures.locale, side.figures.report_date):
        found = known.known(answer, side.figures, side.shown)
    return page(visit, "compare_known_now.j2", title="", configured=configured, day_of=asked.date, known=found)
