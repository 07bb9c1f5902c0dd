"""The frozen dataset of a run: typed tables as known at the cut-off, with one hash, kept as Parquet and a manifest."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from executive_suite import canonical
from executive_suite.dataset import asof, books, currency, days, frozen, quality_rules, row_rules, unapplied
from executive_suite.dataset.context import Context
from executive_suite.dataset.rates import Rates
from executive_suite.facts.figures import Note
from executive_suite.period import cut_off
from executive_suite.schema import keys, typed
from executive_suite.schema.quality import Fault, QualityError
from executive_suite.schema.tables import schema
from executive_suite.sources.raw import RawTables, SourceFile
from executive_suite.stores.store import ObjectStore, StoredObject, create_all

FORMAT = "executive-suite-snapshot/1"
UTC = ZoneInfo("UTC")


class SnapshotError(ValueError):
    """A frozen dataset is not what its manifest says; the message names the object."""


@dataclass(frozen=True)
class Snapshot:
    """The frozen dataset of a run.

    Attributes:
        tables: Typed rows by table, in key order, with ``source_file`` and ``source_row``.
        report_date: The report date.
        cut_off: First instant not known to it, UTC.
        zone: The group's time zone.
        coverage: Table to rows used.
        notes: Soft faults.
        files: What was read.
        sample: Whether the source marks its data as a sample.
    """

    tables: Mapping[str, pd.DataFrame]
    report_date: date
    cut_off: datetime
    zone: ZoneInfo
    coverage: Mapping[str, int]
    notes: tuple[Note, ...]
    files: tuple[SourceFile, ...] = ()
    sample: bool = False

    @functools.cached_property
    def hash(self) -> str:
        """SHA-256 over date, cut-off, zone, notes and rows; the same for any order of rows, on any machine."""
        header = {
            "format": FORMAT,
            "report_date": self.report_date.isoformat(),
            "cut_off": self.cut_off.isoformat(),
            "zone": self.zone.key,
            "notes": [asdict(note) for note in self.notes],
            "sample": self.sample,
        }
        return frozen.digest(
            canonical.dumps(header) + b"\n", {name: (frame, schema()[name]) for name, frame in self.tables.items()}
        )

    @functools.cached_property
    def context(self) -> Context:
        """What metrics may see; the caller adds the rules in force."""
        return Context(self.tables, self.report_date, self.zone)

    @property
    def key(self) -> str:
        """The manifest's key in the records bucket."""
        return f"snapshots/{self.report_date.isoformat()}/{self.hash}/manifest.json"


@dataclass(frozen=True)
class Typed:
    """Everything in the sources, read exactly, before a report date selects from it.

    Attributes:
        frames: Rows by table, in file order.
        notes: Harmless omissions.
        files: What was read.
        sample: Whether the source marks its data as a sample.
        faults: What is wrong whatever the report date.
        faulty: By table, the rows with a faulty cell.
        rising: Tables whose rows are in strictly rising key order, so that their keys are unique.
    """

    frames: Mapping[str, pd.DataFrame]
    notes: tuple[Note, ...] = ()
    files: tuple[SourceFile, ...] = ()
    sample: bool = False
    faults: tuple[Fault, ...] = ()
    faulty: Mapping[str, frozenset[int]] = field(default_factory=dict)
    rising: frozenset[str] = frozenset()


