"""What is behind a report: for each figure, row and sentence a panel that the archived page opens, without script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one table behind a figure, as the page shows them.

    Attributes:
        table: Its name in words ("ledger lines").
        used: How many rows, in words, and what they add up to.
        made_of: The amounts that the figure is made of, in words; empty for a single one.
        columns: Headings.
        rows: Cells as text; the first has the file and the row in it.
        numbers: Places of the columns that hold numbers.
        note: What is not listed and where it is; empty if all is.
    """

    table: str
    used: str
    made_of: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    numbers: tuple[int, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class FactPanel:
    """One figure.

    Attributes:
        anchor: Its id on the page.
        title: Whose, when and of what ("JADA, Apr 2026").
        value: As readers see it.
        note: Why there is no value, or what qualifies it.
        assumed: Whether it rests on a row marked ``assumed``.
        history: Period and value, oldest first.
        then: What it was at the previous report, and whether that was restated since.
        rows: The rows behind it, by table.
    """

    anchor: str
    title: str
    value: str
    note: str = ""
    assumed: bool = False
    history: tuple[tuple[str, str], ...] = ()
    then: tuple[str, ...] = ()
    rows: tuple[Rows, ...] = ()


@dataclass(frozen=True, slots=True)
class MetricPanel:
    """A metric's definition, once, with the figures of it that the report shows."""

    metric_id: str
    name: str
    unit: str
    definition: str
    premise: str
    source: str
    facts: tuple[FactPanel, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemPanel:
    """A sentence, finding, action or decision.

    Attributes:
        anchor: Its id on the page.
        kind: What it is ("Finding").
        title: In a reader's words.
        lines: Name and text of what is known about it.
        facts: Figures it shows: anchor and name.
        items: Findings, signals and actions behind it: anchor and title.
        rows: Rows it rests on, in words with file and row.
        note: How many more there are.
    """

    anchor: str
    kind: str
    title: str
    lines: tuple[tuple[str, str], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    items: tuple[tuple[str, str], ...] = ()
    rows: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Drill:
    """The panels of a report, and which of them each figure, item and sentence opens.

    Attributes:
        metrics: In order of name.
        items: Sentences of page one first, then findings, actions and decisions.
        facts: Fact id to anchor.
        things: Item id, or a sentence, to anchor.
        labels: Fact id to its name and value, for lists of figures.
        evidence: Name of the file with all rows; empty if there is none.
    """

    metrics: tuple[MetricPanel, ...] = ()
    items: tuple[ItemPanel, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    things: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    evidence: str = ""


NO_DRILL = Drill()


class Anchors:
    """Which panel a figure opens while one page is written, and where that panel's close link leads back to."""

    def __init__(self, drill: Drill) -> None:
        """Nothing was shown yet."""
        self.drill = drill
        self._shown: set[str] = set()

    def fact(self, fact_id: str) -> str:
        """The anchor of a fact's panel; empty if it has none."""
        return self.drill.facts.get(fact_id, "")

    def thing(self, name: str) -> str:
        """The anchor of the panel of an item or sentence; empty if it has none."""
        return self.drill.things.get(name, "")

    def back(self, anchor: str) -> str:
        """The id of the first link to a panel, which its close link leads back to; empty for later ones."""
        if anchor in self._shown:
            return ""
        self._shown.add(anchor)
        return f"at-{anchor}"

    def shown(self, anchor: str) -> bool:
        """Whether a link to a panel was written."""
        return anchor in self._shown
