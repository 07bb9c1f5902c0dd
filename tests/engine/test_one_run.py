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
    said("worker lost in send, until the run ended", scenario.lose_the_sender("ceo"))
    scenario.cluster.registry.again()
