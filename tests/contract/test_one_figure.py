"""docs/one-figure.md tells the truth: rows, counts, functions and the sentence are those of the sample."""

from __future__ import annotations

import importlib
import re

import pytest

from executive_suite import config, metrics
from executive_suite.facts.fact import Fact
from executive_suite.reports import runway
from executive_suite.reports.build import view_of
from executive_suite.reports.selection import Selection
from group_data import INCLUDE, REPORT_DATE, figures_of, sample

PAGE = (INCLUDE.parent / "docs" / "one-figure.md").read_text(encoding="utf-8")
WORDS = " ".join(PAGE.split())


@pytest.fixture(scope="module")
def finance() -> tuple[Fact, ...]:
    return (*metrics.compute(sample(), "finance"), *metrics.compute(sample(), "forecast"))


def headline(facts: tuple[Fact, ...], metric_id: str) -> Fact:
    at = REPORT_DATE.isoformat()
    (found,) = [
        fact
        for fact in facts
        if (fact.metric_id, fact.entity_id, fact.period, dict(fact.dimensions)) == (metric_id, "group", at, {})
    ]
    return found


def test_the_row_is_in_the_file_at_its_number() -> None:
    number = re.search(r"Row (\d+) of `include/data/ledger.csv`", WORDS)
    shown = re.search(r"```csv\n(.*)\n```", PAGE)
    assert number
    assert shown
    lines = (INCLUDE / "data" / "ledger.csv").read_text(encoding="utf-8").splitlines()
    assert lines[int(number[1]) - 1] == shown[1]


def test_the_cut_off_is_the_start_of_the_day_in_the_zone_of_the_group() -> None:
    known = sample()
    assert f"{known.zone.key}, so the cut-off is 2026-05-01T07:00:00Z" in WORDS  # UTC-7 in summer


@pytest.mark.parametrize(
    ("metric_id", "shown"),
    [("cash_balance", "${:,.2f}"), ("net_burn", "${:,.2f} per month"), ("cash_runway_months", "{} months")],
)
def test_each_value_and_count_is_the_one_computed(finance: tuple[Fact, ...], metric_id: str, shown: str) -> None:
    fact = headline(finance, metric_id)
    value = fact.value / 100 if fact.unit.startswith("cents") else fact.value  # type: ignore[operator]
    (row,) = re.findall(rf"^\| `{metric_id}`.*$", PAGE, re.MULTILINE)
    (count,) = {entry.rows for entry in fact.inputs if entry.table == "ledger"}
    assert f"| {shown.format(value)} | {count} |" in row
    assert fact.assumed == (metric_id != "cash_balance")


def test_the_sentence_is_the_one_that_reports_share(finance: tuple[Fact, ...]) -> None:
    figures = figures_of(sample(), finance)
    assert f"> {runway.sentence(Selection(figures))}." in WORDS
    report = next(report for report in config.load(INCLUDE / "config").reports if report.report == "cfo")
    assert f"> {view_of(figures, report).page.message[0]}" in WORDS


def test_each_function_is_in_its_module() -> None:
    named = re.findall(r"`(\w+)` in `([\w/]+)\.py`", WORDS)
    assert len(named) > 12
    for name, path in named:
        assert hasattr(importlib.import_module(f"executive_suite.{path.replace('/', '.')}"), name), (name, path)


def test_the_floor_is_the_parameter(finance: tuple[Fact, ...]) -> None:
    assert f"floor of {headline(finance, 'runway_floor').value} months" in WORDS
