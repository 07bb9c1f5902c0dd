"""Where figures come from: the rows behind those that reports show, as the metrics themselves used them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

LISTED = 200
"""Rows of a table that are listed for one figure; sums of the ledger by account and month are always whole."""


@dataclass(frozen=True, slots=True)
class Posted:
    """Ledger lines of one account and month, added up.

    Attributes:
        account: Its number or name in the ledger.
        month: ISO month.
        cents: Debit-positive; with the opposite sign where the figure takes them so.
        lines: How many.
    """

    account: str
    month: str
    cents: int
    lines: int


@dataclass(frozen=True, slots=True)
class Used:
    """What a figure used of one table.

    Attributes:
        table: The input table.
        rows: How many of its rows the figure counts as its inputs.
        listed: Their places in the frozen dataset, ascending; of more than ``LISTED`` the first, of the ledger those
            with the largest amounts.
        named: How many rows the metric could name; 0 if it only knows how many there were.
        posted: For the ledger, the sums of the lines by account and month.
        amounts: The amounts that the figure was computed from: cents, and how many rows each adds up.
    """

    table: str
    rows: int
    listed: tuple[int, ...] = ()
    named: int = 0
    posted: tuple[Posted, ...] = ()
    amounts: tuple[tuple[int, int], ...] = ()

    @property
    def whole(self) -> bool:
        """Whether every row that is known is listed."""
        return self.named == len(self.listed)

    def as_json(self) -> list[Any]:
        """Plain JSON; consecutive places as first and number."""
        posted = [[one.account, one.month, one.cents, one.lines] for one in self.posted]
        return [
            self.table,
            self.rows,
            list(_spans(self.listed)),
            self.named,
            posted,
            [list(one) for one in self.amounts],
        ]

    @classmethod
    def from_json(cls, record: list[Any]) -> Self:
        """What ``as_json`` wrote."""
        table, rows, spans, named, posted, amounts = record
        places = tuple([at for first, count in spans for at in range(first, first + count)])
        return cls(
            table, rows, places, named, tuple([Posted(*one) for one in posted]), tuple([(c, n) for c, n in amounts])
        )


@dataclass(frozen=True, slots=True)
class SourceTable:
    """The rows of one table that figures used.

    Attributes:
        columns: Names of the cells.
        rows: Place in the frozen dataset to file, row in it (empty if the source has none) and the cells as text,
            blanks empty.
    """

    columns: tuple[str, ...]
    rows: Mapping[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the figures of a run come from.

    Attributes:
        facts: Fact id to what it used, by table.
        tables: Table to the rows that figures used.
    """

    facts: Mapping[str, tuple[Used, ...]] = field(default_factory=dict)
    tables: Mapping[str, SourceTable] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "facts": {name: [used.as_json() for used in parts] for name, parts in self.facts.items()},
            "tables": {
                name: {"columns": list(one.columns), "rows": [[place, *cells] for place, cells in one.rows.items()]}
                for name, one in self.tables.items()
            },
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Self:
        """What ``as_json`` wrote."""
        return cls(
            {name: tuple([Used.from_json(one) for one in parts]) for name, parts in record["facts"].items()},
            {
                name: SourceTable(tuple(one["columns"]), {row[0]: tuple(row[1:]) for row in one["rows"]})
                for name, one in record["tables"].items()
            },
        )


UNKNOWN = Sources()
"""Of figures that nobody traced."""


def _spans(places: Iterable[int]) -> Iterator[list[int]]:
    """Consecutive places as first and number.

    >>> list(_spans([3, 4, 5, 9]))
    [[3, 3], [9, 1]]
    """
    span: list[int] = []
    for place in places:
        if span and place == span[0] + span[1]:
            span[1] += 1
            continue
        if span:
            yield span
        span = [place, 1]
    if span:
        yield span
