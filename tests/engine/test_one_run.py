"""A run on two machines, and a machine that loses its power in the middle of sending: each mail at most once."""

from __future__ import annotations

from engine.cluster import OWNER, REPORTS, WORKERS, Cluster, wait
from executive_suite.trail import verification


def accounted(cluster: Cluster, run_id: str, date: str, accepted: dict[str, int]) -> dict[str, str]:
    """What the product says of each mail, after it was held against what the endpoint accepted and the run shows."""
    stands = cluster.stands(date)
    assert {report: count for report, count in accepted.items() if count > 1} == {}
    for report in REPORTS:
        state, count = stands.get(report, "none"), accepted.get(report, 0)
        assert count == 1 if state == "sent" else state == "uncertain" or count == 0, (report, state, count)
    unsent = {report for report in REPORTS if stands.get(report) != "sent"}
    assert set(cluster.waiting(date)) == unsent
    assert cluster.client.state("executive_suite", run_id) == ("failed" if unsent else "success")
    assert accepted.get(OWNER, 0) == int(bool(unsent))  # told once if there is something to tell, else never
    trail = {key: found["body"] for key, found in cluster.objects("RECORDS_BUCKET", "audit/").items()}
    assert verification.verify(trail.items()).faults == ()
    return stands


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
    cluster.registry.kill(machine)
    accepted_unrecorded.unlink()
    try:
        took = wait(lambda: cluster.client.state("executive_suite", run_id) != "running", seconds=900, what="an end")
    finally:
        cluster.registry.again(machine)
    print(f"worker lost in send: the run ended after {took:.0f} s")
    stands = accounted(cluster, run_id, date, cluster.mails() - before)
    # Nobody can know that it was accepted: it is never sent again, and a person is told.
    assert stands["ceo"] == "uncertain"
    assert (cluster.mails() - before)["ceo"] == 1
