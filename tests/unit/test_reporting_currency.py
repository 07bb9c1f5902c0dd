"""Reports use the group's currency and locale; only cloud bills stay in US dollars, as FOCUS keeps them."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import executive_suite.reports
from csv_tables import folder
from executive_suite import config, formats, reports
from executive_suite.cli import data_options
from executive_suite.dataset.reporting_currency import reporting_currency
from executive_suite.facts.figures import Figures
from executive_suite.rendering import render
from executive_suite.reports.build import view_of
from executive_suite.run import pipeline

VIEWS = Path(executive_suite.reports.__file__).parent

TABLES = {
    "entity": """
        entity_id,kind,name,base_currency,timezone
        lingua,business,Lingua GmbH,EUR,Europe/Berlin
        holding,group,Lingua,EUR,Europe/Berlin
    """,
    "account": """
        account,name,type,normal_side,is_cash
        1800,Bank,asset,debit,true
        4400,Umsatz,revenue,credit,false
        6310,Miete,expense,debit,false
    """,
    "ledger": """
        txn_id,line,date,entity_id,account,amount_cents,currency,activity
        T1,1,2026-03-01,lingua,1800,500000,EUR,operating
        T1,2,2026-03-01,lingua,4400,-500000,EUR,operating
        T2,1,2026-04-01,lingua,6310,90000,EUR,operating
        T2,2,2026-04-01,lingua,1800,-90000,EUR,operating
    """,
    "booking": """
        booking_id,entity_id,booked_at,confirmed_at,service_start,service_end,status,gross_cents,discount_cents
        B1,lingua,2026-02-01T09:00:00Z,,2026-03-02T09:00:00Z,2026-03-02T10:00:00Z,completed,123400,0
    """,
    "rev_schedule": "contract_or_booking_id,satisfied_on\n",
    "param": """
        param,scope,valid_from,value
        burn_window_months,group,2025-01-01,1
    """,
}


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Figures:
    ledger = TABLES["ledger"].replace("activity\n", "activity,contract_id\n").replace("operating\n", "operating,\n")
    data = folder(tmp_path_factory.mktemp("lingua"), **{**TABLES, "ledger": ledger})
    return pipeline.figures_of(data, date(2026, 5, 1), data_options.CONFIG)


@pytest.mark.parametrize("name", ["ceo", "cfo", "accounting", "cmo", "portfolio", "rental", "delivery"])
def test_a_group_in_euros_reads_euros(figures: Figures, name: str) -> None:
    assert figures.currency == "EUR"
    text = reports.build(figures, config.load(data_options.CONFIG).report(name)).text
    assert "USD" not in text
    if name in {"ceo", "cfo", "accounting"}:
        assert "\u20ac4,100" in text  # 5,000.00 - 900.00 of cash
    assert formats.currency() == "USD", "the next report is not this one's"


# CLDR 47, de: decimal comma, point between thousands, currency and percent sign after the number.
def test_a_group_in_germany_reads_german_figures_on_a4(figures: Figures) -> None:
    report = config.load(data_options.CONFIG).report("cfo")
    german = replace(figures, locale="de_DE")
    text = " ".join(reports.build(german, report.model_copy(update={"formats": ("txt",)})).text.split())
    assert "4.100 €" in text
    assert "1 May 2026" in text  # CLDR, en_DE: the words are English
    papers = []
    for found in (german, figures):
        with formats.speaking(found.currency, found.locale):
            papers.append(
                re.findall(r'paper: "([a-z0-9-]+)"', render.as_typst(report.template, view_of(found, report)))
            )
    assert papers == [["a4"], ["us-letter"]]


def test_findings_and_agendas_use_it_too(figures: Figures) -> None:
    gap = next(finding for finding in figures.findings if finding.finding_id == "revenue_tracking_gap")
    assert "€1,234, delivered but not booked" in gap.evidence[0].text
    action = next(action for action in figures.actions if action.action_id == "revenue_tracking_gap")
    assert "\u20ac1,234 at stake" in action.score
    assert Figures.from_json(figures.to_json()) == figures


@pytest.mark.parametrize(
    ("entities", "ledger", "expected"),
    [
        ([("a", "business", "EUR"), ("g", "group", "CHF")], ["EUR"], "CHF"),
        ([("a", "business", "EUR")], ["EUR"], "EUR"),
        ([("a", "business", None)], ["GBP", "GBP"], "GBP"),
        ([], ["GBP"], "GBP"),
        ([], ["GBP", "EUR"], "USD"),
        ([], [], "USD"),
    ],
)
def test_whose_currency_it_is(entities: list[tuple[str, str, str]], ledger: list[str], expected: str) -> None:
    tables = {
        "entity": pd.DataFrame(entities, columns=["entity_id", "kind", "base_currency"]),
        "ledger": pd.DataFrame({"currency": ledger}),
    }
    assert reporting_currency(tables) == expected


def _words(tree: ast.AST) -> set[str]:
    """What a module writes: its text constants but docstrings, and those that only look at a unit."""
    looked_at = {
        id(argument)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "startswith"
        for argument in node.args
    }
    said = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in looked_at | said
    }


@pytest.mark.parametrize("module", sorted(path.relative_to(VIEWS).as_posix() for path in VIEWS.rglob("*.py")))
def test_no_view_names_a_currency(module: str) -> None:
    words = _words(ast.parse((VIEWS / module).read_text(encoding="utf-8")))
    assert not [word for word in words if "USD" in word], (
        "write formats.currency(), of the cloud bill formats.CLOUD_CURRENCY"
    )
