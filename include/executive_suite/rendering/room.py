"""How much a body has room for: its longest tables and lists keep their first rows, the appendix has the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from executive_suite.rendering import paper, reading
from executive_suite.rendering.blocks import ActionList, FindingList, Section, Table

LEAST_ROWS = 3
"""Rows that a table or a list of a body keeps; with fewer it is in the appendix only."""

Rows = Table | FindingList | ActionList


def fitted(parts: Sequence[Section], points: float = 0) -> list[Section]:
    """The sections of a body with as many rows as there is time to read, and as paper has room for.

    The longest table or list gives up its last row until the body is short enough or all of them are short; then whole
    ones go, first the longest. A section without a point keeps one row. What goes is among the section's rows, and a
    line says how many rows those are. A body that has room stays as it is.

    Args:
        parts: The sections.
        points: By how much paper has to be shorter. One table that is cut to a few rows saves more than many that are
            cut by one, since each has to say so: the tallest gives up as many as it can before the next gives any.
    """
    places = [
        _Place(at, name, block, block, 0 if part.point else 1)
        for at, part in enumerate(parts)
        for name, block in part.blocks.items()
        if isinstance(block, Rows)
    ]
    fixed = sum(map(reading.in_section, parts)) - sum(place.words for place in places)
    while fixed + sum(place.words for place in places) > reading.MOST_IN_BODY:
        if not _give(places, _by_words):
            break
    height = sum(place.height for place in places)
    while height - sum(place.height for place in places) < points:
        if not _give(places, _by_height):
            break
    return [_cut(part, [place for place in places if place.part == at]) for at, part in enumerate(parts)]


@dataclass
class _Place:
    """A table or list of a body while it is cut.

    Attributes:
        part: Number of its section.
        name: Its name there.
        whole: As it was.
        kept: The part that stays; None if all of it is in the appendix.
        least: Rows that its section cannot do without.
    """

    part: int
    name: str
    whole: Rows
    kept: Rows | None
    least: int

    def __post_init__(self) -> None:
        """Measure it once."""
        self._measure()

    def _measure(self) -> None:
        self.words = reading.in_block(self.kept) if self.kept else 0
        self.height = paper.height(self.kept) if self.kept else 0.0

    @property
    def length(self) -> int:
        return _length(self.kept) if self.kept else 0

    def give(self) -> None:
        """Give up the last row, or all if few are left."""
        few = self.length <= LEAST_ROWS and not self.least
        self.kept = _shorter(self.kept) if self.kept and not few else None
        self._measure()


def _give(places: Iterable[_Place], weight: Callable[[_Place], tuple[bool, float]]) -> bool:
    """Let the place of most weight give up a row; False if there is none to give."""
    giving = max((place for place in places if place.length > place.least), key=weight, default=None)
    if giving:
        giving.give()
    return giving is not None


def _by_words(place: _Place) -> tuple[bool, float]:
    """Those with rows to spare come first, then the longest."""
    return place.length > (place.least or LEAST_ROWS), place.words


def _by_height(place: _Place) -> tuple[bool, float]:
    """The same, by what each had to begin with; last the sections that say nothing but their rows."""
    return place.length > LEAST_ROWS, paper.height(place.whole) * (0.5 if place.least else 1)


def _length(block: Rows) -> int:
    return len(block.rows if isinstance(block, Table) else block.items)


def _shorter(block: Rows) -> Rows:
    if isinstance(block, Table):
        return replace(block, rows=block.rows[:-1], beyond=block.beyond + 1)
    if isinstance(block, FindingList):
        return replace(block, items=block.items[:-1], beyond=block.beyond + 1)
    return replace(block, items=block.items[:-1], beyond=block.beyond + 1)


def _cut(part: Section, places: Iterable[_Place]) -> Section:
    """The section with what is left, and all of what was cut among its rows."""
    cut = {place.name: place for place in places if place.kept is not place.whole}
    if not cut:
        return part
    left = {name: cut[name].kept if name in cut else block for name, block in part.blocks.items()}
    moved = {name: place.whole for name, place in cut.items() if not _told(part.rows, place.whole)}
    return replace(
        part,
        blocks={name: block for name, block in left.items() if block is not None},
        rows={**{f"whole {name}": block for name, block in moved.items()}, **part.rows},
    )


def _told(rows: Mapping[str, Any], block: Rows) -> bool:
    """Whether the section's rows have all that a table says, with further rows or columns."""
    if not isinstance(block, Table):
        return any(type(other) is type(block) and set(block.items) <= set(other.items) for other in rows.values())
    return any(isinstance(other, Table) and _holds(other, block) for other in rows.values())


def _holds(whole: Table, part: Table) -> bool:
    places = {column.title: place for place, column in enumerate(whole.columns)}
    if any(column.title not in places for column in part.columns):
        return False
    shown = [places[column.title] for column in part.columns]
    return {tuple(cell.text for cell in row) for row in part.rows} <= {
        tuple(row[place].text for place in shown) for row in whole.rows
    }
