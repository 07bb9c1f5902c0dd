"""The first sheets of every workbook: what it is and what is in it, its key figures, and the decisions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from executive_suite.rendering.blocks import Cell, Column, Page, Table
from executive_suite.rendering.workbook.sheets import Entry, Place, Sheet
from executive_suite.rendering.workbook.tables import lines, of_table

ABOUT, FIGURES, DECISIONS = "About", "Key figures", "Decisions"
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
    return Sheet(ABOUT, entries, {0: _LABEL, 1: _WORDS}, heights)


def _rows(page: Page, sheets: Sequence[Sheet]) -> Iterator[tuple[str, str, str]]:
    """Label, words, and the sheet that the label opens."""
    yield page.title, page.period, ""
    yield from (("", line, "") for line in page.message)
    yield "Sheets", "", ""
    yield from ((sheet.name, sheet.title, sheet.name) for sheet in sheets)
    yield "Dataset", page.foot.dataset_hash, ""
    yield "Cut-off", page.foot.cut_off, ""
    yield "Coverage", page.foot.coverage, ""
    if page.sample:
        yield "Sample data", "Fictional history based on stated assumptions and a few facts about a real group.", ""
    yield "Unit", "Amounts are in the currency's main unit; shares are fractions shown as percentages.", ""
    yield from ((f"{item.name} ({item.unit})", f"{item.definition} {item.source}", "") for item in page.definitions)


def figures(page: Page) -> Sheet | None:
    """The figures of page one, as numbers and as shown; None if there are none."""
    columns = (
        Column("Figure"),
        Column("Number", "right"),
        Column("As shown", "right"),
        Column("Compared with"),
        Column("Note"),
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
    return of_table(Table("Key figures, as on page one", columns, rows), FIGURES) if rows else None


def decisions(page: Page) -> Sheet | None:
    """What the reader is asked to decide; None for nothing."""
    columns = (Column("Decision"), Column("Why"), Column("Owner"), Column("By"), Column("Amount"))
    rows = tuple(
        (Cell(item.what), Cell(item.why), Cell(item.owner), Cell(item.due), Cell(item.stake)) for item in page.decisions
    )
    return of_table(Table("Decisions needed, as on page one", columns, rows), DECISIONS) if rows else None
