"""Typst source to a tagged PDF with the compiler's own fonts: the same source, the same bytes, on any machine."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import cache

import typst


def typeset(source: str, report_date: date) -> bytes:
    """The report on paper (PDF/UA-1: tagged, with title, language and alternative texts)."""
    stamp = datetime.combine(report_date, time.min, tzinfo=UTC)
    made = _compiler().compile(input=source.encode(), format="pdf", timestamp=stamp, pdf_standards=["ua-1"])
    if not isinstance(made, bytes):
        msg = f"the typesetter gave {type(made).__name__}, not one file"
        raise TypeError(msg)
    return made


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(font_paths=typst.Fonts(include_system_fonts=False))
