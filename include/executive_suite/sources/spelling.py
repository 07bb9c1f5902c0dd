"""Headers that are missing, misspelled or unknown, with what was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator

from executive_suite.schema.quality import Fault
from executive_suite.schema.tables import ORIGIN, Table, bare
from executive_suite.sources import shaping
from executive_suite.sources.config import TableMapping


def missing(given: Collection[str], mapping: TableMapping, file: str) -> Iterator[Fault]:
    """Headers that the mapping names and the source does not have."""
    named = {*(header for mapped in mapping.columns.values() for header in mapped.headers), *shaping.headers(mapping)}
    if absent := ", ".join(sorted(named - set(given))):
        rule = f"must have the columns that sources.yaml names; {absent} not found"
        yield Fault(file, rule, "correct the export, or the header in sources.yaml", 1, absent)


def misspelled(unknown: Iterable[str], table: Table, found: Collection[str], file: str) -> Iterator[Fault]:
    """Headers that are probably meant for an absent column: faults, because its figures would be missing."""
    for header in unknown:
        if meant := _alike(header, table, found):
            advice = f"write {meant}, or map the header in sources.yaml"
            yield Fault(file, f"must be spelled {meant} to be read as that column", advice, 1, header)


def unknown(headers: Iterable[str], table: Table, found: Collection[str]) -> str:
    """A sentence about the headers that were not read, each with the column that it may mean; blank if none."""
    left = [header for header in headers if not _alike(header, table, found)]
    absent = [name for name in table.columns if name not in found and name not in ORIGIN]
    words = [f"{header}{f' (perhaps {guess})' if (guess := closest(header, absent)) else ''}" for header in left]
    return f"columns that the schema does not know were not read: {', '.join(words)}" if words else ""


def closest(word: str, names: Iterable[str], cutoff: float = 0.75) -> str:
    """The name that a misspelled word probably means; blank if none is similar enough (0 to 1).

    >>> closest("legder", ["entity", "ledger"]), closest("BiledCost", ["BilledCost"]), closest("colour", ["entity"])
    ('ledger', 'BilledCost', '')
    """
    alike = {name.casefold(): name for name in names}
    return next((alike[name] for name in difflib.get_close_matches(word.casefold(), alike, n=1, cutoff=cutoff)), "")


def _alike(header: str, table: Table, found: Collection[str]) -> str:
    """The absent column that a header equals except for case and punctuation, or resembles, if it is required."""
    absent = [column for name, column in table.columns.items() if name not in found]
    same = next((column.name for column in absent if bare(column.name) == bare(header)), "")
    return same or closest(header, (column.name for column in absent if column.required))
