"""What is taken away in the middle of a run comes back, and no mail is lost, doubled or told of wrongly.

How long each fault delays a run is printed; docs/operations.md has the table.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing

import psycopg2

from engine.cluster import Cluster, celery, wait
from engine.scenario import FEW, Scenario, said
from executive_suite.embedded import components
from executive_suite.embedded.client import answers

PATIENCE = int(components.PATIENCE["SCHEDULER"]["TASK_INSTANCE_HEARTBEAT_TIMEOUT"])
"""Seconds after which a silent task counts as lost."""
ALL_SENT = dict.fromkeys(FEW, "sent")


def test_a_worker_lost_in_compute(scenario: Scenario) -> None:
    cluster = scenario.cluster
    run_id = scenario.stop_at("compute.begun", *FEW)
    machine = cluster.worker_of(run_id, "compute")
    lost = time.monotonic()
    cluster.registry.kill(*machine)
    scenario.go_on()
    wait(lambda: cluster.states(run_id)["compute"] == "success", seconds=600, what="compute on the other machine")
    said("worker lost in compute, until it was computed elsewhere", time.monotonic() - lost)
    scenario.end()
    cluster.registry.again(*machine)
    assert scenario.accounted() == ALL_SENT


def test_the_api_server_is_away_in_mid_send(scenario: Scenario) -> None:
    cluster = scenario.cluster
    run_id = scenario.stop_at("cfo.before-call", *FEW)
    cluster.registry.kill("api-server")
    away = time.monotonic()
    time.sleep(80)
    scenario.go_on()  # SES accepts it while nobody can hear of it
    time.sleep(20)
    silent = _back(cluster, away)
    back = time.monotonic()
    wait(lambda: _state_of(cluster, run_id, "lane.send[cfo]") == "success", seconds=300, what="the send is told")
    said(f"API server away for {silent:.0f} s in mid-send, until the send was told", time.monotonic() - back)
    scenario.end()
    # On a machine so busy that it starts for a minute and more, the try is given up, and the next one finds it sent.
    assert cluster.task(run_id, "lane.send[cfo]")["try_number"] == 1 + (silent > PATIENCE - 10)
    assert scenario.accounted() == ALL_SENT


def test_the_api_server_is_away_at_the_close(scenario: Scenario) -> None:
    cluster = scenario.cluster
    run_id = scenario.start(*FEW)
    wait(lambda: _state_of(cluster, run_id, "close") in {"queued", "running"}, seconds=600, what="the close begins")
    cluster.registry.kill("api-server")
    away = time.monotonic()
    time.sleep(45)
    silent = _back(cluster, away)
    said(f"API server away for {silent:.0f} s at the close, until the run ended", scenario.end())
    assert scenario.accounted() == ALL_SENT


def test_the_broker_is_lost_with_all_it_held(scenario: Scenario, dates: Iterator[str]) -> None:
    cluster = scenario.cluster
    scenario.stop_at("compute.begun", *FEW)
    cluster.registry.kill("worker-1", "worker-2", "worker-1-steps", "worker-2-steps")
    scenario.go_on()
    other = cluster.trigger(report_date=next(dates), reports=list(FEW), send=False)
    wait(lambda: cluster.states(other).get("preflight") == "queued", seconds=120, what="a task that nobody takes")
    cluster.registry.kill("broker")
    time.sleep(10)
    lost = time.monotonic()
    cluster.registry.again("broker", "worker-1", "worker-2", "worker-1-steps", "worker-2-steps")
    wait(lambda: _state_of(cluster, other, "preflight") == "success", seconds=900, what="what was queued comes again")
    said("broker lost with its queue, until what was queued had run", time.monotonic() - lost)
    scenario.end(seconds=900)
    cluster.end(other, seconds=600)
    assert scenario.accounted() == ALL_SENT


def test_a_scheduler_the_database_and_the_endpoint_are_lost_one_after_the_other(scenario: Scenario) -> None:
    cluster = scenario.cluster
    run_id = scenario.stop_at("compute.begun")
    cluster.registry.kill("scheduler-1")
    scenario.go_on()
    lost = time.monotonic()
    wait(lambda: cluster.states(run_id)["compute"] == "success", seconds=600, what="compute ends")
    wait(lambda: _some(cluster, run_id, "lane.render") > 0, seconds=600, what="renders begin")
    said("scheduler lost, until the other one had gone on", time.monotonic() - lost)
    cluster.registry.kill("postgres")
    time.sleep(10)
    cluster.registry.again("postgres")
    lost = time.monotonic()
    wait(lambda: _some(cluster, run_id, "lane.archive") > 0, seconds=900, what="archives begin")
    said("database restarted, until the run had gone on", time.monotonic() - lost)
    cluster.registry.kill("aws")
    time.sleep(30)
    cluster.registry.again("aws")
    said("endpoint away for 30 s, until the end of the run", scenario.end(seconds=1200))
    cluster.registry.again("scheduler-1")
    assert set(scenario.accounted().values()) <= {"sent", "uncertain"}


def test_a_scheduler_is_lost_and_the_other_takes_over_what_it_had_in_hand(scenario: Scenario) -> None:
    """One task that runs, and one that waits in the broker's queue: neither is done again."""
    cluster = scenario.cluster
    cluster.registry.kill("scheduler-2")  # so that all is in the hands of one
    running = scenario.stop_at("cfo.before-call", *FEW)
    try:
        _workers(cluster, "cancel_consumer")
        waiting = scenario.start(*FEW)
        wait(lambda: cluster.states(waiting).get("preflight") == "queued", seconds=120, what="a task that nobody takes")
        cluster.registry.again("scheduler-2")
        wait(lambda: len(_schedulers(cluster)) > 1, seconds=120, what="the other scheduler")
        cluster.registry.kill("scheduler-1")
        lost = time.monotonic()
        tasks = [(running, "lane.send"), (waiting, "preflight")]
        wait(lambda: _in_hand(cluster, tasks) == {"scheduler-2"}, seconds=600, what="they are taken over")
        said("scheduler lost, until the other one had taken over its tasks", time.monotonic() - lost)
    finally:
        _workers(cluster, "add_consumer")
        cluster.registry.again()
    scenario.go_on()
    scenario.end()
    tries = [cluster.task(running, "lane.send[cfo]"), cluster.task(waiting, "preflight")]
    assert [task["try_number"] for task in tries] == [1, 1]
    assert scenario.accounted() == ALL_SENT


