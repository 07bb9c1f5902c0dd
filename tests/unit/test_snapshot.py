"""The frozen dataset: one hash for the same rows, bytes that can be kept and come back as they were."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from csv_tables import ACCOUNTS, ENTITIES, raw
from executive_suite.dataset import frozen, snapshot
from executive_suite.dataset.snapshot import SnapshotError
from executive_suite.schema import typed
from executive_suite.schema.tables import schema
from executive_suite.sources.raw import RawTables
from executive_suite.stores.memory import MemoryStore
from executive_suite.stores.store import StoredObject

PACIFIC = ZoneInfo("America/Los_Angeles")
MAY = date(2026, 5, 1)

LEDGER = [
    "T1,1,2026-04-01,acme,1010,1000,USD,,2026-04-01T20:00:00Z",
    "T1,2,2026-04-01,acme,4010,-1000,USD,half day,2026-04-01T20:00:00Z",
    "T10,1,2026-04-02,acme,6010,300,USD,,2026-04-02T20:00:00Z",
    "T10,2,2026-04-02,acme,1010,-300,USD,,2026-04-02T20:00:00Z",
    "T2,1,2026-04-03,acme,6010,5,USD,é,2026-04-03T20:00:00Z",
    "T2,2,2026-04-03,acme,1010,-5,USD,,2026-04-03T20:00:00Z",
]
HEADER = "txn_id,line,date,entity_id,account,amount_cents,currency,memo,posted_at"
BILL = """
    BilledCost,BillingCurrency,ServiceName,ChargePeriodStart,Tags
    1.10,USD,S3,2026-03-01T00:00:00Z,
    1.1,USD,S3,2026-03-01T00:00:00Z,"{""a"":1}"
    1.10,USD,S3,2026-03-01T00:00:00Z,
