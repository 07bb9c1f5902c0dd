"""The rental audit in Spanish: the same facts, sections, order and marks; no English sentence; the same numbers."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

import pytest

import sample_figures
from executive_suite import config, formats, reports
from executive_suite.document import Document
from executive_suite.facts.figures import Figures
from executive_suite.rendering.blocks import View
from executive_suite.reports import bound, retold, unrecorded
from executive_suite.reports.build import view_of
from group_data import INCLUDE

ENGLISH_WORDS = re.compile(r"\b(the|of|and|is|are|was|were|with|from|which|than|without|has|have|not)\b", re.IGNORECASE)
"""Function words of English that Spanish does not have."""
NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")


@pytest.fixture(scope="module")
def figures() -> Figures:
    return sample_figures.figures(date(2026, 5, 1))


def report(language: str) -> config.Report:
    found = config.load(INCLUDE / "config").report("rental")
    return found.model_copy(update={"language": language, "formats": ("txt", "html")})


@pytest.fixture(scope="module")
def views(figures: Figures) -> dict[str, View]:
    made = {}
    for language in ("en", "es"):
        with formats.speaking(figures.currency, figures.locale, figures.report_date, language):
            made[language] = view_of(retold.figures(figures), report(language))
    return made


@pytest.fixture(scope="module")
def spanish(figures: Figures) -> Document:
    return reports.build(figures, report("es"))


def numbers(view: View) -> list[str]:
    """The numbers of page one and of what it has no room for, dates included, whose parts may be in another order."""
    page = view.page
    said = {text for text, _ in bound.sentences(page)} | {kpi.text for kpi in page.kpis}
    return sorted(found for text in (*said, *(kpi.comparison for kpi in page.kpis)) for found in NUMBER.findall(text))


def test_page_one_states_the_same_numbers(views: dict[str, View]) -> None:
    assert numbers(views["en"]) == numbers(views["es"])
    assert len(numbers(views["es"])) > 40


def shape(item: Any) -> Any:
    """A view without its words: numbers, marks, ids, and how much of everything there is."""
    if is_dataclass(item) and not isinstance(item, type):
        return [type(item).__name__, *(shape(getattr(item, field.name)) for field in fields(item))]
    if isinstance(item, tuple | list):
        return [shape(part) for part in item]
    if isinstance(item, dict):
        return {name: shape(part) for name, part in item.items()}
    return bool(item) if isinstance(item, str) else item


def test_nothing_but_words_differs(views: dict[str, View]) -> None:
    """The same figures, sections, rows, marks and decisions in one order; longer words may move some to the body."""
    english, spanish = views["en"], views["es"]
    assert shape(english.sections) == shape(spanish.sections)
    assert shape([english.page.kpis, english.page.changes]) == shape([spanish.page.kpis, spanish.page.changes])
    asked = [[one.item_id for one in (*view.page.decisions, *view.page.later)] for view in (english, spanish)]
    assert asked[0] == asked[1]


def test_no_sentence_is_english(figures: Figures, spanish: Document) -> None:
    # The sources that define a metric are titles of texts; names of the data stay as they are.
    text = re.sub(r"Fuente:\s.*?(?=\n\S|\Z)", "", spanish.text, flags=re.DOTALL)
    for name in (*figures.entities.values(), figures.zone):
        text = text.replace(name, "")
    assert not [line for line in text.splitlines() if ENGLISH_WORDS.search(line)]


def test_page_and_mail_say_their_language(spanish: Document) -> None:
    assert '<html lang="es"' in spanish.files["html"].decode()
    assert '<html lang="es"' in spanish.mail_html
    assert spanish.subject.endswith("| Renta, 1 may 2026")
    assert not ENGLISH_WORDS.search(spanish.subject)


def test_without_a_language_nothing_is_translated(figures: Figures) -> None:
    assert retold.figures(figures) == unrecorded.figures(figures)
    assert reports.build(figures, report("en")).text == reports.build(figures, report("en")).text
    shipped = config.load(INCLUDE / "config").report("rental")
    assert reports.build(figures, shipped).text == reports.build(figures, report("en")).text
