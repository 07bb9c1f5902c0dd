"""Reading every source that ``sources.yaml`` names; a table comes from one source only."""

from __future__ import annotations

from pathlib import Path

from executive_suite.schema.quality import Fault
from executive_suite.sources import files, journal, place
from executive_suite.sources.config import FolderSource, Source, Sources, SqlSource, load
from executive_suite.sources.raw import RawTables

__all__ = ["Sources", "load", "read"]


def read(sources: Sources) -> RawTables:
    """Everything that the sources have.

    Raises:
        FileNotFoundError: a folder or journal does not exist.
        ConfigError: a variable or program that a source needs is missing.
    """
    read_each = [(source, _read(source, sources.folder)) for source in sources.sources]
    parts = [(source.name, part) for source, part in read_each if source.kind != "journal"]
    if journals := [part for source, part in read_each if source.kind == "journal"]:
        parts.append(("journals", journal.joined(journals)))
    tables = {}
    faults: list[Fault] = []
    origin: dict[str, str] = {}
    for name_of_source, part in parts:
        for name, data in part.tables.items():
            if name in tables:
                rule = f"must be the only source for the table {name} ({origin[name]} has it too)"
                faults.append(Fault(name_of_source, 0, "", "", rule, "leave it out of one of them in sources.yaml"))
            else:
                tables[name], origin[name] = data, name_of_source
    return RawTables(
        tables=tables,
        files=tuple(file for _, part in parts for file in part.files),
        faults=(*faults, *(fault for _, part in parts for fault in part.faults)),
        notes=tuple(note for _, part in parts for note in part.notes),
        sample=any(source.sample or part.sample for source, part in read_each),
    )


def _read(source: Source, base: Path) -> RawTables:
    if isinstance(source, FolderSource):
        return files.read(place.at(source.location, base), source.mapping)
    if isinstance(source, SqlSource):
        from executive_suite.sources import databases  # noqa: PLC0415 - costly, and only databases need it

        return databases.read(source)
    return journal.read(source, base)
