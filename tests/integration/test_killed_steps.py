"""Tasks killed for good after each step of the protocol, under the real scheduler, in one run: SES counts the mails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from executive_suite.trail import verification
from integration.suite import Suite

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

KILLER = '''

def _killed_once(folder):
    """Every task imports this file anew: its process ends itself after the step that a file in the folder names."""
    import dataclasses, pathlib, signal
    from executive_suite.run import services

    plain = services.for_reports

    def for_reports(deployment, trail):
        lane = trail.name.rsplit("/", 1)[1]

        def die(point):
            try:
                (pathlib.Path(folder) / f"{{lane}}.{{point}}").unlink()
            except FileNotFoundError:
                return
            os.kill(os.getpid(), signal.SIGKILL)

        return dataclasses.replace(plain(deployment, trail), fail_point=die)

    services.for_reports = for_reports


_killed_once({folder!r})
'''


@pytest.fixture
def killing(suite: Suite, tmp_path: Path) -> Iterator[Path]:
    """A folder in which a file ``<lane>.<step>`` kills that lane's task once after that step."""
    dag = suite.running.layout.project / "dags" / "executive_suite_dag.py"
    plain = dag.read_text(encoding="utf-8")
    dag.write_text(plain + KILLER.format(folder=str(tmp_path)), encoding="utf-8")
    yield tmp_path
    dag.write_text(plain, encoding="utf-8")


def test_a_task_killed_after_any_step_makes_no_second_mail(suite: Suite, killing: Path) -> None:
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
