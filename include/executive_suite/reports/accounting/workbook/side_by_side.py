"""Units next to each other, with eliminations and the group, for any period that the reader chooses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from executive_suite.facts.fact import GROUP
from executive_suite.rendering.workbook.draft import Draft, at, fixed
from executive_suite.reports.accounting.workbook.statement import TITLES, Placed

NAME = "By unit"
_SHOWN = ("balance_sheet", "income_statement", "cash_flow_direct")
_WORDS = 2
_CHOSEN = "chosen_period"
_PLACE = "chosen_place"


def sheet(
    units: Mapping[str, Mapping[str, Placed]],
    group: Mapping[str, Placed],
    names: Mapping[str, str],
    about: Iterable[str],
) -> Draft:
    """Every line of three statements: a column per unit, and their sum, which is the group's statement."""
    made = Draft(NAME, "Statements of all units side by side", *about, "Choose the period in the yellow cell.")
    _choice(made, next(iter(group.values())))
    head = made.next
    made.heads(head, ("Account", "Line", *(names[entity] for entity in units), names[GROUP]), words=_WORDS)
    made.next = head + 1
    made.frozen = made.next, _WORDS
    for statement in (name for name in _SHOWN if name in group):
        _statement(made, group[statement], [own.get(statement) for own in units.values()])
    made.widths |= {0: 12, 1: 40, **dict.fromkeys(range(_WORDS, _WORDS + len(units) + 1), 16)}
    return made


def _choice(made: Draft, source: Placed) -> None:
    """The period that the sheet shows, and its place among the columns."""
    row, where = made.next, source.where
    heads = source.sheet.span((source.head, where.first), (source.head, where.last))
    made.put(row, 1, "Period", look="head")
    made.put(row, 2, "Year to date", "text", "input")
    made.choices[row, 2] = f"={heads}"
    made.names[_CHOSEN] = row, 2
    made.put(row + 1, 1, "Its column in the statements", look="soft")
    made.put(row + 1, 2, 1, "whole", "soft", formula=f"MATCH({fixed(row, 2)},{heads},0)")
    made.names[_PLACE] = row + 1, 2
    made.next = row + 3


def _statement(made: Draft, group: Placed, units: list[Placed | None]) -> None:
    made.put(made.next, 1, TITLES[group.statement], look="group")
    made.next += 1
    last = _WORDS + len(units)
    for line, shown in group.rows.items():
        row = made.next
        source = group.sheet.entries
        look = source[shown, 1].look
        made.put(row, 0, source[shown, 0].value, look=look)
        made.put(row, 1, source[shown, 1].value, look=look, indent=source[shown, 1].indent)
        for column, unit in enumerate(units, start=_WORDS):
            if unit is None or line not in unit.rows:
                made.put(row, column, 0, "money", look)
                continue
            span = unit.sheet.span((unit.rows[line], unit.where.first), (unit.rows[line], unit.where.last))
            cents = unit.amount(line, unit.where.first)
            made.put(row, column, cents, "money", look, formula=f"INDEX({span},1,{_PLACE})")
        whole = sum(int(made.amount(row, column)) for column in range(_WORDS, last))
        made.put(row, last, whole, "money", look, formula=f"SUM({at(row, _WORDS)}:{at(row, last - 1)})")
        made.next += 1
    made.next += 1