def read(raw: RawTables, fallback: ZoneInfo = UTC) -> Typed:
    """The rows of every table with typed columns, and every cell and key that is wrong whatever the report date.

    Args:
        raw: The cells, as the sources have them.
        fallback: The zone of a group that states none: it says when a day alone in a column of instants begins.
    """
    tables, faults = dict(raw.tables), list(raw.faults)
    misshapen = frozenset((fault.file, fault.row) for fault in raw.faults if fault.row and not fault.column)
    notes, files, sample = raw.notes, raw.files, raw.sample
    del raw  # the only reference: a table's cells are freed once they are typed
    rows: dict[str, typed.Rows] = {}
    for name in list(tables):
        rows[name] = typed.read(tables.pop(name), schema()[name])
        faults += rows[name].faults
    frames = days.placed(rows, fallback)
    if "ledger" in frames and not _rises(frames["ledger"], schema()["ledger"].key):
        numbers = books.shared(frames["ledger"])
        if numbers:
            faults += books.ambiguous(frames, numbers)
            frames["ledger"] = books.apart(frames["ledger"], numbers)
    rising = frozenset(name for name, frame in frames.items() if _rises(frame, schema()[name].key))
    for name in frames.keys() - rising:
        faults += quality_rules.duplicate_keys(frames[name], schema()[name])
    for name, frame in frames.items():
        faults += row_rules.out_of_range(frame, schema()[name])
        faults += row_rules.ends_before_start(frame, schema()[name])
    if "entity" in frames:
        faults += [*quality_rules.unknown_zones(frames["entity"]), *quality_rules.malformed_ids(frames["entity"])]
    return Typed(
        frames=frames,
        notes=notes,
        files=files,
        sample=sample,
        faults=tuple(faults),
        faulty={
            name: faulty
            for name, read in rows.items()
            if (faulty := read.faulty | quality_rules.rows_at(misshapen, read.frame))
        },
        rising=rising,
    )


def _rises(frame: pd.DataFrame, key: tuple[str, ...]) -> bool:
    return bool(key) and set(key) <= set(frame.columns) and keys.rising(frame, key)


def build(data: RawTables | Typed, report_date: date, zone: ZoneInfo, *, known_at: datetime | None = None) -> Snapshot:
    """The dataset of a report date.

    Args:
        data: Everything in the sources.
        report_date: Rows of business days before it are used.
        zone: The group's time zone; the cut-off is the start of the report date in it.
        known_at: Rows recorded before this instant are used; default the cut-off.

    Raises:
        QualityError: with every fault of the input.
    """
    given = read(data, zone) if isinstance(data, RawTables) else data
    instant = known_at or cut_off(report_date, zone)
    rows, used = select(given, report_date, zone, instant)
    faults: list[Fault] = list(given.faults)
    notes = list(given.notes)
    for name, frame in used.items():
        if later := len(rows[name]) - len(frame):
            notes.append(Note(name, f"rows dated on or after {report_date.isoformat()} were left out", later))
    payments, told = unapplied.payments(used, given.frames)
    used |= payments
    notes += told
    sound = {
        name: quality_rules.sound(name, frame, given.faulty.get(name, frozenset())) for name, frame in used.items()
    }
    faults += quality_rules.unknown_references(used, given.frames)
    faults += row_rules.several_groups(used["entity"]) if "entity" in used else ()
    if "ledger" in used:
        faults += quality_rules.unbalanced(sound["ledger"], rows["ledger"], given.frames["ledger"])
    if "equity_holder" in used:
        faults += quality_rules.equity_not_whole(sound["equity_holder"])
    then = asof.then(given.frames.get("entity"), report_date, instant, zone)
    used |= currency.converted(sound, Rates.of(sound), then, faults)
    if faults:
        raise QualityError(faults)
    tables = {
        name: frozen.in_key_order(used[name], schema()[name], rising=name in given.rising) for name in sorted(used)
    }
    return Snapshot(
        tables=tables,
        report_date=report_date,
        cut_off=instant,
        zone=zone,
        coverage={name: len(frame) for name, frame in tables.items()},
        notes=tuple(sorted(notes, key=lambda note: (note.table, note.text))),
        files=given.files,
        sample=given.sample,
    )


