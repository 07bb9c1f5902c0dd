"""CSV files: what is read, and how every kind of broken file is named."""

from __future__ import annotations

import csv
import io

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.schema.cells import BLANKS
from executive_suite.schema.quality import told
from executive_suite.sources import csv_text

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
    # 26 bytes of header and "S1,": the é of Latin-1 stands at offset 29
    "latin-1": (HEADER + "S1,émail,x\n".encode("latin-1"), 2, "byte 0xE9 at byte offset 29"),
    "windows-1252": (HEADER + ROW + b"S2,\x93quoted\x94,x\n", 3, "byte 0x93 at byte offset 47"),
    "cut in a letter": (HEADER + b"S1,caf\xc3", 2, "byte 0xC3 at byte offset 32"),
    "nul": (HEADER + b"S1,em\0ail,x\n", 2, "NUL byte stands at byte offset 31"),
    "utf-16 without mark": ((HEADER + ROW).decode().encode("utf-16-le"), 1, "NUL byte stands at byte offset 1"),
    "too many cells": (HEADER + ROW + b"S2,a,b,c\n", 3, "must have 3 cells as the header has, not 4"),
    "too few cells": (HEADER + b"S1,email\n" + ROW, 2, "must have 3 cells as the header has, not 2"),
    "open quote": (HEADER + b'S1,"email,deployed\nS2,a,b\n', 2, "must be CSV"),
    "open quote in the last cell": (HEADER + ROW + b'S1,email,"deployed\nS2,a,b\nS3,a,b\n', 3, "must be CSV"),
    "text after quote": (HEADER + b'S1,"email" x,deployed\n', 2, "must be CSV"),
    "header twice": (b"a,b,a\n1,2,3\n", 1, "must stand once in the header"),
    "header blank": (b"a,,c\n1,2,3\n", 1, "missing at position 2"),
    "semicolons": (b"a;b;c\n1;2;3\n", 1, "columns separated by commas"),
}


@pytest.mark.parametrize(
    "body",
    [
        # what spreadsheets leave behind below and beside a table
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
    table, faults = csv_text.read(body, "x.csv", layout=csv_text.Layout(header=4))
    assert not faults
    assert table is not None
    assert [tuple(row.values())[-1] for row in table.to_pylist()] == [5]
    _, faults = csv_text.read(body, "x.csv", known=frozenset({"status"}))
    assert [(fault.row, "must be the header row" in fault.rule) for fault in faults] == [(1, True)]
    _, faults = csv_text.read(body, "x.csv", layout=csv_text.Layout(header=9))
    assert "must have its header in row 9" in faults[0].rule


@pytest.mark.parametrize(
    ("encoding", "text"),
    # each codec with letters that its own table has (ISO 8859-1, Windows-1252, UTF-16)
    [("latin-1", "Müller"), ("cp1252", "“quoted” 5 €"), ("utf-16", "東京"), ("utf-8-sig", "é")],
)
def test_a_stated_encoding_is_read(encoding: str, text: str) -> None:
    body = f"system_id,owner\nS1,{text}\n".encode(encoding)
    table, faults = csv_text.read(body, "x.csv", layout=csv_text.Layout(encoding=encoding))
    assert not faults
    assert table is not None
    assert table.column("owner").to_pylist() == [text]


def test_a_stated_encoding_that_is_not_the_files_is_told() -> None:
    # 0x81 stands for nothing in Windows-1252
    _, faults = csv_text.read(b"a\n\x81\n", "x.csv", layout=csv_text.Layout(encoding="cp1252"))
    assert [fault.rule for fault in faults] == ["must be cp1252, as sources.yaml says; byte offset 2"]


# Arrow reads text after a quote as its words say, which loses nothing; all else it leaves to the exact reader
CASES = [(name, types) for name in BROKEN for types in (None, TYPES) if (name, types) != ("text after quote", TYPES)]


@pytest.mark.parametrize(("name", "types"), CASES)
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
    lines = list(told(faults))
    assert len(lines) == 11
    assert "99,990 more of this kind" in lines[-1]


def test_every_ragged_row_is_told() -> None:
    _, faults = csv_text.read(HEADER + b"a\nb,c,d,e\n" + ROW, "system.csv")
    assert [fault.row for fault in faults] == [2, 3]


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r", exclude_categories=["Cs", "Zs"]), max_size=8)


@given(st.lists(st.tuples(st.integers(-(10**15), 10**15), WORDS.map(str.strip), st.dates()), max_size=20))
def test_both_readers_agree(rows: list[tuple[int, str, object]]) -> None:
    """The quick reader and the exact one give the same cells, whatever Python's writer quotes."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["line", "memo", "date"])
    writer.writerows(rows)
    body = buffer.getvalue().encode()
    types = {"line": pa.int64(), "memo": pa.dictionary(pa.int32(), pa.string()), "date": pa.date32()}
    exact, one = csv_text.read(body, "x.csv", types=types)
    quick, other = csv_text.read(body, "x.csv", types=types, large=0)
    assert one == other == []
    assert exact is not None
    assert quick is not None
    as_text = [
        tuple(None if cell is None or cell in BLANKS else str(cell) for cell in row.values())
        for row in quick.to_pylist()
    ]
    blank_as_none = [tuple(None if cell in BLANKS else str(cell) for cell in row.values()) for row in exact.to_pylist()]
    assert [tuple(cell.strip() if cell else cell for cell in row) for row in as_text] == blank_as_none
