"""CSV files: what is read, and how every kind of broken file is named."""

from __future__ import annotations

import csv
import io

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from executive_suite.schema import typed
from executive_suite.schema.quality import lines
from executive_suite.schema.tables import schema
from executive_suite.sources import csv_text, mapping
from executive_suite.sources.config import UNMAPPED
from executive_suite.sources.csv_file import Layout

TYPES = {"system_id": pa.string(), "category": pa.string(), "status": pa.string()}
HEADER = b"system_id,category,status\n"
ROW = b"S1,email,deployed\n"


def cells(body: bytes) -> list[tuple[object, ...]]:
    table, faults = csv_text.read(body, "system.csv")
    assert not faults
    assert table is not None
    return [tuple(row.values()) for row in table.to_pylist()]


PLAIN = [("S1", "email", "deployed", "system.csv", 2)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (HEADER + ROW, PLAIN),
        (b"\xef\xbb\xbf" + HEADER + ROW, PLAIN),  # the BOM of UTF-8 (Unicode Standard, 23.8)
        ((HEADER + ROW).replace(b"\n", b"\r\n"), PLAIN),
        (HEADER + ROW.rstrip(b"\n"), PLAIN),
        (b"system_id , category,status\n S1 ,email , deployed\n", PLAIN),
        # rows are counted as a spreadsheet counts them: blank lines too
        (HEADER + b"\n\n" + ROW, [(*PLAIN[0][:4], 4)]),
        (b"\n" + HEADER + ROW, [(*PLAIN[0][:4], 3)]),
        # RFC 4180, section 2: quotes around commas, line breaks and doubled quotes
        (
            HEADER + b'S1,"a,b","say ""so"""\nS2,"two\nlines",x\nS3,y,z\n',
            [
                ("S1", "a,b", 'say "so"', "system.csv", 2),
                ("S2", "two\nlines", "x", "system.csv", 3),
                ("S3", "y", "z", "system.csv", 4),
            ],
        ),
        (HEADER + "S1,café \u2028 x,東京\n".encode(), [("S1", "café \u2028 x", "東京", "system.csv", 2)]),
        (HEADER, []),
    ],
)
def test_what_is_read(body: bytes, expected: list[tuple[object, ...]]) -> None:
    assert cells(body) == expected


BROKEN = {
    "empty": (b"", 0, "the file is empty"),
    "only blank": (b"\xef\xbb\xbf \n\n", 0, "the file is empty"),
    # the encodings' own byte-order marks (Unicode Standard, table 2-4)
    "utf-16 le": ((HEADER + ROW).decode().encode("utf-16"), 0, "UTF-16 (little endian)"),
    "utf-16 be": (b"\xfe\xff" + (HEADER + ROW).decode().encode("utf-16-be"), 0, "UTF-16 (big endian)"),
    "utf-32": ((HEADER + ROW).decode().encode("utf-32"), 0, "UTF-32 (little endian)"),
    # 26 bytes of header and "S1,": the é of Latin-1 is at offset 29
    "latin-1": (HEADER + "S1,émail,x\n".encode("latin-1"), 2, "byte 0xE9 at byte offset 29"),
    "windows-1252": (HEADER + ROW + b"S2,\x93quoted\x94,x\n", 3, "byte 0x93 at byte offset 47"),
    "cut in a letter": (HEADER + b"S1,caf\xc3", 2, "byte 0xC3 at byte offset 32"),
    "nul": (HEADER + b"S1,em\0ail,x\n", 2, "there is a NUL byte at byte offset 31"),
    "utf-16 without mark": ((HEADER + ROW).decode().encode("utf-16-le"), 1, "there is a NUL byte at byte offset 1"),
    "too many cells": (HEADER + ROW + b"S2,a,b,c\n", 3, "must have 3 cells as the header has, not 4"),
    "too few cells": (HEADER + b"S1,email\n" + ROW, 2, "must have 3 cells as the header has, not 2"),
    "open quote": (HEADER + b'S1,"email,deployed\nS2,a,b\n', 2, "must be CSV"),
    "open quote in the last cell": (HEADER + ROW + b'S1,email,"deployed\nS2,a,b\nS3,a,b\n', 3, "must be CSV"),
    "text after quote": (HEADER + b'S1,"email" x,deployed\n', 2, "must be CSV"),
    "text after quote at once": (HEADER + ROW + b'S2,"em"ail,deployed\n', 3, "must be CSV"),
    "text after two quotes": (HEADER + b'S1,""email,deployed\n', 2, "must be CSV"),
    # the signatures of ZIP (APPNOTE 4.3.7), gzip (RFC 1952, 2.3.1) and Parquet files
    "workbook": (b"PK\x03\x04\x14\0", 0, "is a ZIP archive or a workbook"),
    "gzip": (b"\x1f\x8b\x08\0", 0, "is compressed by gzip"),
    "parquet": (b"PAR1\x15\0", 0, "is a Parquet file"),
    "page": (b"\xef\xbb\xbf<!DOCTYPE html>\n<title>Sign in</title>", 0, "is a page of HTML or XML"),
    "json": (b'[{"system_id": "S1"}]', 0, "is JSON"),
    "header twice": (b"a,b,a\n1,2,3\n", 1, "must be unique in the header"),
    "header blank": (b"a,,c\n1,2,3\n", 1, "missing at position 2"),
    "semicolons": (b"a;b;c\n1;2;3\n", 1, "columns separated by commas"),
}


