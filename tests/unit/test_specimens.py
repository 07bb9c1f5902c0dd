"""Each macro alone, in every format: it shows its words, as that format would, and the page of specimens is in step."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import html5lib
import pytest
from lxml import html

from executive_suite.rendering import lint, mail_html, pdf, render, text_layout

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs" / "specimens"))

import make
from blocks import PAGE, SPECIMENS, Specimen

IN_PICTURE = {"chart"}
MACROS = {"text", "kpis", "table", "chart", "findings", "actions", "decisions", "definitions", "foot"}

each = pytest.mark.parametrize("specimen", SPECIMENS, ids=lambda s: s.title)


def plain(shown: str) -> str:
    return " ".join(shown.replace("\u00a0", " ").split())


def test_every_macro_of_the_templates_has_a_specimen() -> None:
    assert {specimen.macro for specimen in SPECIMENS} == MACROS
    for name in ("text", "html", "mail", "typst"):
        source = (render.TEMPLATES / "formats" / f"{name}.j2").read_text(encoding="utf-8")
        assert [macro for macro in MACROS if f"macro {macro}(" not in source] == []


@each
def test_text(specimen: Specimen) -> None:
    shown = render.alone("text", specimen.macro, specimen.block)
    assert [word for word in specimen.words if word not in plain(shown)] == []
    assert max(map(text_layout.width, shown.splitlines())) <= text_layout.WIDTH + 2


@each
def test_page(specimen: Specimen) -> None:
    shown = render.alone("html", specimen.macro, specimen.block)
    html5lib.HTMLParser(strict=True).parseFragment(shown)
    words = plain(html.fromstring(f"<div>{shown}</div>").text_content())
    assert [word for word in specimen.words if word not in words] == []


@each
def test_mail(specimen: Specimen) -> None:
    shown = render.alone("mail", specimen.macro, specimen.block)
    html5lib.HTMLParser(strict=True).parseFragment(shown)
    words = plain(html.fromstring(f"<div>{shown}</div>").text_content())
    assert [word for word in specimen.words if word not in words] == []


@each
def test_paper(specimen: Specimen) -> None:
    whole = render.as_typst("reports/specimens.j2", make.SpecimensView(PAGE, (specimen,)))
    assert pdf.typeset(whole, date(2026, 5, 1)).startswith(b"%PDF-")
    shown = render.alone("typst", specimen.macro, specimen.block)
    assert [word for word in specimen.words if word not in plain(shown)] == []


def test_all_of_them_on_one_page_are_clean(tmp_path: Path) -> None:
    make.files(tmp_path)
    page = (tmp_path / "specimens.html").read_text(encoding="utf-8")
    tree = html.fromstring(page)
    remarks = [*lint.words.check((tmp_path / "specimens.txt").read_text(encoding="utf-8"))]
    remarks += [*lint.page.check(page, tree), *lint.colors.check_page(page)]
    assert remarks == []
    assert len((tmp_path / "specimens.mail.html").read_bytes()) < mail_html.MOST_BYTES


def test_the_page_of_specimens_is_in_step() -> None:
    told = (ROOT / "docs" / "specimens" / "README.md").read_text(encoding="utf-8")
    assert told == make.readme(), "print it again: PYTHONPATH=include .venv/bin/python docs/specimens/make.py"
