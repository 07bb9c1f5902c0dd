"""Eight reports of an empty folder: what is missing and what to add, never a pass, a zero or a row of "n/a"."""

from __future__ import annotations

import functools
import re
from datetime import date

import pytest

from executive_suite import config, metrics, reports
from executive_suite.document import Document
from executive_suite.facts.fact import Fact
from executive_suite.facts.figures import Figures
from executive_suite.facts.table import ordered
from executive_suite.rendering import lint
from executive_suite.rendering.blocks import ActionList, Chart, FindingList, Table
from executive_suite.reports.build import view_of
from executive_suite.reports.selection import Selection
from executive_suite.rules import agenda, judgement, rulebook
from group_data import INCLUDE
from typed_tables import context

DAY = "2026-05-01"
REPORTS = tuple(report.report for report in config.load(INCLUDE / "config").reports)

# What would say that all is well, where nothing was looked at.
PASSES = (
    "No rule is broken",
    "Nothing is open",
    "Nothing is to be decided",
    "Nothing is asked.",
    "No security gap is open",
    "No recommendation is open",
    "Every KPI of this report can be measured",
    "this figure was not calculated",
)


# What a report may say of itself without any table: its rules, and its own earlier issue.
_ABOUT_ITSELF = re.compile("rules that could be checked|rules for cuts and sales|previous report")


@functools.cache
def _figures() -> Figures:
    run = context(DAY)
    facts = ordered(metrics.compute_all(run))
    findings = judgement.evaluate(run, facts, rulebook.shipped())
    return Figures(
        report_date=date.fromisoformat(DAY),
        cut_off="2026-05-01T07:00:00+00:00",
        zone="America/Los_Angeles",
        dataset_hash="0" * 64,
        facts=facts,
        findings=findings,
        actions=agenda.rank(run, facts, findings),
    )


@functools.cache
def _built(name: str) -> Document:
    report = config.load(INCLUDE / "config").report(name)
    return reports.build(_figures(), report.model_copy(update={"formats": ("txt", "html")}))


@pytest.mark.parametrize("name", REPORTS)
def test_nothing_is_no_pass(name: str) -> None:
    document = _built(name)
    assert lint.check(document) == ()
    text = " ".join(document.text.split())
    assert [words for words in PASSES if words in text] == []
    assert "latest 0" not in text
    assert ": ." not in text


@pytest.mark.parametrize("name", REPORTS)
def test_the_decision_is_to_supply_the_records(name: str) -> None:
    page = view_of(_figures(), config.load(INCLUDE / "config").report(name)).page
    asked, *_ = page.decisions
    assert asked.what == "Supply the missing records."
    assert "the first reason: table " in asked.why


def test_a_missing_month_says_which_table_is_missing() -> None:
    metrics.definitions()
    missing = Fact("search_clicks", "group", DAY, None, "count", {}, "not_evaluable", "table seo_rank is absent")
    s = Selection(Figures(date.fromisoformat(DAY), "", "UTC", "", (missing,)))
    assert s.fact("search_clicks", period="2026-04").reason == "table seo_rank is absent"
    assert s.months("search_clicks", 12) == ()


@pytest.mark.parametrize("name", REPORTS)
def test_nothing_drawn_is_no_picture_and_says_why(name: str) -> None:
    document = _built(name)
    assert document.pictures == ()
    assert 'class="picture"' not in document.files["html"].decode()
    assert "cid:" not in document.mail_html


def _left_empty(name: str) -> list[tuple[str, str, str]]:
    """Every block of a report that has nothing to show, and what it says instead."""
    view = view_of(_figures(), config.load(INCLUDE / "config").report(name))
    found = []
    for heading, made in view.sections.items():
        for key, block in made.blocks.items():
            if isinstance(block, Table) and not block.rows:
                found.append((heading, key, block.empty))
            elif isinstance(block, Chart) and not block.svg:
                found.append((heading, key, block.alt))
            elif isinstance(block, ActionList | FindingList) and not block.items:
                found.append((heading, key, block.empty))
    return found


@pytest.mark.parametrize("name", REPORTS)
def test_an_absence_is_claimed_of_records_that_are_there_only(name: str) -> None:
    # That no channel is live is known only where channels are recorded; without the table the reason says so.
    claims = [
        block for block in _left_empty(name) if "is absent" not in block[2] and not _ABOUT_ITSELF.search(block[2])
    ]
    assert claims == []
