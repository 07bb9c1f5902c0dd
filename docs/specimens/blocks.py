"""One block of each kind, for a made-up bakery: shown on the page of specimens and used to test the macros."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from chart_blocks import CHARTS

from executive_suite.rendering.blocks import (
    CAUSES,
    ActionItem,
    ActionList,
    Cell,
    Column,
    Decision,
    DefinitionItem,
    FindingItem,
    FindingList,
    Foot,
    Kpi,
    Page,
    Table,
)


@dataclass(frozen=True, slots=True)
class Specimen:
    """A macro with what it is given.

    Attributes:
        macro: Its name in every format.
        title: Its heading on the page of specimens.
        when: When a report uses it, and how it handles special cases.
        block: Its input.
        words: Some words that every format must show.
    """

    macro: str
    title: str
    when: str
    block: Any
    words: tuple[str, ...]


def _money(cents: int, *, tone: Any = "neutral", assumed: bool = False) -> Cell:
    return Cell(cents, "cents", tone, assumed=assumed, bare=True)


KPIS = (
    Kpi(
        "Loaves sold, April",
        5200,
        "count",
        "target 5,000",
        "fine",
        "loaves",
        history=(4100, 3900, 4150, 4300, 4550, 4600, 4700, 4350, 4100, 4100, 3800, 4550, 5200),
        aim=5000,
    ),
    Kpi("Flour on hand", Decimal("3.5"), "days", "floor 5 days", "act", "flour", assumed=True),
    Kpi("Ovens in use", None, "count", "no log is kept", "neutral", "ovens"),
)

TAKINGS = Table(
    "Takings by shop, April, actual against plan (USD)",
    (Column("Shop"), Column("Actual", "right"), Column("Plan", "right"), Column("Difference", "right")),
    (
        (Cell("Harbor"), _money(812_000), _money(780_000), _money(32_000, tone="fine")),
        (Cell("Old Town"), _money(403_000, assumed=True), _money(450_000), _money(-47_000, tone="watch")),
        (Cell("Market, opens in June"), Cell(None, "cents", note="no day was open"), _money(0), Cell("n/a")),
    ),
    (Cell("All shops"), _money(1_215_000), _money(1_230_000), _money(-15_000, tone="watch")),
    "Takings without sales tax.",
)

CHANGES = Table(
    "Figures now and at the previous report date",
    (
        Column("Figure"),
        Column("Now", "right"),
        Column("Before", "right"),
        Column("Change", "right"),
        Column(CAUSES),
    ),
    (
        (
            Cell("Takings"),
            Cell(1_215_000, "cents"),
            Cell(1_104_000, "cents"),
            Cell(111_000, "cents", signed=True),
            Cell("Harbor (+$900)"),
        ),
        (
            Cell("Flour on hand"),
            Cell(Decimal("3.5"), "days"),
            Cell(5, "days"),
            Cell(Decimal("-1.5"), "days", "watch"),
            Cell("one late delivery"),
        ),
    ),
)

NOTHING = Table(
    "Orders by caf\u00e9",
    (Column("Caf\u00e9"), Column("Loaves", "right")),
    (),
    empty="No caf\u00e9 orders yet: add a row to orders.csv.",
)

FINDINGS = FindingList(
    "Food safety, worst first",
    (
        FindingItem(
            "Cold room above 5 \u00b0C",
            "critical",
            "Above the limit on 3 of 30 days.",
            at_stake="$1,400",
            owner="Head baker",
            score="priority 9",
            entity="Harbor",
            evidence=("Apr 7: 6.1 \u00b0C (log.csv, row 7)",),
        ),
        FindingItem(
            "Allergens on labels", "low", "No register is kept.", "not_evaluable", entity="Old Town", assumed=True
        ),
    ),
    more="3 more are in the fact table.",
)
ACTIONS = ActionList(
    "Most urgent first",
    (
        ActionItem(1, "Repair the cold room", "saving per day", "Head baker", "May 4, 2026", "ordered", "$1,400"),
        ActionItem(2, "Print labels with allergens", "risk", "not assigned", "no date", assumed=True),
    ),
)
DEFINITIONS = (
    DefinitionItem("loaves", "Loaves sold", "count", "Loaves handed over in the month, without returns.", "Till rolls"),
)
DECISIONS = (
    Decision(
        "Repair the cold room for $900.",
        "Otherwise $1,400 of dough is thrown away each month.",
        "Head baker",
        "May 4",
        "$1,400 a month",
    ),
    Decision("Name an owner for the register of allergens."),
)
PAGE = Page(
    "specimen",
    "Specimens",
    "Report authors",
    "2026-05-01",
    "May 1, 2026, with data through Apr 30, 2026",
    ("Loaves sold rose to 5,200, against a target of 5,000.",),
    KPIS,
    CHANGES,
    DECISIONS,
    Foot("May 1, 2026", "Apr 30, 2026", "2026-05-01T00:00:00+02:00", "Europe/Paris", "5c" * 32, 1, "412 of 420 rows"),
    DEFINITIONS,
    assumed=True,
)

SPECIMENS: tuple[Specimen, ...] = (
    Specimen(
        "text",
        "A paragraph",
        "The meaning of the figures below, in one or two sentences.",
        "Loaves sold rose by 4%.",
        ("Loaves sold",),
    ),
    Specimen(
        "kpis",
        "Figures of page one",
        "Six, each with its latest months, its target as a line, and one comparison. A missing value says why.",
        KPIS,
        ("5,200", "target 5,000", "n/a", "no log is kept"),
    ),
    Specimen(
        "table",
        "A table with a total",
        "Figures right, words left. A verdict carries a mark: act now, watch, or fine.",
        TAKINGS,
        ("Harbor", "8,120", "All shops", "12,150", "Takings without"),
    ),
    Specimen(
        "table",
        "What changed",
        "Page one. The last column names the main cause.",
        CHANGES,
        ("Flour on hand", "3.5 days", "one late delivery"),
    ),
    Specimen(
        "table",
        "A table without rows",
        "States what is missing and what to do; never an empty frame.",
        NOTHING,
        ("No caf\u00e9 orders yet",),
    ),
    *(Specimen("chart", title, when, chart, (chart.title, chart.finding)) for title, when, chart in CHARTS),
    Specimen(
        "findings",
        "Findings",
        "Worst first, with evidence, money at stake and owner. A rule that could not be evaluated says so.",
        FINDINGS,
        ("Cold room", "Head baker", "not assigned", "3 more"),
    ),
    Specimen(
        "actions",
        "Actions",
        "A ranked agenda: action, reason for its rank, owner, date.",
        ACTIONS,
        ("Repair the cold room", "May 4, 2026", "no date"),
    ),
    Specimen(
        "decisions",
        "Decisions",
        "Page one. The choice; who acts, by when and for how much.",
        DECISIONS,
        ("Repair the cold room for $900.", "May 4", "$1,400 a month"),
    ),
    Specimen(
        "definitions",
        "Definitions",
        "The registry's own words. Mail points to the text part and the page instead.",
        DEFINITIONS,
        (),
    ),
    Specimen(
        "foot",
        "The foot",
        "The source of the figures; the same in every report of a run.",
        PAGE,
        ("May 1, 2026", "5c5c5c5c", "412 of 420 rows"),
    ),
)

FORMATS: tuple[str, ...] = ("text", "html", "mail", "typst")
Macro = Callable[..., str]
