"""A CSV file with hledger's rules next to it (``bank.csv`` and ``bank.csv.rules``): the entries that they make."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

from executive_suite.adopt.journal_entries import reading
from executive_suite.adopt.reading import Entry, Reading
from executive_suite.adopt.refusing import refusal
from executive_suite.adopt.upload import Upload
from executive_suite.sources import hledger_journal, included

UNKNOWN = frozenset({"expenses:unknown", "income:unknown"})
"""Where hledger puts what no rule knows: neither is an expense or income."""

_SKIPPED = re.compile(r"^skip[ \t]*(\d*)[ \t]*$", re.MULTILINE)


def read(upload: Upload) -> Reading | None:
    """Entries by the file's own rules; the other side of what no rule knows stays unclassified."""
    rules = upload.path.with_name(f"{upload.path.name}.rules")
    if not upload.grids or not rules.is_file():
        return None
    if not shutil.which(hledger_journal.PROGRAM):
        raise refusal(upload.name, 0, f"hledger is needed to read it by {rules.name}, and is not installed")
    for fault in included.rules(rules):
        raise refusal(fault.file, fault.row, f"{fault.rule}; {fault.advice}")
    found = reading(upload, "hledger", hledger_journal.loaded(upload.path.resolve()), (rules,))
    places = _places(upload, rules)
    entries = tuple(_placed(entry, places) for entry in found.entries)
    unknown = sum(not line.account for entry in entries for line in entry.lines)
    remarks = (f"{unknown} lines that no rule of {rules.name} knows are unclassified.",) if unknown else ()
    return replace(
        found, report="table with rules", named=False, whole=False, entries=entries, remarks=(*found.remarks, *remarks)
    )


def _places(upload: Upload, rules: Path) -> list[int]:
    """The row of each record: hledger counts them without blank rows and those that the rules skip at the top."""
    skipped = sum(int(count or 1) for count in _SKIPPED.findall(rules.read_text("utf-8", "replace"))[:1])
    filled = [number for number, cells in enumerate(upload.grids[0].rows, 1) if any(cells)]
    return filled[skipped:]


def _placed(entry: Entry, places: list[int]) -> Entry:
    """An entry with the rows of its records, and without the accounts that only say unknown."""
    return replace(
        entry,
        lines=tuple(
            replace(
                line,
                account="" if line.account in UNKNOWN else line.account,
                origin=replace(line.origin, row=places[line.origin.row - 1] if line.origin.row <= len(places) else 0),
            )
            for line in entry.lines
        ),
    )
