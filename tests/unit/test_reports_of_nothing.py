"""Eight reports of an empty folder: what is missing and what to add, never a pass, a zero or a row of "n/a"."""

from __future__ import annotations

import functools
from datetime import date

import pytest
from executive_suite.reports.tables.length import MOST_ROWS, bare, readable, without_figures

from executive_suite import config, metrics, reports
from executive_suite.document import Document
from executive_suite.facts.fact import Fact
from executive_suite.facts.figures import Figures
from executive_suite.facts.table import ordered
from executive_suite.rendering import lint
from executive_suite.rendering.blocks import Cell, Column, Table
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
    "Every KPI of this report can be told",
    "the run has no such figure",
)


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
    (asked,) = page.decisions
    assert asked.what == "Supply the missing records."
    assert "first of all: table " in asked.why


def test_a_missing_month_says_which_table_is_missing() -> None:
    metrics.definitions()
    missing = Fact("search_clicks", "group", DAY, None, "count", {}, "not_evaluable", "table seo_rank is absent")
    s = Selection(Figures(date.fromisoformat(DAY), "", "UTC", "", (missing,)))
    assert s.fact("search_clicks", period="2026-04").reason == "table seo_rank is absent"
    assert s.months("search_clicks", 12) == ()


def table(*figures: Cell, note: str = "") -> Table:
    rows = tuple((Cell("line"), figure) for figure in figures)
    return Table("t", (Column("Line"), Column("USD", "right")), rows, note=note)


def test_lines_without_any_figure_give_way_to_the_reason() -> None:
    shown = without_figures(table(Cell("n/a", note="table ledger is absent"), Cell("n/a")))
    assert shown.rows == ()
    assert shown.empty == "Not evaluable: table ledger is absent."
    half = table(Cell("n/a", note="table ledger is absent"), Cell("5"))
    assert without_figures(half) == half


def test_what_qualifies_rows_is_not_said_of_none() -> None:
    assert bare(table(note="Deposits are not deducted.")).note == ""
    assert bare(table(Cell("5"), note="Deposits are not deducted.")).note == "Deposits are not deducted."


def test_a_long_table_is_cut_and_says_so() -> None:
    long = table(*(Cell(str(number)) for number in range(MOST_ROWS + 1)), note="In dollars.")
    shown = readable(long)
    assert len(shown.rows) == MOST_ROWS
    assert shown.note == "The first 25 of 26 rows; all of them are in the fact table. In dollars."
    exact = table(*(Cell(str(number)) for number in range(MOST_ROWS)))
    assert readable(exact) is exact


@pytest.mark.parametrize("name", REPORTS)
def test_nothing_drawn_is_no_picture_and_says_why(name: str) -> None:
    document = _built(name)
    assert document.pictures == ()
    assert 'class="picture"' not in document.files["html"].decode()
    assert "cid:" not in document.mail_html


def test_a_total_that_repeats_its_only_row_is_left_out() -> None:
    only = (Cell("JADA"), Cell("5"))
    heads = (Column("Entity"), Column("USD", "right"))
    assert bare(Table("t", heads, (only,), (Cell("Group"), Cell("5")))).total == ()
    assert bare(Table("t", heads, (only,), (Cell("Group"), Cell("7")))).total != ()
    assert bare(Table("t", heads, (only, only), (Cell("Group"), Cell("5")))).total != ()
