"""Rows that were copied from another file show that file and row; others show where they stand."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from executive_suite.sources import csv_text, files
from executive_suite.sources.csv_text import read

TYPES = {"review_id": pa.string(), "source_file": pa.string(), "source_row": pa.int64()}
LINES = "review_id,source_file,source_row\na,Journal.csv,7\nb,,\nc,Journal.csv,\nd,Journal.csv,x\n"


@pytest.mark.parametrize("large", [csv_text.csv_quick.LARGE, 1])
def test_a_row_that_says_both_file_and_row_keeps_them(large: int) -> None:
    table, faults = read(LINES.encode(), "review.csv", types=TYPES, known={"review_id"}, large=large)
    assert not faults
    assert table is not None
    said = [tuple(row.values()) for row in table.select(["source_file", "source_row"]).to_pylist()]
    # Half of an origin is none: the row shows its place in the file that was read.
    assert said == [("Journal.csv", 7), ("review.csv", 3), ("review.csv", 4), ("review.csv", 5)]


def test_the_same_holds_of_parquet_and_of_an_empty_table(tmp_path: Path) -> None:
    rows = pa.table({"review_id": ["a", "b"], "source_file": ["Journal.csv", None], "source_row": [7, None]})
    pq.write_table(rows, tmp_path / "review.parquet")
    (tmp_path / "account.csv").write_text("account,source_file,source_row\n")
    found = files.read_folder(tmp_path)
    assert not found.faults
    assert [
        tuple(row.values()) for row in found.tables["review"].select(["source_file", "source_row"]).to_pylist()
    ] == [
        ("Journal.csv", 7),
        ("review.parquet", 3),
    ]
    assert found.tables["account"].num_rows == 0
