"""A run on two machines, and a machine that loses its power in the middle of sending: each mail at most once."""

from __future__ import annotations

from engine.cluster import REPORTS, WORKERS
from engine.scenario import Scenario, said


def test_a_run_on_two_machines(scenario: Scenario) -> None:
    run_id = scenario.start()
    scenario.end()
    assert scenario.accounted() == dict.fromkeys(REPORTS, "sent")
    assert {task["hostname"] for task in scenario.cluster.client.tasks("executive_suite", run_id)} == set(WORKERS)


def test_a_worker_lost_in_mid_send(scenario: Scenario) -> None:
    cluster = scenario.cluster
    run_id = scenario.stop_at("ceo.after-call")  # accepted, and not on record
    machine = cluster.worker_of(run_id, "lane.send[ceo]")
    cluster.registry.kill(*machine)
    scenario.go_on()
    said("worker lost in send, until the run ended", scenario.end(seconds=900))
    cluster.registry.again(*machine)
    # Nobody can know that it was accepted: it is never sent again, and a person is told.
    assert scenario.accounted()["ceo"] == "uncertain"
    assert scenario.accepted()["ceo"] == 1
