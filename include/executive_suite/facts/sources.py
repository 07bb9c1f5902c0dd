"""Where figures come from: the rows of the files behind those that reports show, as the metrics themselves used them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


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
        listed: Places among ``Sources.rows`` of the table, largest amount first for the ledger; not all if there are
            more than ``LISTED``.
        named: How many rows the metric could name; 0 if it only knows how many there were.
        posted: For the ledger, the sums of the lines by account and month.
        cents: For sums, the amount as the figure has it; None if the metric knows no single amount.
    """

    table: str
    rows: int
    listed: tuple[int, ...] = ()
    named: int = 0
    posted: tuple[Posted, ...] = ()
    cents: int | None = None


@dataclass(frozen=True, slots=True)
class SourceTable:
    """The rows of one table that figures used.

    Attributes:
        columns: Names of the cells; the first two are the file and the row in it.
        rows: Place in the frozen dataset to the cells as text, blanks empty.
    """

    columns: tuple[str, ...]
    rows: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the figures of a run come from.

    Attributes:
        facts: Fact id to what it used, by table.
        tables: Table to the rows that figures used.
    """

    facts: Mapping[str, tuple[Used, ...]] = field(default_factory=dict)
    tables: Mapping[str, SourceTable] = field(default_factory=dict)


LISTED = 500
"""Rows of a table that are listed for one figure; sums by account and month are always whole."""
UNKNOWN = Sources()
"""Of figures that nobody traced."""
