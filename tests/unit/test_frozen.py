"""What a table's hash is made from, said once more in plain Python."""

from __future__ import annotations

import hashlib
import struct

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from executive_suite.dataset import frozen
from executive_suite.schema.tables import schema


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=3)), max_size=20), st.booleans())
def test_text_goes_into_the_hash_as_blanks_lengths_and_letters(memos: list[str | None], words: bool) -> None:
    column = pd.Series(memos, dtype="str")
    frame = pd.DataFrame({"memo": column.astype("category") if words else column})
    running = hashlib.sha256()
    frozen.update(running, frame, schema()["ledger"])

    there = "".join("0" if memo is None else "1" for memo in memos)
    bits = [int(there[start : start + 8].ljust(8, "0"), 2) for start in range(0, len(there), 8)]
    letters = [(memo or "").encode() for memo in memos]
    expected = hashlib.sha256(f"ledger\0{len(memos)}\0".encode() + b"1\0memo\0string\0")
    if memos:
        expected.update(bytes(bits))
        expected.update(b"".join(struct.pack("<q", len(text)) for text in letters))
        expected.update(b"".join(letters))
    assert running.hexdigest() == expected.hexdigest()
