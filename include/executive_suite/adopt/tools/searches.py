"""Search Console's queries, with their average position on the last day of the export's period."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from executive_suite.adopt import days
from executive_suite.adopt.reading import LeftOut, NotReadableError, Reading, Record
from executive_suite.adopt.sheet import Sheet

_DAY = re.compile(r"(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)")


def queries(one: Sheet) -> Reading:
    """The queries; the day is that of the export, in the name of the file or of its folder.

    Raises:
        NotReadableError: neither has a day, so that nobody can say when these positions were.
    """
    day = _day(one)
    return _reading(one, day, tuple(_queries(one, day)), 0)


def others(one: Sheet) -> Reading:
    """Pages and days have no keyword: they are counted and left out."""
    return _reading(one, None, (), len(one.rows))


def _queries(one: Sheet, day: date) -> Iterator[Record]:
    for row in one.rows:
        if not row.text("keyword"):
            continue
        position, shown, clicked = (one.amount(row, role) for role in ("position", "impressions", "clicks"))
        values = {
            "keyword": row.text("keyword"),
            "date": day.isoformat(),
            "position": "" if position is None else str(position),
            "impressions": "" if shown is None else str(int(shown)),
            "clicks": "" if clicked is None else str(int(clicked)),
        }
        yield Record("seo_rank", values, one.origin(row))


def _day(one: Sheet) -> date:
    for text in (one.upload.name, one.upload.path.parent.name):
        for found in _DAY.finditer(text):
            day = days.read("-".join(found.groups()))
            if isinstance(day, date):
                return day
    msg = (
        f"{one.upload.name}: nothing says of which day these positions are: put the export's day into the file's name "
        "(Queries-2025-03-31.csv), or leave the file in the folder that Search Console names"
    )
    raise NotReadableError(msg)


def _reading(one: Sheet, day: date | None, records: tuple[Record, ...], left: int) -> Reading:
    return replace(
        one.reading("register"),
        exported_on=day,
        records=records,
        left_out=(LeftOut("pages or days, which have no keyword", left),) if left else (),
        remarks=("The position is the average over the export's period.",) if records else (),
    )
