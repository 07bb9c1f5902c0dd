"""A report of a group that lacks most records: one page that says what it needs, or none, and a line that says why."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from lxml import html

from executive_suite import config, reports
from executive_suite.cli.build import made
from executive_suite.facts.figures import Figures
from executive_suite.run import pipeline
from group_data import INCLUDE, REPORT_DATE

CONFIG = INCLUDE / "config"
FEW = ("entity.csv", "account.csv", "ledger.csv")
"""Books, and nothing of marketing, contracts, deliveries or machines."""


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("books")
    for name in FEW:
        shutil.copy(INCLUDE / "data" / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def figures(books: Path) -> Figures:
    return pipeline.figures_of(books, REPORT_DATE, CONFIG)


def test_a_report_with_nothing_to_tell_is_not_built_and_a_line_says_what_it_needs(
    books: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [document.report for document in made(books, REPORT_DATE, CONFIG, ())]
    assert {"cfo", "accounting"} <= set(names)
    assert not {"cto", "portfolio", "delivery"} & set(names)
    said = capsys.readouterr().err
    assert (
        "DangerousCentaur portfolio audit is not made: client contracts are not recorded in table client_contract"
        in said
    )


def test_asked_for_by_name_it_is_one_page(books: Path) -> None:
    (document,) = made(books, REPORT_DATE, CONFIG, ("cto",))
    tree = html.fromstring(document.files["html"].decode())
    headings = [heading.text_content() for heading in tree.xpath("//main//section/h2")]
    assert "What this report needs" in headings
    assert "Security gaps" not in " ".join(headings)
    assert "security and quality findings are not recorded in table finding" in " ".join(document.text.lower().split())


def test_what_can_be_told_is_told_whole(figures: Figures) -> None:
    for report in config.load(CONFIG).reports:
        if report.report in {"cfo", "accounting"}:
            assert reports.not_made(figures, report) == ""
            assert "WHAT THIS REPORT NEEDS" not in reports.build(figures, report).text
