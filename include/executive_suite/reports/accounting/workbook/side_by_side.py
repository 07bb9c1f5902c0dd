"""Units next to each other, with eliminations and the group, for any period that the reader chooses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from executive_suite.facts.fact import GROUP
from executive_suite.facts.statements import FinancialStatements, StatementRow
from executive_suite.rendering.workbook.draft import Draft, at, fixed
from executive_suite.rendering.workbook.sheets import Look
from executive_suite.reports.accounting.workbook.statement import TITLES, Placed, account, is_total
from executive_suite.statements.cells import RETAINED

NAME = "By unit"
_SHOWN = ("balance_sheet", "income_statement", "cash_flow_direct")
_WORDS = 2
_CHOSEN = "chosen_period"
_PLACE = "chosen_place"


def sheet(
    units: Mapping[str, Mapping[str, Placed]],
    group: Mapping[str, Placed],
    books: FinancialStatements,
    names: Mapping[str, str],
    about: Iterable[str],
) -> Draft:
    """Every line of three statements: a column per unit, and their sum, which is the group's statement."""
    made = Draft(NAME, "Statements of all units side by side", *about, "Choose the period in the yellow cell.")
    _choice(made, next(iter(group.values())))
    head = made.next
    made.heads(head, ("Account", "Line", *(names[entity] for entity in units), names[GROUP]), words=_WORDS)
    made.heights[head] = 2
    made.next = head + 1
    made.frozen = made.next, _WORDS
    for statement in (name for name in _SHOWN if name in group):
        _statement(made, books, group[statement], [own.get(statement) for own in units.values()])
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


def _statement(made: Draft, books: FinancialStatements, group: Placed, units: Sequence[Placed | None]) -> None:
    """Every line that any unit has, also those that eliminations take from the group, and subtotals that foot."""
    made.put(made.next, 1, TITLES[group.statement], look="group")
    made.next += 1
    last, rows = _WORDS + len(units), dict[str, int]()
    lines = _lines(books, group.statement)
    for line in lines:
        row = rows[line.line] = made.next
        parts = [rows[one.line] for one in lines if one.part == line.line]
        look: Look = "total" if is_total(line, lines) else "plain"
        made.put(row, 0, "" if look == "total" else account(line.statement, line.line), look=look)
        made.put(row, 1, line.label, look=look, indent=int(look == "plain"))
        for column, unit in enumerate(units, start=_WORDS):
            if parts:
                made.total(row, column, parts)
                continue
            known = unit if unit and line.line in unit.rows else None
            cents = known.amount(line.line, known.where.first) if known else 0
            made.put(row, column, cents, "money", look, formula=_chosen(known, line.line) if known else "")
        whole = sum(int(made.amount(row, column)) for column in range(_WORDS, last))
        made.put(row, last, whole, "money", look, formula=f"SUM({at(row, _WORDS)}:{at(row, last - 1)})")
        made.next += 1
    made.next += 1


def _chosen(unit: Placed, line: str) -> str:
    """A line of a unit in the chosen period."""
    row = unit.rows[line]
    return f"INDEX({unit.sheet.span((row, unit.where.first), (row, unit.where.last))},1,{_PLACE})"


def _lines(books: FinancialStatements, statement: str) -> list[StatementRow]:
    """The lines of all units, each once, before the subtotal that adds them up; subtotals in the group's order."""
    own = books.of(statement)
    totals = [row for row in own if is_total(row, own)]
    every = {row.line: row for row in books.rows if row.statement == statement}
    leaves = [row for row in every.values() if row.line not in {total.line for total in totals}]
    leaves.sort(key=lambda row: (row.line.rpartition(":")[2] == RETAINED, row.line))
    found: list[StatementRow] = []
    for total in totals:
        found += [row for row in leaves if row.part == total.line]
        found.append(total)
    return found
