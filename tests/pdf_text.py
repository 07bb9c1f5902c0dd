"""The words of a typeset report, read back from its bytes as a viewer does."""

from __future__ import annotations

import io
from functools import cache

from pypdf import PdfReader


@cache
def words(pdf: bytes) -> str:
    """All pages' text in the order in which it is drawn, without white space: where lines break does not matter."""
    return "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)