def test_the_same_period_twice_at_once(scenario: Scenario) -> None:
    scenario.start(*FEW)
    scenario.start(*FEW)
    scenario.end()
    assert scenario.accounted() == ALL_SENT


def _state_of(cluster: Cluster, run_id: str, task: str) -> str:
    """The state of a task, once somebody answers."""
    return cluster.calmly(lambda: cluster.states(run_id).get(task, ""), "")


def _some(cluster: Cluster, run_id: str, task: str) -> int:
    """How many lanes have begun a step."""
    states = cluster.calmly(lambda: cluster.states(run_id), {})
    return sum(name.startswith(task) and state in {"running", "success"} for name, state in states.items())


def _back(cluster: Cluster, away: float) -> float:
    """Start the API server again; for how many seconds nobody could reach it."""
    cluster.registry.again("api-server")
    wait(lambda: answers(f"{cluster.running.access.address}/execution/health"), seconds=300, what="the API server")
    return time.monotonic() - away


def _workers(cluster: Cluster, what: str) -> None:
    """Tell the workers to take no tasks from the queue, or to take them again."""
    with celery(cluster.broker) as app:
        getattr(app.control, what)("default", reply=True)


def _schedulers(cluster: Cluster) -> set[str]:
    """The schedulers that are at work."""
    asked = {"job_type": "SchedulerJob", "job_state": "running", "is_alive": "true"}
    return {str(job["hostname"]) for job in cluster.client.get("/jobs", **asked)["jobs"]}


def _in_hand(cluster: Cluster, tasks: list[tuple[str, str]]) -> set[str]:
    """The schedulers that answer for tasks which have not ended, as only the database knows."""
    asked = (
        "select distinct job.hostname from task_instance join job on job.id = queued_by_job_id"
        " where (run_id, task_id) in %s and task_instance.state in ('queued', 'running')"
    )
    with (
        closing(
            psycopg2.connect(cluster.values["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].replace("+psycopg2", ""))
        ) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(asked, (tuple(tasks),))
        return {host for (host,) in cursor.fetchall()}
