"""Tables by declaration: each column has a heading, a cell per row, and an alignment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import NOTHING, Align, Cell, Column, Table, Tone
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.cells import Notes
from executive_suite.wording import say

Row = TypeVar("Row")

_UNDERSTOOD_DAYS = 300
"""Days from today within which a date needs no year."""


@dataclass(frozen=True, slots=True)
class Col(Generic[Row]):
    """A column.

    Attributes:
        head: Its heading.
        cell: Its cell for a row.
        align: Figures right, words left.
        totals: Whether the total row shows it too.
    """

    head: str
    cell: Callable[[Row], Cell]
    align: Align
    totals: bool


def words(
    head: str,
    text: Callable[[Row], str | Cell],
    *,
    tone: Callable[[Row], Tone] | None = None,
    totals: bool = False,
) -> Col[Row]:
    """A column of words: text or cells."""

    def cell(row: Row) -> Cell:
        shown = text(row)
        made = shown if isinstance(shown, Cell) else Cell(shown)
        return replace(made, tone=tone(row)) if tone else made

    return Col(head, cell, "left", totals)


def figures(
    head: str,
    value: Callable[[Row], Fact | Cell],
    *,
    tone: Callable[[Row], Tone] | None = None,
    notes: Notes = "missing",
) -> Col[Row]:
    """A column of figures: facts or cells."""

    def cell(row: Row) -> Cell:
        shown = value(row)
        made = cells.of(shown, notes=notes) if isinstance(shown, Fact) else shown
        return replace(made, tone=tone(row)) if tone else made

    return Col(head, cell, "right", totals=True)


def itself(head: str, *, tone: Callable[[Fact], Tone] | None = None, notes: Notes = "missing") -> Col[Fact]:
    """A column of the row itself, if rows are facts."""
    return figures(head, lambda fact: cells.of(fact, notes=notes), tone=tone)


def month(value: Callable[[Row], str], head: str = "Month") -> Col[Row]:
    """A column of months, of ISO months."""
    return words(head, lambda row: Cell(value(row), "month"))


def day(head: str, value: Callable[[Row], str], missing: str = NOTHING) -> Col[Row]:
    """A column of dates, of ISO dates; ``missing`` in place of an empty one."""
    return words(head, lambda row: Cell(value(row), "date") if value(row) else Cell(say(missing)))


def near(head: str, value: Callable[[Row], str], today: date, missing: str = NOTHING) -> Col[Row]:
    """A column of dates, of ISO dates, that fits a phone: days soon after ``today`` name no year."""
    return words(head, lambda row: Cell(near_day(value(row), today) if value(row) else missing))


def near_day(iso: str, today: date) -> str:
    r"""A date in one piece, without its year where that is understood: of days ahead.

    >>> near_day("2026-05-31", date(2026, 5, 1)), near_day("2027-06-30", date(2026, 5, 1))
    ('May\xa031', 'Jun\xa030,\xa02027')
    """
    day_ = date.fromisoformat(iso)
    shown = formats.day_of_year(day_) if 0 <= (day_ - today).days < _UNDERSTOOD_DAYS else formats.day(day_)
    return shown.replace(" ", "\u00a0")


def table(
    title: str,
    rows: Iterable[Row],
    columns: Sequence[Col[Row]],
    *,
    total: Row | None = None,
    total_name: str = "",
    note: str = "",
    empty: str = "Nothing to show.",
    fixed: bool = False,
) -> Table:
    """A table of declared columns.

    Args:
        title: Names measure, period and scenario; the unit is added when the table is set.
        rows: One item per row, in order.
        columns: In order.
        total: The item of the last row, set apart; left out without rows.
        total_name: What the last row is called, in place of its first cell.
        note: Printed under the table.
        empty: Printed in place of a table without rows.
        fixed: Whether the rows are fixed lines; if none of them has a figure, the reason replaces them.
    """
    lines = tuple(tuple(column.cell(row) for column in columns) for row in rows)
    last: tuple[Cell, ...] = ()
    if total is not None and lines:
        last = tuple(
            Cell(say(total_name))
            if total_name and not place
            else column.cell(total)
            if column.totals or not place
            else Cell()
            for place, column in enumerate(columns)
        )
    heads = tuple(Column(say(column.head), column.align) for column in columns)
    made = Table(say(title), heads, lines, last, say(note), say(empty))
    return _with_figures(made) if fixed else made


def _with_figures(made: Table) -> Table:
    """A table of fixed lines; if no line has a figure, the first reason replaces them."""
    places = [place for place, column in enumerate(made.columns) if column.align == "right"]
    found = [row[place] for row in made.rows for place in places]
    if not found or any(cell.value is not None and not cell.empty for cell in found):
        return made
    reason = next((cell.note for cell in found if cell.note), "")
    return replace(
        made, rows=(), total=(), note="", empty=say("Not available: {reason}.", reason=reason) if reason else made.empty
    )