@pytest.mark.parametrize(
    "body",
    [
        # what spreadsheets leave behind below and at the right of a table
        HEADER + ROW + b",,\n,,\n",
        HEADER + ROW + b",,",
        (HEADER + ROW + b",,\n").replace(b"\n", b"\r\n"),
        HEADER + b",,\n" + ROW,
        b"system_id,category,status,,\nS1,email,deployed,,\n",
    ],
)
def test_rows_and_columns_without_any_cell_are_none(body: bytes) -> None:
    for types in (None, TYPES):
        table, faults = csv_text.read(body, "system.csv", types=types, large=0)
        assert not faults
        assert table is not None
        assert table.drop(["source_file", "source_row"]).to_pylist() == [
            {"system_id": "S1", "category": "email", "status": "deployed"}
        ]


def test_a_cell_below_no_name_is_told() -> None:
    _, faults = csv_text.read(b"system_id,,status,\nS1,,x,\nS2,mail,y,\n", "system.csv")
    assert [(fault.row, fault.rule) for fault in faults] == [
        (1, "must have a name for every column (missing at position 2)")
    ]


def test_numbers_in_hexadecimal_are_left_as_they_are_written() -> None:
    body = b"system_id,line\nS1,0x1F\n"
    table, faults = csv_text.read(body, "x.csv", types={"system_id": pa.string(), "line": pa.int64()}, large=0)
    assert not faults
    assert table is not None
    assert table.column("line").to_pylist() == ["0x1F"]


def test_a_header_that_stands_lower() -> None:
    body = b"Acme Charters LLC\nJournal,,\n\n" + HEADER + ROW
    table, faults = csv_text.read(body, "x.csv", layout=Layout(header=4))
    assert not faults
    assert table is not None
    assert [tuple(row.values())[-1] for row in table.to_pylist()] == [5]
    _, faults = csv_text.read(b"S1,S1\n" + body, "x.csv", known=frozenset({"status"}))
    assert [(fault.row, "must be the header row" in fault.rule) for fault in faults] == [(1, True)]
    _, faults = csv_text.read(body, "x.csv", layout=Layout(header=9))
    assert "must have its header in row 9" in faults[0].rule


@pytest.mark.parametrize(
    ("encoding", "text"),
    # each codec with letters that its own table has (ISO 8859-1, Windows-1252, UTF-16)
    [("latin-1", "Müller"), ("cp1252", "“quoted” 5 €"), ("utf-16", "東京"), ("utf-8-sig", "é")],
)
def test_a_stated_encoding_is_read(encoding: str, text: str) -> None:
    body = f"system_id,owner\nS1,{text}\n".encode(encoding)
    table, faults = csv_text.read(body, "x.csv", layout=Layout(encoding=encoding))
    assert not faults
    assert table is not None
    assert table.column("owner").to_pylist() == [text]


def test_a_stated_encoding_that_is_not_the_files_is_told() -> None:
    # 0x81 stands for nothing in Windows-1252
    _, faults = csv_text.read(b"a\n\x81\n", "x.csv", layout=Layout(encoding="cp1252"))
    assert [fault.rule for fault in faults] == ["must be cp1252, as sources.yaml says; byte offset 2"]


@pytest.mark.parametrize("types", [None, TYPES])
@pytest.mark.parametrize("name", BROKEN)
def test_every_broken_file_is_named(name: str, types: dict[str, pa.DataType] | None) -> None:
    body, row, rule = BROKEN[name]
    _, faults = csv_text.read(body, "system.csv", types=types, large=0)
    assert [(fault.file, fault.row) for fault in faults] == [("system.csv", row)]
    assert rule in faults[0].rule
    assert faults[0].advice


