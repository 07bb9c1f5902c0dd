"""Reading every source that ``sources.yaml`` names; a table comes from one source only."""

from __future__ import annotations

from pathlib import Path

from executive_suite import place, source_files
from executive_suite.quality import Fault
from executive_suite.raw import RawTables
from executive_suite.source_config import FolderSource, Source, Sources, load

__all__ = ["Sources", "load", "read"]


def read(sources: Sources) -> RawTables:
    """Everything that the sources have.

    Raises:
        FileNotFoundError: a folder or journal does not exist.
        ConfigError: a variable or program that a source needs is missing.
    """
    parts = [(source, _read(source, sources.folder)) for source in sources.sources]
    tables = {}
    faults: list[Fault] = []
    origin: dict[str, str] = {}
    for source, part in parts:
        for name, data in part.tables.items():
            if name in tables:
                rule = f"must be the only source for the table {name} ({origin[name]} has it too)"
                faults.append(Fault(source.name, 0, "", "", rule, "leave it out of one of them in sources.yaml"))
            else:
                tables[name], origin[name] = data, source.name
    return RawTables(
        tables=tables,
        files=tuple(file for _, part in parts for file in part.files),
        faults=(*faults, *(fault for _, part in parts for fault in part.faults)),
        notes=tuple(note for _, part in parts for note in part.notes),
        sample=any(source.sample or part.sample for source, part in parts),
    )


def _read(source: Source, base: Path) -> RawTables:
    if isinstance(source, FolderSource):
        return source_files.read(place.at(source.location, base), source.tables)
    raise NotImplementedError(source.kind)
