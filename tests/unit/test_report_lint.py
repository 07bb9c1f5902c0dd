"""The linter finds what it is for: each fault is put into a clean report, and must be named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import html

from executive_suite import reports
from executive_suite.document import Document
from executive_suite.rendering import lint
from executive_suite.rendering.contrast import contrast
from executive_suite.rendering.lint import causes
from executive_suite.rendering.lint.page import pictures
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
        ("the maintainance of hulls", "spelling: maintenance"),
        ("we recieve it", "spelling: receive"),
        ("a seperate deposit", "spelling: separate"),
        ("due in 1 days", "one, with a plural noun"),
        ("1 smaller accounts are left", "one, with a plural noun"),
        ("1 of 2 contracts state no fee", "one, with a plural noun"),
    ],
)
def test_faults_of_the_text(clean: Document, words: str, rule: str) -> None:
    remarks = lint.check(replace(clean, text=words + "\n" + clean.text))
    assert rule in {remark.rule for remark in remarks}


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ('<dd class="against">', '<dd class="gone">', "a figure that does not say what it is compared with"),
        ("</main>", "<section><h2>Season</h2></section></main>", "an empty section"),
        ("</main>", '<td class="fine">up</td></main>', "color without a mark"),
        ("</main>", "<script>1</script></main>", "active content"),
        ("</main>", '<p onclick="x()">1</p></main>', "an event handler"),
        ('<div class="message">', '<div class="message"><p>All is well.</p>', "a message without a number"),
        ("<dl", '<ul class="headlines"><li>Sales fell.</li></ul><dl', "a headline without a number or a date"),
        ("</main>", '<p id="a"></p><p id="a"></p></main>', "an id used twice"),
        ("</main>", "<h1>Again</h1></main>", "not exactly one first-level heading"),
        ("</main>", "<h2>Season</h2><h4>Summer</h4></main>", "a heading level left out"),
        ("--soft:#52606d", "--soft:#c9d1d9", "letters with too little contrast"),
        ('fill="#61707f"', 'fill="#c9d1d9"', "letters with too little contrast"),
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
        ('<img src="cid:nothing@executive-suite" alt="a picture">', "a picture that is not attached"),
        ('<img src="cid:columns@executive-suite">', "a picture without alternative text"),
        ('<p style="position: absolute">1</p>', "a style not known to work in mail clients"),
        ('<p style="display:flex">1</p>', "a display that Outlook does not know"),
        ('<img src="cid:columns@executive-suite" alt="a picture">', "a picture whose size Outlook does not know"),
        ('<img src="cid:columns@executive-suite" alt="a picture" width="1000">', "wider than the sheet in Outlook"),
        ('<p style="background:#eee">1</p>', "a box that Outlook does not pad"),
        ("<svg></svg>", "an element that Outlook does not draw"),
        ('<div class="dark"><img src="cid:other" alt="a picture" width="9"></div>', "shown twice in Outlook"),
    ],
)
def test_faults_of_the_mail(clean: Document, addition: str, rule: str) -> None:
    mail = clean.mail_html.replace("</body>", addition + "</body>")
    assert rule in {remark.rule for remark in lint.check(replace(clean, mail_html=mail))}


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ("color: #52606d", "color: #c9d1d9", "letters with too little contrast"),
        ("#a9b4c0 !important", "#39424d !important", "letters with too little contrast"),
        ('class="caption"', 'class="other"', "a color that the dark scheme does not replace"),
        ('class="preheader"', 'class="gone"', "no preview text"),
        ("<v:roundrect", "<v:rect", "no button in Outlook"),
        (
            '<!--[if mso]><table role="presentation" width="600">',
            "<!--[if mso]>",
            "a sheet as wide as the window in Outlook",
        ),
    ],
)
def test_colours_of_the_mail(clean: Document, before: str, after: str, rule: str) -> None:
    assert before in clean.mail_html
    mail = clean.mail_html.replace(".pad p,", "").replace(before, after)
    assert rule in {remark.rule for remark in lint.check(replace(clean, mail_html=mail))}


@pytest.mark.parametrize(("letters", "behind", "ratio"), [("#000000", "#ffffff", 21.0), ("#767676", "#ffffff", 4.54)])
def test_contrast_is_that_of_the_standard(letters: str, behind: str, ratio: float) -> None:
    # #767676 is the lightest grey that passes 4.5 on white: WebAIM, "Contrast and Color Accessibility".
    assert round(contrast(letters, behind), 2) == ratio


CHANGE = (
    "<section><h2>What changed</h2><table><thead><tr><th>Figure</th><th>Now</th><th>Before</th><th>Change</th>"
    "<th>Mainly</th></tr></thead><tbody><tr><th>Cash</th><td{now}></td><td{before}></td><td>x</td><td>{cause}</td>"
    "</tr></tbody></table></section>"
)


@pytest.mark.parametrize(
    ("now", "before", "cause", "remarks"),
    [
        ("11200", "10000", "", 1),  # 12 % of the earlier figure
        ("-112000", "100000", "", 1),
        ("11200", "10000", "Harbor (+$12)", 0),
        ("10900", "10000", "", 0),
        ("11200", "0", "", 0),  # nothing before: no share of it
        ("", "10000", "", 0),
    ],
)
def test_a_change_over_a_tenth_carries_its_cause(now: str, before: str, cause: str, remarks: int) -> None:
    cells = {"now": f' data-value="{now}"' if now else "", "before": f' data-value="{before}"'}
    tree = html.fromstring(f"<main>{CHANGE.format(**cells, cause=cause)}</main>")
    assert len(list(causes.check(tree))) == remarks


@pytest.mark.parametrize(("change", "remarks"), [("unchanged", 1), ("+$5", 0)])
def test_what_did_not_change_is_no_row_of_what_did(change: str, remarks: int) -> None:
    row = f"<tr><th>Cash</th><td>$100</td><td>$100</td><td>{change}</td></tr>"
    tree = html.fromstring(
        f'<main><section id="what-changed-since-the-last-report"><table><tbody>{row}</tbody></table></section></main>'
    )
    assert len(list(causes.check(tree))) == remarks


@pytest.mark.parametrize(("top", "height", "remarks"), [(40, 60, 0), (100, 20, 0), (40, 50, 1)])
def test_bars_stand_on_the_axis(top: int, height: int, remarks: int) -> None:
    drawn = f'<svg><rect x="5" y="{top}" width="9" height="{height}"></rect>'
    axis = '<line class="axis" x1="0" y1="100" x2="99" y2="100"></line></svg>'
    tree = html.fromstring(f'<div><div class="picture" aria-label="ten columns">{drawn}{axis}</div></div>')
    assert len(list(pictures(tree))) == remarks


@pytest.mark.parametrize(("said", "remarks"), [("<strong>Cash fell.</strong>", 0), ("<strong> </strong>", 1), ("", 1)])
def test_a_chart_says_above_its_title_what_to_see_in_it(said: str, remarks: int) -> None:
    drawn = '<div class="picture" aria-label="cash by month"></div>'
    figure = f"<figure><figcaption>{said}Cash, USD</figcaption>{drawn}</figure>"
    assert len(list(pictures(html.fromstring(f"<div>{figure}</div>")))) == remarks


def test_one_term_has_one_definition(clean: Document) -> None:
    page = clean.files["html"].decode()
    start = page.index("<dt>", page.index('class="definitions"'))
    end = page.index("<dd>", start)
    other = replace(
        clean, report="other", files={"html": (page[:end] + "<dd>Other words. </dd>" + page[end:]).encode()}
    )
    assert lint.across([clean, clean]) == ()
    assert {remark.rule for remark in lint.across([clean, other])} == {"a term with two definitions"}


def test_a_foot_that_lacks_its_dataset(clean: Document) -> None:
    remarks = lint.check(replace(clean, text=clean.text.replace("Dataset", "Data")))
    assert ("foot incomplete", "Dataset") in {(remark.rule, remark.found) for remark in remarks}