def select(
    given: Typed, report_date: date, zone: ZoneInfo, known_at: datetime
) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """The latest version of every row known at an instant, and those of them that a report date uses."""
    then = asof.then(given.frames.get("entity"), report_date, known_at, zone)
    rows = {
        name: asof.latest(frame, schema()[name], then, once=name in given.rising)
        for name, frame in given.frames.items()
    }
    used = {}
    for name, frame in rows.items():
        happened = asof.happened_before(frame, schema()[name], then)
        used[name] = frame if happened.all() else frame[happened]
    for name in [name for name in used if schema()[name].happens_with]:
        used[name] = asof.happened_with(used[name], schema()[name], rows, used)
    return rows, used


def freeze(store: ObjectStore, snapshot: Snapshot) -> str:
    """Keep the dataset, one Parquet object per table and the manifest, and return the manifest's key.

    Nothing is ever replaced: a kept dataset with the same hash stays as it is.
    """
    folder = snapshot.key.rpartition("/")[0]
    kept: dict[str, Any] = {}
    items = []
    for name, frame in snapshot.tables.items():
        body = frozen.parquet(frame, schema()[name])
        digest = hashlib.sha256(body).hexdigest()
        item = StoredObject(f"{folder}/{name}-{digest[:16]}.parquet", body, "application/vnd.apache.parquet")
        items.append(item)
        kept[name] = {"key": item.key, "sha256": digest, "rows": len(frame)}
    create_all(store, items)
    manifest = {
        "format": FORMAT,
        "hash": snapshot.hash,
        "report_date": snapshot.report_date.isoformat(),
        "cut_off": snapshot.cut_off.isoformat(),
        "zone": snapshot.zone.key,
        "sample": snapshot.sample,
        "tables": kept,
        "coverage": dict(snapshot.coverage),
        "notes": [asdict(note) for note in snapshot.notes],
        "files": [asdict(file) for file in snapshot.files],
    }
    store.create(StoredObject(snapshot.key, canonical.dumps(manifest) + b"\n", "application/json"))
    return snapshot.key


class _Kept(Mapping[str, pd.DataFrame]):
    """The tables of a kept dataset; each is fetched, checked against the manifest and read on first use."""

    def __init__(self, store: ObjectStore, entries: Mapping[str, Mapping[str, Any]]) -> None:
        self._store = store
        self._entries = entries
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._read:
            entry = self._entries[name]
            body = self._store.get(entry["key"]).body
            found = hashlib.sha256(body).hexdigest()
            if found != entry["sha256"]:
                msg = f"{entry['key']}: SHA-256 {found}, the manifest says {entry['sha256']}"
                raise SnapshotError(msg)
            self._read[name] = frozen.from_parquet(body, schema()[name])
        return self._read[name]

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def load(store: ObjectStore, key: str, *, whole: bool = True) -> Snapshot:
    """The dataset that ``freeze`` kept, each object checked against the manifest and the whole against its hash.

    Args:
        store: Where it is kept.
        key: Key of its manifest.
        whole: Whether to read and check everything now, not each table on first use.

    Raises:
        SnapshotError: an object or the whole is not what the manifest says.
    """
    manifest = json.loads(store.get(key).body)
    if manifest.get("format") != FORMAT:
        msg = f"{key}: format {manifest.get('format')!r}, expected {FORMAT}"
        raise SnapshotError(msg)
    snapshot = Snapshot(
        tables=_Kept(store, manifest["tables"]),
        report_date=date.fromisoformat(manifest["report_date"]),
        cut_off=datetime.fromisoformat(manifest["cut_off"]),
        zone=ZoneInfo(manifest["zone"]),
        coverage=manifest["coverage"],
        notes=tuple(Note(**note) for note in manifest["notes"]),
        files=tuple(SourceFile(**file) for file in manifest["files"]),
        sample=manifest["sample"],
    )
    if whole and snapshot.hash != manifest["hash"]:
        msg = f"{key}: the tables hash to {snapshot.hash}, the manifest says {manifest['hash']}"
        raise SnapshotError(msg)
    return snapshot
