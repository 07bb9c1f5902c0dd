"""Reading every source that ``sources.yaml`` names; a table comes from one source only."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from executive_suite.config import ConfigError
from executive_suite.schema.quality import Fault
from executive_suite.sources import files, journal, place
from executive_suite.sources.config import FolderSource, Source, Sources, SqlSource, load
from executive_suite.sources.raw import RawTables, together

__all__ = ["Sources", "load", "of", "read"]


def read(sources: Sources) -> RawTables:
    """Everything in the sources.

    Raises:
        FileNotFoundError: a folder or journal does not exist.
        ConfigError: a variable or program that a source needs is missing.
    """
    read_each = [(source, _read(source, sources.folder)) for source in sources.sources]
    parts = [(source.name, part) for source, part in read_each if source.kind != "journal"]
    if journals := [part for source, part in read_each if source.kind == "journal"]:
        parts.append(("journals", journal.joined(journals)))
    tables: dict[str, pa.Table] = {}
    faults: list[Fault] = []
    origin: dict[str, str] = {}
    for name_of_source, part in parts:
        for name, data in part.tables.items():
            if name in tables:
                rule = f"must be the only source for the table {name} ({origin[name]} has it too)"
                faults.append(Fault(name_of_source, rule, "remove it from one of them in sources.yaml"))
            else:
                tables[name], origin[name] = data, name_of_source
    sample = any(source.sample or part.sample for source, part in read_each)
    return replace(together([part for _, part in parts], tables, faults), sample=sample)


def _read(source: Source, base: Path) -> RawTables:
    if isinstance(source, FolderSource):
        return files.read(place.at(source.location, base), source.mapping)
    if isinstance(source, SqlSource):
        from executive_suite.sources import databases  # slow to import

        return databases.read(source)
    return journal.read(source, base)


def of(data: Path | str | None, config: Path) -> RawTables:
    """Everything in a folder, a bucket, or the sources that ``sources.yaml`` names.

    Args:
        data: A folder of CSV or Parquet files, or ``s3://bucket/prefix``; None for ``sources.yaml``.
        config: The configuration folder.

    Raises:
        FileNotFoundError: no such folder, or nothing in the bucket.
        ConfigError: ``sources.yaml`` is wrong, or the bucket cannot be read.
    """
    if data is None:
        return read(load(config / "sources.yaml"))
    if isinstance(data, str):
        return files.read(place.at(data, Path()))
    raw = files.read_folder(data)
    return replace(raw, sample=raw.sample or _is_sample(data, config))


def _is_sample(data: Path, config: Path) -> bool:
    """Whether ``sources.yaml`` marks a folder as a sample."""
    try:
        sources = load(config / "sources.yaml")
    except ConfigError:
        return False
    folders = (s.location for s in sources.sources if s.kind == "folder" and s.sample)
    return data.resolve() in {(sources.folder / location).resolve() for location in folders}
