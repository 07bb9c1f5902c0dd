"""A run on two machines, and a machine that loses its power in the middle of sending: each mail at most once."""

from __future__ import annotations

import os

from engine.account import accounted
from engine.cluster import REPORTS, WORKERS, Cluster, wait


def test_a_run_on_two_machines(cluster: Cluster) -> None:
    date, before = "2026-05-01", cluster.mails()
    run_id, state = cluster.run(report_date=date)
    assert state == "success"
    accepted = cluster.mails() - before
    assert accepted == dict.fromkeys(REPORTS, 1)
    accounted(cluster, run_id, date, accepted)
    assert {task["hostname"] for task in cluster.client.tasks("executive_suite", run_id)} == set(WORKERS)


def test_a_worker_lost_in_mid_send(cluster: Cluster) -> None:
    date, before = "2026-04-15", cluster.mails()
    accepted_unrecorded = cluster.hold("ceo.after-call")
    run_id = cluster.trigger(report_date=date)
    wait(accepted_unrecorded.exists, seconds=300, what="the CEO's mail is accepted and not on record")
    machine = cluster.worker_of(run_id, "lane.send[ceo]")
    cluster.registry.kill(*machine)
    accepted_unrecorded.unlink()
    took = cluster.end(run_id, seconds=900)
    cluster.registry.again(*machine)
    print(f"worker lost in send: the run ended after {took:.0f} s, load {os.getloadavg()[0]:.0f}")
    states = accounted(cluster, run_id, date, cluster.mails() - before)
    # Nobody can know that it was accepted: it is never sent again, and a person is told.
    assert states["ceo"] == "uncertain"
    assert (cluster.mails() - before)["ceo"] == 1
