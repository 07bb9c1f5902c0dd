"""Folders and buckets of CSV and Parquet: the same tables through the same code."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from csv_tables import ENTITIES, folder
from executive_suite.config import ConfigError
from executive_suite.dataset import snapshot
from executive_suite.schema import typed
from executive_suite.schema.tables import schema
from executive_suite.sources import files, place
from executive_suite.sources.place import Body, Folder, Prefix
from executive_suite.sources.raw import with_origin

MAY = date(2026, 5, 1)
NOON = datetime(2026, 4, 1, 12)
ZONE = ZoneInfo("America/Los_Angeles")

BOOKINGS = """
    booking_id,entity_id,booked_at,gross_cents,guests,assumed
    B1,acme,2026-04-10T20:00:00Z,200000,,true
    B2,acme,2026-04-11T20:00:00Z,150000,4,false
"""
COSTS = """
    BilledCost,ServiceName,ChargePeriodStart
    12.10,S3,2026-03-01T00:00:00Z
"""


def test_what_was_read_is_on_record(tmp_path: Path) -> None:
    given = files.read_folder(folder(tmp_path, entity=ENTITIES, booking=BOOKINGS))
    digest = hashlib.sha256((tmp_path / "booking.csv").read_bytes()).hexdigest()
    assert [(file.table, file.name, file.sha256, file.rows) for file in given.files if file.table == "booking"] == [
        ("booking", "booking.csv", digest, 2)
    ]


def test_a_bucket_is_read_like_a_folder(tmp_path: Path, s3_client: Any, bucket: str) -> None:
    folder(tmp_path, entity=ENTITIES, booking=BOOKINGS)
    for path in tmp_path.iterdir():
        s3_client.put_object(Bucket=bucket, Key=f"group/data/{path.name}", Body=path.read_bytes())
    s3_client.put_object(Bucket=bucket, Key="group/other/booking.csv", Body=b"x")
    here = files.read(Folder(tmp_path))
    there = files.read(Prefix(s3_client, bucket, "group/data/"))
    assert here.files == there.files
    built = [snapshot.build(given, MAY, ZONE) for given in (here, there)]
    assert built[0].hash == built[1].hash


def test_a_bucket_is_named_by_its_url(
    moto_server: str, s3_client: Any, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto_server)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "loopback")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "loopback")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    s3_client.put_object(Bucket=bucket, Key="data/system.csv", Body=b"system_id\nS1\n")
    assert place.at(f"s3://{bucket}/data", Path()).names() == ["system.csv"]
    with pytest.raises(FileNotFoundError, match="has no files"):
        place.at(f"s3://{bucket}/nothing", Path())


def test_parquet_says_the_same_as_csv(tmp_path: Path) -> None:
    folder(tmp_path / "csv", entity=ENTITIES, booking=BOOKINGS, focus_cost=COSTS)
    other = folder(tmp_path / "parquet")
    for path in (tmp_path / "csv").iterdir():
        pq.write_table(pacsv.read_csv(path), other / f"{path.stem}.parquet")
    typed = [snapshot.read(files.read_folder(tmp_path / kind)) for kind in ("csv", "parquet")]
    assert not typed[0].faults
    assert not typed[1].faults
    one, two = (snapshot.build(given, MAY, ZONE).tables["booking"].drop(columns="source_file") for given in typed)
    pd.testing.assert_frame_equal(one, two)


@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        # as pandas writes integers with blanks
        ("guests", pa.array([4.0, None]), [4, pd.NA]),
        ("guests", pa.array([Decimal(4), Decimal(5)]), [4, 5]),
        ("gross_cents", pa.array([7, 8], pa.int32()), [7, 8]),
        ("assumed", pa.array([True, None]), [True, pd.NA]),
        ("booking_id", pa.array([17, 18]), ["17", "18"]),
        ("booking_id", pa.array([b"B1", b"B2"]), ["B1", "B2"]),
        # as pandas, Polars and DuckDB write text, and a column without any value
        ("booking_id", pa.array([" B1", "B2"], pa.large_string()), ["B1", "B2"]),
        ("channel_id", pa.array(["direct", " direct"], pa.large_string()), ["direct", "direct"]),
        ("channel_id", pa.array(["direct", None]).dictionary_encode(), ["direct", None]),
        ("channel_id", pa.nulls(2), [None, None]),
        ("guests", pa.nulls(2), [None, None]),
        (
            "cancelled_at",
            pa.array([NOON, None], pa.timestamp("ns")),
            [datetime(2026, 4, 1, 12, tzinfo=UTC), None],
        ),
    ],
)
def test_types_of_parquet_are_taken_as_they_are(
    tmp_path: Path, column: str, values: pa.Array, expected: list[Any]
) -> None:
    pq.write_table(pa.table({column: values}), folder(tmp_path) / "booking.parquet")
    given = snapshot.read(files.read_folder(tmp_path))
    assert not [fault for fault in given.faults if fault.column != column]
    found = given.frames["booking"][column]
    for value, wanted in zip(found, expected, strict=True):
        assert pd.isna(value) if wanted is None or wanted is pd.NA else value == wanted


@pytest.mark.parametrize(
    ("table", "column", "values", "rule"),
    [
        ("booking", "gross_cents", pa.array([12.5, 1.0]), "whole number of cents"),
        ("booking", "booked_at", pa.array(["soon", None]), "instant"),
        ("review", "posted_on", pa.array([NOON]), "YYYY-MM-DD"),
        ("review", "posted_on", pa.array([date(1, 1, 1)]), "from 1900 on"),
        ("booking", "booked_at", pa.array([2**52], pa.timestamp("s")), "instant"),
        ("booking", "gross_cents", pa.array([10**15 + 1]), "at most 1,000,000,000,000,000 cents"),
    ],
)
def test_parquet_is_held_to_the_same_rules(
    tmp_path: Path, table: str, column: str, values: pa.Array, rule: str
) -> None:
    pq.write_table(pa.table({column: values}), folder(tmp_path) / f"{table}.parquet")
    faults = snapshot.read(files.read_folder(tmp_path)).faults
    assert any(rule in fault.rule and (fault.row, fault.column) == (2, column) for fault in faults)


def test_a_fault_shows_what_was_meant_and_not_the_zeros_of_a_type(tmp_path: Path) -> None:
    days = pa.array([date(1899, 12, 30), date(2026, 5, 1)]).cast(pa.timestamp("us"))
    cents = pa.array([Decimal("700.00"), Decimal("12.50")], pa.decimal128(12, 2))
    pq.write_table(pa.table({"date": days, "amount_cents": cents}), tmp_path / "ledger.parquet")
    rows = typed.read(files.read_folder(tmp_path).tables["ledger"], schema()["ledger"])
    assert [(fault.row, fault.column, fault.value) for fault in rows.faults] == [
        (2, "date", "1899-12-30 00:00:00"),
        (3, "amount_cents", "12.5"),
    ]


def test_binary_fractions_of_parquet_keep_their_shortest_decimals(tmp_path: Path) -> None:
    # 0.1 + 0.2 is 0.30000000000000004 in binary64 (IEEE 754); a bill in floats is taken at its word
    costs = pa.table({"BilledCost": pa.array([0.1, 1e-7, 12.0])})
    pq.write_table(costs, folder(tmp_path) / "focus_cost.parquet")
    frame = snapshot.read(files.read_folder(tmp_path)).frames["focus_cost"]
    assert [Decimal(cost) for cost in frame["BilledCost"]] == [Decimal("0.1"), Decimal("0.0000001"), Decimal(12)]


@pytest.mark.parametrize(
    ("chunks", "expected"),
    [
        ([["B00001", "B00002"], [], ["B00003"]], ["B00001", "B00002", "B00003"]),
        ([["B00001", None], [" B00002\u00a0"]], ["B00001", None, "B00002"]),
        ([["B00001"], ["\tB00002"], ["NULL", "  "]], ["B00001", "B00002", None, None]),
        ([["B00001"], ["\u6771\u4eac\u90fd\u3000"]], ["B00001", "\u6771\u4eac\u90fd"]),
        ([[None, None]], [None, None]),
        ([[]], []),
    ],
)
def test_text_is_trimmed_whatever_its_layout(chunks: list[list[str | None]], expected: list[str | None]) -> None:
    text = pa.chunked_array([pa.array(chunk, pa.string()) for chunk in chunks], pa.string())
    for given in (text, text.dictionary_encode(), text.slice(0, len(text))):
        rows = with_origin(pa.table({"booking_id": given}), "x", pa.array(range(len(text)), pa.int64()))
        found = typed.read(rows, schema()["booking"]).frame["booking_id"]
        assert [None if pd.isna(word) else word for word in found] == expected


def test_a_table_may_lie_in_parts(tmp_path: Path) -> None:
    folder(tmp_path / "review", one="review_id,rating\nR1,4\n", two="review_id,posted_on\nR2,2026-04-01\n")
    given = files.read_folder(tmp_path)
    frame = snapshot.read(given).frames["review"]
    assert list(zip(frame["review_id"], frame["source_file"], frame["source_row"], strict=True)) == [
        ("R1", "review/one.csv", 2),
        ("R2", "review/two.csv", 2),
    ]


def test_a_key_that_stands_in_two_files_is_told_with_both(tmp_path: Path) -> None:
    folder(tmp_path / "review", one="review_id,rating\nR0,1\nR1,4\n", two="review_id,rating\nR1,5\n")
    (fault,) = snapshot.read(files.read_folder(tmp_path)).faults
    assert (fault.file, fault.row) == ("review/two.csv", 2)
    assert "first used in review/one.csv, row 3" in fault.rule


def test_two_files_for_a_table_are_a_fault(tmp_path: Path) -> None:
    folder(tmp_path, system="system_id\nS1\n")
    pq.write_table(pa.table({"system_id": ["S1"]}), tmp_path / "system.parquet")
    (found,) = files.read_folder(tmp_path).faults
    assert "must be the only file" in found.rule


@pytest.mark.parametrize(
    "name", ["Ledger.csv", "ledger.CSV", "ledger.csv.gz", "ledger.xlsx", "LEDGER.parquet", "ledger.txt"]
)
def test_a_file_that_seems_a_table_and_cannot_be_read_is_told(tmp_path: Path, name: str) -> None:
    (folder(tmp_path, system="system_id\n") / name).write_bytes(b"x")
    (found,) = files.read_folder(tmp_path).faults
    assert (found.file, "to be read as the table ledger" in found.rule) == (name, True)
    # next to the table itself it is the owner's business
    (tmp_path / "ledger.csv").write_text("txn_id\n")
    assert not files.read_folder(tmp_path).faults


@pytest.mark.parametrize(("name", "table"), [("legder", "ledger"), ("bookings", "booking"), ("accounts", "account")])
def test_a_name_that_is_nearly_an_absent_tables_is_told(tmp_path: Path, name: str, table: str) -> None:
    folder(tmp_path, system="system_id\n", **{name: "memo\n"})
    (found,) = files.read_folder(tmp_path).faults
    assert (found.file, found.rule) == (f"{name}.csv", f"must be named {table}.csv to be read as the table {table}")
    # where the table itself is there, it is one more file that nobody reads
    folder(tmp_path, **{table: "memo\n" if table == "ledger" else f"{table}_id\n" if table == "booking" else "name\n"})
    given = files.read_folder(tmp_path)
    assert not given.faults
    assert [note.text for note in given.notes] == [f"{name}.csv is not a table of the schema and was not read"]


def test_what_cannot_be_opened_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    folder(tmp_path, system="system_id\nS1\n")
    (tmp_path / "ledger.csv").symlink_to(tmp_path / "nowhere.csv")
    (tmp_path / "account.csv").symlink_to(tmp_path / "account.csv")
    os.mkfifo(tmp_path / "review.csv")
    given = files.read_folder(tmp_path)
    assert [(fault.file, fault.rule.partition("(")[2]) for fault in given.faults] == [
        ("account.csv", "Too many levels of symbolic links)"),
        ("ledger.csv", "No such file or directory)"),
        ("review.csv", "not a regular file)"),
    ]
    assert list(given.tables) == ["system"]


def test_an_empty_folder_that_is_called_like_a_file_is_told(tmp_path: Path) -> None:
    (folder(tmp_path, entity=ENTITIES) / "ledger.csv").mkdir()
    given = files.read_folder(tmp_path)
    assert [(fault.file, "not a regular file" in fault.rule) for fault in given.faults] == [("ledger.csv", True)]


def test_a_file_that_changes_while_it_is_read_is_told(tmp_path: Path) -> None:
    class Busy(Folder):
        """A folder into which an export still writes."""

        def read(self, name: str) -> Body:
            body = super().read(name)
            with (self.path / name).open("a") as file:
                file.write("S2\n")
            return body

    (found,) = files.read(Busy(folder(tmp_path, system="system_id\nS1\n"))).faults
    assert "has changed" in found.rule


def test_folders_as_other_programs_write_tables(tmp_path: Path) -> None:
    # Spark and Dask write a table as a folder of parts that is called like a file
    for name in ("part-0", "part-1"):
        pq.write_table(pa.table({"system_id": [name]}), folder(tmp_path / "system.parquet") / f"{name}.parquet")
    assert snapshot.read(files.read_folder(tmp_path)).frames["system"]["system_id"].tolist() == ["part-0", "part-1"]


def test_a_bucket_that_cannot_be_read_is_named(
    moto_server: str, s3_client: Any, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto_server)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "loopback")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "loopback")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with pytest.raises(ConfigError, match=r"s3://no-such-bucket/x: the bucket cannot be read \(NoSuchBucket"):
        place.at("s3://no-such-bucket/x", Path())
    s3_client.put_object(Bucket=bucket, Key="data/system.csv", Body=b"system_id\nS1\n")
    there = place.at(f"s3://{bucket}/data", Path())
    s3_client.delete_object(Bucket=bucket, Key="data/system.csv")
    with pytest.raises(OSError, match="NoSuchKey"):
        there.read("system.csv")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(ConfigError, match="Could not connect"):
        place.at(f"s3://{bucket}/data", Path())


@pytest.mark.parametrize("location", ["s3://", "s3:///prefix", "https://example.com/books", "gs://acme/books"])
def test_a_location_that_is_neither_folder_nor_bucket_is_named(tmp_path: Path, location: str) -> None:
    with pytest.raises(ConfigError, match="is neither a folder nor s3://bucket/prefix"):
        place.at(location, tmp_path)


def test_a_column_that_stands_twice_in_parquet_is_told(tmp_path: Path) -> None:
    twice = pa.table([pa.array(["S1"]), pa.array(["S2"])], names=["system_id", "system_id"])
    pq.write_table(twice, folder(tmp_path) / "system.parquet")
    (found,) = files.read_folder(tmp_path).faults
    assert "system_id is repeated" in found.rule


def test_a_damaged_parquet_file_is_named(tmp_path: Path) -> None:
    (folder(tmp_path) / "system.parquet").write_bytes(b"PAR1 is not enough")
    (found,) = files.read_folder(tmp_path).faults
    assert (found.file, "Parquet" in found.rule) == ("system.parquet", True)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        files.read_folder(tmp_path / "nowhere")


@pytest.mark.parametrize(("package", "sample"), [('{"sample": true}', True), ('{"name": "x"}', False), ("{", False)])
def test_a_data_package_may_say_that_it_is_a_sample(tmp_path: Path, package: str, sample: bool) -> None:
    (folder(tmp_path, system="system_id\n") / "datapackage.json").write_text(package)
    assert files.read_folder(tmp_path).sample is sample
