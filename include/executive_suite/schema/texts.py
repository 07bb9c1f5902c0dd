"""Text columns in Arrow, plain or as words with a number per row; written exactly, trimmed."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from executive_suite.schema import cells

SPACE, BEYOND_ASCII = 0x20, 0x80

_SCALE = ((r"(\.\d*[1-9])0+$", r"\1"), (r"\.0+$", ""))
_FRACTION = ((r"\.0+(Z|[+-]\d{4})?$", r"\1"),)
"""Trailing zeros that come from a type, not from the source."""


def is_text(given: pa.DataType) -> bool:
    """Whether a column has text, plain or as words with a number per row."""
    return bool(_is_plain_text(given) or is_words(given))


def _is_plain_text(given: pa.DataType) -> bool:
    return bool(pa.types.is_string(given) or pa.types.is_large_string(given) or pa.types.is_string_view(given))


def is_words(given: pa.DataType) -> bool:
    """Whether a column has words with a number per row."""
    return bool(pa.types.is_dictionary(given) and pa.types.is_string(given.value_type))


def trimmed(data: pa.ChunkedArray) -> pa.ChunkedArray:
    """Trimmed text; blank text becomes null."""
    if not is_words(data.type):
        if all(map(_is_plain, data.chunks)):
            return data
        text = pc.utf8_trim_whitespace(data)
        return pc.if_else(pc.is_in(text, pa.array(cells.BLANKS, text.type)), None, text)
    chunks = [
        _without_twins(trimmed(pa.chunked_array([chunk.dictionary])).combine_chunks(), chunk.indices)
        for chunk in data.unify_dictionaries().chunks
    ]
    return pa.chunked_array(chunks, chunks[0].type if chunks else data.type).unify_dictionaries()


def _is_plain(data: pa.Array) -> bool:
    """Whether no text needs trimming or is a null marker, judging by bytes and lengths alone."""
    if data.null_count == len(data):
        return True
    shortest = pc.min(pc.binary_length(data)).as_py()
    if shortest <= max(map(len, cells.BLANKS)):
        return False
    offset = np.int64 if pa.types.is_large_string(data.type) else np.int32
    offsets = np.frombuffer(data.buffers()[1], offset)[data.offset : data.offset + len(data) + 1]
    letters = np.frombuffer(data.buffers()[2], np.uint8)[offsets[0] : offsets[-1]]
    return bool(letters.min() > SPACE and letters.max() < BEYOND_ASCII)


def as_text(data: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column of any type as text (or words with a number per row), each value written exactly."""
    given = data.type
    if is_words(given):
        return data
    if pa.types.is_floating(given):
        texts = [None if value is None or value != value else repr(value) for value in data.to_pylist()]  # noqa: PLR0124 - NaN differs from itself
        return pa.chunked_array([pa.array([text.removesuffix(".0") if text else None for text in texts], pa.string())])
    if pa.types.is_binary(given) or pa.types.is_large_binary(given):
        try:
            return data.cast(pa.string())  # old programs write text without marking it as text
        except pa.ArrowInvalid:
            pass
    if pa.types.is_nested(given) or pa.types.is_binary(given) or pa.types.is_large_binary(given):
        return pa.chunked_array([pa.array([None if value is None else str(value) for value in data.to_pylist()])])
    text = data.cast(pa.string())
    for zeros, kept in _SCALE if pa.types.is_decimal(given) else _FRACTION if pa.types.is_temporal(given) else ():
        text = pc.replace_substring_regex(text, zeros, kept)
    return text


def words(data: pa.ChunkedArray) -> list[str]:
    """The trimmed text of a column of any type; null cells are empty."""
    return [(word or "").strip() for word in as_text(data).cast(pa.string()).to_pylist()]


def _without_twins(distinct: pa.Array, codes: pa.Array) -> pa.Array:
    """Words with a number per row; words that trimming made equal become one, blank words null."""
    if distinct.null_count == 0 and pc.count_distinct(distinct).as_py() == len(distinct):
        return pa.DictionaryArray.from_arrays(codes, distinct)
    again = pc.dictionary_encode(distinct)
    return pa.DictionaryArray.from_arrays(again.indices.take(codes), again.dictionary)
