"""Typst source to a tagged PDF with locked fonts: the same source, the same bytes, on any machine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any

import typst

from executive_suite.rendering import typesetter

_TRIES = 4
"""Times that a body is set shorter until it is two pages."""
_FURTHER_PAGES = "\n#pagebreak()\n#sym.space.nobreak" * 3
"""After a body that is set alone: it has its contents only in a report of more than three pages."""
_NO_GLYPH = "could not be displayed with font"


def fitted(source: Callable[[float], str], report_date: date) -> bytes:
    """The report on paper, its body two pages at most as far as rows can be left to the appendix.

    A body that is likely too long is set alone first, so that all of it is set once, unless that was not enough.

    Args:
        source: Typst source of the report with its body shorter by so many points.
        report_date: As in `typeset`.
    """
    shorter, tries, whole = 0.0, _TRIES, source(0.0)
    if whole.startswith("// crowded\n"):
        with typesetter.document(_body(whole)) as body:
            over = _over(body)
        if over > 0:
            shorter, tries, whole = over, tries - 1, source(over)
    while True:
        with typesetter.document(whole) as report:
            over = _over(report)
            if over <= 0 or not tries:
                return _written(report.compile, report_date)
        shorter, tries = shorter + over, tries - 1
        whole = source(shorter)


def _body(whole: str) -> str:
    """The source of a body and the heading after it; the lines between are the template's, no value can have one."""
    sheet, _, rest = whole.partition("\n// page one\n")
    _, _, rest = rest.partition("\n// body\n")
    body, _, _ = rest.partition("\n// rows\n")
    return f"{sheet}\n{body}{_FURTHER_PAGES}"


def _over(report: typst.Compiler) -> float:
    """The points by which a body is longer than two pages."""
    return float(report.query("<over>", field="value", one=True))


def typeset(source: str, report_date: date) -> bytes:
    """The report on paper, tagged, with title, language and alternative texts (PDF/UA-1).

    Words in a script that the fonts lack (Chinese, emoji) violate the standard, which requires that everything can be
    read: the file is then still tagged, but does not claim to conform.
    """
    return _written(partial(typesetter.compiler().compile, input=source.encode()), report_date)


def _written(compiled: Callable[..., Any], report_date: date) -> bytes:
    stamp = datetime.combine(report_date, time.min, tzinfo=UTC)
    try:
        made = compiled(format="pdf", timestamp=stamp, pdf_standards=["ua-1"])
    except typst.TypstError as error:
        if _NO_GLYPH not in str(error):
            raise
        made = compiled(format="pdf", timestamp=stamp)
    if not isinstance(made, bytes):
        msg = f"the typesetter gave {type(made).__name__}, not one file"
        raise TypeError(msg)
    return made
