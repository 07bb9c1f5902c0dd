"""Actions on the cash path as switches: 1 takes an action, 0 leaves it, and the path follows."""

from __future__ import annotations

from collections.abc import Sequence

from executive_suite.facts.cash_path import PathLever
from executive_suite.facts.fact import GROUP
from executive_suite.rendering.workbook.draft import Draft, at, fixed, serial
from executive_suite.reports.cfo.levers import named
from executive_suite.reports.selection import Selection

NAME = "Levers"
HEADS = ("Switch", "Action", "Unit", "A month", "Once", "Alone, cash lasts until", "Counts")
_SWITCH, _COUNTS = 0, 6
_EXCLUDED = frozenset({"cut", "renew"})
"""Actions that closing their unit has in it already."""


def sheet(s: Selection, above: int) -> tuple[Draft, list[int]]:
    """The switches, below some rows for what they bring; the row of each lever.

    A cut or a renewal does not count where its whole unit closes, nor one unit's overdue money where all is collected.
    """
    draft = Draft(
        NAME,
        "Levers on the cash path",
        "Set a yellow switch to 1 to take an action, to 0 to leave it: path, dates and chart follow.",
    )
    draft.next = above
    draft.heads(draft.next, HEADS, words=3)
    draft.frozen = draft.next + 1, 2
    levers, first = s.figures.path.levers, draft.next + 1
    rows = [first + place for place in range(len(levers))]
    for row, lever in zip(rows, levers, strict=True):
        draft.put(row, _SWITCH, 0, "whole", "input")
        draft.choices[row, _SWITCH] = (0, 1)
        draft.put(row, 1, named(s, lever.name, lever.key, lever.entity_id), indent=1)
        draft.put(row, 2, s.entity(lever.entity_id))
        _stated(s, draft, row, lever)
        draft.put(row, _COUNTS, 0, "whole", formula=_counts(levers, rows, lever, row))
    if rows:
        draft.filtered = (first - 1, 0), (rows[-1], _COUNTS)
    draft.widths |= {0: 8, 1: 56, 2: 24, 3: 16, 4: 14, 5: 24, 6: 10}
    return draft, rows


def _stated(s: Selection, draft: Draft, row: int, lever: PathLever) -> None:
    """What the report says of the action alone."""
    at_lever = {"lever": lever.name, "key": lever.key}
    for column, metric_id in ((3, "cash_lever_saving"), (4, "cash_lever_once")):
        found = s.fact(metric_id, lever.entity_id, **at_lever).number
        if found is not None:
            draft.put(row, column, found, "money")
    until = s.fact("cash_lever_date", lever.entity_id, **at_lever).value
    if isinstance(until, str):
        draft.put(row, 5, serial(until), "date")
    else:
        draft.put(row, 5, "beyond 12 months", "whole")


def _counts(levers: Sequence[PathLever], rows: Sequence[int], lever: PathLever, row: int) -> str:
    """Whether the action counts: its switch, unless a switched action has it in it."""
    within = [
        at(place, _SWITCH)
        for other, place in zip(levers, rows, strict=True)
        if (other.name == "close" and other.entity_id == lever.entity_id and lever.name in _EXCLUDED)
        or (other.name == lever.name == "collect" and other.entity_id == GROUP != lever.entity_id)
    ]
    own = at(row, _SWITCH)
    return f"IF(SUM({','.join(within)})>0,0,{own})" if within else own


def counted(draft: Draft, row: int) -> str:
    """The cell that says whether a lever counts, for formulas of other sheets."""
    return f"'{draft.name}'!{fixed(row, _COUNTS)}"
