"""The frozen dataset of a run: typed tables as known at the cut-off, under one hash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pandas as pd

from executive_suite import asof, typed
from executive_suite.figures import Note
from executive_suite.metrics.context import Context
from executive_suite.period import cut_off
from executive_suite.quality import Fault, QualityError
from executive_suite.raw import RawTables, SourceFile
from executive_suite.tables import schema


@dataclass(frozen=True)
class Snapshot:
    """The frozen dataset of a run.

    Attributes:
        tables: Typed rows by table, with ``source_file`` and ``source_row``.
        report_date: The date that it reports at.
        cut_off: First instant not known to it, UTC.
        zone: The group's time zone.
        coverage: Table to rows used.
        notes: Soft faults.
        files: What was read.
        hash: SHA-256 over report date, zone and rows; the same for any order of rows in the files, on any machine.
    """

    tables: Mapping[str, pd.DataFrame]
    report_date: date
    cut_off: datetime
    zone: ZoneInfo
    coverage: Mapping[str, int]
    notes: tuple[Note, ...]
    files: tuple[SourceFile, ...]
    hash: str

    @property
    def context(self) -> Context:
        """What metrics may see of it."""
        return Context(self.tables, self.report_date, self.zone)


def build(raw: RawTables, report_date: date, zone: ZoneInfo, *, known_at: datetime | None = None) -> Snapshot:
    """The dataset of a report date.

    Args:
        raw: What the sources have.
        report_date: Rows of business days before it are used.
        zone: The group's time zone; the cut-off is the start of the report date in it.
        known_at: Rows recorded before this instant are used; default the cut-off.

    Raises:
        QualityError: with every fault of the input.
    """
    faults: list[Fault] = list(raw.faults)
    notes: list[Note] = list(raw.notes)
    frames: dict[str, pd.DataFrame] = {}
    for name, data in raw.tables.items():
        frames[name], found = typed.read(data, schema()[name])
        faults += found
    if faults:
        raise QualityError(faults)
    then = asof.Then(report_date, known_at or cut_off(report_date, zone), zone, {})
    used: dict[str, pd.DataFrame] = {}
    for name, frame in frames.items():
        used[name], later = asof.known(frame, schema()[name], then)
        used[name] = used[name].reset_index(drop=True)
        if later:
            notes.append(Note(name, f"rows dated on or after {report_date.isoformat()} were left out", later))
    coverage = {name: len(frame) for name, frame in sorted(used.items())}
    return Snapshot(used, report_date, cut_off(report_date, zone), zone, coverage, tuple(notes), raw.files, "")
