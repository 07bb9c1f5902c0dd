"""Columns of money and of shares as print sets them: the currency once, in the title; decimals alike down a column."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from executive_suite import formats
from executive_suite.rendering.blocks import Cell, Table

_ROUNDED_FROM = 1000
"""From this amount on, in the currency's main unit, cents are noise."""


def evened(table: Table) -> Table:
    """The table with each pure column of money set alike; without the currency where the title has said it."""
    lines = [list(row) for row in (*table.rows, *([table.total] if table.total else []))]
    said = formats.currency() in table.title
    for place in range(len(table.columns)):
        column = [line[place] for line in lines]
        if any(map(_is_share, column)) and all(_is_share(cell) or _is_words(cell) for cell in column):
            for line in lines:
                line[place] = _with_decimals(line[place], column)
            continue
        if not any(map(_is_money, column)) or not all(_is_money(cell) or _is_words(cell) for cell in column):
            continue
        places = _places(column)
        for line in lines:
            if _is_money(line[place]):
                line[place] = _set(line[place], places, said=said)
    rows = tuple(tuple(line) for line in lines)
    return replace(table, rows=rows[: len(table.rows)], total=rows[-1] if table.total else ())


def _is_money(cell: Cell) -> bool:
    """Whether the cell is an amount and nothing else, in words that can be set anew."""
    if cell.kind != "money" or not isinstance(cell.raw, int | Decimal):
        return False
    return cell.text.removeprefix("+") == formats.money(cell.raw)


def _is_share(cell: Cell) -> bool:
    """Whether the cell is a share and nothing else."""
    if cell.kind != "ratio" or not isinstance(cell.raw, int | Decimal):
        return False
    return cell.text.removeprefix("+") == formats.share(cell.raw)


def _with_decimals(cell: Cell, column: list[Cell]) -> Cell:
    """A share with the decimal that any other of its column has."""
    if not _is_share(cell) or not any("." in other.text for other in column if _is_share(other)):
        return cell
    sign = "+" if cell.text.startswith("+") else ""
    return replace(cell, text=f"{sign}{formats.number(Decimal(str(cell.raw)) * 100, 1)} %")


def _is_words(cell: Cell) -> bool:
    """Whether the cell holds no figure of another kind: "n/a", "ahead", or nothing."""
    return cell.raw is None and not any(letter.isdigit() for letter in cell.text)


def _places(column: list[Cell]) -> int:
    amounts = [abs(Decimal(str(cell.raw))) / 100 for cell in column if _is_money(cell)]
    whole = all(amount == amount.to_integral_value() for amount in amounts)
    return 0 if whole or max(amounts) >= _ROUNDED_FROM else 2


def _set(cell: Cell, places: int, *, said: bool) -> Cell:
    """The cell with its amount anew; what is not zero never becomes a zero."""
    exact = Decimal(str(cell.raw)) / 100
    amount = formats.number(exact, places if not exact or round(exact, places) else 2)
    sign = "+" if cell.text.startswith("+") and amount != "0" else ""
    return replace(cell, text=f"{sign}{amount}" if said else f"{sign}{amount} {formats.currency()}")
