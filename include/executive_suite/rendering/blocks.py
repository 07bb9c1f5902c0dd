"""The blocks of a report, which every format can show; figures keep number and unit until they are rendered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar, Literal

from executive_suite import formats
from executive_suite.brand import PLAIN, Brand
from executive_suite.facts.fact import Value, number_of
from executive_suite.wording import noted, say

Tone = Literal["act", "watch", "fine", "neutral"]
Align = Literal["left", "right"]

SYMBOLS: Mapping[Tone, str] = {"act": "\u25b2", "watch": "\u25b3", "fine": "\u2713", "neutral": ""}
"""The marks of page, mail, paper and charts; color is never the only sign."""
VERDICTS: Mapping[Tone, str] = {"act": noted("act now"), "watch": noted("watch"), "fine": noted("fine"), "neutral": ""}
"""The same in words, for plain text and for screen readers."""

SEVERITIES = {"critical": noted("critical"), "high": noted("high"), "medium": noted("medium"), "low": noted("low")}

NOTHING = "\u2013"
"""Shown where there can be no value: nothing to compare with, nothing stated."""
CAUSES = noted("Mainly")
"""Heading of the column with the main cause of a change."""
NOTABLE = Decimal("0.1")
"""A change of more than a tenth of the earlier figure has to state its cause."""


def in_appendix(count: int) -> str:
    """How many rows of a table or a list only the appendix has; empty for none.

    >>> in_appendix(2), in_appendix(0)
    ('2 more rows in the appendix.', '')
    """
    return say("{count} in the appendix.", count=formats.counted(count, "more row")) if count else ""


def verdict(tone: Tone) -> str:
    """A verdict in words."""
    return say(VERDICTS[tone])


def severity(level: str) -> str:
    """How bad a finding is, in words."""
    return say(SEVERITIES.get(level, level))


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table.

    Attributes:
        value: The figure in its unit, a date, or words; None shows ``n/a``.
        unit: As in a fact; ``month`` for an ISO month, ``text`` for words.
        tone: The verdict on it, shown by a mark as well as by color.
        metric_id: The metric it shows, for its definition; empty when it shows none.
        assumed: Whether it rests on a row marked ``assumed``.
        note: Why there is no value, or what qualifies it.
        after: Words that follow the figure ("in 6 months").
        signed: Whether a value above zero has a plus sign, as changes have.
        places: Decimals; None for as many as the unit usually shows.
        bare: Whether a heading names the unit.
        fact_id: The fact it shows, or whose change or share it is, for its drill-down (``Fact.fact_id``); empty when
            there is no single one.
    """

    value: Value | None = ""
    unit: str = "text"
    tone: Tone = "neutral"
    metric_id: str = ""
    assumed: bool = False
    note: str = ""
    after: str = ""
    signed: bool = False
    places: int | None = None
    bare: bool = False
    fact_id: str = ""

    @property
    def text(self) -> str:
        """The cell as a reader sees it, in the group's locale."""
        figure = formats.amount(self.value, self.unit, places=self.places, bare=self.bare, signed=self.signed)
        return f"{figure} {self.after}" if self.after else figure

    @property
    def number(self) -> Decimal | int | None:
        """The figure as a number; None for words, dates and what has no value."""
        return number_of(self.value, self.unit)

    @property
    def empty(self) -> bool:
        """Whether the cell shows nothing; ``n/a`` is something."""
        return self.value in {"", NOTHING}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading and how its cells are aligned."""

    title: str
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings.

    Attributes:
        title: Names measure, period and scenario; the unit is added when the table is set.
        columns: Headings.
        rows: One cell per column.
        total: A last row, set apart; empty if sums make no sense.
        note: What is to be known about it.
        empty: Printed in place of a table without rows: what is missing and what to do.
        beyond: How many more rows only the appendix has.
    """

    macro: ClassVar[str] = "table"

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()
    note: str = ""
    empty: str = noted("Nothing to show.")
    beyond: int = 0

    @property
    def under(self) -> str:
        """Printed under the table."""
        return " ".join(filter(None, (self.note, in_appendix(self.beyond))))

    @property
    def listed(self) -> bool:
        """Whether it is shown as a list: of one column, the title says what its heading would."""
        return len(self.columns) == 1

    @property
    def lines(self) -> tuple[tuple[Cell, ...], ...]:
        """The rows, and the total after them."""
        return (*self.rows, self.total) if self.total else self.rows


