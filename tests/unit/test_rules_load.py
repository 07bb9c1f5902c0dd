"""The rules file: what it must hold, and how a fault in it is named."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from executive_suite.config import ConfigError
from executive_suite.rules import rulebook
from executive_suite.rules.rule import Check, Kind
from executive_suite.rules.sentences import FORMS
from executive_suite.rules.views import VIEWS

SOUND = """
- rule_id: empty
  kind: shortfall
  title: Nothing open
  severity: high
  check: none
  rows: opportunity
  where: "stage = 'lead'"
"""

FIGURES = """
- rule_id: late
  kind: portfolio_concern
  title: Clients lost
  severity: high
  check: figures
  figures: {churn: logo_churn}
  limits: {most: 0.1}
  worked_out: {kept: 1 - churn}
  where: churn > most
  facts: {fee: "mrr[client]"}
  show: fee > 0
  fires: "{churn} left"
  due: as_of
"""


def _load(folder: Path, text: str) -> rulebook.Rules:
    path = folder / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    return rulebook.load(path)


def test_the_shipped_rules_hold_the_eight_shortfalls() -> None:
    # The eight that the product statement names, in its order.
    assert [rule.rule_id for rule in rulebook.shipped().of_kind("shortfall")] == [
        "empty_pipeline",
        "revenue_tracking_gap",
        "equity_risk",
        "no_ota_listing",
        "billing_model_absent",
        "funnel_break",
        "key_person_transition",
        "no_accounting_system",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (SOUND.replace("severity: high", "severity: awful"), "empty: severity"),
        (SOUND.replace("check: none", "check: share_above"), "check share_above needs above"),
        (SOUND.replace("stage = 'lead'", "stage ="), "empty: where"),
        (SOUND + "  colour: red\n", "empty: colour"),
        (SOUND + '  evidence: "{stage:shout}"\n', "empty: evidence.*form 'shout' is not one of"),
        (FIGURES.replace("mrr[client]", "mrr client"), "late: facts.*not of the form"),
        (
            FIGURES.replace("{churn: logo_churn}", "{churn: 'logo_churn[client]'}"),
            "late.*churn stands for several facts",
        ),
        (FIGURES.replace("churn > most", "churn > least"), "late.*where names 'least'"),
        (FIGURES.replace("{churn}", "{chum}"), "late.*fires names 'chum'"),
        (FIGURES.replace("1 - churn", "1 -"), "late: worked_out"),
        (FIGURES.replace("kept: 1", "kept: other"), "late.*worked_out names 'other'"),
        (FIGURES.replace("due: as_of", "due: today"), "late.*due names 'today'"),
        (SOUND + "  counted: {fired: x}\n", "empty.*counted names fired"),
        (SOUND + "  counted: {fires: '{count:shout}'}\n", "empty: counted.*form 'shout'"),
        (SOUND + "  by_check: {paid: {colour: red}}\n", "empty.*by_check.paid.colour"),
        (SOUND + SOUND, "found twice"),
        (SOUND.replace("rule_id: empty", "rule_id: Empty!"), "Empty!: rule_id"),
        ("rules: {", "is not YAML"),
        ("[]", "too_short|at least 1 item"),
        ("", "(file)|valid tuple"),
    ],
)
def test_a_fault_is_named_with_file_and_field(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words) as fault:
        _load(tmp_path, text)
    assert str(tmp_path / "rules.yaml") in str(fault.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="file is missing"):
        rulebook.load(tmp_path / "rules.yaml")


def test_another_group_states_its_own_rules(tmp_path: Path) -> None:
    assert _load(tmp_path, SOUND).rules[0].title == "Nothing open"


def test_the_page_on_rules_names_every_check_view_form_and_kind() -> None:
    page = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
    names = [*get_args(Check), *get_args(Kind), *VIEWS, *FORMS]
    assert [name for name in names if name not in page] == []
