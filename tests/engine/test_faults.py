"""What is taken away in the middle of a run comes back, and no mail is lost, doubled or told of wrongly.

How long each fault delays a run is printed; docs/operations.md has the table.
"""

from __future__ import annotations

import os
import time

from engine.account import accounted
from engine.cluster import Cluster, wait
from executive_suite.embedded import components
from executive_suite.embedded.client import answers

FEW = ["cfo", "cto"]
PATIENCE = int(components.PATIENCE["SCHEDULER"]["TASK_INSTANCE_HEARTBEAT_TIMEOUT"])
"""Seconds after which a silent task counts as lost."""


def said(what: str, seconds: float) -> None:
    print(f"\nMEASURED {what}: {seconds:.0f} s, load {os.getloadavg()[0]:.0f}")


def test_a_worker_lost_in_compute(cluster: Cluster) -> None:
    date, before = "2026-03-01", cluster.mails()
    begun = cluster.hold("compute.begun")
    run_id = cluster.trigger(report_date=date, reports=FEW)
    wait(begun.exists, seconds=300, what="compute begins")
    machine = cluster.worker_of(run_id, "compute")
    lost = time.monotonic()
    cluster.registry.kill(*machine)
    begun.unlink()
    wait(lambda: cluster.states(run_id)["compute"] == "success", seconds=600, what="compute on the other machine")
    said("worker lost in compute, until it was computed elsewhere", time.monotonic() - lost)
    cluster.end(run_id, seconds=600)
    cluster.registry.again(*machine)
    states = accounted(cluster, run_id, date, cluster.mails() - before, FEW)
    assert states == dict.fromkeys(FEW, "sent")


def test_the_api_server_is_away_in_mid_send(cluster: Cluster) -> None:
    date, before = "2026-03-15", cluster.mails()
    calling = cluster.hold("cfo.before-call")
    run_id = cluster.trigger(report_date=date, reports=FEW)
    wait(calling.exists, seconds=300, what="the CFO's send is about to call")
    cluster.registry.kill("api-server")
    away = time.monotonic()
    time.sleep(80)
    calling.unlink()  # SES accepts it while nobody can hear of it
    time.sleep(20)
    silent = _back(cluster, away)
    back = time.monotonic()
    wait(lambda: _said(cluster, run_id, "lane.send[cfo]") == "success", seconds=300, what="the send is told")
    said(f"API server away for {silent:.0f} s in mid-send, until the send was told", time.monotonic() - back)
    cluster.end(run_id, seconds=600)
    # On a machine so busy that it starts for a minute and more, the try is given up, and the next one finds it sent.
    assert cluster.task(run_id, "lane.send[cfo]")["try_number"] == 1 + (silent > PATIENCE - 10)
    states = accounted(cluster, run_id, date, cluster.mails() - before, FEW)
    assert states == dict.fromkeys(FEW, "sent")


def test_the_api_server_is_away_at_the_close(cluster: Cluster) -> None:
    date, before = "2026-03-16", cluster.mails()
    run_id = cluster.trigger(report_date=date, reports=FEW)
    wait(lambda: _said(cluster, run_id, "close") in {"queued", "running"}, seconds=600, what="the close begins")
    cluster.registry.kill("api-server")
    away = time.monotonic()
    time.sleep(45)
    silent = _back(cluster, away)
    said(f"API server away for {silent:.0f} s at the close, until the run ended", cluster.end(run_id, seconds=600))
    states = accounted(cluster, run_id, date, cluster.mails() - before, FEW)
    assert states == dict.fromkeys(FEW, "sent")


def test_the_broker_is_lost_with_all_it_held(cluster: Cluster) -> None:
    date, before = "2026-02-01", cluster.mails()
    begun = cluster.hold("compute.begun")
    run_id = cluster.trigger(report_date=date, reports=FEW)
    wait(begun.exists, seconds=300, what="compute begins")
    cluster.registry.kill("worker-1", "worker-2", "worker-1-steps", "worker-2-steps")
    begun.unlink()
    run_2 = cluster.trigger(report_date="2026-02-15", reports=FEW, send=False)
    wait(lambda: cluster.states(run_2).get("preflight") == "queued", seconds=120, what="a task that nobody takes")
    cluster.registry.kill("broker")
    time.sleep(10)
    lost = time.monotonic()
    cluster.registry.again("broker", "worker-1", "worker-2", "worker-1-steps", "worker-2-steps")
    wait(lambda: _said(cluster, run_2, "preflight") == "success", seconds=900, what="what was queued comes again")
    said("broker lost with its queue, until what was queued had run", time.monotonic() - lost)
    cluster.end(run_id, seconds=900)
    cluster.end(run_2, seconds=600)
    states = accounted(cluster, run_id, date, cluster.mails() - before, FEW)
    assert states == dict.fromkeys(FEW, "sent")


def test_a_scheduler_the_database_and_the_endpoint_are_lost_one_after_the_other(cluster: Cluster) -> None:
    date, before = "2026-01-01", cluster.mails()
    begun = cluster.hold("compute.begun")
    run_id = cluster.trigger(report_date=date)
    wait(begun.exists, seconds=300, what="compute begins")
    cluster.registry.kill("scheduler-1")
    begun.unlink()
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
    lost = time.monotonic()
    cluster.end(run_id, seconds=1200)
    said("endpoint away for 30 s, until the end of the run", time.monotonic() - lost)
    cluster.registry.again("scheduler-1")
    states = accounted(cluster, run_id, date, cluster.mails() - before)
    assert set(states.values()) <= {"sent", "uncertain"}


def test_the_same_period_twice_at_once(cluster: Cluster) -> None:
    date, before = "2025-12-15", cluster.mails()
    first, second = (cluster.trigger(report_date=date, reports=FEW) for _ in range(2))
    for run_id in (first, second):
        cluster.end(run_id, seconds=600)
    accepted = cluster.mails() - before
    for run_id in (first, second):
        assert accounted(cluster, run_id, date, accepted, FEW) == dict.fromkeys(FEW, "sent")


def _said(cluster: Cluster, run_id: str, task: str) -> str:
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