@dataclass(frozen=True, slots=True)
class Kpi:
    """One figure of page one.

    Attributes:
        label: What it is.
        value: The figure in its unit; None shows ``n/a``.
        unit: As in a fact.
        comparison: With its target, last year or the last report, in a few words ("Apr 2025: $39,966").
        tone: The verdict on it.
        metric_id: For its definition.
        note: Why there is no value, or what qualifies it.
        assumed: Whether it rests on a row marked ``assumed``.
        fact_id: The fact it shows, for its drill-down; empty when it shows none.
        history: Its latest thirteen months or report dates, oldest first, for its sparkline; None where unknown.
        aim: The target, drawn as a line across the sparkline; None without one.
        parts: The facts that it adds up, if it shows none, for its drill-down.
    """

    label: str
    value: Value | None
    unit: str
    comparison: str
    tone: Tone = "neutral"
    metric_id: str = ""
    note: str = ""
    assumed: bool = False
    fact_id: str = ""
    history: tuple[Decimal | int | None, ...] = ()
    aim: Decimal | int | None = None
    parts: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The figure as a reader sees it, in the group's locale."""
        return formats.amount(self.value, self.unit)


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture and the words that say the same.

    Attributes:
        chart_id: Unique in the report; the picture's content id begins with it.
        title: Names measure, unit, period and scenario.
        svg: The picture, self-contained; empty if there is nothing to draw, and ``alt`` says why in its place.
        narrow: The same for phones and mail, where the letters of ``svg`` would be too small.
        taller: ``svg`` with more height, the lowest first: paper shows the tallest that its page one has room for.
        sparing: The same with fewer words in the picture, for a page one that has no room for more; None without.
        alt: What it shows, from the same figures.
        note: Printed under the picture.
        finding: What to see in it: one sentence with its figure, above the title.
        facts: Ids of the facts it draws, for their drill-down, in the order drawn.
    """

    macro: ClassVar[str] = "chart"

    chart_id: str
    title: str
    svg: str
    alt: str
    note: str = ""
    finding: str = ""
    facts: tuple[str, ...] = ()
    narrow: str = ""
    taller: tuple[str, ...] = ()
    sparing: Chart | None = None

    @property
    def content_id(self) -> str:
        """The content id under which the picture travels with a mail."""
        return f"{self.chart_id}@executive-suite"

    @property
    def dark_content_id(self) -> str:
        """That of the same picture for dark screens."""
        return f"{self.chart_id}-dark@executive-suite"


@dataclass(frozen=True, slots=True)
class FindingItem:
    """One finding as a reader sees it; ``item_id`` names it for its drill-down."""

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
    item_id: str = ""

    @property
    def level(self) -> str:
        """How bad it is; that it cannot be judged if an input is missing, which is never a pass."""
        return severity(self.severity) if self.outcome == "fires" else say("not evaluable")


@dataclass(frozen=True, slots=True)
class FindingList:
    """Findings in order of urgency; ``more`` tells of those not listed, ``beyond`` counts those of the appendix."""

    macro: ClassVar[str] = "findings"

    title: str
    items: tuple[FindingItem, ...]
    empty: str = noted("No findings.")
    more: str = ""
    beyond: int = 0

    @property
    def under(self) -> str:
        """Printed under the list."""
        return " ".join(filter(None, (self.more, in_appendix(self.beyond))))


@dataclass(frozen=True, slots=True)
class ActionItem:
    """One ranked action as a reader sees it; ``item_id`` names it for its drill-down."""

    rank: int
    title: str
    score: str
    owner: str
    due: str
    status: str = ""
    at_stake: str = ""
    assumed: bool = False
    item_id: str = ""


@dataclass(frozen=True, slots=True)
class ActionList:
    """A ranked agenda; ``beyond`` says how many actions only the appendix has."""

    macro: ClassVar[str] = "actions"

    title: str
    items: tuple[ActionItem, ...]
    empty: str = noted("Nothing is open.")
    beyond: int = 0

    @property
    def under(self) -> str:
        """Printed under the list."""
        return in_appendix(self.beyond)


@dataclass(frozen=True, slots=True)
class Decision:
    """What the reader is asked to decide.

    Attributes:
        what: The choice, as a sentence.
        why: The figure or the evidence behind it.
        owner: Who acts on it.
        due: Until when ("May 31").
        stake: What it costs, brings or puts at stake ("$2,000").
        item_id: The action it asks for, for its drill-down; empty if only this report asks it.
    """

    what: str
    why: str = ""
    owner: str = ""
    due: str = ""
    stake: str = ""
    item_id: str = ""

    @property
    def terms(self) -> tuple[str, ...]:
        """Who, by when, for how much: as far as known."""
        return tuple(filter(None, (self.owner, self.due, self.stake)))


@dataclass(frozen=True, slots=True)
class DefinitionItem:
    """A definition, in the registry's own words."""

    metric_id: str
    name: str
    unit: str
    definition: str
    source: str


