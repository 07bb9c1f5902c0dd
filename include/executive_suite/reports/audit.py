"""What the audits share: whose figures they show, what calls for attention by a stated rule, tables by month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.definition import definition_of
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.findings import SEVERITIES, Severity
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

# What page one asks about; what is less grave stands in the agenda.
GRAVE = ("critical", "high")

# How far ahead an audit looks for what falls due: the quarter that its reader plans.
LOOK_AHEAD_DAYS = 90

# When a decision is due that has no day of its own, in days: as on the group's agenda.
AGENDA_DAYS = 30


@dataclass(frozen=True, slots=True)
class Concern:
    """Something that calls for attention, found by a rule over facts.

    Attributes:
        title: What it is.
        severity: How bad it is.
        reason: Why, with the figures.
        decision: What the reader is asked to decide about it, with its figure; empty when nothing.
        at_stake: Money at stake, cents.
        evidence: The facts it rests on, in words.
        due: The day by which it has to be decided, where the records name one.
        assumed: Whether one of them rests on rows marked ``assumed``.
    """

    title: str
    severity: Severity
    reason: str
    decision: str = ""
    at_stake: int | None = None
    evidence: tuple[str, ...] = ()
    due: date | None = None
    assumed: bool = False


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


def ordered(found: Iterable[Concern | None]) -> tuple[Concern, ...]:
    """The concerns that there are, worst first, then by money at stake."""
    there = [concern for concern in found if concern is not None]
    return tuple(sorted(there, key=lambda c: (SEVERITIES.index(c.severity), -(c.at_stake or 0), c.title)))


def listed(s: Selection, who: str, concerns: Sequence[Concern], reader: str, needs: Sequence[str]) -> FindingList:
    """The concerns as findings, then what the rules could not look at; whoever reads the audit answers for them.

    Args:
        s: The figures.
        who: The entity that the audit is about.
        concerns: What the rules found.
        reader: Whom the audit is for.
        needs: The metrics that the rules look at; those that are not evaluable are named, because that is no pass.
    """
    items = tuple(
        FindingItem(
            title=concern.title,
            severity=concern.severity,
            reason=concern.reason,
            at_stake="" if concern.at_stake is None else formats.money(concern.at_stake),
            owner=reader,
            evidence=concern.evidence,
            assumed=concern.assumed,
        )
        for concern in concerns
    )
    untold = tuple(
        FindingItem(
            title=f"Cannot be told: {', '.join(names)}",
            severity="medium",
            reason=f"{reason[:1].upper()}{reason[1:]}.",
            outcome="not_evaluable",
            owner=reader,
        )
        for reason, names in _untold(s, who, needs).items()
    )
    return FindingList(
        "What the figures of this date call for, worst first",
        items + untold,
        empty="No rule of this audit fires on the figures of this date.",
    )


def _untold(s: Selection, who: str, needs: Sequence[str]) -> dict[str, list[str]]:
    """Why metrics are not evaluable, and their names."""
    found: dict[str, list[str]] = {}
    divided = {fact.metric_id for fact in s.figures.facts if fact.entity_id == who and fact.dimensions}
    for metric_id in needs:
        fact = s.fact(metric_id, who)
        # A metric that only exists by kind has no undivided figure, and is told all the same.
        if fact.status == "not_evaluable" and (fact.inputs or metric_id not in divided):
            found.setdefault(fact.reason, []).append(definition_of(metric_id).name)
    return found


def lead(s: Selection, who: str, concerns: Sequence[Concern], needs: Sequence[str]) -> str:
    """The second line of a message: the worst concern in its figures, or how much could be looked at."""
    if concerns:
        return concerns[0].reason
    untold = sum(len(names) for names in _untold(s, who, needs).values())
    if untold:
        return f"{untold} of the {len(needs)} figures that this audit's rules look at cannot be told."
    return f"No rule fires on the {len(needs)} figures that this audit looks at."


def told(kpis: Sequence[Kpi], because: str) -> str:
    """The first line of a message when its figure has no value: how many of the page's have one, and why not this."""
    there = sum(kpi.value != formats.NOT_AVAILABLE for kpi in kpis)
    return f"{there} of the {len(kpis)} figures on this page can be told; {because}."


def decisions(s: Selection, concerns: Sequence[Concern]) -> tuple[Decision, ...]:
    """What the reader is asked to decide, in the order of the concerns: what is grave; without that, the first."""
    asked = [concern for concern in concerns if concern.decision]
    grave = [concern for concern in asked if concern.severity in GRAVE]
    shown = (grave or asked[:1])[:MOST_DECISIONS]
    return tuple(Decision(concern.decision, due=formats.day(_due(s, concern))) for concern in shown)


def _due(s: Selection, concern: Concern) -> date:
    """The day that the records name; else thirty days from now."""
    return concern.due or s.figures.report_date + timedelta(days=AGENDA_DAYS)


def agenda(s: Selection, who: str, concerns: Sequence[Concern], reader: str, needs: Sequence[str]) -> ActionList:
    """What to do about the concerns, in their order, with the day by which; theirs, else thirty days from now."""
    untold = sum(len(names) for names in _untold(s, who, needs).values())
    nothing = f"Nothing is asked; {untold} of {len(needs)} figures cannot be told." if untold else "Nothing is asked."
    asked = [concern for concern in concerns if concern.decision]
    items = tuple(
        ActionItem(
            rank=place,
            title=concern.decision.rstrip("."),
            score=f"severity ({concern.severity})"
            + ("" if concern.at_stake is None else f", {formats.money(concern.at_stake)} at stake"),
            owner=reader,
            due=formats.day(_due(s, concern)),
            assumed=concern.assumed,
        )
        for place, concern in enumerate(asked, start=1)
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
