"""Records that a source splits over several rows, added up: one row per key."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pyarrow as pa

from executive_suite.schema import texts
from executive_suite.schema.cells import BLANKS, CellError, decimal_text
from executive_suite.schema.quality import Fault, shown
from executive_suite.schema.tables import ORIGIN, RECORDED_AT, SOURCE_FILE, SOURCE_ROW, Table


def added(data: pa.Table, table: Table, columns: Sequence[str]) -> tuple[pa.Table, list[Fault]]:
    """One row per key (and ``recorded_at``): some columns are sums, every other column must be the same in all rows.

    Args:
        data: The rows of one source under the schema's names.
        table: Their table.
        columns: The columns to add up; blank cells count nothing.
    """
    key = [name for name in (*table.key, RECORDED_AT) if name in data.column_names]
    summed = [name for name in columns if name in data.column_names]
    if not set(table.key) <= set(key) or not summed:
        return data, []
    cells = {name: texts.words(data.column(name)) for name in data.column_names}
    groups: dict[tuple[str, ...], list[int]] = {}
    for row, values in enumerate(zip(*(cells[name] for name in key), strict=True)):
        groups.setdefault(values, []).append(row)
    if len(groups) == data.num_rows:
        return data, []
    faults: list[Fault] = []
    for rows in groups.values():
        for name in cells.keys() - ORIGIN - {*key, *summed}:
            wrong = (row for row in rows[1:] if cells[name][row] != cells[name][rows[0]])
            named = ", ".join(cells[k][rows[0]] for k in table.key)
            faults += (_different(cells, name, row, rows[0], named) for row in wrong)
    made = data.take(pa.array([rows[0] for rows in groups.values()], pa.int64()))
    for name in summed:
        totals = [_total([cells[name][row] for row in rows]) for rows in groups.values()]
        made = made.set_column(made.column_names.index(name), name, pa.array(totals, pa.string()))
    return made, faults


def _total(cells: Sequence[str]) -> str | None:
    """The exact sum of cells; a cell that is no number stands for all, to be refused as it is."""
    try:
        numbers = [Decimal(decimal_text(cell)) for cell in cells if cell not in BLANKS]
    except CellError:
        return next(cell for cell in cells if not _is_number(cell))
    return format(sum(numbers, Decimal(0)), "f") if numbers else None


def _is_number(cell: str) -> bool:
    try:
        decimal_text(cell)
    except CellError:
        return cell in BLANKS
    return True


def _different(cells: dict[str, list[str]], name: str, row: int, first: int, key: str) -> Fault:
    rule = f"must be the same in all rows of {key} that are added up; row {cells[SOURCE_ROW][first]} has "
    rule += repr(shown(cells[name][first]))
    advice = "add the column to `sum` if it is an amount, or leave it out of `columns`"
    return Fault(cells[SOURCE_FILE][row], rule, advice, int(cells[SOURCE_ROW][row]), name, shown(cells[name][row]))
