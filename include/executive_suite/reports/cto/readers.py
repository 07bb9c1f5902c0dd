"""The CTO's section on which reports are read: reads by the logs, opened mails apart from them, nobody's address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from executive_suite import formats
from executive_suite.facts.readership import Opens, Reads
from executive_suite.rendering.blocks import Cell, Section, Table, section
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables.builder import Col, figures, table, words
from executive_suite.wording import noted, say
from executive_suite.written import named

Count = TypeVar("Count", Reads, Opens)

_SHOWN = 3
"""Report dates that have a column."""
_NOTE = noted(
    "One viewer within one hour is one read. Programs that say what they are do not count; a mail filter that opens "
    "links as a browser does. Logs come a day or two late."
)
_OPENS_NOTE = noted(
    "Weak evidence: a mail counts as opened when a mail program loads its pictures; some load them by themselves, "
    "others block them."
)


def readers(s: Selection) -> dict[str, Section]:
    """The section by its name; where neither logs nor mails tell anything there is none, and nothing is said."""
    known = s.figures.readership
    blocks: dict[str, Any] = {"reads": _reads(known.reads, known.through)} if known.reads else {}
    if known.opens:
        blocks["opens"] = _opens(known.opens, known.opens_through)
    return {"readers": section("Reports read", point=_point(s), **blocks)} if blocks else {}


def _reads(reads: Sequence[Reads], through: str) -> Table:
    by_report = _by_report(reads)
    return table(
        say("Reads by report date, counted through {day}", day=formats.day(through)),
        sorted(by_report, key=lambda report: -_all(by_report[report])),
        (
            words("Report", lambda report: _title(by_report[report])),
            *_columns(by_report, figures, _count),
            figures("All dates", lambda report: Cell(_all(by_report[report]), "count")),
        ),
        note=_NOTE,
    )


def _opens(opens: Sequence[Opens], through: str) -> Table:
    by_report = _by_report(opens)
    return table(
        say("Mails opened by report date, through {day}", day=formats.day(through)),
        by_report,
        (words("Report", lambda report: _title(by_report[report])), *_columns(by_report, words, _share)),
        note=_OPENS_NOTE,
    )


def _columns(
    by_report: Mapping[str, Mapping[date, Count]],
    column: Callable[..., Col[str]],
    shown: Callable[[Count | None], Cell | str],
) -> list[Col[str]]:
    """A column for each of the latest report dates, the latest first."""
    dates = sorted({day for own in by_report.values() for day in own}, reverse=True)

    def of(day: date) -> Callable[[str], Cell | str]:
        return lambda report: shown(by_report[report].get(day))

    return [column(formats.near(day.isoformat()), of(day)) for day in dates[:_SHOWN]]


def _by_report(counts: Sequence[Count]) -> dict[str, dict[date, Count]]:
    found: dict[str, dict[date, Count]] = {}
    for one in counts:
        found.setdefault(one.report, {})[one.report_date] = one
    return found


def _title(own: Mapping[date, Reads | Opens]) -> str:
    return say(next(iter(own.values())).title)


def _share(one: Opens | None) -> str:
    if one is None:
        return ""
    return say("{opened} of {mails}", opened=formats.number(one.opened), mails=formats.number(one.mails))


def _point(s: Selection) -> str:
    """Which report of the latest date was read most, and how many were not read; without logs, what mails tell."""
    known = s.figures.readership
    if not known.reads:
        return _opened(known.opens)
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


def _opened(opens: Sequence[Opens]) -> str:
    day = max(one.report_date for one in opens)
    latest = [one for one in opens if one.report_date == day]
    return say(
        "Mails of {day} opened: {opened} of {mails}, as far as mail programs say.",
        mails=formats.number(sum(one.mails for one in latest)),
        day=formats.day(day),
        opened=formats.number(sum(one.opened for one in latest)),
    )


def _all(own: Mapping[date, Reads]) -> int:
    return sum(one.count for one in own.values())


def _count(read: Reads | None) -> Cell:
    return Cell("") if read is None else Cell(read.count, "count")
