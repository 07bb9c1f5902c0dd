"""The eight sample reports say the same in every format: headings in one order, each figure of page one everywhere."""

from __future__ import annotations

import io
import re
from functools import cache
from itertools import pairwise

import openpyxl
import pytest
from lxml import html

from executive_suite import config, formats, reports
from executive_suite.document import Document
from executive_suite.rendering.render import MAIL_LIMITS
from group_data import INCLUDE, REPORT_DATE
from pdf_text import words as words_on_paper
from sample_figures import figures

CONFIGURED = {report.report: report for report in config.load(INCLUDE / "config").reports}

# What the product statement asks of each report, as words of a heading.
PROMISED = {
    "ceo": ("asset", "shortfall", "pipeline", "equity", "kpi", "unit", "days"),
    "cto": ("stack", "security", "cloud", "ux", "release", "engineering"),
    "accounting": ("revenue recognition", "chart of accounts", "expenses by function", "accounting system", "roadmap"),
    "cmo": ("channel", "email blast", "ota", "local seo", "milestone"),
    "cfo": ("runway", "burn", "break-even", "capital", "revenue targets", "control rules"),
    "rental": (
        "valuation",
        "rental revenue visibility",
        "expenses by maintenance category",
        "seasonal demand",
        "occupancy against target",
    ),
    "delivery": (
        "service delivery model",
        "capacity constraints",
        "cost per delivery",
        "billing gaps",
        "integration with the charter workflow",
    ),
    "portfolio": (
        "billing gaps and portfolio reconciliation",
        "revenue recognized by client tier",
        "contract renewal calendar",
        "churn risk",
    ),
}
# Headings that only some formats have: contents and definitions need room.
APART = {"in this report", "definitions", "where these figures come from"}


@cache
def document(name: str) -> Document:
    return reports.build(figures(REPORT_DATE), CONFIGURED[name])


@cache
def whole_mail(name: str) -> Document:
    """The same report with ``mail: full``."""
    report = CONFIGURED[name].model_copy(update={"mail": "full", "formats": ("txt", "html")})
    return reports.build(figures(REPORT_DATE), report)


def tight(words: str) -> str:
    """Words without white space: where a line breaks is no difference."""
    return re.sub(r"\s", "", words)


