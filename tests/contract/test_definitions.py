import json
import subprocess
import sys
from pathlib import Path

import pytest

from executive_suite import metrics
from executive_suite.cli import definitions
from executive_suite.facts.definition import FOLDER, Definition
from executive_suite.facts.fact import Fact
from typed_tables import context

ROOT = Path(__file__).parents[2]
PROMISED = [
    tuple(line.split(" ", 1))
    for line in (Path(__file__).with_name("metric_ids.txt")).read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.fixture(scope="module")
def registered() -> dict[str, Definition]:
    return metrics.definitions()


@pytest.mark.parametrize(("metric_id", "unit"), PROMISED)
def test_every_promised_metric_is_registered_with_its_unit(
    registered: dict[str, Definition], metric_id: str, unit: str
) -> None:
    assert registered[metric_id].unit == unit


def test_no_metric_is_promised_twice() -> None:
    assert len({metric_id for metric_id, _ in PROMISED}) == len(PROMISED)


def test_the_committed_page_is_what_the_registry_says() -> None:
    assert (ROOT / "docs" / "definitions.md").read_text(encoding="utf-8") == definitions.page(), (
        "run: python -m executive_suite definitions > docs/definitions.md"
    )


def test_every_metric_has_name_definition_and_source(registered: dict[str, Definition]) -> None:
    for definition in registered.values():
        assert definition.name.strip()
        assert definition.source.strip()
        # One or two sentences, for a footnote.
        assert 10 <= len(definition.definition) <= 800, definition.metric_id


def test_each_metric_is_computed_once_and_each_definition_is_of_a_metric() -> None:
    ids = [one for field in metrics.FIELDS for calculation in metrics.load(field) for one in calculation.metric_ids]
    defined = [
        line.rstrip(":\n")
        for path in sorted(FOLDER.glob("*.yaml"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line[:1].isalpha()
    ]
    assert sorted(ids) == sorted(defined)
    assert len(set(ids)) == len(ids)


def _printed(*arguments: str) -> str:
    command = [sys.executable, "-m", "executive_suite", "definitions", *arguments]
    return subprocess.run(
        command, check=True, capture_output=True, env={"PYTHONPATH": str(ROOT / "include")}
    ).stdout.decode()


def test_the_command_prints_the_page() -> None:
    assert _printed() == definitions.page()


def test_premise_range_and_records_are_printed_for_people_and_machines() -> None:
    _, _, entry = _printed().partition("### uptime\n")
    said = "Premise: incidents are recorded, and the system was in service in the period. Range: 0 to 1."
    assert f"{said} Recorded: incident.\n" in entry
    (uptime,) = [one for one in json.loads(_printed("--format", "json")) if one["metric_id"] == "uptime"]
    assert (uptime["least"], uptime["most"], uptime["recorded"]) == (0, 1, ["incident"])


def test_with_no_data_every_metric_says_what_is_missing() -> None:
    facts: tuple[Fact, ...] = metrics.compute_all(context("2026-05-01"))
    assert {fact.metric_id for fact in facts} == set(metrics.definitions())
    # An agenda made of nothing is empty: that is an answer, and no missing input.
    rest = [fact for fact in facts if fact.metric_id != "agenda_actions"]
    assert [fact for fact in rest if fact.value is not None or not fact.reason] == []
