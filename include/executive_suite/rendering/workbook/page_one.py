"""The first sheets of every workbook: what it is and what is in it, its key figures, and the decisions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from executive_suite.rendering.blocks import Cell, Column, Page, Table
from executive_suite.rendering.workbook.sheets import Entry, Place, Sheet
from executive_suite.rendering.workbook.tables import lines, of_table
from executive_suite.wording import noted, say

ABOUT, FIGURES, DECISIONS = noted("About"), noted("Key figures"), noted("Decisions")
"""Names of the sheets."""
_LABEL, _WORDS = 34, 100
"""Letters of the two columns."""


def about(page: Page, sheets: Sequence[Sheet]) -> Sheet:
    """What the report says, the sheets of the workbook, where the figures come from, and their definitions."""
    entries: dict[Place, Entry] = {}
    heights = {}
    for row, (label, words, link) in enumerate(_rows(page, sheets)):
        entries[row, 0] = Entry(label, look="title" if not row else "plain" if link else "group", link=link)
        entries[row, 1] = Entry(words)
        heights[row] = max(lines(label, _LABEL), lines(words, _WORDS)) + (not row)
    return Sheet(say(ABOUT), entries, {0: _LABEL, 1: _WORDS}, heights)


def _rows(page: Page, sheets: Sequence[Sheet]) -> Iterator[tuple[str, str, str]]:
    """Label, words, and the sheet that the label opens."""
    yield page.title, page.period, ""
    yield from (("", line, "") for line in page.message)
    yield say("Sheets"), "", ""
    yield from ((sheet.name, sheet.title, sheet.name) for sheet in sheets)
    yield say("Dataset"), page.foot.dataset_hash, ""
    yield say("Cut-off"), page.foot.cut_off, ""
    yield say("Coverage"), page.foot.coverage, ""
    if page.sample:
        sample = say("Fictional history based on stated assumptions and a few facts about a real group.")
        yield say("Sample data"), sample, ""
    unit = say("Amounts are in the currency's main unit; shares are fractions shown as percentages.")
    yield say("Unit"), unit, ""
    yield from ((f"{item.name} ({item.unit})", f"{item.definition} {item.source}", "") for item in page.definitions)


def figures(page: Page) -> Sheet | None:
    """The figures of page one, as numbers and as shown; None if there are none."""
    columns = (
        Column(say("Figure")),
        Column(say("Number"), "right"),
        Column(say("As shown"), "right"),
        Column(say("Compared with")),
        Column(say("Note")),
    )
    rows = tuple(
        (
            Cell(kpi.label, assumed=kpi.assumed),
            Cell(kpi.value, kpi.unit) if Cell(kpi.value, kpi.unit).number is not None else Cell(),
            Cell(kpi.text),
            Cell(kpi.comparison),
            Cell(kpi.note),
        )
        for kpi in page.kpis
    )
    return of_table(Table(say("Key figures, as on page one"), columns, rows), say(FIGURES)) if rows else None


def decisions(page: Page) -> Sheet | None:
    """What the reader is asked to decide; None for nothing."""
    columns = tuple(Column(say(head)) for head in ("Decision", "Why", "Owner", "By", "Amount"))
    rows = tuple(
        (Cell(item.what), Cell(item.why), Cell(item.owner), Cell(item.due), Cell(item.stake)) for item in page.decisions
    )
    return of_table(Table(say("Decisions needed, as on page one"), columns, rows), say(DECISIONS)) if rows else None
