from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from dotenv import dotenv_values

from executive_suite import config
from executive_suite.run.plan import KEYS

CHECKOUT = Path(__file__).parents[2]
# What a task may take seconds to import, the DAG processor must not: it parses the file again and again.
HEAVY = ("pandas", "pyarrow", "boto3", "numpy", "typst", "duckdb", "polars")

LOOK = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
from airflow.serialization.serialized_objects import DagSerialization
bag = DagBag(dag_folder=sys.argv[1])
dag = bag.dags.get("executive_suite")
DagSerialization.to_dict(dag)  # what the DAG processor does next, and what fails on a schedule that it cannot write
print(json.dumps({
    "errors": {str(k): str(v) for k, v in bag.import_errors.items()},
    "loaded": sorted({name.split(".")[0] for name in sys.modules}),
    "schedule": getattr(dag.timetable, "expression", ""), "catchup": dag.catchup,
    "tags": sorted(dag.tags), "doc": dag.doc_md or "",
    "params": dict(dag.params), "form": {name: dag.params.get_param(name).schema for name in dag.params},
    "line": dag.description, "owners": dag.owner_links,
    "dags": {name: {"paused": one.is_paused_upon_creation, "schedule": getattr(one.timetable, "expression", ""),
                    "seconds": one.dagrun_timeout and one.dagrun_timeout.total_seconds(),
                    "runs": one.max_active_runs,
                    "unbounded": [t.task_id for t in one.tasks if t.execution_timeout is None],
                    "longest": max(t.execution_timeout.total_seconds() for t in one.tasks if t.execution_timeout),
                    "doc": one.doc_md or ""} for name, one in bag.dags.items()},
    "tasks": {t.task_id: {
              "upstream": sorted(t.upstream_task_ids),
              "retries": t.retries, "owner": t.owner, "pool": t.pool,
              "rule": str(t.trigger_rule.value if hasattr(t.trigger_rule, "value") else t.trigger_rule),
              "names": t.map_index_template, "doc": t.doc_md or ""} for t in dag.tasks},
}))
"""


def look(tmp_path: Path, **variables: str) -> dict[str, Any]:
    """The DAG as Airflow reads it, from a process that has loaded nothing else."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{CHECKOUT / 'include'}{os.pathsep}{CHECKOUT / 'plugins'}",
        "AIRFLOW_HOME": str(tmp_path),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(CHECKOUT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        **variables,
    }
    command = [sys.executable, "-c", LOOK, str(CHECKOUT / "dags")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def dag(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return look(tmp_path_factory.mktemp("home"), EXECUTIVE_SUITE_AWS="real")


def test_the_dag_parses_without_the_libraries_of_its_tasks(dag: dict[str, Any]) -> None:
    assert dag["errors"] == {}
    assert not set(HEAVY) & set(dag["loaded"])


def test_it_is_due_twice_a_month_and_never_catches_up(dag: dict[str, Any]) -> None:
    # Of the product's statement: 1st and 15th at 06:00.
    assert dag["schedule"] == "0 6 1,15 * *"
    assert dag["catchup"] is False


def test_the_embedded_run_has_no_schedule_of_its_own_with_every_variable_as_the_example_has_it(tmp_path: Path) -> None:
    """Compose hands over blank lines of ``.env``, too: a blank folder of groups names none."""
    example = {name: value or "" for name, value in dotenv_values(CHECKOUT / ".env.example").items()}
    found = look(tmp_path, **example)
    assert (example["EXECUTIVE_SUITE_AWS"], example["EXECUTIVE_SUITE_GROUPS"]) == ("embedded", "")
    assert found["schedule"] == ""
    assert "delivery_watch" in found["dags"]


def test_what_looks_after_deliveries_is_switched_on_by_itself_once_it_has_something_to_do(tmp_path: Path) -> None:
    """The reports are not: who sets a schedule switches that on. A watch that must be remembered is none."""
    queue = "https://sqs.us-east-1.example.com/1/feedback"
    whole = look(tmp_path, EXECUTIVE_SUITE_AWS="real", EXECUTIVE_SUITE_FEEDBACK_QUEUE=queue)["dags"]
    assert {name: one["paused"] for name, one in whole.items()} == {
        "executive_suite": None,
        "delivery_watch": False,
        "delivery_feedback": False,
    }
    assert whole["delivery_watch"]["schedule"] == "25 * * * *"
    assert all(one["doc"] for one in whole.values())
    nothing_due = look(tmp_path, EXECUTIVE_SUITE_AWS="embedded")["dags"]
    assert {one["schedule"] for one in nothing_due.values()} == {""}


def test_alerts_are_a_dag_only_where_the_group_wants_them(tmp_path: Path) -> None:
    group = tmp_path / "group"
    shutil.copytree(CHECKOUT / "include" / "config", group, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    delivery = group / "delivery.yaml"
    delivery.write_text(delivery.read_text(encoding="utf-8").replace("alerts: false", "alerts: true"), encoding="utf-8")
    found = look(tmp_path, EXECUTIVE_SUITE_AWS="real", EXECUTIVE_SUITE_GROUP=str(group))["dags"]["delivery_alerts"]
    assert (found["paused"], found["schedule"]) == (False, "40 11 * * *")


def test_the_steps_stand_in_their_order(dag: dict[str, Any]) -> None:
    upstream = {task: set(facts["upstream"]) for task, facts in dag["tasks"].items()}
    assert upstream["preflight"] == set()
    assert upstream["extract"] == {"preflight"}
    assert upstream["validate"] == {"preflight", "extract"}
    assert upstream["compute"] == {"validate"}
    assert upstream["reconcile"] == {"preflight", "validate", "compute"}
    assert upstream["lane.render"] == {"reconcile"}
    assert "lane.render" in upstream["lane.archive"]
    assert "lane.archive" in upstream["lane.approve"]
    assert {"lane.archive", "lane.approve"} <= upstream["lane.send"]
    assert dag["tasks"]["lane.send"]["rule"] == "none_failed"  # an approval that nobody was asked for is skipped
    assert upstream["close"] == {"lane.send"}


def test_close_always_runs_and_outlasts_what_is_no_verdict_of_its_own(dag: dict[str, Any]) -> None:
    # That a report is missing is a verdict, and final (test_retries); a platform that restarts is none.
    assert dag["tasks"]["close"]["rule"] == "all_done"
    assert dag["tasks"]["close"]["retries"] == 3


def test_people_find_their_way_in_the_ui(dag: dict[str, Any]) -> None:
    assert dag["tags"]
    assert "backfill" in dag["doc"]
    assert all(task["owner"] == "reports" for task in dag["tasks"].values())
    for task in ("lane.render", "lane.archive", "lane.send"):
        assert dag["tasks"][task]["names"]
    assert len(dag["params"]["reports"]) == 8


def test_the_form_offers_the_keys_of_a_runs_configuration_and_mails_no_backfill_by_itself(dag: dict[str, Any]) -> None:
    assert set(dag["params"]) == set(KEYS)
    assert dag["params"]["send"] is True
    assert dag["params"]["arm_backfill_send"] is False


def test_the_form_names_reports_as_readers_do(dag: dict[str, Any]) -> None:
    shown = dag["form"]["reports"]["values_display"]
    assert shown == {one.report: one.title for one in config.load(CHECKOUT / "include" / "config").reports}


def test_the_page_of_the_dag_says_in_one_line_what_the_next_run_does(dag: dict[str, Any], tmp_path: Path) -> None:
    # Of the product's statement: 1st and 15th at 06:00; eight reports, and the sample has one reader.
    line = re.compile(r"Next: [A-Z][a-z]+ (1|15) at 6:00 \(America/Los_Angeles\)\. 8 reports, 8 mails to 1 recipient\.")
    assert line.fullmatch(dag["line"])
    assert dag["line"] in dag["doc"]
    by_hand = "Next: when somebody starts it. 8 reports, 8 mails to 1 recipient."
    assert look(tmp_path, EXECUTIVE_SUITE_AWS="embedded")["line"] == by_hand
    # The embedded platform has a schedule for backfills alone.
    backfills = {"EXECUTIVE_SUITE_SCHEDULE": "0 6 1 * *", "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False"}
    assert look(tmp_path, **backfills)["line"] == by_hand


def test_the_owner_of_the_tasks_leads_to_the_report_room(tmp_path: Path) -> None:
    found = look(tmp_path, AIRFLOW__API__BASE_URL="https://airflow.example.com/team")
    assert found["owners"] == {"reports": "https://airflow.example.com/team/executive-suite/groups/-/"}


def test_every_task_says_what_it_does(dag: dict[str, Any]) -> None:
    assert [task for task, facts in dag["tasks"].items() if not facts["doc"]] == []


def test_sends_wait_in_a_pool_of_their_own_where_one_is_named(dag: dict[str, Any], tmp_path: Path) -> None:
    assert dag["tasks"]["lane.send"]["pool"] == "default_pool"
    named = look(tmp_path, EXECUTIVE_SUITE_AWS="real", EXECUTIVE_SUITE_SEND_POOL="executive_suite_send")
    pools = {task: facts["pool"] for task, facts in named["tasks"].items()}
    assert {task for task, pool in pools.items() if pool != "default_pool"} == {"lane.send"}


def test_a_send_is_retried_for_longer_than_a_lease(dag: dict[str, Any]) -> None:
    limits = config.load(CHECKOUT / "include" / "config").limits
    assert dag["tasks"]["lane.send"]["retries"] == limits.retries
    # With full jitter, each wait is half of its bound on average; the bound doubles.
    assert limits.first_retry_seconds * (2**limits.retries - 1) / 2 > limits.lease_seconds


def test_nothing_runs_for_ever_and_few_runs_at_once(dag: dict[str, Any]) -> None:
    for name, one in dag["dags"].items():
        assert one["unbounded"] == [], name
        assert one["longest"] < one["seconds"], name
        assert 1 <= one["runs"] <= 3, name


def test_a_run_waits_for_a_person_as_long_as_delivery_yaml_says(dag: dict[str, Any]) -> None:
    limits = config.load(CHECKOUT / "include" / "config").limits
    assert dag["dags"]["executive_suite"]["seconds"] > (limits.approval_hours + limits.retries * 6) * 3600


def test_a_send_to_as_many_as_a_report_may_have_is_not_cut_off(dag: dict[str, Any]) -> None:
    limits = config.load(CHECKOUT / "include" / "config").limits
    longest = config.MOST_RECIPIENTS * (limits.connect_timeout_seconds + limits.read_timeout_seconds + 2)
    assert dag["dags"]["executive_suite"]["longest"] > longest
