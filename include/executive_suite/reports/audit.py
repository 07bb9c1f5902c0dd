"""What the audits share: whose figures they show, what calls for attention by a stated rule, tables by month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from executive_suite.charts import Point
from executive_suite.facts import GROUP, Fact
from executive_suite.findings import SEVERITIES, Severity
from executive_suite.reports import frame, wording
from executive_suite.reports.blocks import Cell, Column, FindingItem, FindingList, Table
from executive_suite.reports.selection import Selection, missing_text

MONTHS = 12
MOST_DECISIONS = 5

# How far ahead an audit looks for what falls due: the quarter that its reader plans.
LOOK_AHEAD_DAYS = 90


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
        assumed: Whether one of them rests on rows marked ``assumed``.
    """

    title: str
    severity: Severity
    reason: str
    decision: str = ""
    at_stake: int | None = None
    evidence: tuple[str, ...] = ()
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


def listed(concerns: Sequence[Concern], entity: str, reader: str) -> FindingList:
    """The concerns as findings; whoever reads the audit answers for them."""
    items = tuple(
        FindingItem(
            title=concern.title,
            severity=concern.severity,
            reason=concern.reason,
            at_stake="" if concern.at_stake is None else wording.money(concern.at_stake),
            owner=reader,
            entity=entity,
            evidence=concern.evidence,
            assumed=concern.assumed,
        )
        for concern in concerns
    )
    return FindingList(
        "What the figures of this date call for, worst first",
        items,
        empty="No rule of this audit fires on the figures of this date.",
    )


def lead(concerns: Sequence[Concern]) -> str:
    """The second line of a message: the worst concern in its figures."""
    return concerns[0].reason if concerns else "0 of this audit's rules fire on the figures of this date."


def decisions(concerns: Sequence[Concern]) -> tuple[str, ...]:
    """What the reader is asked to decide, in the order of the concerns."""
    return tuple(concern.decision for concern in concerns if concern.decision)[:MOST_DECISIONS]


def cents(fact: Fact) -> int:
    """A money fact as an integer; 0 when it has no value, for rules that ask whether something is above zero."""
    return int(fact.value) if isinstance(fact.value, (int, Decimal)) else 0


def points(facts: Iterable[Fact]) -> list[Point]:
    """Monthly facts as the points of a chart; months without a value are left out."""
    return [
        Point(wording.month(f.period).split(" ", maxsplit=1)[0], f.value, wording.of_table(f).removesuffix(" USD"))
        for f in facts
        if isinstance(f.value, (int, Decimal)) and not isinstance(f.value, bool)
    ]


def in_words(facts: Iterable[Fact]) -> str:
    """Monthly facts as a chart's alt text says them."""
    return ", ".join(f"{wording.month(f.period)} {wording.of_table(f)}" for f in facts)


def by_month(s: Selection, title: str, entity_id: str, columns: Sequence[MonthColumn], *, empty: str) -> Table:
    """A table with a row for each of the latest twelve complete months that the first column has, oldest first."""
    first = columns[0]
    months = [f.period for f in s.months(first.metric_id, MONTHS, entity_id, **first.dimensions)]
    rows = tuple(
        (
            Cell(wording.month(month)),
            *(s.cell(s.fact(c.metric_id, entity_id, month, **c.dimensions)) for c in columns),
        )
        for month in months
    )
    heads = (Column("Month"), *(Column(c.title, "right") for c in columns))
    return Table(title, heads, rows, empty=empty)


def note(fact: Fact) -> str:
    """The reason of a fact, or why it has no value."""
    return fact.reason if fact.value is not None else missing_text(fact.status, fact.reason)


def missing(fact: Fact, otherwise: str) -> str:
    """Why a table is empty: the reason of the fact that it would show."""
    if fact.value is None and fact.reason:
        return f"{missing_text(fact.status, fact.reason).capitalize()}. {otherwise}"
    return otherwise


def bare(s: Selection, fact: Fact) -> Cell:
    """A fact as a cell whose qualification stands in a column of its own."""
    return replace(s.cell(fact), note="")


def said(words: str, fallback: str = "") -> Cell:
    """A cell of words; ``fallback`` where there are none."""
    return frame.text_cell(words or fallback)
