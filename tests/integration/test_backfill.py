"""Past periods render and archive as they were known then, and mail nobody unless the backfill itself is armed."""

from __future__ import annotations

import json
import time
from datetime import date

import pytest

from integration.suite import DAG, Suite

pytestmark = pytest.mark.airflow

# The suite's schedule is monthly, at 06:00. Intervals that begin 2025-10-01 … 2025-12-01 are for the firsts of the
# next months; a date on the command line is its midnight, so that the last one lies before December 2.
DUE = ["2025-11-01", "2025-12-01", "2026-01-01"]


def backfill(suite: Suite, first: str, last: str, conf: dict[str, object]) -> list[str]:
    """``airflow backfill create``, as a person types it; the states of its runs once all have ended."""
    known = {run["dag_run_id"] for run in _runs(suite)}
    suite.backfill(first, last, "--max-active-runs", "3", "--dag-run-conf", json.dumps(conf))
    deadline = time.monotonic() + 900
    while True:
        mine = [run for run in _runs(suite) if run["dag_run_id"] not in known]
        open_ones = [one for one in suite.client.get("/backfills", dag_id=DAG)["backfills"] if not one["completed_at"]]
        # The scheduler closes a backfill a while after its last run; until then no other can be created.
        if mine and not open_ones and all(run["state"] in {"success", "failed"} for run in mine):
            return [str(run["state"]) for run in mine]
        assert time.monotonic() < deadline, [(run["dag_run_id"], run["state"]) for run in mine]
        time.sleep(1)


def _runs(suite: Suite) -> list[dict[str, str]]:
    found = suite.client.get(f"/dags/{DAG}/dagRuns", limit=100)["dag_runs"]
    return [run for run in found if run["run_type"] == "backfill"]


def test_past_periods_are_archived_and_nobody_gets_mail(suite: Suite) -> None:
    calls = len(suite.ses.calls)
    # The form's own switch, on by default and here on explicitly, does not arm a backfill.
    conf: dict[str, object] = {"reports": ["rental"], "send": True}
    assert backfill(suite, "2025-10-01", "2025-12-02", conf) == ["success"] * 3
    assert len(suite.ses.calls) == calls
    bodies = set()
    for due in DUE:
        found = suite.objects("REPORTS_BUCKET", f"{due}/")
        name = f"{due}/3028-51st-st-rental-audit"
        assert {f"{name}.txt", f"{name}.html"} <= found.keys()
        bodies.add(found[f"{name}.txt"]["body"])
        day = date.fromisoformat(due)
        assert f"{day:%b} {day.day}, {day.year}" in found[f"{name}.txt"]["body"].decode()
    assert len(bodies) == len(DUE)


def test_an_armed_backfill_mails(suite: Suite) -> None:
    before = len(suite.ses.accepted)
    conf: dict[str, object] = {"reports": ["portfolio"], "arm_backfill_send": True}
    assert backfill(suite, "2025-09-01", "2025-09-02", conf) == ["success"]
    assert [mail.to for mail in suite.ses.accepted[before:]] == [(suite.addresses["PORTFOLIO_EMAIL"],)]
