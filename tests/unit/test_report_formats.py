"""Every format of a report: nothing of the data is ever markup, the bytes are always the same."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from lxml import html

from executive_suite import reports
from executive_suite.document import Document
from executive_suite.rendering import lint, pdf, render, workbook
from executive_suite.rendering.blocks import Cell, Column, Table
from executive_suite.reports.build import view_of
from report_figures import HOSTILE, figures, report


@pytest.fixture(scope="module")
def plain() -> Document:
    return reports.build(figures(), report())


def test_the_same_figures_give_the_same_bytes_in_every_format(plain: Document) -> None:
    again = reports.build(figures(), report())
    assert again.content_digest == plain.content_digest
    assert {name: again.files[name] == plain.files[name] for name in plain.files} == dict.fromkeys(plain.files, True)


def test_other_figures_give_another_digest(plain: Document) -> None:
    assert reports.build(figures(burn=800_001), report()).content_digest != plain.content_digest


def test_words_that_stand_in_a_template_are_escaped_as_data_is() -> None:
    # Compiled code serves every format, so no format's escape may be folded into it.
    assert render.alone("typst", "decisions", ()).strip() == '#"Nothing to decide.";'
    assert render.alone("text", "decisions", ()).strip() == "Nothing to decide."


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words(words: str) -> None:
    document = reports.build(figures(words=words), report())
    page = html.fromstring(document.files["html"].decode())
    mail = html.fromstring(document.mail_html)
    for tree in (page, mail):
        assert not tree.xpath("//script")
    shown = "".join(render.visible(words).split())
    assert shown in "".join(page.text_content().split())
    assert "".join(shown) in "".join(document.text.split())
    assert "49" not in document.text.replace("7 * 7", "")
    assert document.files["pdf"].startswith(b"%PDF-")
    sheets = openpyxl.load_workbook(io.BytesIO(document.files["xlsx"]))
    cells = [cell for sheet in sheets for line in sheet for cell in line]
    assert all(cell.data_type != "f" or cell.value.startswith("=SUM(") for cell in cells)


def test_text_has_no_long_lines_and_no_leftovers(plain: Document) -> None:
    assert max(map(len, plain.text.splitlines())) <= 78
    assert not re.search(r"[<>{}]|&\w+;", plain.text)


def test_text_stands_alone(plain: Document) -> None:
    for words in ("$38,800", "4.9 months", "Nov 2025", "DEFINITIONS", "Dataset " + "ab" * 32):
        assert words in plain.text


def test_mail_shows_its_pictures_and_nothing_remote(plain: Document) -> None:
    tree = html.fromstring(plain.mail_html)
    sources = set(tree.xpath("//img/@src"))
    assert sources == {f"cid:{picture.content_id}" for picture in plain.pictures}
    assert all(picture.body.startswith(b"\x89PNG") for picture in plain.pictures)
    assert len(plain.mail_html.encode()) < 100_000
    assert tree.xpath("//p/@style"), "styles stand at their elements"


def test_print_is_tagged_and_named(plain: Document) -> None:
    body = plain.files["pdf"]
    assert b"/StructTreeRoot" in body
    assert b"/Lang" in body
    assert b"pdfuaid" in body


def test_typst_source_cannot_be_left_by_a_string() -> None:
    source = render.as_typst("reports/specimen.j2", view_of(figures(words='" #panic("out") "'), report()))
    assert '\\" #panic(\\"out\\") \\"' in source
    assert pdf.typeset(source, figures().report_date).startswith(b"%PDF-")


def test_workbook_has_numbers_heads_and_no_formula_from_data(plain: Document) -> None:
    book = openpyxl.load_workbook(io.BytesIO(plain.files["xlsx"]))
    sheet = next(s for s in book if s.title.startswith("Net burn by month"))
    assert sheet.freeze_panes == "B3"
    assert [sheet.cell(3, 2).value, sheet.cell(8, 2).value] == [8000.0, 8050.0]


def test_a_run_without_figures_reads_well() -> None:
    document = reports.build(figures(empty=True), report())
    assert "n/a" in document.text
    assert [r for r in lint.check(document) if "number" not in r.rule] == []


def test_four_hundred_findings_are_readable() -> None:
    document = reports.build(figures(findings=400), report())
    assert len(document.mail_html.encode()) < 100_000
    assert "more are in the fact table" in document.text


def test_negative_everything_is_readable() -> None:
    document = reports.build(figures(burn=-800_000), report())
    assert "\u2212$8,000" in document.text
    assert lint.check(document) == ()


@pytest.mark.parametrize(("length", "says"), [(30, "are in the archived report"), (20_000, "too long for one mail")])
def test_a_mail_shortens_itself_and_says_so(length: int, says: str) -> None:
    words = "word " * (length // 5)
    document = reports.build(figures(findings=400, words=words), report())
    assert len(document.mail_html.encode()) < 100_000
    assert says in html.fromstring(document.mail_html).text_content()
    wanted = set(re.findall(r"cid:([\w.@-]+)", document.mail_html))
    assert wanted == {picture.content_id for picture in document.pictures}
    assert document.text.count(words.split()[0]) > 40 * (length // 5), "the text part keeps all that are listed"


def test_a_workbook_row_says_what_its_marks_say_elsewhere() -> None:
    cells = (Cell("Harbour", assumed=True), Cell("n/a", note="no day was open"))
    table = Table("Takings", (Column("Shop"), Column("April", "right")), (cells, (Cell("Old Town"), Cell("5"))))
    page = view_of(figures(), report()).page
    book = openpyxl.load_workbook(io.BytesIO(workbook.make(page, (table,), figures().report_date)))
    sheet = book["Takings"]
    assert [sheet.cell(row, 3).value for row in (2, 3, 4)] == ["Remarks", "assumed; no day was open", None]
    assert sheet.print_title_rows == "$1:$2"


def test_a_workbook_shows_losses_without_colour(plain: Document) -> None:
    # Colour means good or bad, never a sign (report-design.md): no number format names one.
    book = openpyxl.load_workbook(io.BytesIO(plain.files["xlsx"]))
    assert not [c for sheet in book for row in sheet for c in row if "[" in c.number_format]


# The workbook has page one too: numbers as numbers, next to the words that the reader of the page sees.
def test_a_workbook_begins_with_page_one(plain: Document) -> None:
    book = openpyxl.load_workbook(io.BytesIO(plain.files["xlsx"]))
    assert book.sheetnames[:2] == ["About", "Key figures"]
    figures_shown = {row[0].value: row for row in book["Key figures"].iter_rows(min_row=3)}
    cash = next(row for name, row in figures_shown.items() if "ash" in str(name))
    assert (cash[1].value, cash[2].value) == (38_800, "$38,800")  # 3,880,000 cents


# LibreOffice does not measure wrapped text in a book that it opens: rows without a height would overlap.
def test_rows_of_long_words_are_as_high_as_their_lines(plain: Document) -> None:
    about = openpyxl.load_workbook(io.BytesIO(plain.files["xlsx"]))["About"]
    long = [(row[0].row, row[1].value) for row in about.iter_rows() if len(str(row[1].value)) > 250]
    assert long
    assert all(about.row_dimensions[number].height >= 3 * 15 for number, _ in long)
