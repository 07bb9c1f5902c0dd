"""A bill that was loaded again: rows without a key are compared by what they say."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from executive_suite.dataset.row_rules import plain
from executive_suite.restatement.concern import Cells
from executive_suite.schema.tables import ORIGIN, RECORDED_AT, Table

Words = tuple[str, ...]


def content(table: Table, cells: Cells) -> list[str]:
    """The columns that say what a row charges for, not where and when it was recorded."""
    return [name for name in table.columns if name in cells and name not in ORIGIN | {RECORDED_AT}]


def differences(
    then: pd.DataFrame, loaded: pd.DataFrame, table: Table
) -> Iterator[tuple[Cells | None, Cells | None, pd.Timestamp]]:
    """Rows that a later load of the same bill changed, added or left out, and when it was recorded.

    Args:
        then: The rows known at the cut-off, as the report date used them.
        loaded: The rows of the later loads.
        table: Their table.

    Yields:
        The row as known at the cut-off, or None; as known later, or None. Two rows of which all but the numbers are
        equal are the same charge, if the bill had and has it once.
    """
    bills: dict[Words, tuple[list[Cells], list[Cells]]] = {}
    for cells in loaded.to_dict("records"):
        bills.setdefault(_bill(cells, table), ([], []))[1].append(cells)
    for cells in then.to_dict("records"):
        if (bill := bills.get(_bill(cells, table))) is not None:
            bill[0].append(cells)
    for was, now in bills.values():
        recorded = max(cells[RECORDED_AT] for cells in now)
        gone, new = _unequal(was, now, table), _unequal(now, was, table)
        once_gone, once_new = _single(gone, table), _single(new, table)
        for charge in once_gone.keys() & once_new.keys():
            yield once_gone[charge], once_new[charge], recorded
        same = once_gone.keys() & once_new.keys()
        yield from ((cells, None, recorded) for cells in gone if _charge(cells, table) not in same)
        yield from ((None, cells, recorded) for cells in new if _charge(cells, table) not in same)


def _bill(cells: Cells, table: Table) -> Words:
    return tuple(plain(cells[name]) for name in table.load_key if name in cells)


def _unequal(rows: list[Cells], others: list[Cells], table: Table) -> list[Cells]:
    """The rows that the others do not have, counted as often as they occur."""
    left: dict[Words, int] = {}
    for cells in others:
        words = _words(cells, table)
        left[words] = left.get(words, 0) + 1
    found = []
    for cells in rows:
        words = _words(cells, table)
        if left.get(words, 0):
            left[words] -= 1
        else:
            found.append(cells)
    return found


def _single(rows: list[Cells], table: Table) -> dict[Words, Cells]:
    by_charge: dict[Words, list[Cells]] = {}
    for cells in rows:
        by_charge.setdefault(_charge(cells, table), []).append(cells)
    return {charge: alike[0] for charge, alike in by_charge.items() if len(alike) == 1}


def _words(cells: Cells, table: Table) -> Words:
    return tuple(plain(cells[name]) for name in content(table, cells))


def _charge(cells: Cells, table: Table) -> Words:
    return tuple(plain(cells[name]) for name in content(table, cells) if table.kind(name) != "number")
