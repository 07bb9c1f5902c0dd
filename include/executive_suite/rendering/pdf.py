"""Typst source to a tagged PDF with locked fonts: the same source, the same bytes, on any machine."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import typst

from executive_suite.rendering.typesetter import compiler

_NO_GLYPH = "could not be displayed with font"


def typeset(source: str, report_date: date) -> bytes:
    """The report on paper, tagged, with title, language and alternative texts (PDF/UA-1).

    Words in a script that the fonts lack (Chinese, emoji) violate the standard, which requires that everything can be
    read: the file is then still tagged, but does not claim to conform.
    """
    stamp = datetime.combine(report_date, time.min, tzinfo=UTC)
    try:
        made = compiler().compile(input=source.encode(), format="pdf", timestamp=stamp, pdf_standards=["ua-1"])
    except typst.TypstError as error:
        if _NO_GLYPH not in str(error):
            raise
        made = compiler().compile(input=source.encode(), format="pdf", timestamp=stamp)
    if not isinstance(made, bytes):
        msg = f"the typesetter gave {type(made).__name__}, not one file"
        raise TypeError(msg)
    return made
