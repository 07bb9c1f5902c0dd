"""The linter finds what it is for: each fault is put into a clean report, and must be named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from executive_suite import reports
from executive_suite.document import Document
from executive_suite.rendering import lint
from report_figures import figures, report


@pytest.fixture(scope="module")
def clean() -> Document:
    return reports.build(figures(), report())


def test_a_clean_report_has_no_remarks(clean: Document) -> None:
    assert lint.check(clean) == ()


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("Runway nan months", "a missing value shown raw"),
        ("Owner: None", "a missing value shown raw"),
        ("{{ value }}", "template syntax"),
        ("<td>8,000</td>", "markup in plain text"),
        ("slip &amp; hull", "an HTML entity in plain text"),
        ("a share of 3.14159", "more than two decimals"),
        ("x " * 60, "a line of over 78"),
        ("maintainance", "spelling: maintenance"),
    ],
)
def test_faults_of_the_text(clean: Document, words: str, rule: str) -> None:
    remarks = lint.check(replace(clean, text=words + "\n" + clean.text))
    assert rule in {remark.rule for remark in remarks}


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ('<dd class="against">', '<dd class="gone">', "a figure without target, prior or 'none set'"),
        ("</main>", "<section><h2>Season</h2></section></main>", "an empty section"),
        ("</main>", '<td class="good">up</td></main>', "colour without a mark"),
        ("</main>", "<script>1</script></main>", "active content"),
        ("</main>", '<p onclick="x()">1</p></main>', "an event handler"),
        ('<div class="message">', '<div class="message"><p>All is well.</p>', "a message without a number"),
        ("</main>", '<p id="a"></p><p id="a"></p></main>', "an id used twice"),
    ],
)
def test_faults_of_the_page(clean: Document, before: str, after: str, rule: str) -> None:
    page = clean.files["html"].decode().replace(before, after, 1)
    remarks = lint.check(replace(clean, files={**clean.files, "html": page.encode()}))
    assert rule in {remark.rule for remark in remarks}


@pytest.mark.parametrize(
    ("addition", "rule"),
    [
        ("<p>" + "x" * 100_000 + "</p>", "HTML of 100 kB or more is clipped by mail clients"),
        ('<img src="https://example.com/x.png" alt="a picture">', "remote content"),
        ('<img src="cid:nothing@executive-suite" alt="a picture">', "a picture that is not there"),
        ('<img src="cid:columns@executive-suite">', "a picture without words"),
    ],
)
def test_faults_of_the_mail(clean: Document, addition: str, rule: str) -> None:
    mail = clean.mail_html.replace("</body>", addition + "</body>")
    assert rule in {remark.rule for remark in lint.check(replace(clean, mail_html=mail))}


def test_a_foot_that_lacks_its_dataset(clean: Document) -> None:
    remarks = lint.check(replace(clean, text=clean.text.replace("Dataset", "Data")))
    assert ("foot incomplete", "Dataset") in {(remark.rule, remark.found) for remark in remarks}
