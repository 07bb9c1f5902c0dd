"""Parts that all reports share: title, period, foot, and the table of changes since the last report."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from executive_suite import config, formats
from executive_suite.facts.definition import definition_of
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.figures import Figures
from executive_suite.rendering.blocks import CAUSES, NOTABLE, Cell, Decision, Foot, Page, Table
from executive_suite.reports import news
from executive_suite.reports.absence import left, none
from executive_suite.reports.drivers import driver, moved
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables.builder import figures as column
from executive_suite.reports.tables.builder import table, words
from executive_suite.wording import noted, say

NO_CAUSE = noted("cause not recorded")

OVERLAP = noted("Windows of several months overlap with those of the previous report.")

Change = tuple[str, Fact, Fact]
"""A label, the fact now and the same fact at the previous report."""


def page(figures: Figures, report: config.Report, *, revision: int, replaces: tuple[str, ...]) -> Page:
    """The page before its report has filled in message, figures, changes and decisions."""
    through = formats.day(figures.report_date - timedelta(days=1))
    return Page(
        report=report.report,
        title=say(report.title),
        reader=say(report.reader),
        report_date=figures.report_date.isoformat(),
        period=say(
            "{report_date}, with data through {through}", report_date=formats.day(figures.report_date), through=through
        ),
        message=(),
        kpis=(),
        changes=Table("", (), ()),
        decisions=(),
        foot=_foot(figures, revision, through),
        sample=figures.sample,
        replaces=replaces,
        brand=figures.brand,
    )


def calculated(figures: Figures) -> str:
    """How many facts have a value or a valid reason for having none."""
    count = sum(fact.status != "not_evaluable" for fact in figures.facts)
    return say(
        "{count} of {facts} figures could be calculated",
        count=formats.number(count),
        facts=formats.number(len(figures.facts)),
    )


def _foot(figures: Figures, revision: int, through: str) -> Foot:
    rows = formats.number(sum(figures.coverage.values()))
    return Foot(
        report_date=formats.day(figures.report_date),
        data_through=through,
        cut_off=_instant(figures.cut_off),
        zone=figures.zone,
        dataset_hash=figures.dataset_hash,
        revision=revision,
        coverage=say(
            "{rows} rows of {coverage} tables; {figures}",
            rows=rows,
            coverage=len(figures.coverage),
            figures=calculated(figures),
        ),
        notes=tuple(note.text for note in figures.notes),
    )


def _instant(text: str) -> str:
    """An instant in UTC: "May 1, 2026, 07:00 UTC"; other text stays unchanged."""
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return text
    return say("{date}, {moment} UTC", date=formats.day(moment.date()), moment=format(moment, "%H:%M"))


def changes(s: Selection, *items: str | tuple[str, Fact], entity_id: str = GROUP) -> Table:
    """Changes in some figures since the previous report and their causes; the note names unchanged figures.

    Args:
        s: The figures.
        items: Metric ids, for undivided figures of ``entity_id``; or a label and a fact. Figures without a value both
            now and before are left out.
        entity_id: Whose figures.
    """
    pairs = [(say(definition_of(i).name), s.fact(i, entity_id)) if isinstance(i, str) else i for i in items]
    found = [(name, fact, before) for name, fact in pairs if (before := s.prior(fact)) is not None]
    known = [change for change in found if (change[1].value, change[2].value) != (None, None)]
    rows = [change for change in known if not formats.alike(change[1].value, change[2].value, change[1].unit)]
    still = [f"{name} ({formats.of(fact)})" for name, fact, _ in (c for c in known if c not in rows)]
    since = s.figures.previous_date
    same = say("Unchanged: {listed}.", listed="; ".join(still)) if still else ""
    return table(
        say("Figures now and at the previous report date ({day})", day=formats.day(since))
        if since
        else "Figures now and at the previous report date",
        rows,
        (
            words("Figure", lambda c: Cell(c[0], metric_id=c[1].metric_id)),
            column("Now", lambda c: c[1], notes="never"),
            column(
                "Before",
                lambda c: Cell(c[2].value, formats.once(c[1].unit), assumed=c[2].assumed, fact_id=c[2].fact_id),
            ),
            column("Change", _difference),
            words(CAUSES, lambda c: driver(s, c[1]) or (say(NO_CAUSE) if _notable(c) else "")),
        ),
        note=" ".join(filter(None, (same, say(OVERLAP) if rows else ""))),
        empty=same
        or (
            say("These figures are not known at both report dates.")
            if since
            else none("There is no earlier report to compare with.", left(s.figures.previous))
        ),
    )


def supplies(figures: Figures, shown: Page) -> tuple[Decision, ...]:
    """The decision if no figure of page one could be calculated: to supply the records."""
    if not shown.kpis or any(kpi.value is not None for kpi in shown.kpis):
        return ()
    missing = sum(fact.status == "not_evaluable" for fact in figures.facts)
    first = shown.kpis[0].comparison
    count = say("{missing} of {facts}", missing=formats.number(missing), facts=formats.number(len(figures.facts)))
    why = say(
        "{count} figures could not be calculated{value}.",
        count=count,
        value=say("; the first reason: {first}", first=first) if first else "",
    )
    return (Decision(say("Supply the missing records."), why),)


def _notable(change: Change) -> bool:
    _, fact, before = change
    return bool(before.number) and abs(moved(fact, before)) > NOTABLE * abs(Decimal(before.number or 0))


def _difference(change: Change) -> Cell:
    _, fact, before = change
    if fact.number is None or before.number is None:
        return Cell(say("new") if before.value is None else say("gone") if fact.value is None else say("changed"))
    difference = moved(fact, before)
    tone = news.moved(fact.metric_id, difference)
    return Cell(*formats.moved(difference, fact.unit), tone, signed=True, fact_id=fact.fact_id)
