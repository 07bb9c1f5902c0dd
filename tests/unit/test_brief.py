"""The mail as a brief: page one, read in ninety seconds, with a way to the whole report."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy

import html5lib
import pytest
from lxml import html

from executive_suite import reports
from executive_suite.document import Document
from executive_suite.facts.signals import Signal, Subject
from executive_suite.mailing import archived_page
from executive_suite.rendering import lint
from executive_suite.rendering.lint import length
from executive_suite.rendering.lint.remark import Remark
from report_figures import HOSTILE, figures, report

KEY = "2026-05-01/specimen-report.html"
LINK = "https://reports.example.com/2026-05-01/specimen-report.html?Expires=1&Signature=a--b&Key-Pair-Id=K"
BRIEF = report().model_copy(update={"mail": "brief"})


@pytest.fixture(scope="module")
def brief() -> Document:
    return reports.build(figures(), BRIEF)


def headings(document: Document) -> list[str]:
    return [heading.text_content() for heading in html.fromstring(document.mail_html).xpath("//h1|//h2")]


def test_a_brief_is_page_one_and_a_whole_mail_goes_on(brief: Document) -> None:
    page_one = ["SPECIMEN report", "Decisions"]
    assert headings(brief) == page_one
    whole = headings(reports.build(figures(), report()))
    assert whole[:4] == [*page_one, "What changed since the last report", "Charts"]
    assert brief.pictures == ()
    assert "DEFINITIONS" in brief.text, "the text part is the whole report"


def test_the_linter_knows_a_brief(brief: Document) -> None:
    assert lint.check(brief) == ()


def test_the_files_do_not_depend_on_the_mail(brief: Document) -> None:
    assert brief.files == reports.build(figures(), report()).files


def test_the_preview_is_the_first_decision(brief: Document) -> None:
    shown = html.fromstring(brief.mail_html).xpath("string(//*[@class='preheader'])")
    assert shown == "Decide whether the runway is enough. · CEO · May 1, 2026 · $38,800 at stake"


def test_it_says_what_is_attached_and_where_the_page_is(brief: Document) -> None:
    said = "The full report is attached (PDF and workbook) and archived as 2026-05-01/specimen-report.html."
    assert said in html.fromstring(brief.mail_html).text_content()
    bare = reports.build(figures(), BRIEF.model_copy(update={"formats": ("txt", "html")}))
    assert "is the plain-text part of this mail and archived as" in html.fromstring(bare.mail_html).text_content()
    # A person finds the attachments again by report and date.
    assert [part.name for part in brief.attachments] == [
        "specimen-report-2026-05-01.pdf",
        "specimen-report-2026-05-01.xlsx",
    ]


def test_the_button_works_in_outlook_too_and_looks_the_same_linked(brief: Document) -> None:
    sent = archived_page.linked(brief, LINK)
    html5lib.HTMLParser(strict=True).parse(sent.mail_html)
    assert html.fromstring(sent.mail_html).xpath("//a/@href") == [LINK]
    shown = LINK.replace("&", "&amp;").replace("--", "-&#45;")
    assert f'<!--[if mso]><v:roundrect xmlns:v="urn:schemas-microsoft-com:vml" href="{shown}"' in sent.mail_html
    assert KEY in html.fromstring(sent.mail_html).text_content()
    assert sent.mail_html.replace(shown, KEY) == brief.mail_html.replace("<!--archived page-->", "").replace(
        "<!--/archived page-->", ""
    )


def test_without_a_link_nothing_leads_nowhere(brief: Document) -> None:
    sent = archived_page.linked(brief, "")
    html5lib.HTMLParser(strict=True).parse(sent.mail_html)
    assert "href=" not in sent.mail_html
    assert "Open the full report" not in sent.mail_html
    assert KEY in html.fromstring(sent.mail_html).text_content()


@pytest.mark.parametrize("words", [*HOSTILE, "<!--archived page--><a href=x>", "<!--/archived page-->"])
def test_hostile_words_never_move_the_place_of_the_link(words: str) -> None:
    told = Signal("cliff:a", "cliff", "group", Subject(), words, readers=("specimen",))
    made = reports.build(replace(figures(words=words), signals=(told,)), BRIEF)
    assert made.mail_html.count("<!--archived page-->") == 1
    assert html.fromstring(archived_page.linked(made, LINK).mail_html).xpath("//a/@href") == [LINK]
    assert len(made.subject) <= 70


def test_what_page_one_has_no_room_for_is_left_to_the_report() -> None:
    """Whole sentences, the last ones first: none is cut, the mail says how many there are, the text has all."""
    told = tuple(
        Signal(f"cliff:{n}", "cliff", "group", Subject(), f"{'very ' * 60}long {n}", readers=("specimen",))
        for n in range(8)
    )
    long = reports.build(replace(figures(), signals=told), BRIEF)
    tree = html.fromstring(long.mail_html)
    assert length.on_page_one(tree) <= 220
    assert tree.xpath("string(//*[@class='message'])").startswith("Very very")
    assert "in the full report" in tree.text_content()
    text = " ".join(long.text.lower().split())
    assert [n for n in range(8) if f"very long {n}" not in text] == []


def test_the_words_of_page_one_are_those_that_are_read() -> None:
    page = '<div class="preheader">not read</div><div class="one"><p>$38,800 · falls by <b>Jun 26</b></p></div>'
    assert length.on_page_one(html.fromstring(f"<body>{page}<p class='foot'>where from</p></body>")) == 5


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ("<!--archived page-->", "", "not one marked link to the archived page"),
        (f' href="{KEY}"', ' href="https://example.com"', "a link that only works where it was made"),
        (f"archived as {KEY}", "archived", "the archived page is not named in words"),
        ("Open the full report</a>", 'Open</a><a href="notes.html">x</a>', "a link that only works where it was made"),
    ],
)
def test_faults_of_the_way_to_the_page(brief: Document, before: str, after: str, rule: str) -> None:
    assert before in brief.mail_html
    assert rule in rules(replace(brief, mail_html=brief.mail_html.replace(before, after)))


def test_a_subject_that_is_too_long(brief: Document) -> None:
    assert "a subject of more than 70 characters" in rules(replace(brief, subject="x" * 71))


def rules(document: Document) -> set[str]:
    found: tuple[Remark, ...] = lint.check(document)
    return {remark.rule for remark in found}


def test_the_frozen_mail_reads_back(brief: Document) -> None:
    from datetime import UTC, datetime

    from executive_suite.mailing import message

    labels = message.Labels("a" * 52, 1, datetime(2026, 5, 1, 13, tzinfo=UTC))
    mime = message.freeze(
        brief, "Executive Suite", "reports@example.com", "cfo@example.com", labels, link_to=lambda *_: LINK
    )
    mail = message_from_bytes(mime, policy=policy.default)
    assert mail["Subject"] == brief.subject
    text, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert page is not None
    assert text.get_content().replace("\r\n", "\n") == brief.text
    assert html.fromstring(page.get_content()).xpath("//a/@href") == [LINK]
    assert [part.get_filename() for part in mail.iter_attachments()] == [part.name for part in brief.attachments]
