"""The setting of tables, whatever they show: units once, equal decimals, no empty column, one mark per row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from executive_suite import formats
from executive_suite.rendering.blocks import Cell, Column, Table
from executive_suite.wording import say

MOST_ROWS = 25
"""Most rows of a table, which has the important ones first."""
_ROUNDED_FROM = 1000
"""A column with an amount from here on, in the currency's main unit, shows no cents."""
_SEVERAL = 2

_Line = list[Cell]


def tidy(table: Table) -> Table:
    """The table as any report sets it."""
    if not table.rows:
        return replace(table, note="", total=())
    columns, lines = _without_empty(table)
    counts = Counter(cell.unit for line in lines for cell in line if cell.number is not None)
    units = [_unit(column, [line[place] for line in lines], counts) for place, column in enumerate(columns)]
    in_title = _in_title(units)
    for place, unit in enumerate(units):
        _set(lines, place, bare=bool(unit))
        name = formats.unit(unit)
        if name and unit != in_title and name.lower() not in columns[place].title.lower():
            columns[place] = replace(columns[place], title=f"{columns[place].title}, {name}")
    rows = [_marked(line) for line in lines]
    total = rows.pop() if table.total else ()
    if len(rows) == 1 and total and _values(rows[0]) == _values(total):
        total = ()
    note = table.note
    if len(rows) > MOST_ROWS:
        note = say(
            "The first {most_rows} of {rows} rows; the fact table has all of them. {note}",
            most_rows=formats.number(MOST_ROWS),
            rows=formats.number(len(rows)),
            note=note,
        ).strip()
    title = f"{table.title} ({formats.unit(in_title)})" if in_title else table.title
    return replace(table, title=title, columns=tuple(columns), rows=tuple(rows[:MOST_ROWS]), total=total, note=note)


def _without_empty(table: Table) -> tuple[list[Column], list[_Line]]:
    """The columns in which any row has something, and the rows with the total last."""
    lines = [list(row) for row in (*table.rows, *((table.total,) if table.total else ()))]
    shown = [
        place for place in range(len(table.columns)) if not place or not all(row[place].empty for row in table.rows)
    ]
    return [table.columns[place] for place in shown], [[line[place] for place in shown] for line in lines]


def _unit(column: Column, cells: Sequence[Cell], counts: Mapping[str, int]) -> str:
    """The unit that all figures of a column share, if the table has several figures of it; else empty."""
    units = {cell.unit for cell in cells if cell.number is not None}
    if column.align != "right" or len(units) != 1:
        return ""
    (unit,) = units
    return unit if counts[unit] >= _SEVERAL and unit != "x" and formats.unit(unit) else ""


def _in_title(units: Sequence[str]) -> str:
    """The unit of money that the table's title names: of several columns, or of all that have a unit."""
    money = [unit for unit in units if formats.is_money(unit)]
    alike = len(set(money)) == 1 and (len(money) >= _SEVERAL or len(money) == len([unit for unit in units if unit]))
    return money[0] if alike else ""


def _set(lines: list[_Line], place: int, *, bare: bool) -> None:
    """Give all figures of a column the same decimals, and leave out a unit that a heading names."""
    column = [line[place] for line in lines if line[place].number is not None]
    kinds = {cell.unit for cell in column}
    places = None
    if len(kinds) == 1:
        places = _decimals([cell.number or 0 for cell in column], kinds.pop())
    for line in lines:
        cell = line[place]
        if cell.number is not None:
            own = cell.places if cell.places is not None else _own(cell, places)
            line[place] = replace(cell, places=own, bare=bare)


def _decimals(values: Sequence[Decimal | int], unit: str) -> int | None:
    """The decimals of a column of money or of shares; None leaves other figures unchanged."""
    if formats.is_money(unit):
        amounts = [abs(Decimal(value)) / (100 if unit.startswith("cents") else 1) for value in values]
        whole = all(amount == amount.to_integral_value() for amount in amounts)
        return 0 if whole or max(amounts) >= _ROUNDED_FROM else 2
    if unit in {"ratio", "bp"}:
        return int(any(Decimal(value) * 100 / (1 if unit == "ratio" else 10_000) % 1 for value in values))
    return None


def _own(cell: Cell, places: int | None) -> int | None:
    """The column's decimals, unless they would round a nonzero amount to zero."""
    if places != 0 or not formats.is_money(cell.unit):
        return places
    main_units = Decimal(cell.number or 0) / (100 if cell.unit.startswith("cents") else 1)
    return 0 if not main_units or abs(main_units) >= Decimal("0.5") else 2


def _marked(line: _Line) -> tuple[Cell, ...]:
    """The mark of assumed data once, at the row's name, if several of its cells rest on such data."""
    if sum(cell.assumed for cell in line) < _SEVERAL:
        return tuple(line)
    name = next((place for place, cell in enumerate(line) if not cell.empty), 0)
    return tuple(replace(cell, assumed=place == name) for place, cell in enumerate(line))


def _values(line: Sequence[Cell]) -> list[object]:
    """The values of a row, without its name."""
    return [cell.value for cell in line[1:]]
