"""The CTO's section on which reports are read: counts of the distribution's logs, and nobody's address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from executive_suite import formats
from executive_suite.facts.readership import Reads
from executive_suite.rendering.blocks import Cell, Section, section
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables.builder import Col, figures, table, words
from executive_suite.wording import noted, say
from executive_suite.written import named

_SHOWN = 3
"""Report dates that have a column."""
_NOTE = noted(
    "One viewer within one hour is one read. Programs that say what they are do not count; a mail filter that opens "
    "links as a browser does."
)


def readers(s: Selection) -> dict[str, Section]:
    """The section by its name; without logs there is none, and nothing is said."""
    known = s.figures.readership
    if not known.reads:
        return {}
    dates = sorted({one.report_date for one in known.reads}, reverse=True)
    by_report = {
        one.report: {other.report_date: other for other in known.reads if other.report == one.report}
        for one in known.reads
    }
    shown = sorted(by_report, key=lambda report: -_all(by_report[report]))

    def title(report: str) -> str:
        return say(next(iter(by_report[report].values())).title)

    columns: list[Col[str]] = [
        figures(formats.near(day.isoformat()), lambda report, day=day: _count(by_report[report].get(day)))  # type: ignore[misc]
        for day in dates[:_SHOWN]
    ]
    made = table(
        say("Reads by report date, counted through {day}", day=formats.day(known.through)),
        shown,
        (words("Report", title), *columns, figures("All dates", lambda report: Cell(_all(by_report[report]), "count"))),
        note=_NOTE,
    )
    return {"readers": section("Reports read", point=_point(s), reads=made)}


def _point(s: Selection) -> str:
    """Which report of the latest date was read most, and how many were not read."""
    known = s.figures.readership
    day = max(one.report_date for one in known.reads)
    latest = [one for one in known.reads if one.report_date == day]
    most = max(latest, key=lambda one: one.count)
    unread = sum(not one.count for one in latest)
    said = say(
        "Of the reports of {day}, the {title} was read most: {times}",
        day=formats.day(day),
        title=named(say(most.title), f"report {most.report}"),
        times=formats.counted(most.count, "time"),
    )
    if not unread:
        return f"{said}."
    return say(
        "{said}; {unread} of {all} had not been opened by {through}.",
        said=said,
        unread=formats.number(unread),
        all=formats.number(len(latest)),
        through=formats.day(known.through),
    )


def _all(own: Mapping[date, Reads]) -> int:
    return sum(one.count for one in own.values())


def _count(read: Reads | None) -> Cell:
    return Cell("") if read is None else Cell(read.count, "count")
