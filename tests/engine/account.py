"""What the product says of its mails, held against what the endpoint accepted."""

from __future__ import annotations

from collections.abc import Iterable

from engine.cluster import OWNER, REPORTS, Cluster
from executive_suite.trail import verification


def accounted(
    cluster: Cluster, run_id: str, date: str, accepted: dict[str, int], reports: Iterable[str] = REPORTS
) -> dict[str, str]:
    """What the product says of each mail, after it was held against what the endpoint accepted and the run shows."""
    states = cluster.deliveries(date)
    assert {report: count for report, count in accepted.items() if count > 1} == {}
    for report in reports:
        state, count = states.get(report, "none"), accepted.get(report, 0)
        assert count == 1 if state == "sent" else state == "uncertain" or count == 0, (report, state, count)
    unsent = {report for report in reports if states.get(report) != "sent"}
    assert set(cluster.waiting(date)) == unsent
    assert cluster.client.state("executive_suite", run_id) == ("failed" if unsent else "success")
    assert accepted.get(OWNER, 0) == int(bool(unsent))  # told once if there is something to tell, else never
    trail = {key: found["body"] for key, found in cluster.objects("RECORDS_BUCKET", "audit/").items()}
    assert verification.verify(trail.items()).faults == ()
    return states
