"""Tasks killed for good after each step of the protocol, under the real scheduler, in one run: SES counts the mails."""

from __future__ import annotations

import pytest

from executive_suite.trail import verification
from integration.suite import KILLING, Suite

pytestmark = pytest.mark.airflow

DATE = "2026-02-15"
# Each lane's task is killed once, after this step; what the lane's send ends as, and how many mails SES accepted.
# The states are those of docs/guarantees.md: what was claimed and has no outcome is never sent again.
LANES = {
    "rental": ("gates", "success", 1),
    "cfo": ("frozen", "success", 1),
    "portfolio": ("announced", "success", 1),
    "cto": ("claimed", "failed", 0),
    "cmo": ("before-call", "failed", 0),
    "accounting": ("after-call", "failed", 1),
    "ceo": ("recorded", "success", 1),
    "delivery": ("nowhere", "success", 1),
}


def test_a_task_killed_after_any_step_makes_no_second_mail(suite: Suite) -> None:
    killing = suite.running.layout.project / KILLING
    for report, (step, _, _) in LANES.items():
        if step != "nowhere":
            (killing / f"{report}.{step}").touch()
    before = len(suite.ses.accepted)

    run_id = suite.trigger(report_date=DATE)
    state = suite.finish(run_id, seconds=600)

    assert not list(killing.iterdir())  # every one of them did die
    states = suite.states(run_id)
    mails = [mail.to[0] for mail in suite.ses.accepted[before:]]
    found = {
        report: (states[f"lane.send[{report}]"], mails.count(suite.addresses[f"{report.upper()}_EMAIL"]))
        for report in LANES
    }
    assert found == {report: (ending, count) for report, (_, ending, count) in LANES.items()}
    assert state == "failed"  # three reports are in doubt, and the run says so

    trail = {key: found["body"] for key, found in suite.objects("RECORDS_BUCKET", "audit/").items()}
    assert verification.verify(trail.items()).faults == ()