def test_very_many_ragged_rows_are_counted() -> None:
    _, faults = csv_text.read(HEADER + b"a\n" * 100_000 + ROW, "system.csv")
    assert len(faults) == 1001
    assert sum(fault.times for fault in faults) == 100_000
    text = list(lines(faults))
    assert len(text) == 11
    assert "99,990 more of this kind" in text[-1]


def test_every_ragged_row_is_told() -> None:
    _, faults = csv_text.read(HEADER + b"a\nb,c,d,e\n" + ROW, "system.csv")
    assert [fault.row for fault in faults] == [2, 3]


LINES = schema()["ledger"]
NASTY = st.lists(
    st.one_of(
        st.sampled_from(
            [
                ",",
                "\n",
                "\r\n",
                "\r",
                '"',
                '""',
                " ",
                "\t",
                "\xa0",
                "\x85",
                "\x1c",
                "\u3000",
                "\ufeff",
                "NULL",
                "0x1F",
                "é",
            ]
        ),
        st.sampled_from(["T1", "1", "1,250", "1e3", "+5", "2026-04-01", "1899-12-30", "9999-12-31", "2026-04-01T07Z"]),
        st.sampled_from(
            ["2026-04-01T07:00:00+02:00", "9999-12-31T23:59:59-08:00", "10000000000000000", "x", "operating"]
        ),
    ),
    max_size=24,
).map("".join)


def said(body: bytes, large: int) -> tuple[object, ...]:
    """The typed rows and the faults of a ledger's file, read with Arrow from a size on."""
    types = mapping.fast_types(LINES, UNMAPPED)
    data, faults = csv_text.read(body, "ledger.csv", types=types, known=frozenset(types), large=large)
    if data is None:
        return None, faults
    mapped, spelled, notes = mapping.apply(data, LINES, UNMAPPED, "ledger.csv")
    rows = typed.read(mapped, LINES)
    cells = {name: [str(cell) for cell in rows.frame[name]] for name in sorted(rows.frame.columns)}
    return cells, sorted(map(str, [*faults, *spelled, *rows.faults])), notes


def assert_both_readers_agree(body: bytes) -> None:
    assert said(body, 0) == said(body, 1 << 40)


@pytest.mark.parametrize(
    "body",
    [
        b"txn_id,memo\rT1,a\rT2,b\r",  # the line ends of old Macs
        b"txn_id,memo\nT1,a\r\nT2,b\rT3,c\n",
        b"txn_id,memo\n\xc2\xa0,\nT1,a\n",  # a row of no-break spaces has no cell
        b'txn_id,memo\nT1,"a\nb"\nT2,""\n',
        b'"txn_id","me\nmo"\nT1,a\n',
        b'\xef\xbb\xbf"txn_id","memo"\n"T1","a ""b"" c"\n',
        b"txn_id,date\nT1,1899-12-30\nT2,10000-01-01\n",
        b"txn_id,posted_at\nT1,2026-04-01T07Z\nT2,9999-12-31T23:59:59-08:00\n",
        b"txn_id,amount_cents\nT1,00001000000000000001\nT2, 12 \n",
        b"txn_id,amount_cents\nT1,\t12x\n",
        b"txn_id,memo",
    ],
)
def test_large_and_small_files_are_read_alike(body: bytes) -> None:
    assert_both_readers_agree(body)


@settings(max_examples=60, deadline=None)
@given(NASTY)
def test_large_and_small_files_of_any_text_are_read_alike(text: str) -> None:
    assert_both_readers_agree(f"txn_id,line,date,amount_cents,posted_at,memo\nT1,1,2026-04-01,5,,a\n{text}".encode())


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(WORDS, st.integers(), st.dates(), st.integers(-(10**16), 10**16), WORDS), max_size=20))
def test_whatever_a_writer_quotes_is_read_alike(rows: list[tuple[object, ...]]) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(["txn_id", "line", "date", "amount_cents", "memo"])
    writer.writerows(rows)
    assert_both_readers_agree(buffer.getvalue().encode())
    written = [[str(cell).strip() for cell in row] for row in rows]
    table, _ = csv_text.read(buffer.getvalue().encode(), "ledger.csv")
    assert table is not None
    assert [list(row.values())[:-2] for row in table.to_pylist()] == written
