"""What all reports share: title, period, foot, and the table of what changed since the last report."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from executive_suite import config, formats
from executive_suite.facts.definition import definition_of
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.figures import Figures
from executive_suite.rendering.blocks import CAUSES, NOTABLE, Cell, Chart, Column, Decision, Foot, Page, Table
from executive_suite.reports import news
from executive_suite.reports.drivers import driver, moved, number
from executive_suite.reports.selection import Selection

NO_CAUSE = "the records do not say"


def page(figures: Figures, report: config.Report, *, revision: int, replaces: tuple[str, ...]) -> Page:
    """The page before its view has filled in message, figures, changes and decisions."""
    through = formats.day(figures.report_date - timedelta(days=1))
    return Page(
        report=report.report,
        title=report.title,
        reader=report.reader,
        report_date=figures.report_date.isoformat(),
        period=f"{formats.day(figures.report_date)}, covering everything through {through}",
        message=(),
        kpis=(),
        changes=Table("", (), ()),
        decisions=(),
        foot=_foot(figures, revision, through),
        sample=figures.sample,
        replaces=replaces,
    )


def subject(shown: Page, revision: int) -> str:
    """The subject line: report and date; the message itself stands in the preheader."""
    suffix = f" (revision {revision})" if revision > 1 else ""
    return f"{shown.title}, {formats.day(shown.report_date)}{suffix}"


def _foot(figures: Figures, revision: int, through: str) -> Foot:
    rows = sum(figures.coverage.values())
    evaluated = sum(1 for fact in figures.facts if fact.status != "not_evaluable")
    return Foot(
        report_date=formats.day(figures.report_date),
        data_through=through,
        cut_off=_instant(figures.cut_off),
        zone=figures.zone,
        dataset_hash=figures.dataset_hash,
        revision=revision,
        coverage=(
            f"{formats.number(rows)} rows of {len(figures.coverage)} tables; "
            f"{formats.number(evaluated)} of {formats.number(len(figures.facts))} figures can be told"
        ),
        notes=tuple(note.text for note in figures.notes),
    )


def _instant(text: str) -> str:
    """An instant as a reader sees it: "1 May 2026, 07:00 UTC"; words that are none stay."""
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return text
    return f"{formats.day(moment.date())}, {moment:%H:%M} UTC"


def changes(s: Selection, *items: str | tuple[str, Fact], entity_id: str = GROUP) -> Table:
    """What changed since the previous report in some figures, and what moved them most; the note names what did not.

    Args:
        s: The figures.
        items: Metric ids, for undivided figures of ``entity_id``; or a label and a fact. Figures without a value now
            and before are left out.
        entity_id: Whose figures.
    """
    since = s.figures.previous_date
    heads = (
        Column("Figure"),
        Column("Now", "right"),
        Column("Before", "right"),
        Column("Change", "right"),
        Column(CAUSES),
    )
    title = f"Figures now and at the previous report date{f' ({formats.day(since)})' if since else ''}"
    rows, stands = [], []
    for item in items:
        name, fact = (definition_of(item).name, s.fact(item, entity_id)) if isinstance(item, str) else item
        before = s.prior(fact)
        if before is None or fact.value is before.value is None:
            continue
        if formats.of(fact) == formats.of(before):
            stands.append(f"{name} ({formats.of(fact)})")
            continue
        rows.append(
            (
                Cell(name, metric_id=fact.metric_id),
                replace(s.cell(fact), note=""),
                replace(s.cell(before), note=""),
                _difference(fact, before),
                Cell(driver(s, fact) or (NO_CAUSE if _notable(fact, before) else "")),
            )
        )
    same = f"Unchanged: {'; '.join(stands)}." if stands else ""
    return Table(title, heads, tuple(rows), note=same, empty=same or "There is no earlier report to compare with.")


def supplies(figures: Figures, shown: Page) -> tuple[Decision, ...]:
    """What there is to decide where no figure of page one can be told: to supply the records."""
    if not shown.kpis or any(kpi.value != formats.NOT_AVAILABLE for kpi in shown.kpis):
        return ()
    untold = sum(fact.status == "not_evaluable" for fact in figures.facts)
    first = next((kpi.note for kpi in shown.kpis if kpi.note), "")
    count = f"{formats.number(untold)} of {formats.number(len(figures.facts))}"
    why = f"{count} figures cannot be told{f'; first of all: {first}' if first else ''}."
    return (Decision("Supply the missing records.", why),)


def trimmed(table: Table) -> Table:
    """The table of changes without its column of causes where no row has one: an empty column says nothing."""
    if not table.rows or any(row[-1].text for row in table.rows):
        return table
    return replace(table, columns=table.columns[:-1], rows=tuple(row[:-1] for row in table.rows))


def _notable(fact: Fact, before: Fact) -> bool:
    base = number(before)
    return base is not None and base != 0 and abs(moved(fact, before)) > NOTABLE * abs(base)


def _difference(fact: Fact, before: Fact) -> Cell:
    if number(fact) is None or number(before) is None:
        return Cell("new" if before.value is None else "gone" if fact.value is None else "changed")
    difference = moved(fact, before)
    return Cell(
        formats.difference(difference, fact.unit),
        difference if fact.unit.startswith("cents") else None,
        "money" if fact.unit.startswith("cents") else "text",
        news.tone(fact.metric_id, difference),
    )


def chart(chart_id: str, title: str, svg: str, alt: str, note: str = "", *, finding: str = "") -> Chart:  # noqa: PLR0913 - what a chart is made of
    """A chart whose hatching has an id of its own, so that several can stand on one page.

    Where nothing is drawn but an axis there is no picture: its words, which say why, stand in its place.
    """
    own = svg.replace('"hatch"', f'"hatch-{chart_id}"').replace("#hatch", f"#hatch-{chart_id}")
    drawn = any(mark in svg for mark in ("<rect x", "<path", "<circle"))
    return Chart(chart_id, title, own if drawn else "", alt, note if drawn else "", finding if drawn else "")


def text_cell(words: str) -> Cell:
    """A cell of plain words."""
    return Cell(words)
