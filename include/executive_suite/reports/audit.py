"""What the audits share: whose figures they show, what the rules found in them, tables by month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.findings import Finding
from executive_suite.rendering.blocks import (
    ActionItem,
    ActionList,
    Cell,
    Chart,
    Column,
    Decision,
    FindingItem,
    FindingList,
    Kpi,
    Table,
)
from executive_suite.rendering.charts import Point
from executive_suite.reports import frame
from executive_suite.reports.selection import Selection, missing_text

MONTHS = 12
MOST_DECISIONS = 5
MOST_EVIDENCE = 8

# What page one asks about; what is less grave is on the agenda.
GRAVE = ("critical", "high")

# When a decision is due that has no day of its own, in days: as on the group's agenda.
AGENDA_DAYS = 30


@dataclass(frozen=True, slots=True)
class MonthColumn:
    """A column of a table by month: its head and the metric behind it."""

    title: str
    metric_id: str
    dimensions: Mapping[str, str] = field(default_factory=dict)


def whose(s: Selection, metric_id: str) -> str:
    """The entity an audit is about: the only one with figures of this metric, or the group when there are several."""
    entities = {fact.entity_id for fact in s.figures.facts if fact.metric_id == metric_id} - {GROUP}
    return entities.pop() if len(entities) == 1 else GROUP


def firing(s: Selection, kind: str) -> tuple[Finding, ...]:
    """The concerns of an audit that the rules found: worst first, then by money at stake."""
    found = (finding for finding in s.figures.findings if finding.kind == kind and finding.outcome == "fires")
    return tuple(sorted(found, key=lambda finding: finding.urgency))


def judged_by(s: Selection, finding_id: str, name: str) -> Decimal | None:
    """A limit or figure by which a rule was judged; None where it has no value."""
    found = next((f.judged_by.get(name, "") for f in s.figures.findings if f.finding_id == finding_id), "")
    return Decimal(found) if found else None


def listed(s: Selection, kind: str, reader: str) -> FindingList:
    """The concerns, then the rules that could not be evaluated, which is no pass; the reader answers for them."""
    items = tuple(
        FindingItem(
            title=finding.title,
            severity=finding.severity,
            reason=finding.reason,
            at_stake="" if finding.at_stake_cents is None else formats.money(finding.at_stake_cents),
            owner=reader,
            evidence=tuple(row.text for row in finding.evidence if row.text)[:MOST_EVIDENCE],
            assumed=finding.assumed,
        )
        for finding in firing(s, kind)
    )
    unknown = tuple(
        FindingItem(
            title=f"Not checked: {', '.join(names)}",
            severity="medium",
            reason=f"{reason[:1].upper()}{reason[1:]}.",
            outcome="not_evaluable",
            owner=reader,
        )
        for reason, names in _not_checked(s, kind).items()
    )
    return FindingList(
        "What the figures of this date call for, worst first",
        items + unknown,
        empty="No rule of this audit fires on the figures of this date.",
    )


def _not_checked(s: Selection, kind: str) -> dict[str, list[str]]:
    """Why rules could not be evaluated, and what they are called."""
    found: dict[str, list[str]] = {}
    for finding in s.figures.findings:
        if finding.kind == kind and finding.outcome == "not_evaluable":
            names = found.setdefault(finding.reason, [])
            names += [] if finding.title in names else [finding.title]
    return found


def lead(s: Selection, kind: str, *said: str, first: str = "") -> str:
    """The second line of a message: the worst concern in its figures, or how many rules could be checked.

    Args:
        s: The figures.
        kind: Of the audit's findings.
        said: Findings of which the first line speaks.
        first: The finding that comes before any other.
    """
    found = [finding for finding in firing(s, kind) if finding.finding_id not in said]
    if found:
        return min(found, key=lambda finding: finding.finding_id != first).reason
    rules = sum(finding.kind == kind for finding in s.figures.findings)
    unknown = sum(len(names) for names in _not_checked(s, kind).values())
    if unknown:
        return f"{unknown} of the {rules} rules of this audit could not be checked."
    return f"None of the {rules} rules of this audit calls for anything else."


def told(kpis: Sequence[Kpi], because: str) -> str:
    """The first line of a message when its figure has no value: how many of the page's have one, and why not this."""
    there = sum(kpi.value != formats.NOT_AVAILABLE for kpi in kpis)
    return f"{there} of the {len(kpis)} figures on this page can be told; {because}."


def decisions(s: Selection, kind: str) -> tuple[Decision, ...]:
    """What the reader is asked to decide, in the order of the concerns: what is grave; without that, the first."""
    asked = [finding for finding in firing(s, kind) if finding.action]
    grave = [finding for finding in asked if finding.severity in GRAVE]
    shown = (grave or asked[:1])[:MOST_DECISIONS]
    return tuple(Decision(finding.action, due=formats.day(_due(s, finding))) for finding in shown)


def _due(s: Selection, finding: Finding) -> date:
    """The day that the records name; else thirty days from now."""
    if finding.due_on:
        return date.fromisoformat(finding.due_on)
    return s.figures.report_date + timedelta(days=AGENDA_DAYS)


