"""What a report is made of: blocks that every format knows how to show. Plain values, formatted once, at the edge."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Tone = Literal["good", "bad", "neutral"]
Align = Literal["left", "right"]
Raw = int | Decimal | str | None
Kind = Literal["text", "money", "ratio", "number", "date"]

CAUSES = "Mainly"
"""Head of the column that says what moved a figure."""
NOTABLE = Decimal("0.1")
"""A change of more than a tenth of the earlier figure carries its cause."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table.

    Attributes:
        text: As a reader sees it.
        raw: The number behind it, for the workbook: cents, a fraction, a count; None when it is text.
        kind: What the number is; decides the workbook's number format.
        tone: Good or bad news; shown by a mark as well as by colour.
        metric_id: The metric it shows, for its footnote; empty when it shows none.
        assumed: Whether it rests on a row marked ``assumed``.
        note: Why there is no value, or what qualifies it.
    """

    text: str
    raw: Raw = None
    kind: Kind = "text"
    tone: Tone = "neutral"
    metric_id: str = ""
    assumed: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its head and how its cells are aligned."""

    title: str
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads.

    Attributes:
        title: Names measure, unit, period and scenario.
        columns: Heads.
        rows: Cells, one a column.
        total: A last row, set apart; empty when sums make no sense.
        note: Said under the table.
        empty: Said in place of the table when it has no rows: what is missing and what to do.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()
    note: str = ""
    empty: str = "Nothing to show."


@dataclass(frozen=True, slots=True)
class Kpi:
    """One figure of page one.

    Attributes:
        label: What it is.
        value: With its unit.
        comparison: Against target or prior value ("prior 7,700 USD, +3.9 %"), or "no target or prior: none set".
        tone: Whether that is good or bad news.
        metric_id: For its footnote.
        note: Why there is no value, or what qualifies it.
        assumed: Whether it rests on a row marked ``assumed``.
        raw: The number behind the value, for the workbook, as in a ``Cell``; None when it is text.
        kind: What the number is.
    """

    label: str
    value: str
    comparison: str
    tone: Tone = "neutral"
    metric_id: str = ""
    note: str = ""
    assumed: bool = False
    raw: Raw = None
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture and the words that say the same.

    Attributes:
        chart_id: Unique in the report; the picture's content id begins with it.
        title: Names measure, unit, period and scenario.
        svg: The picture, self-contained; empty where there is nothing to draw, and ``alt`` says why in its place.
        alt: What it shows, from the same figures.
        note: Said under the picture.
        finding: What a reader is to see in it, one sentence with its figure; stands above the title.
    """

    chart_id: str
    title: str
    svg: str
    alt: str
    note: str = ""
    finding: str = ""

    @property
    def content_id(self) -> str:
        """The content id under which the picture travels with a mail."""
        return f"{self.chart_id}@executive-suite"


@dataclass(frozen=True, slots=True)
class FindingItem:
    """One finding as a reader sees it."""

    title: str
    severity: str
    reason: str
    outcome: str = "fires"
    at_stake: str = ""
    owner: str = ""
    score: str = ""
    entity: str = ""
    evidence: tuple[str, ...] = ()
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class FindingList:
    """Findings in order of urgency; ``more`` says how many are not listed."""

    title: str
    items: tuple[FindingItem, ...]
    empty: str = "No rule of this kind fires."
    more: str = ""


@dataclass(frozen=True, slots=True)
class ActionItem:
    """One ranked action as a reader sees it."""

    rank: int
    title: str
    score: str
    owner: str
    due: str
    status: str = ""
    at_stake: str = ""
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class ActionList:
    """A ranked agenda."""

    title: str
    items: tuple[ActionItem, ...]
    empty: str = "Nothing is open."


@dataclass(frozen=True, slots=True)
class Decision:
    """What the reader is asked to decide.

    Attributes:
        what: The choice, as a sentence.
        why: The figure or the evidence behind it.
        owner: Who acts on it, where that is somebody else than the reader.
        due: Until when, in words ("31 May 2026").
        stake: What it costs, brings or puts at stake ("2,000 USD at stake").
    """

    what: str
    why: str = ""
    owner: str = ""
    due: str = ""
    stake: str = ""

    @property
    def terms(self) -> tuple[str, ...]:
        """Who, by when, for how much: those of them that are known."""
        return tuple(filter(None, (self.owner, f"by {self.due}" if self.due else "", self.stake)))


@dataclass(frozen=True, slots=True)
class DefinitionItem:
    """A footnote: the registry's own words."""

    metric_id: str
    name: str
    unit: str
    definition: str
    source: str


@dataclass(frozen=True, slots=True)
class Foot:
    """Where the figures come from; the same words at the end of every report of a run."""

    report_date: str
    data_through: str
    cut_off: str
    zone: str
    dataset_hash: str
    revision: int
    coverage: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """What every report has, whoever reads it.

    Attributes:
        report: Report id.
        title: Of the report.
        reader: Whom it is for.
        report_date: ISO date.
        period: What it covers ("through 30 April 2026").
        message: At most two lines, each with a number and what it is compared with.
        kpis: Six to eight figures.
        changes: What changed since the last report, and why.
        decisions: What the reader is asked to decide.
        foot: Where the figures come from.
        definitions: Footnotes of every metric that the report shows.
        sample: Whether the data is the shipped sample.
        assumed: Whether anything in the report rests on assumed rows.
        replaces: For a later revision: what it replaces and which figures changed.
    """

    report: str
    title: str
    reader: str
    report_date: str
    period: str
    message: tuple[str, ...]
    kpis: tuple[Kpi, ...]
    changes: Table
    decisions: tuple[Decision, ...]
    foot: Foot
    definitions: tuple[DefinitionItem, ...] = ()
    sample: bool = False
    assumed: bool = False
    replaces: tuple[str, ...] = ()
