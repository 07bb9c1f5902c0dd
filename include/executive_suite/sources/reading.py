"""Reading every source that ``sources.yaml`` names, and joining the tables that several of them add to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from executive_suite.config import ConfigError
from executive_suite.schema.quality import Fault
from executive_suite.sources import activity, files, joining, journal, ledgers, natural, place
from executive_suite.sources.config import FolderSource, Source, Sources, SqlSource, load
from executive_suite.sources.raw import RawTables, together

__all__ = ["Sources", "load", "of", "read"]


def read(sources: Sources) -> RawTables:
    """Everything in the sources.

    Raises:
        FileNotFoundError: a folder or journal does not exist.
        ConfigError: a variable or program that a source needs is missing.
    """
    parts = [_read(source, sources.folder) for source in sources.sources]
    parts = joining.distinguished([(source.name, part) for source, part in zip(sources.sources, parts, strict=True)])
    read_each = list(zip(sources.sources, parts, strict=True))
    faults: list[Fault] = []
    tables: dict[str, pa.Table] = {}
    for name in dict.fromkeys(name for part in parts for name in part.tables):
        tables[name] = _table(name, read_each, faults)
    sample = any(source.sample or part.sample for source, part in read_each)
    return replace(together(parts, tables, faults), sample=sample)


def _table(name: str, read_each: Sequence[tuple[Source, RawTables]], faults: list[Fault]) -> pa.Table:
    """A table of all sources that have it; adds the faults of having it twice."""
    having = [(source, part.tables[name]) for source, part in read_each if name in part.tables]
    unnamed = [source.name for source, _ in having if not _names(source, name)]
    if len(having) > 1 and unnamed:
        others = ", ".join(source.name for source, _ in having if source.name != unnamed[0])
        rule = f"must be the only source for the table {name} ({others} has it too)"
        advice = f"remove it from one of them, or name {name} under `tables` of each, so that all add to it"
        faults.append(Fault(unnamed[0], rule, advice))
        having = having[:1]
    if name == "account" and len(having) > 1:
        chart, contradictions = joining.charts([(data, source.kind == "journal") for source, data in having])
        faults += contradictions
        return chart
    if name == "ledger":
        parts = [(source.name, _as_booked(source, data, read_each, faults)) for source, data in having]
        ledger, twice = ledgers.joined_ledgers(parts)
        faults += twice
        return ledger
    return joining.joined([data for _, data in having])


def _names(source: Source, table: str) -> bool:
    """Whether a source says that it has a table: under ``tables``, or because every journal has it."""
    return source.kind == "journal" or table in source.tables


def _as_booked(
    source: Source, ledger: pa.Table, read_each: Sequence[tuple[Source, RawTables]], faults: list[Fault]
) -> pa.Table:
    """The ledger of a source with its signs and its rules by account; the chart of any source states a type."""
    constant = source.tables["ledger"].constants.get("activity", "") if "ledger" in source.tables else ""
    if not (source.activity or source.natural or constant) and source.kind != "journal":
        return ledger
    charts = [part.tables["account"] for _, part in read_each if "account" in part.tables]
    charted = activity.kinds(charts)
    if source.natural:
        ledger = natural.debit_positive(ledger, charted, faults)
    if not source.activity and not constant and source.kind != "journal":
        return ledger
    faults += activity.misspelled(source.name, source.activity, ledger, charted)
    own = ledger.drop(["activity"]) if constant else ledger
    return activity.filled(own, source.activity, charted, constant or activity.OTHERWISE)


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
