"""The width of a table, before anything is drawn: how a phone shows it, and its columns on paper."""

from __future__ import annotations

from typing import Literal

from executive_suite.rendering.blocks import Column, Table
from executive_suite.rendering.text_layout import width

PHONE = 50
"""Letters that fit across a phone of 380 pixels, two for each gap included."""
GAP = 2
"""Letters of the gap after a column."""
_MARK = 2
"""Letters that the mark next to a figure takes."""
_DAGGER = "\u00a0\u2020"
"""The sign after the name of a row based on assumed data."""
_SHORT = 12
_FEW = 4
"""With no more columns than this, long words fit next to figures on a wide screen."""
_LONG = 48
_LONGEST_WORD = 30

Shape = Literal["table", "under", "stack"]


def phone(table: Table) -> Shape:
    """How a table is shown on a phone.

    Returns:
        ``table``: it fits. ``under``: it fits when its last column, of words, goes under each row.
        ``stack``: each row becomes a small list.
    """
    needed = [_needed(table, place, column) + GAP for place, column in enumerate(table.columns)]
    if sum(needed) <= PHONE:
        return "table"
    last = len(needed) - 1
    if last > 1 and table.columns[last].align == "left" and sum(needed[:last]) <= PHONE:
        return "under"
    return "stack"


def below(table: Table) -> bool:
    """Whether even wide screens show a last column of long words under each row, because figures need the room."""
    last = len(table.columns) - 1
    if last < _FEW or table.columns[last].align != "left":
        return False
    return max(map(width, texts(table, last))) > _LONG


def unbroken(table: Table) -> bool:
    """Whether a word is so long that it may break anywhere: a name of 120 letters, not an ordinary one."""
    shown = (text for place in range(len(table.columns)) for text in texts(table, place))
    return any(width(word) > _LONGEST_WORD for text in shown for word in text.split())


def leads(table: Table) -> int:
    """How many cells name a row: two if the first is only its rank, else one."""
    ranks = all(row[0].number is not None for row in table.rows)
    return 2 if ranks and table.columns[0].align == "right" and len(table.columns) > 2 else 1  # noqa: PLR2004 - as said


def kept(text: str) -> str:
    r"""A short name of a row, a month or a day, with non-breaking spaces.

    >>> kept("May 1, 2026") == "May\u00a01,\u00a02026", kept("Expert Yacht Delivery")
    (True, 'Expert Yacht Delivery')
    """
    return text.replace(" ", "\u00a0") if len(text) <= _SHORT else text


def _needed(table: Table, place: int, column: Column) -> int:
    """Letters of the longest unbreakable part: a figure, a word, a short name of a row."""
    shown = texts(table, place)
    if place == 0:
        assumed = {row[0].text for row in table.rows if row[0].assumed}
        shown = [kept(text) + (_DAGGER if text in assumed else "") for text in shown]
    if column.align == "right":
        figures: list[int] = [
            width(row[place].text) + _MARK * (row[place].tone != "neutral" or row[place].assumed) for row in table.lines
        ]
        return max(*figures, *(width(word) for word in shown[0].split()), 0, 0)
    return max((width(word) for text in shown for word in text.split(" ")), default=0)


def texts(table: Table, place: int) -> list[str]:
    """The texts of a column, its heading first."""
    return [table.columns[place].title, *(row[place].text for row in table.lines)]
