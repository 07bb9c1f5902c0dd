"""Experiments: configuration that names its faults, addressees that stay, results counted from the ledger."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from executive_suite import config
from executive_suite.config import ConfigError, Report
from executive_suite.folders import INCLUDE
from executive_suite.mailing import variants_plan, variants_results
from executive_suite.mailing.variants_plan import Addressee, Arm, Experiment
from executive_suite.outbox.outbox import Outbox
from executive_suite.outbox.state import Evidence
from faults.desk import REPORT_DATE, Desk, client
from ses_stub import SesStub

SHIPPED = config.load(INCLUDE / "config")
CFO = SHIPPED.report("cfo")
EXPERIMENT = Experiment(
    experiment="subject",
    report="cfo",
    first=date(2026, 5, 1),
    last=date(2026, 5, 31),
    arms=(Arm(name="a"), Arm(name="b")),
)


def many(count: int) -> Report:
    return CFO.model_copy(update={"recipients": tuple(f"reader{number}" for number in range(count))})


def test_no_experiment_runs_as_shipped() -> None:
    assert variants_plan.load(INCLUDE / "config", SHIPPED) == ()
    assert variants_plan.addressees(CFO, None, "key") == (Addressee("primary"),)


def test_recipients_are_divided_and_stay_where_they_are() -> None:
    found = variants_plan.addressees(many(50), EXPERIMENT, "key")
    assert {one.variant for one in found} == {"a", "b"}
    fewer = variants_plan.addressees(many(30), EXPERIMENT, "key")
    assert set(fewer) <= set(found)


def test_an_arm_may_have_a_list_and_a_template_of_its_own() -> None:
    arms = (Arm(name="a", recipients=("x",)), Arm(name="b", recipients=("y", "z"), template="reports/short.j2"))
    found = variants_plan.addressees(CFO, EXPERIMENT.model_copy(update={"arms": arms}), "key")
    assert found == (
        Addressee("x", "a"),
        Addressee("y", "b", "reports/short.j2"),
        Addressee("z", "b", "reports/short.j2"),
    )


def test_more_than_fifty_recipients_are_refused() -> None:
    assert len(variants_plan.addressees(many(50), None, "key")) == 50
    with pytest.raises(ConfigError, match="51 recipients; at most 50"):
        variants_plan.addressees(many(51), None, "key")


def test_a_configuration_with_more_than_fifty_recipients_is_refused() -> None:
    plain = SHIPPED.report("cfo").model_dump()
    with pytest.raises(ValueError, match="at most 50"):
        Report(**{**plain, "recipients": tuple(f"reader{number}" for number in range(51))})


def test_a_recipient_who_is_named_twice_is_one() -> None:
    twice = CFO.model_copy(update={"recipients": ("primary", "primary")})
    assert variants_plan.addressees(twice, None, "key") == (Addressee("primary"),)


def test_an_experiment_runs_between_its_dates() -> None:
    for day, found in ((date(2026, 4, 30), None), (date(2026, 5, 31), EXPERIMENT), (date(2026, 6, 1), None)):
        assert variants_plan.running([EXPERIMENT], "cfo", day) == found
    assert variants_plan.running([EXPERIMENT], "ceo", REPORT_DATE) is None


HEAD = "- experiment: one\n  report: cfo\n  first: 2026-05-01\n  last: 2026-05-31\n  arms: "


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (HEAD + "[{name: a}]\n", "0.arms"),
        (HEAD + "[{name: a}, {name: a}]\n", "different names"),
        (HEAD + "[{name: a, recipients: [primary]}, {name: b}]\n", "either every arm"),
        (HEAD + "[{name: a, recipients: [primary]}, {name: b, recipients: [primary]}]\n", "one arm only"),
        (HEAD + "[{name: a, weight: 0}, {name: b}]\n", "0.arms.0.weight"),
        (HEAD + "[{name: a, recipients: [x]}, {name: b, recipients: [y]}]\n", "'x' is not configured"),
        ((HEAD + "[{name: a}, {name: b}]\n").replace("cfo", "cxo"), "'cxo' is not configured"),
        ((HEAD + "[{name: a}, {name: b}]\n") * 2, "at the same time"),
        ("- [", "is not YAML"),
    ],
)
def test_a_fault_of_the_configuration_is_named(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "experiments.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=fault):
        variants_plan.load(tmp_path, SHIPPED)


def test_a_folder_without_experiments_has_none(tmp_path: Path) -> None:
    assert variants_plan.load(tmp_path, SHIPPED) == ()


def test_results_are_counted_once_a_mail(ses: SesStub) -> None:
    desk = Desk(client(ses))
    desk.publish()
    for reader, variant in (("one", "a"), ("two", "a"), ("three", "b")):
        outcome = desk.send(recipient_id=reader, variant=variant)
        for number in range(2 if reader == "one" else 0):
            click = Evidence(f"click{number}", "clicked", desk.clock(), outcome.message_id)
            Outbox(desk.records).add_evidence(outcome.delivery_id, 1, click)
    results = variants_results.collect(desk.records, EXPERIMENT)
    assert (results.sent, results.counts["a", "clicked"], results.counts["b", "clicked"]) == ({"a": 2, "b": 1}, 1, 0)
    clicked = results.comparisons[0]
    assert (clicked.event, clicked.verdict) == ("clicked", "no winner")
    assert json.loads(desk.records.get("ledger/slots/group/cfo/2026-05-01/one/r1").body)["variant"] == "a"