@dataclass(frozen=True, slots=True)
class Foot:
    """Where the figures come from; the same at the end of every report of a run."""

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
        reader: Its reader.
        report_date: ISO date.
        period: What it covers ("through Apr 30, 2026").
        message: The headline: one sentence, with a number; before page one is composed, what the report itself says.
        headlines: What else happened and is coming, one sentence each, first what matters most.
        more: How many signals page one has no room for; empty for none.
        rest: Those, in sentences.
        picture: The picture that carries the message; None where there is none.
        brand: The group's name, mark and color.
        kpis: Six figures; before page one is composed, those to choose from, first the ones that matter most.
        changes: What changed since the last report, and why.
        decisions: What the reader is asked to decide: at most five.
        later: Decisions that page one has no room for.
        foot: Where the figures come from.
        definitions: Of every metric that the report shows.
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
    headlines: tuple[str, ...] = ()
    more: str = ""
    rest: tuple[str, ...] = ()
    later: tuple[Decision, ...] = ()
    picture: Chart | None = None
    brand: Brand = PLAIN


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, its point, what its reader acts on, and the rows behind; the one place where it is put together.

    The body of a report is the points and blocks of its sections, at most two pages. The rows are one click away on the
    archived page, in the appendix of paper and text, and in the workbook; a mail leaves them out.

    Attributes:
        title: The heading.
        blocks: Name to paragraph, table, chart or list. The name is for code and tests, no reader sees it.
        point: The section in one or two sentences with their figures; empty if its first block says it.
        rows: Name to the tables and lists behind the point.
        covered: False if nothing is recorded on it; the point then says what is missing.
    """

    title: str
    blocks: Mapping[str, Any]
    point: str = ""
    rows: Mapping[str, Any] = field(default_factory=dict)
    covered: bool = True

    def __getitem__(self, name: str) -> Any:
        """One block or table of rows, by its name."""
        return self.blocks[name] if name in self.blocks else self.rows[name]


@dataclass(frozen=True, slots=True)
class View:
    """A report before it is rendered: page one, and the sections that its template may show, by name."""

    page: Page
    sections: Mapping[str, Section]

    def __getitem__(self, name: str) -> Section:
        """One section, by its name."""
        return self.sections[name]


def section(
    title: str, *, point: str = "", rows: Mapping[str, Any] | None = None, covered: bool = True, **blocks: Any
) -> Section:
    """A section of named blocks, in the order given; its words are said in the language of the report."""
    return Section(say(title), blocks, say(point), rows or {}, covered)
