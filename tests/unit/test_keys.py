"""Keys as numbers: the same answers as Python's own sorting and comparing."""

from __future__ import annotations

import os
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.schema import keys

WORDS = st.one_of(st.none(), st.text("aZé\u4e2d\U0001f600", max_size=3))
ROWS = st.lists(st.tuples(WORDS, st.integers(-3, 3)), max_size=30)


def frame(rows: list[tuple[str | None, int]], *, words: bool) -> pd.DataFrame:
    text = pd.Series([word for word, _ in rows], dtype="category" if words else "str")
    return pd.DataFrame({"text": text, "number": np.array([number for _, number in rows], dtype=np.int64)})


def python_key(row: tuple[str | None, int]) -> tuple[bytes, int]:
    """Blanks first, text by its UTF-8 bytes, then the number."""
    return (b"" if row[0] is None else b"\x01" + row[0].encode(), row[1])


@given(ROWS, st.booleans())
def test_order_is_pythons_order(rows: list[tuple[str | None, int]], words: bool) -> None:
    given_frame = frame(rows, words=words)
    positions = keys.order(given_frame, ["text", "number"])
    found = rows if positions is None else [rows[position] for position in positions]
    assert [python_key(row) for row in found] == sorted(python_key(row) for row in rows)


@given(ROWS, st.booleans())
def test_rising_and_repeated(rows: list[tuple[str | None, int]], words: bool) -> None:
    given_frame = frame(rows, words=words)
    in_order = [python_key(row) for row in rows]
    assert keys.rising(given_frame, ["text", "number"]) == all(a < b for a, b in pairwise(in_order))
    seen: set[tuple[str | None, int]] = set()
    expected = []
    for row in rows:
        expected.append(row in seen)
        seen.add(row)
    assert keys.repeated(given_frame, ["text", "number"]).tolist() == expected


@given(ROWS, st.booleans(), st.booleans())
def test_sums_that_are_not_zero(rows: list[tuple[str | None, int]], words: bool, ordered: bool) -> None:
    given_rows = sorted(rows, key=python_key) if ordered else rows
    table = frame(given_rows, words=words)
    totals: dict[str, int] = {}
    for word, number in given_rows:
        if word is not None:
            totals[word] = totals.get(word, 0) + number
    found = keys.sums(table["text"], table["number"].to_numpy())
    assert dict(found) == {word: total for word, total in totals.items() if total}


@given(st.lists(WORDS.filter(lambda word: word is not None), max_size=30), st.integers(1, 4), st.booleans())
def test_runs_of_text_in_order_are_never_cut(words: list[str], rows: int, ordered: bool) -> None:
    given_words = sorted(words, key=str.encode) if ordered else words
    numbers = keys.runs(pd.Series(given_words, dtype="str"))
    in_order = all(a.encode() <= b.encode() for a, b in pairwise(given_words))
    assert (numbers is not None) == in_order
    if numbers is None:
        return
    distinct = list(dict.fromkeys(given_words))
    assert numbers.tolist() == [distinct.index(word) for word in given_words]
    slices = list(keys.blocks(numbers, rows))
    parts = [given_words[part] for part in slices]
    assert [word for part in parts for word in part] == given_words
    assert not any(before[-1] == after[0] for before, after in pairwise(parts))


@given(st.lists(st.integers(0, 3), max_size=12))
def test_rows_out_of_order_are_one_block(numbers: list[int]) -> None:
    slices = list(keys.blocks(np.array(numbers, dtype=np.int64), 2))
    if numbers != sorted(numbers):
        assert slices == [slice(0, len(numbers))]


def test_words_are_no_text_in_order() -> None:
    # A category says the same word by the same number, in no order that could be relied on.
    assert keys.runs(pd.Series(["a", "b"], dtype="category")) is None
    assert keys.runs(pd.Series(["a", None], dtype="str")) is None


@given(st.lists(st.text("ab", max_size=2), min_size=2, max_size=12), st.booleans())
def test_runs_found_side_by_side_are_those_found_alone(words: list[str], ordered: bool) -> None:
    given_words = sorted(words) if ordered else words
    distinct = list(dict.fromkeys(given_words))
    expected = [distinct.index(word) for word in given_words] if given_words == sorted(given_words) else None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "MANY", 3)
        patch.setattr(os, "cpu_count", lambda: 5)
        found = keys.runs(pd.Series(given_words, dtype="str"))
    assert (None if found is None else found.tolist()) == expected
