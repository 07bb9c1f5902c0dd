"""The eight reports of the sample, as a reader, a browser and a mail client take them."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import cache

import html5lib
import pytest
from lxml import html

import sample_figures
from executive_suite import config, reports
from executive_suite.document import Document
from executive_suite.facts.fact import Fact
from executive_suite.facts.figures import Figures
from executive_suite.facts.table import ordered
from executive_suite.rendering import lint
from group_data import INCLUDE, REPORT_DATE

CONFIGURED = config.load(INCLUDE / "config").reports
NAMES = [report.report for report in CONFIGURED]

# The sections that the product statement asks of each report, by a word of each that its headings must show.
SECTIONS = {
    "ceo": ("asset", "shortfall", "pipeline", "equity", "kpi", "unit", "thirty days"),
    "cto": ("stack", "security", "cloud", "user", "release", "engineering actions"),
    "accounting": ("revenue recognition", "chart of accounts", "function", "accounting system", "profitability"),
    "cmo": ("channel", "attribution", "email blast", "ota sequence", "local seo", "milestone"),
    "cfo": ("burn", "runway", "break-even", "capital", "target", "control rules"),
    "rental": ("valuation", "revenue", "maintenance", "season", "occupancy"),
    "delivery": ("service", "capacity", "cost", "billing", "charter"),
    "portfolio": ("billing", "tier", "renewal", "churn"),
}


@cache
def figures() -> Figures:
    return sample_figures.figures(REPORT_DATE)


@cache
def document(name: str) -> Document:
    return reports.build(figures(), next(report for report in CONFIGURED if report.report == name))


def headings(name: str) -> str:
    tree = html.fromstring(document(name).files["html"].decode())
    return " | ".join(h.text_content() for h in tree.xpath("//h2 | //caption | //figcaption | //p[@class='caption']"))


@pytest.mark.parametrize("name", NAMES)
def test_the_linter_has_nothing_to_say(name: str) -> None:
    assert [str(remark) for remark in lint.check(document(name))] == []


@pytest.mark.parametrize(("name", "words"), SECTIONS.items())
def test_every_section_is_there(name: str, words: tuple[str, ...]) -> None:
    shown = headings(name).lower()
    assert [word for word in words if word not in shown] == []


@pytest.mark.parametrize("name", NAMES)
def test_page_and_mail_are_valid_html(name: str) -> None:
    parser = html5lib.HTMLParser(strict=True)  # raises at the first error of the HTML standard's parsing rules
    parser.parse(document(name).files["html"].decode())
    parser.parse(document(name).mail_html)


@pytest.mark.parametrize("name", NAMES)
def test_page_can_be_read_aloud(name: str) -> None:
    """WCAG 2.2: 1.1.1 text alternatives, 1.3.1 headings and heads, 2.4.2 title, 3.1.1 language."""
    tree = html.fromstring(document(name).files["html"].decode())
    assert tree.get("lang") == "en"
    assert tree.xpath("string(//title)").strip()
    levels = [int(heading.tag[1]) for heading in tree.xpath("//h1|//h2|//h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(tree.xpath("//table/caption")[i].text_content().strip() for i in range(len(tree.xpath("//table"))))
    assert not tree.xpath("//thead//th[not(@scope)]")
    assert not tree.xpath("//*[@role='img'][not(@aria-label) or @aria-label='']")


@pytest.mark.parametrize("name", NAMES)
def test_page_one_has_message_figures_changes_and_decisions(name: str) -> None:
    tree = html.fromstring(document(name).files["html"].decode())
    assert len(tree.xpath("//div[@class='message']/p")) == 1
    assert len(tree.xpath("//dl[@class='kpis']/div")) == 6
    assert len(tree.xpath("//section[@id='what-changed-since-the-last-report']//tbody/tr")) >= 3
    assert 3 <= len(tree.xpath("//ol[@class='decisions']/li")) <= 5


def test_the_same_figure_in_every_report_that_shows_it() -> None:
    """Cash of $38,800: the CEO's is the CFO's (product statement, "one frozen dataset a run")."""
    for name in ("ceo", "cfo"):
        tree = html.fromstring(document(name).files["html"].decode())
        cash = tree.xpath("//dl[starts-with(@class,'kpis')]/div[dt='Cash balance']/dd[@class='value']")[
            0
        ].text_content()
        assert cash.split()[0] == "$38,800"


def test_the_same_words_define_a_metric_in_every_report() -> None:
    told: dict[str, set[str]] = {}
    for name in NAMES:
        tree = html.fromstring(document(name).files["html"].decode())
        for term, words in zip(
            tree.xpath("//section[@class='definitions']//dt"),
            tree.xpath("//section[@class='definitions']//dd"),
            strict=True,
        ):
            told.setdefault(term.text_content(), set()).add(words.text_content())
    assert len(told) > 50
    assert {term: words for term, words in told.items() if len(words) > 1} == {}


@pytest.mark.parametrize("name", NAMES)
def test_every_report_says_that_it_is_sample_data_and_which_dataset(name: str) -> None:
    made = document(name)
    for body in (made.text, made.files["html"].decode(), made.mail_html):
        assert "Sample data" in body
        assert figures().dataset_hash[:16] in re.sub(r"\s", "", body)


@pytest.mark.parametrize("name", NAMES)
def test_mail_is_small_enough_and_says_what_the_page_says(name: str) -> None:
    made = document(name)
    assert len(made.mail_html.encode()) < 100_000
    page = html.fromstring(made.files["html"].decode())
    mail = " ".join(html.fromstring(made.mail_html).text_content().split())
    for line in page.xpath("//div[@class='message']/p"):
        assert " ".join(line.text_content().split()) in mail


MAIL_LIMIT = 100_000
LONGEST = 1_500
LONG = (
    "Gesellschaft f\u00fcr maritime Dienstleistungen mit beschr\u00e4nkter Haftung & Co. "
    "Kommanditgesellschaft auf Aktien"
)
HOSTILE = (
    LONG,
    "\U0001f6a2 <b>Harbour</b> & Sons",
    "\u05d7\u05d1\u05e8\u05ea \u05d4\u05d9\u05dd",
    "\u682a\u5f0f\u4f1a\u793e",
)
NAMED = {"client", "contract", "name", "title", "person", "role", "keyword"}


def hostile(word: str) -> str:
    return f"{HOSTILE[len(word) % len(HOSTILE)]} {word}"


@cache
def odd_figures() -> Figures:
    """The sample with names of any length and script, every number below zero, and four hundred findings."""

    def turned(fact: Fact) -> Fact:
        names = {key: hostile(value) if key in NAMED and value else value for key, value in fact.dimensions.items()}
        if isinstance(fact.value, int | Decimal) and not isinstance(fact.value, bool):
            return replace(fact, dimensions=names, value=-fact.value if fact.value > 0 else fact.value)
        return replace(fact, dimensions=names)

    found = figures()
    copies = 400 // len(found.findings) + 1
    return replace(
        found,
        facts=ordered(map(turned, found.facts)),
        entities={key: hostile(name) for key, name in found.entities.items()},
        findings=tuple(
            replace(f, finding_id=f"{f.finding_id}-{n}", title=f"{hostile(f.title)} {n}", at_stake_cents=-5)
            for f in found.findings
            for n in range(copies)
        ),
        actions=tuple(replace(a, title=hostile(a.title)) for a in found.actions),
    )


@pytest.mark.parametrize("name", NAMES)
def test_odd_data_is_readable(name: str) -> None:
    report = next(report for report in CONFIGURED if report.report == name).model_copy(
        update={"formats": ("txt", "html")}
    )
    shown = reports.build(odd_figures(), report)
    assert [str(remark) for remark in lint.check(shown) if "markup in plain text" not in remark.rule] == []
    assert len(shown.mail_html.encode()) < MAIL_LIMIT
    assert "<b>Harbour</b>" not in shown.files["html"].decode()
    assert len(shown.text.splitlines()) < LONGEST  # four hundred findings are counted, not listed