def text_of(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


@cache
def page(name: str) -> html.HtmlElement:
    return html.fromstring(document(name).files["html"].decode())


def sections(name: str) -> list[str]:
    """The headings of the page, in order, without those that not every format has."""
    return [text_of(h) for h in page(name).xpath("//h2") if text_of(h).lower() not in APART]


def kpis(name: str) -> list[tuple[str, str, str]]:
    """Label, value and comparison of each figure of page one, without marks."""
    found = []
    for item in page(name).xpath("//dl[starts-with(@class,'kpis')]/div"):
        value = item.xpath("string(dd[@class='value']//text()[normalize-space()][1])").strip()
        found.append((text_of(item.xpath("dt")[0]), value, text_of(item.xpath("dd[@class='against']")[0])))
    return found


def in_order(parts: list[str], whole: str) -> list[str]:
    """The parts that do not follow those before them in the whole."""
    at, missing = 0, []
    for part in parts:
        place = whole.find(part, at)
        if place < 0:
            missing.append(part)
        else:
            at = place + len(part)
    return missing


@pytest.mark.parametrize("name", CONFIGURED)
def test_every_promised_section_has_its_heading(name: str) -> None:
    headings = " | ".join(sections(name)).lower()
    assert [words for words in PROMISED[name] if words not in headings] == []


@pytest.mark.parametrize("name", CONFIGURED)
def test_headings_have_one_order_in_every_format(name: str) -> None:
    made, wanted = document(name), sections(name)
    assert wanted[0] == "Decisions"
    assert "What changed since the last report" in wanted[:4]
    lines = made.text.splitlines()
    underlined = [line for line, rule in pairwise(lines) if line and rule == "=" * len(line)]
    in_text = [line for line in underlined if line.lower() not in APART]
    behind = [line for line in in_text if line.startswith("APPENDIX: ")]
    assert in_text == [heading.upper() for heading in wanted] + behind
    assert {line.removeprefix("APPENDIX: ") for line in behind} <= {heading.upper() for heading in wanted}
    in_mail = [text_of(h) for h in html.fromstring(whole_mail(name).mail_html).xpath("//h2")]
    assert in_mail == wanted
    in_brief = [text_of(h) for h in html.fromstring(made.mail_html).xpath("//h2")]
    assert in_brief == [heading for heading in wanted[:2] if heading in {"Decisions", "Also"}]
    assert in_order([tight(heading) for heading in wanted], words_on_paper(made.files["pdf"])) == []


@pytest.mark.parametrize("name", CONFIGURED)
def test_each_figure_of_page_one_is_the_same_in_every_format(name: str) -> None:
    made, shown = document(name), kpis(name)
    assert len(shown) == 6
    in_mail = html.fromstring(made.mail_html).xpath("//table[@class='kpis']//td[@class='kpi'][span]")
    mailed = [tight(text_of(cell)) for cell in in_mail]
    printed = words_on_paper(made.files["pdf"])
    labels, beyond = columns_in_text(made.text)
    assert len(mailed) == len(shown)
    for cell, item in zip(mailed, shown, strict=True):
        assert in_order([tight(part) for part in item], cell) == []
    assert labels == "".join(tight(label) for label, _, _ in shown)
    assert in_order([tight(part) for _, *item in shown for part in item], beyond) == []
    assert in_order([tight(part) for item in shown for part in item], printed) == []


def columns_in_text(text: str) -> tuple[str, str]:
    """The labels of page one and the words to the right of them, each as one run of letters."""
    block = [line for line in text[: text.index("DECISIONS\n")].split("\n\n") if line.strip()][-1]
    lines = block.splitlines()
    wide = min(len(line) - len(line.lstrip()) for line in lines if line.startswith(" "))
    return tight("".join(line[:wide] for line in lines)), tight("".join(line[wide:] for line in lines))


def test_the_workbook_has_the_figures_of_page_one() -> None:
    for name in CONFIGURED:
        sheet = openpyxl.load_workbook(io.BytesIO(document(name).files["xlsx"]))["Key figures"]
        rows = [[cell.value or "" for cell in row] for row in sheet.iter_rows(min_row=3)]
        assert [(row[0], row[2], row[3]) for row in rows] == kpis(name)
        for _, number, value, *_ in rows:
            if isinstance(number, int | float) and "$" in value:
                assert formats.money(round(number * 100)) in value


# Every picture of a mail is shown once, described in words, and attached; the first list of rows is never cut.
@pytest.mark.parametrize("name", CONFIGURED)
def test_mail_has_its_pictures_and_leaves_out_only_what_it_counts(name: str) -> None:
    made = whole_mail(name)
    mail = html.fromstring(made.mail_html)
    shown = [str(source).removeprefix("cid:") for source in mail.xpath("//img/@src")]
    assert sorted(shown) == sorted(picture.content_id for picture in made.pictures)
    assert len(set(shown)) == len(shown)
    assert all(str(alt).strip().endswith(".") for alt in mail.xpath("//img/@alt"))
    most = MAIL_LIMITS[0].most_rows
    for table in mail.xpath("//table[starts-with(@class,'data')]"):
        assert (
            len(table.xpath("./tr | ./tbody/tr")) <= 2 * most + 2
        )  # a row may have its words below it; head and total


def names(made: Document) -> list[str]:
    return [picture.name.removesuffix(".png") for picture in made.pictures]


@pytest.mark.parametrize("name", CONFIGURED)
def test_the_brief_is_page_one(name: str) -> None:
    """Its message, its figures (above), its first decision in the preview; its picture, light and dark."""
    made, mail = document(name), html.fromstring(document(name).mail_html)
    assert [text_of(p) for p in mail.xpath("//p[@class='message']")] == [
        text_of(p) for p in page(name).xpath("//div[@class='message']/p")
    ]
    first = text_of(page(name).xpath("//ol[@class='decisions']/li//strong")[0])
    assert text_of(mail.xpath("//div[@class='preheader']")[0]).startswith(first)
    assert mail.xpath("//img/@src") == [f"cid:{picture.content_id}" for picture in made.pictures]
    assert [name.removesuffix("-dark") for name in names(made)] == names(made)[:1] * len(made.pictures)
    assert len(made.mail_html.encode()) < 20_000
    assert len(made.text) > 3 * len(text_of(mail.xpath("//*[@role='main']")[0])), "the text part is the whole report"


def test_the_subjects_of_a_date_differ_and_fit() -> None:
    subjects = [document(name).subject for name in CONFIGURED]
    assert len(set(subjects)) == len(subjects)
    assert max(map(len, subjects)) <= 70
    assert all("May 1, 2026" in subject for subject in subjects)
