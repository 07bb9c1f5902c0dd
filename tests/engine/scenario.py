"""A scenario: a run of a report date of its own, stopped where something is to be done to it, and held to account."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.cluster import OWNER, REPORTS, Cluster, wait
from executive_suite.trail import verification
from integration.suite import DAG

FEW = ("cfo", "cto")


@dataclass
class Scenario:
    """What is done to one report date; ``before`` are the mails that were accepted until then."""

    cluster: Cluster
    date: str
    before: Mapping[str, int]
    reports: tuple[str, ...] = REPORTS
    runs: list[str] = field(default_factory=list)
    gate: Path = Path()

    def start(self, *reports: str, **more: Any) -> str:
        """Start a run of some reports, or of all; its id."""
        self.reports = reports or REPORTS
        self.runs.append(self.cluster.trigger(report_date=self.date, reports=list(self.reports), **more))
        return self.runs[-1]

    def stop_at(self, point: str, *reports: str, **more: Any) -> str:
        """Start a run and wait until it has come to ``<lane>.<point>``, where it stays; its id."""
        self.gate = self.cluster.hold(point)
        run_id = self.start(*reports, **more)
        wait(self.gate.exists, seconds=300, what=f"{point} of {run_id}")
        return run_id

    def go_on(self) -> None:
        """Let the run go on from where it was stopped."""
        self.gate.unlink()

    def end(self, *, seconds: float = 600) -> float:
        """Wait for the end of all runs; after how many seconds the last one came."""
        return sum(self.cluster.end(run_id, seconds=seconds) for run_id in self.runs)

    def lose_the_sender(self, report: str, *reports: str) -> float:
        """A machine loses its power when SES has accepted a report and nothing is on record; seconds until the end."""
        cluster = self.cluster
        run_id = self.stop_at(f"{report}.after-call", *reports)
        cluster.registry.kill(*cluster.worker_of(run_id, f"lane.send[{report}]"))
        self.go_on()
        took = self.end(seconds=900)
        # Nobody can know that it was accepted: it is never sent again, and a person is told.
        assert self.accounted()[report] == "uncertain"
        assert self.accepted()[report] == 1
        return took

    def accepted(self) -> Counter[str]:
        """Mails that the endpoint has accepted since the scenario began."""
        return self.cluster.mails() - Counter(self.before)

    def accounted(self) -> dict[str, str]:
        """What the product says of each mail, held against what the endpoint accepted and what the runs show."""
        cluster, accepted, states = self.cluster, self.accepted(), self.cluster.deliveries(self.date)
        assert {report: count for report, count in accepted.items() if count > 1} == {}
        for report in self.reports:
            state, count = states.get(report, "none"), accepted[report]
            assert count == 1 if state == "sent" else state == "uncertain" or count == 0, (report, state, count)
        unsent = {report for report in self.reports if states.get(report) != "sent"}
        assert set(cluster.waiting(self.date)) == unsent
        for run_id in self.runs:
            assert cluster.client.state(DAG, run_id) == ("failed" if unsent else "success")
        assert accepted[OWNER] == int(bool(unsent))  # told once if there is something to tell, else never
        trail = {key: found["body"] for key, found in cluster.objects("RECORDS_BUCKET", "audit/").items()}
        assert verification.verify(trail.items()).faults == ()
        lost = [report for report in unsent if not accepted[report]]
        print(f"MAILS {self.date}: {sum(accepted[one] for one in self.reports)} accepted, {len(lost)} not, {states}")
        return states


def said(what: str, seconds: float) -> None:
    """Print how long a fault delayed a run; docs/operations.md has the table."""
    print(f"\nMEASURED {what}: {seconds:.0f} s, load {os.getloadavg()[0]:.0f}")
