"""What the sources have, kept in the records bucket between the steps that extract and validate."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import asdict
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq

from executive_suite import canonical
from executive_suite.facts.figures import Note
from executive_suite.schema.quality import Fault
from executive_suite.sources.raw import RawTables, SourceFile
from executive_suite.stores.store import ObjectStore, StoredObject, create_all


def keep(records: ObjectStore, raw: RawTables, report_date: date) -> str:
    """Write every table, with its cells as the sources have them, and return the key of the list of contents."""
    tables: dict[str, str] = {}
    items = []
    for name, table in sorted(raw.tables.items()):
        body = _parquet(table)
        tables[name] = f"raw/tables/{hashlib.sha256(body).hexdigest()}.parquet"
        items.append(StoredObject(tables[name], body, "application/vnd.apache.parquet"))
    create_all(records, items)
    contents = canonical.dumps(
        {
            "tables": tables,
            "files": [asdict(file) for file in raw.files],
            "faults": [asdict(fault) for fault in raw.faults],
            "notes": [asdict(note) for note in raw.notes],
            "sample": raw.sample,
        }
    )
    key = f"raw/{report_date.isoformat()}/{hashlib.sha256(contents).hexdigest()}.json"
    records.create(StoredObject(key, contents, "application/json"))
    return key


def load(records: ObjectStore, key: str) -> RawTables:
    """The tables that ``keep`` wrote."""
    contents = json.loads(records.get(key).body)
    return RawTables(
        {name: pq.read_table(pa.BufferReader(records.get(where).body)) for name, where in contents["tables"].items()},
        tuple(SourceFile(**file) for file in contents["files"]),
        tuple(Fault(**fault) for fault in contents["faults"]),
        tuple(Note(**note) for note in contents["notes"]),
        sample=contents["sample"],
    )


def _parquet(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()
