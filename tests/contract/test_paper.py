"""Paper: no letter of a sample report is outside the margins of its page, and page one is one page."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest
from lxml import etree
from pypdf import PdfReader

from executive_suite import config, formats
from executive_suite.facts.figures import Figures
from executive_suite.rendering import page_parts, pdf, render, typesetter
from executive_suite.reports.build import view_of
from executive_suite.run import pipeline
from group_data import INCLUDE, REPORT_DATE

CONFIGURED = {report.report: report for report in config.load(INCLUDE / "config").reports}
MARGIN = 20 / 25.4 * 72
"""Points: the sheet is set with 20 mm to the left and to the right."""
SLACK = 0.5
"""Points by which a letter's edge may overhang."""
_NUMBER = re.compile(r"-?[\d.]+(?:e-?\d+)?")


@cache
def figures() -> Figures:
    return pipeline.figures_of(INCLUDE / "data", REPORT_DATE, INCLUDE / "config")


def letters(element: etree._Element, across: float = 0, scale: float = 1) -> Iterator[float]:
    """Where each letter begins, in points from the left edge of the sheet, through every shift and scale around it."""
    kind, _, rest = (element.get("transform") or "").partition("(")
    numbers = [float(number) for number in _NUMBER.findall(rest)]
    if kind == "translate":
        across += scale * numbers[0]
    elif kind == "matrix":
        across, scale = across + scale * numbers[4], scale * numbers[0]
    elif kind == "scale":
        scale *= numbers[0]
    if etree.QName(element).localname == "use":
        yield across + scale * float(element.get("x", "0"))
    for inner in element:
        yield from letters(inner, across, scale)


@pytest.mark.parametrize("name", CONFIGURED)
def test_no_letter_stands_in_a_margin(name: str) -> None:
    source = render.as_typst(CONFIGURED[name].template, view_of(figures(), CONFIGURED[name]))
    made = typesetter.compiler().compile(input=source.encode(), format="svg")
    for number, page in enumerate(made if isinstance(made, list) else [made], start=1):
        tree = etree.fromstring(page)
        width = float(tree.get("width", "").removesuffix("pt"))
        places = sorted(letters(tree))
        assert places, f"page {number} is empty"
        assert places[0] >= MARGIN - SLACK, f"page {number}: {places[0]:.1f} pt"
        assert places[-1] <= width - MARGIN + SLACK, f"page {number}: {places[-1]:.1f} of {width:.1f} pt"


# Letter is wider, A4 is taller: 216 by 279 and 210 by 297 mm.
@pytest.mark.parametrize("locale", ["en_US", "de_DE"])
@pytest.mark.parametrize("name", CONFIGURED)
def test_page_one_is_one_page(name: str, locale: str) -> None:
    found = replace(figures(), locale=locale)
    with formats.speaking(found.currency, found.locale, found.report_date):
        view = view_of(found, CONFIGURED[name])
        made = pdf.typeset(render.as_typst(CONFIGURED[name].template, view), found.report_date)
    first, second = ("".join(sheet.extract_text().split()) for sheet in PdfReader(io.BytesIO(made)).pages[:2])
    page = view.page
    shown = [*page.message, *page.headlines, *(one.what for one in page.decisions), *(kpi.label for kpi in page.kpis)]
    assert [words for words in shown if "".join(words.split()) not in first] == []
    assert "".join(page_parts.opening(page)[0].title.split()) in second
