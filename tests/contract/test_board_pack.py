"""The board pack by configuration: the entry of the documentation, the sample's figures, every sentence bound."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml

from executive_suite import config, formats, metrics, reports
from executive_suite.config import ConfigError, Report
from executive_suite.facts.figures import Figures
from executive_suite.facts.table import ordered
from executive_suite.rendering import lint
from executive_suite.rendering.blocks import Table
from executive_suite.reports.build import view_of
from executive_suite.rules import agenda, judgement, rulebook
from executive_suite.run import pipeline
from group_data import INCLUDE
from typed_tables import context

QUARTER_DAY = date(2026, 4, 1)


def entry() -> str:
    """The entry of the documentation, as a person copies it."""
    text = (INCLUDE.parent / "docs" / "report-design.md").read_text(encoding="utf-8")
    found = re.search(r"```yaml\n(- report: board\n.*?)```", text, re.DOTALL)
    assert found
    return found[1]


def board() -> Report:
    return Report.model_validate(yaml.safe_load(entry())[0])


def group(folder: Path, **schedule: object) -> Path:
    """The shipped group with the entry, and a schedule."""
    for path in (INCLUDE / "config").glob("*.yaml"):
        shutil.copy(path, folder)
    with (folder / "reports.yaml").open("a", encoding="utf-8") as file:
        file.write(entry())
    (folder / "schedule.yaml").write_text(yaml.safe_dump({"cron": "0 6 1,15 * *", **schedule}), encoding="utf-8")
    return folder


@cache
def figures() -> Figures:
    with TemporaryDirectory() as made:
        return pipeline.figures_of(INCLUDE / "data", QUARTER_DAY, group(Path(made)))


def cells(section: str, name: str) -> dict[str, list[object]]:
    table = view_of(figures(), board())[section][name]
    assert isinstance(table, Table)
    return {line[0].text: [cell.value for cell in line[1:]] for line in table.lines}


def test_it_is_clean_and_every_sentence_is_bound() -> None:
    document = reports.build(figures(), board())
    assert list(lint.check(document)) == []
    assert set(document.files) >= {"pdf", "html", "txt", "xlsx"}
    assert document.subject.startswith("Cash runs out on Aug 5")
    assert "Cash runs out on Aug 5" in document.text


def test_in_spanish_every_sentence_is_bound_as_well() -> None:
    assert view_of(figures(), board().model_copy(update={"language": "es"})).page.kpis


def test_what_it_rests_on_travels_with_the_figures() -> None:
    """Figures are kept as JSON, and a report is verified from them alone; older ones have neither of the parts."""
    assert Figures.from_json(figures().to_json()) == figures()
    assert [one.made_on for one in figures().earlier.began] == [date(2026, 1, 1)]
    older = json.loads(figures().to_json())
    del older["quarters"], older["readership"], older["earlier"]["began"]
    assert Figures.from_json(json.dumps(older).encode()).quarters.rows == ()


def test_the_quarter_is_the_sum_of_its_months() -> None:
    """Net burn of January to March 2026 is stated in the product's own figures: 8,600, 7,000 and 7,400 dollars."""
    with formats.speaking("USD"):
        page = view_of(figures(), board()).page
        shown = {kpi.metric_id: kpi.value for kpi in page.kpis}
        books = cells("results", "income_statement")
        assert shown["net_burn"] == 860_000 + 700_000 + 740_000
        monthly = figures().statements
        for line, label in (("total_revenue", "Revenue"), ("net_income", "Net income")):
            months = [monthly.amount("income_statement", line, f"2026-{month:02d}") or 0 for month in (1, 2, 3)]
            assert books[label][0] == sum(months)
            assert shown[{"Revenue": "revenue", "Net income": "net_income"}[label]] == sum(months)
        units = cells("units", "revenue")
        assert units["Group"] == books["Revenue"]


def test_what_was_foreseen_is_next_to_what_came() -> None:
    """Cash on March 31 is 46,600 dollars on the balance sheet, and no owner paid in or took out since January."""
    with formats.speaking("USD"):
        forecast, actual, away = cells("forecast", "whole")["Cash at the end"]
        held = cells("results", "balance_sheet")["Cash"][0]
    assert actual == held
    assert int(str(forecast)) + int(str(away)) == actual


def test_signals_are_those_then_and_those_now() -> None:
    """Each signal of either date is in exactly one of the three tables, those that repeat a question left out."""
    view = view_of(figures(), board())["signals"]
    tables = {**view.blocks, **{name.removesuffix("_whole"): table for name, table in view.rows.items()}}
    now = {one.signal_id for one in figures().signals if one.kind != "decision_open"}
    then = {name for name in figures().earlier.began[0].signals if not name.startswith("decision_open:")}
    expected = {"came": len(now - then), "stayed": len(now & then), "over": len(then - now)}
    assert {name: len(table.rows) for name, table in tables.items()} == {k: n for k, n in expected.items() if n}


def test_data_with_other_quarters_than_the_schedule_stops_the_run(tmp_path: Path) -> None:
    run = context("2026-04-01")
    folder = group(tmp_path, fiscal_year_first_month=2)
    with pytest.raises(ConfigError, match="fiscal_year_first_month is 2"):
        pipeline.quarters_of(run, folder)


def test_without_a_ledger_it_says_what_is_missing() -> None:
    run = context("2026-04-01")
    facts = ordered(metrics.compute_all(run))
    findings = judgement.evaluate(run, facts, rulebook.shipped())
    bare = Figures(
        report_date=QUARTER_DAY,
        cut_off="2026-04-01T07:00:00+00:00",
        zone="America/Los_Angeles",
        dataset_hash="0" * 64,
        facts=facts,
        findings=findings,
        actions=agenda.rank(run, facts, findings),
    )
    document = reports.build(bare, board())
    assert list(lint.check(document)) == []
    assert "could be calculated" in document.text
    assert not re.search(r"\$0\b", document.text)
    sections = view_of(bare, board()).sections
    assert not any(section.covered for section in sections.values())
    assert all(section.point for section in sections.values())


def test_the_shipped_group_has_none_and_pays_for_none() -> None:
    assert "board" not in {report.report for report in config.load(INCLUDE / "config").reports}
    assert not config.quarterly(INCLUDE / "config")
