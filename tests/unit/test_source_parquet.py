"""Parquet column by column: what is written comes back, whatever its words, blanks and row groups."""

from __future__ import annotations

import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from executive_suite.sources import parquet

WORDS = st.one_of(st.none(), st.text("aé\u4e2d ", max_size=3))
NUMBERS = st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1))
ROWS = st.lists(st.tuples(WORDS, WORDS, NUMBERS, NUMBERS), max_size=30)
HEADERS = {name: (name,) for name in ("txn_id", "memo", "amount_cents", "posted_at")}


def read(table: pa.Table, **options: Any) -> pa.Table:
    body = io.BytesIO()
    pq.write_table(table, body, **options)
    found, faults = parquet.read(body.getvalue(), "ledger.parquet", HEADERS, ("txn_id",))
    assert not faults
    assert found is not None
    found.validate(full=True)
    return found


@settings(deadline=None)
@given(ROWS, st.integers(1, 7))
def test_what_is_written_comes_back(rows: list[tuple[Any, ...]], group: int) -> None:
    txn_id, memo, amount, posted_at = ([row[n] for row in rows] for n in range(4))
    table = pa.table(
        {
            "txn_id": pa.array(txn_id, pa.string()),
            "memo": pa.array(memo, pa.string()),
            "amount_cents": pa.array(amount, pa.int64()),
            "posted_at": pa.array(posted_at, pa.int64()).cast(pa.timestamp("us", "UTC")),
        }
    )
    found = read(table, row_group_size=group)
    for name in table.column_names:
        assert found.column(name).cast(table.schema.field(name).type).equals(table.column(name))
    assert found.column("source_row").to_pylist() == list(range(2, len(rows) + 2))


@pytest.mark.parametrize(
    ("words", "width"),
    [(127, pa.int8()), (128, pa.int16()), (32_767, pa.int16()), (32_768, pa.int32())],
)
def test_words_are_numbered_in_as_few_bytes_as_they_need(words: int, width: pa.DataType) -> None:
    # 8 bits with a sign count to 127, 16 bits to 32,767 (two's complement)
    memo = [f"word {number}" for number in range(words)] * 2
    found = read(pa.table({"memo": memo}), row_group_size=words // 2 + 1, dictionary_pagesize_limit=1 << 24)
    assert found.column("memo").type.index_type == width
    assert found.column("memo").to_pylist() == memo


def test_columns_that_are_not_wanted_are_blank() -> None:
    found = read(pa.table({"memo": ["a", "b"], "mood": [1.5, 2.5]}))
    assert found.column("mood").to_pylist() == [None, None]


def test_a_name_that_begins_like_another_is_another() -> None:
    # Parquet names the parts of a nested column with a point between; "memo.en" is a column of its own here.
    found = read(pa.table({"memo.en": ["x"], "memo": ["a"]}))
    assert found.column("memo").to_pylist() == ["a"]
