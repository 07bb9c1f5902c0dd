"""How wide a table is, before anything is drawn: whether a phone shows it as a table, and its columns on paper."""

from __future__ import annotations

from typing import Literal

from executive_suite.rendering.blocks import Column, Table
from executive_suite.rendering.text_layout import width

PHONE = 50
"""Letters, two for each gap included, that stand beside each other on a phone of 380 pixels."""
PAPER = 100
"""Letters that stand beside each other on a page of A4."""
_GAP = 2
_SHORT = 11

Shape = Literal["table", "under", "stack"]


def phone(table: Table) -> Shape:
    """How a table is shown where there is little room.

    Returns:
        ``table``: it fits. ``under``: it fits when its last column, of words, goes under each row.
        ``stack``: each row becomes a small list of its own.
    """
    needed = [_needed(table, place, column) + _GAP for place, column in enumerate(table.columns)]
    if sum(needed) <= PHONE:
        return "table"
    last = len(needed) - 1
    if last > 1 and table.columns[last].align == "left" and sum(needed[:last]) <= PHONE:
        return "under"
    return "stack"


def leads(table: Table) -> int:
    """How many cells name a row: two where the first is only its rank, else one."""
    ranks = all(row[0].text.isdigit() for row in table.rows)
    return 2 if ranks and table.columns[0].align == "right" and len(table.columns) > 2 else 1  # noqa: PLR2004 - as said


def paper_columns(table: Table) -> list[str]:
    """Typst's widths: as wide as their words where that fits, else words share what figures leave."""
    texts = [_texts(table, place) for place in range(len(table.columns))]
    whole = sum(max(map(width, found)) + _GAP for found in texts)
    return ["auto" if whole <= PAPER or column.align == "right" else "1fr" for column in table.columns]


def kept(text: str) -> str:
    r"""A short name of a row, a month or a day, with blanks that no line breaks at.

    >>> kept("1 May 2026") == "1\u00a0May\u00a02026", kept("Expert Yacht Delivery")
    (True, 'Expert Yacht Delivery')
    """
    return text.replace(" ", "\u00a0") if len(text) <= _SHORT else text


def _needed(table: Table, place: int, column: Column) -> int:
    """Letters of the longest thing that no line breaks: a figure, a word, a short name of a row."""
    texts = _texts(table, place)
    if place == 0:
        texts = [kept(text) for text in texts]
    if column.align == "right":
        return max(*(width(text) for text in texts[1:]), *(width(word) for word in texts[0].split()), 0, 0)
    return max((width(word) for text in texts for word in text.split(" ")), default=0)


def _texts(table: Table, place: int) -> list[str]:
    rows = (*table.rows, *((table.total,) if table.total else ()))
    return [table.columns[place].title, *(row[place].text for row in rows)]