"""


def data(path: Path, lines: list[str] = LEDGER, **tables: str) -> RawTables:
    ledger = "\n".join([HEADER, *lines]) + "\n"
    return raw(path, **{"entity": ENTITIES, "account": ACCOUNTS, "focus_cost": BILL, "ledger": ledger, **tables})


def test_the_hash_does_not_know_the_order_of_rows_nor_the_names_of_files(tmp_path: Path) -> None:
    expected = snapshot.build(data(tmp_path / "a"), MAY, PACIFIC)
    for seed in range(5):
        lines = random.Random(seed).sample(LEDGER, len(LEDGER))
        found = snapshot.build(data(tmp_path / str(seed), lines), MAY, PACIFIC)
        assert found.hash == expected.hash
        rows = [table.tables["ledger"].drop(columns="source_row") for table in (found, expected)]
        pd.testing.assert_frame_equal(*rows)


CHANGES = {
    "an amount": {"lines": [line.replace("1000", "1001") for line in LEDGER]},
    "a blank": {"lines": [line.replace("half day", "") for line in LEDGER]},
    "a row": {"lines": LEDGER[2:]},
    "a decimal": {"focus_cost": BILL.replace("1.1,", "1.10,")},
    "an instant": {"lines": [line.replace("20:00:00Z", "20:00:01Z") for line in LEDGER]},
    "a boolean": {"account": ACCOUNTS.replace("false", "true")},
    "an empty table": {"review": "review_id,rating\n"},
    "a column": {"entity": ENTITIES.replace("timezone", "timezone,tax_form").replace("Angeles\n", "Angeles,\n")},
}


@pytest.mark.parametrize("name", CHANGES)
def test_the_hash_knows_every_change(tmp_path: Path, name: str) -> None:
    expected = snapshot.build(data(tmp_path / "a"), MAY, PACIFIC)
    assert snapshot.build(data(tmp_path / "b", **CHANGES[name]), MAY, PACIFIC).hash != expected.hash  # type: ignore[arg-type]


def test_the_hash_knows_date_and_zone(tmp_path: Path) -> None:
    given = data(tmp_path)
    hashes = {
        snapshot.build(given, day, ZoneInfo(zone)).hash
        for day in (MAY, date(2026, 5, 2))
        for zone in ("America/Los_Angeles", "America/New_York")
    }
    assert len(hashes) == 4


def test_values_do_not_run_into_each_other(tmp_path: Path) -> None:
    one = raw(tmp_path / "a", system="system_id,category,status\nab,c,none\n")
    other = raw(tmp_path / "b", system="system_id,category,status\na,bc,none\n")
    assert snapshot.build(one, MAY, PACIFIC).hash != snapshot.build(other, MAY, PACIFIC).hash


def test_a_frozen_dataset_comes_back_as_it_was(tmp_path: Path) -> None:
    built = snapshot.build(data(tmp_path), MAY, PACIFIC)
    store = MemoryStore()
    key = snapshot.freeze(store, built)
    assert key == f"snapshots/2026-05-01/{built.hash}/manifest.json"
    back = snapshot.load(store, key)
    assert (back.hash, back.cut_off, back.coverage, back.notes, back.files) == (
        built.hash,
        datetime(2026, 5, 1, 7, tzinfo=UTC),
        {"account": 3, "entity": 2, "focus_cost": 3, "ledger": 6},
        built.notes,
        built.files,
    )
    for name, frame in built.tables.items():
        pd.testing.assert_frame_equal(back.tables[name], frame)
    manifest = json.loads(store.get(key).body)
    assert manifest["tables"]["ledger"]["rows"] == 6
    assert [file["name"] for file in manifest["files"]] == ["entity.csv", "account.csv", "ledger.csv", "focus_cost.csv"]


def test_freezing_twice_writes_the_same_bytes_and_replaces_nothing(tmp_path: Path) -> None:
    stores = [MemoryStore(), MemoryStore()]
    keys = {snapshot.freeze(store, snapshot.build(data(tmp_path), MAY, PACIFIC)) for store in stores}
    one, other = ({key: store.get(key).body for key in store.keys("")} for store in stores)
    assert len(keys) == 1
    assert one == other
    snapshot.freeze(stores[0], snapshot.build(data(tmp_path, list(reversed(LEDGER))), MAY, PACIFIC))
    kept = {key: stores[0].get(key).body for key in one}
    assert kept == one


def test_a_touched_table_is_noticed(tmp_path: Path) -> None:
    store = MemoryStore()
    key = snapshot.freeze(store, snapshot.build(data(tmp_path), MAY, PACIFIC))
    manifest = json.loads(store.get(key).body)
    ledger = manifest["tables"]["ledger"]["key"]
    store.put(StoredObject(ledger, store.get(ledger).body[:-1] + b"x"))
    with pytest.raises(SnapshotError, match="SHA-256"):
        snapshot.load(store, key)
    in_parts = snapshot.load(store, key, whole=False)
    assert len(in_parts.tables["entity"]) == manifest["tables"]["entity"]["rows"]
    with pytest.raises(SnapshotError, match="SHA-256"):
        in_parts.tables["ledger"]


def test_a_rewritten_manifest_is_noticed(tmp_path: Path) -> None:
    store = MemoryStore()
    key = snapshot.freeze(store, snapshot.build(data(tmp_path), MAY, PACIFIC))
    changed = store.get(key).body.replace(b'"cut_off":"2026-05-01', b'"cut_off":"2026-05-02')
    store.put(StoredObject(key, changed))
    with pytest.raises(SnapshotError, match="hash to"):
        snapshot.load(store, key)


def test_words_kept_once_say_the_same(tmp_path: Path) -> None:
    """A table large enough for categories has the same hash and Parquet values as with one string a row."""
    table = schema()["ledger"]
    lines = [line.replace("T", f"T{txn:02d}", 1) for txn in range(20, 0, -1) for line in LEDGER]
    given = data(tmp_path, lines).tables["ledger"]
    plain, words = typed.read(given, table).frame, typed.read(given, table, large=0).frame
    assert str(plain["account"].dtype) == "str"
    assert isinstance(words["account"].dtype, pd.CategoricalDtype)
    ordered = [frozen.in_key_order(frame, table) for frame in (plain, words)]
    assert frozen.digest(b"", {"ledger": (ordered[0], table)}) == frozen.digest(b"", {"ledger": (ordered[1], table)})
    back = [frozen.from_parquet(frozen.parquet(frame, table), table) for frame in ordered]
    pd.testing.assert_frame_equal(*back)
    pd.testing.assert_frame_equal(back[0], ordered[0])


def test_column_types_are_those_that_metrics_expect(tmp_path: Path) -> None:
    frame = snapshot.build(data(tmp_path), MAY, PACIFIC).tables["ledger"]
    # metrics.context.Context states them
    assert {name: str(frame[name].dtype) for name in ("txn_id", "line", "date", "amount_cents", "posted_at")} == {
        "txn_id": "str",
        "line": "int64",
        "date": "datetime64[us]",
        "amount_cents": "int64",
        "posted_at": "datetime64[us, UTC]",
    }
    accounts = snapshot.build(data(tmp_path), MAY, PACIFIC).tables["account"]
    assert str(accounts["is_cash"].dtype) == "boolean"
