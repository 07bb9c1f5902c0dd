"""Troubles of Airflow 3.3 that others have reported, done to our runs: what they may cost, and what they may not."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import Any

import psutil

from engine.cluster import Cluster, celery, wait
from engine.scenario import FEW, Scenario
from executive_suite.embedded.client import ENDED, AirflowError
from integration.suite import DAG


def test_a_task_that_is_handed_out_twice_is_not_failed(scenario: Scenario) -> None:
    """https://github.com/apache/airflow/issues/58441: a broker redelivers, and the healthy task was failed."""
    cluster = scenario.cluster
    run_id = scenario.stop_at("cfo.before-call", "cfo")
    machine, _ = cluster.worker_of(run_id, "lane.send[cfo]")
    _deliver_again(cluster, machine)
    time.sleep(15)  # the other worker has taken it by then, and given up
    scenario.go_on()
    scenario.end()
    assert cluster.task(run_id, "lane.send[cfo]")["try_number"] == 1
    assert scenario.accounted() == {"cfo": "sent"}


def test_an_answer_in_the_moment_of_the_question_is_heard_or_asked_again(scenario: Scenario) -> None:
    """https://github.com/apache/airflow/issues/72716: a task that resumes at once is failed by its own earlier end."""
    cluster = scenario.cluster
    run_id = scenario.start("cfo", approve=True)
    path = f"/dags/{DAG}/dagRuns/{run_id}/taskInstances/lane.approve/0/hitlDetails"
    begun = time.monotonic()
    while cluster.client.state(DAG, run_id) not in ENDED:
        assert time.monotonic() - begun < 600
        with suppress(AirflowError):  # not asked yet, or answered
            cluster.client.patch(path, {"chosen_options": ["Approve"], "params_input": {"reason": "read"}})
        time.sleep(0.1)
    states = scenario.accounted()
    assert states.get("cfo", "none") == ("sent" if scenario.accepted()["cfo"] else "none")
    print("asked", cluster.task(run_id, "lane.approve[cfo]")["try_number"], "times")


def test_clearing_a_lane_with_all_that_follows_mails_nobody_twice(scenario: Scenario) -> None:
    """https://github.com/apache/airflow/issues/64526: its siblings were done again, too."""
    cluster = scenario.cluster
    run_id = scenario.start(*FEW)
    scenario.end()
    tries = _tries(cluster, run_id)
    number = cluster.task(run_id, "lane.archive[cfo]")["map_index"]
    body = {
        "dry_run": False,
        "dag_run_id": run_id,
        "task_ids": [["lane.archive", number]],
        "include_downstream": True,
        "only_failed": False,
        "reset_dag_runs": True,
    }
    cluster.client.post(f"/dags/{DAG}/clearTaskInstances", body)
    scenario.end()
    again = {task for task, count in _tries(cluster, run_id).items() if count > tries[task]}
    assert again == {"lane.archive[cfo]", "lane.approve[cfo]", "lane.send[cfo]", "close"}
    assert scenario.accounted() == dict.fromkeys(FEW, "sent")


def test_a_second_backfill_of_a_period_is_not_armed_by_the_first(cluster: Cluster) -> None:
    """https://github.com/apache/airflow/issues/62126: it gets the first one's run, with its id and configuration."""
    first = _backfill(cluster, "--dag-run-conf", json.dumps({"reports": ["cfo"], "arm_backfill_send": True}))
    plan = cluster.client.get(f"/dags/{DAG}/dagRuns/{first}/taskInstances/preflight/xcomEntries/return_value")
    assert plan["value"]["send"] is True
    second = _backfill(cluster, "--reprocess-behavior", "completed")
    assert second == first
    plan = cluster.client.get(f"/dags/{DAG}/dagRuns/{second}/taskInstances/preflight/xcomEntries/return_value")
    assert plan["value"]["send"] is False
    assert plan["value"]["why_not"] == "a backfill sends no mail unless arm_backfill_send is set"


def test_nobody_is_told_of_a_try_that_is_tried_again(scenario: Scenario) -> None:
    """https://github.com/apache/airflow/issues/65400: callbacks of failures are called on retries; we have none."""
    cluster = scenario.cluster
    run_id = scenario.stop_at("cfo.gates", "cfo")
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if str(cluster.running.layout.project) in process.cwd() and "ready" in " ".join(process.cmdline()):
                for step in process.children():
                    step.kill()
    scenario.go_on()
    scenario.end()
    assert cluster.task(run_id, "lane.send[cfo]")["try_number"] == 2
    assert scenario.accounted() == {"cfo": "sent"}


def _deliver_again(cluster: Cluster, machine: str) -> None:
    """Hand out once more what a worker is at work on, as a broker does whose patience has ended."""
    with celery(cluster.broker) as app:
        (running,) = app.control.inspect(timeout=5).active()[f"celery@{machine}"]
        app.send_task(running["name"], args=running["args"], task_id=running["id"], queue="default")


def _tries(cluster: Cluster, run_id: str) -> dict[str, int]:
    return {task: cluster.task(run_id, task)["try_number"] for task in cluster.states(run_id)}


def _backfill(cluster: Cluster, *options: str) -> str:
    """Backfill the one period that is due on October 1, 2025; the id of its run, once that has ended."""
    cluster.backfill("2025-09-01", "2025-09-02", *options)

    def ended() -> bool:
        found: list[dict[str, Any]] = cluster.client.get("/backfills", dag_id=DAG)["backfills"]
        return all(one["completed_at"] for one in found)

    wait(ended, seconds=900, what="the end of the backfill")
    runs = cluster.client.get(f"/dags/{DAG}/dagRuns", limit=100)["dag_runs"]
    (mine,) = (run["dag_run_id"] for run in runs if run["run_type"] == "backfill")
    return str(mine)