def agenda(s: Selection, kind: str, reader: str) -> ActionList:
    """What to do about the concerns, in their order, with the day by which; theirs, else thirty days from now."""
    unknown = sum(len(names) for names in _not_checked(s, kind).values())
    nothing = f"Nothing is asked; {unknown} rules could not be checked." if unknown else "Nothing is asked."
    asked = [finding for finding in firing(s, kind) if finding.action]
    items = tuple(
        ActionItem(
            rank=place,
            title=finding.action.rstrip("."),
            score=f"severity ({finding.severity})"
            + ("" if finding.at_stake_cents is None else f", {formats.money(finding.at_stake_cents)} at stake"),
            owner=reader,
            due=formats.day(_due(s, finding)),
            assumed=finding.assumed,
        )
        for place, finding in enumerate(asked, start=1)
    )
    return ActionList("What to do about it, by severity and money at stake", items, nothing)


def cents(fact: Fact) -> int:
    """A money fact as an integer; 0 when it has no value, for rules that ask whether something is above zero."""
    return int(fact.value) if isinstance(fact.value, (int, Decimal)) else 0


def latest(shown: Sequence[object]) -> str:
    """How a title names the months that it covers."""
    return f"latest {len(shown) or MONTHS} complete months"


def points(facts: Iterable[Fact]) -> list[Point]:
    """Monthly facts as the points of a chart; months without a value are left out."""
    return [
        Point(
            formats.month(f.period).split(" ", maxsplit=1)[0],
            f.value,
            formats.of_table(f).removesuffix(f" {formats.currency()}"),
        )
        for f in facts
        if isinstance(f.value, (int, Decimal)) and not isinstance(f.value, bool)
    ]


def in_words(facts: Iterable[Fact]) -> str:
    """Monthly facts as a chart's alt text says them."""
    return ", ".join(f"{formats.month(f.period)} {formats.of_table(f)}" for f in facts)


def by_month(s: Selection, title: str, entity_id: str, columns: Sequence[MonthColumn], *, empty: str) -> Table:
    """A table with a row for each of the latest twelve complete months that the first column has, oldest first."""
    first = columns[0]
    months = [f.period for f in s.months(first.metric_id, MONTHS, entity_id, **first.dimensions)]
    rows = tuple(
        (
            Cell(formats.month(month)),
            *(_cell(s, s.fact(c.metric_id, entity_id, month, **c.dimensions)) for c in columns),
        )
        for month in months
    )
    heads = (Column("Month"), *(Column(c.title, "right") for c in columns))
    last = s.fact(first.metric_id, entity_id, months[-1], **first.dimensions) if months else None
    said_of_last = f"{formats.month(last.period)}: {last.reason}." if last is not None and last.reason else ""
    return Table(title, heads, rows, note=said_of_last, empty=empty)


def _cell(s: Selection, fact: Fact) -> Cell:
    """A cell of a monthly row; what qualifies a value stands under the whole table, not under each of its cells."""
    return s.cell(fact) if fact.value is None else bare(s, fact)


def note(fact: Fact) -> str:
    """The reason of a fact, or why it has no value."""
    return fact.reason if fact.value is not None else missing_text(fact.status, fact.reason)


def missing(fact: Fact, advice: str, nothing: str = "") -> str:
    """Why a table is empty: the reason of the fact that it would show, and what to add; else that there is nothing."""
    if fact.value is None and fact.reason:
        return f"{note(fact).capitalize()}. {advice}"
    return nothing or advice


def chart(  # noqa: PLR0913 - a chart is its title, its picture, its words, and what to see in it
    chart_id: str, title: str, drawn: tuple[str, Sequence[object]], words: str, instead: Fact, finding: str = ""
) -> Chart:
    """A chart with its words; when nothing is drawn, the words say why.

    Args:
        chart_id: Unique in the report.
        title: Names measure, unit, period and scenario.
        drawn: The picture, and what it shows.
        words: The same figures in words.
        instead: The fact whose reason tells why there is nothing to draw.
        finding: What a reader is to see in it, one sentence with its figure.
    """
    svg, shown = drawn
    made = frame.chart(
        chart_id, title, svg, f"{words[:1].upper()}{words[1:]}." if shown else f"Nothing to draw: {note(instead)}."
    )
    return replace(made, finding=finding if shown else "")


def bare(s: Selection, fact: Fact) -> Cell:
    """A fact as a cell whose qualification stands in a column of its own."""
    return replace(s.cell(fact), note="")


def share(part: Fact, whole: Fact) -> Cell:
    """What part of a total a money fact is."""
    every = cents(whole)
    if not every:
        return Cell(formats.NOT_AVAILABLE, note="the total is 0")
    fraction = Decimal(cents(part)) / every
    return Cell(formats.share(fraction), fraction, "ratio")


def count(words: str) -> Cell:
    """A count that a reason states, as a number."""
    return Cell(words, int(words) if words.isdigit() else None, "number")


def said(words: str, fallback: str = "") -> Cell:
    """A cell of words; ``fallback`` where there are none."""
    return frame.text_cell(words or fallback)
