"""Page one is one page of paper, Letter and A4, with everything it has to say."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache

import pytest
from pypdf import PdfReader

import sample_figures
from executive_suite import config, formats
from executive_suite.facts.figures import Figures
from executive_suite.rendering import page_parts, pdf, render
from executive_suite.reports.build import view_of
from group_data import INCLUDE, REPORT_DATE

CONFIGURED = {report.report: report for report in config.load(INCLUDE / "config").reports}


@cache
def figures() -> Figures:
    return sample_figures.figures(REPORT_DATE)


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
