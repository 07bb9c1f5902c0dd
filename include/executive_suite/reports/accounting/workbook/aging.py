"""Who owes and is owed: each party of each unit by age, at the end of the year to date, as a list with filters."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from executive_suite import formats
from executive_suite.rendering.workbook.draft import Draft, at
from executive_suite.rendering.workbook.sheets import NativeChart, Series
from executive_suite.reports.accounting.workbook.statement import DOCUMENTS, TITLES, Placed
from executive_suite.reports.selection import Selection

NAMES = tuple(TITLES[name] for name in TITLES if name in DOCUMENTS)
_AGES: Mapping[str, str] = {
    "current": "Not yet due",
    "1-30": "1\u201330 days",
    "31-60": "31\u201360 days",
    "61-90": "61\u201390 days",
    "91+": "Over 90 days",
}
_WORDS = 2
"""Columns of words: the unit and the party."""


def sheets(s: Selection, units: Mapping[str, Mapping[str, Placed]], names: Mapping[str, str]) -> list[Draft]:
    """One sheet of receivables and one of payables, as far as there are any."""
    found = []
    for statement in (name for name in TITLES if name in DOCUMENTS):
        owed = {entity: placed[statement] for entity, placed in units.items() if statement in placed}
        if owed:
            found.append(_sheet(s, statement, owed, names))
    return found


def _sheet(s: Selection, statement: str, owed: Mapping[str, Placed], names: Mapping[str, str]) -> Draft:
    year = s.figures.statements.year
    day = formats.day(year.last) if year else ""
    sheet = Draft(TITLES[statement], f"{TITLES[statement]} by age, {day}, in {formats.currency()}")
    sheet.next += 1
    head = sheet.next
    sheet.heads(head, ("Unit", "Party", *_AGES.values(), "Total"), words=_WORDS)
    last = _WORDS + len(_AGES)
    for entity, placed in owed.items():
        lines = [line for line in placed.rows if ":" in line]
        for party, own in groupby(lines, key=lambda line: line.rpartition(":")[0]):
            listed = [line for line in own if placed.amount(line, placed.where.first)]
            if listed:
                _party(sheet, names[entity], party, placed, listed)
    end = sheet.next
    rows = range(head + 1, end + 1)
    sheet.put(end + 1, 0, "All", look="total")
    sheet.put(end + 1, 1, "", look="total")
    for column in range(_WORDS, last + 1):
        sheet.total(end + 1, column, rows)
    sheet.put(end + 2, 1, "Check: less the total of all units", look="check")
    totals = [placed.term(f"total_{statement}", placed.where.periods[-2].name) for placed in owed.values()]
    stated = "+".join(cell for cell, _ in totals)
    away = int(sheet.amount(end + 1, last)) - sum(cents for _, cents in totals)
    sheet.put(end + 2, last, away, "money", "check", formula=f"ROUND({at(end + 1, last)}-({stated}),2)")
    sheet.names[f"total_{statement}"] = end + 1, last
    sheet.frozen = head + 1, _WORDS
    sheet.filtered = (head, 0), (max(end, head + 1), last)
    sheet.widths |= {0: 30, 1: 30, **dict.fromkeys(range(_WORDS, last + 1), 14)}
    span = (head, _WORDS), (head, last - 1)
    values = sheet.span((end + 1, _WORDS), (end + 1, last - 1))
    title = f"{TITLES[statement]} by age, {formats.currency()}"
    sheet.charts.append(NativeChart("column", title, sheet.span(*span), (Series("All", values),), (end + 4, 0)))
    return sheet


def _party(sheet: Draft, unit: str, party: str, placed: Placed, lines: list[str]) -> None:
    sheet.next += 1
    row, period = sheet.next, placed.where.periods[-2].name
    sheet.put(row, 0, unit)
    sheet.put(row, 1, party)
    for column, age in enumerate(_AGES, start=_WORDS):
        line = f"{party}:{age}"
        cell, cents = placed.term(line, period) if line in lines else ("", 0)
        sheet.put(row, column, cents, "money", formula=cell)
    last = _WORDS + len(_AGES)
    whole = sum(int(sheet.amount(row, column)) for column in range(_WORDS, last))
    sheet.put(row, last, whole, "money", formula=f"SUM({at(row, _WORDS)}:{at(row, last - 1)})")
