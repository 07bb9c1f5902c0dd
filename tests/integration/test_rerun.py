"""A send that fails is red alone, and clearing that one task sends that one report."""

from __future__ import annotations

import signal
import time

import psutil
import pytest

from integration.suite import DAG, WHO, Suite
from ses_stub import Do, Mail

pytestmark = pytest.mark.airflow


def mails_to(suite: Suite, report: str, subject_date: str) -> list[Mail]:
    """The accepted mails of one report and date, as SES counts them."""
    address = suite.addresses[f"{report.upper()}_EMAIL"]
    return [mail for mail in suite.ses.accepted if mail.to == (address,) and subject_date in mail.parsed.as_string()]


def test_a_refused_send_is_sent_by_clearing_that_one_task(suite: Suite) -> None:
    date = "2026-04-15"
    suite.ses.script(suite.addresses["CFO_EMAIL"], Do("refuse"))
    before = len(suite.ses.accepted)

    run_id, state = suite.run(report_date=date, reports=["cto", "cfo"])
    assert state == "failed"
    states = suite.states(run_id)
    assert states["lane.send[cfo]"] == "failed"
    assert states["close"] == "failed"
    assert states["lane.send[cto]"] == "success"
    red = {task for task, state in states.items() if state not in {"success", "skipped"}}
    assert red == {"lane.send[cfo]", "close"}
    assert len(suite.ses.accepted) == before + 1
    archived = suite.objects("REPORTS_BUCKET", f"{date}/")
    tries = {task: suite.task(run_id, task)["try_number"] for task in states}
    # A refusal is definite: no retry was wasted on it.
    assert tries["lane.send[cfo]"] == 1

    suite.clear(run_id, suite.task(run_id, "lane.send[cfo]"))
    assert suite.finish(run_id) == "success"
    assert len(suite.ses.accepted) == before + 2
    assert suite.ses.accepted[-1].to == (suite.addresses["CFO_EMAIL"],)
    # From the archived bytes: the archive is untouched.
    assert suite.objects("REPORTS_BUCKET", f"{date}/") == archived
    # Only that lane's send and the close ran again, and both tries can be seen.
    again = {task: suite.task(run_id, task)["try_number"] for task in states}
    assert {task for task in again if again[task] != tries[task]} == {"lane.send[cfo]", "close"}
    send = suite.task(run_id, "lane.send[cfo]")
    history = suite.client.get(f"/dags/{DAG}/dagRuns/{run_id}/taskInstances/lane.send/{send['map_index']}/tries")
    assert [one["state"] for one in history["task_instances"]] == ["failed", "success"]


def test_a_throttled_send_is_tried_again_by_itself(suite: Suite) -> None:
    suite.ses.script(suite.addresses["CTO_EMAIL"], Do("throttle"))
    before = len(suite.ses.accepted)
    run_id, state = suite.run(report_date="2026-03-15", reports=["cto"])
    assert state == "success"
    assert len(suite.ses.accepted) == before + 1
    assert suite.task(run_id, "lane.send[cto]")["try_number"] == 2


def test_a_worker_killed_after_ses_accepted_sends_no_second_mail(suite: Suite) -> None:
    date, address = "2026-03-01", suite.addresses["CMO_EMAIL"]
    suite.ses.script(address, Do("hang-after", seconds=60))
    before = len(suite.ses.accepted)
    run_id = suite.trigger(report_date=date, reports=["cmo"])
    _wait(lambda: len(suite.ses.accepted) > before, seconds=180)
    _talking_to(suite).send_signal(signal.SIGKILL)

    assert suite.finish(run_id) == "failed"
    assert suite.states(run_id)["lane.send[cmo]"] == "failed"
    # It was tried again, waited for the lease, found no outcome, and did not send.
    assert suite.task(run_id, "lane.send[cmo]")["try_number"] > 1
    assert len(suite.ses.accepted) == before + 1

    # Nor does a person's clear send: only a recorded decision settles it.
    suite.clear(run_id, suite.task(run_id, "lane.send[cmo]"))
    assert suite.finish(run_id) == "failed"
    assert len(suite.ses.accepted) == before + 1
    settle = ("settle", "--report", "cmo", "--date", date, *WHO, "--reason", "the mailbox has it")
    decided = suite.command(*settle)
    assert decided.returncode == 0, decided.stderr
    suite.clear(run_id, suite.task(run_id, "lane.send[cmo]"))
    assert suite.finish(run_id) == "success"
    assert len(suite.ses.accepted) == before + 1


def _wait(condition: object, *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, "what was waited for did not happen"
        time.sleep(0.02)


def _talking_to(suite: Suite) -> psutil.Process:
    """The task's process: the one that waits for an answer of SES."""
    port = int(suite.ses.url.rsplit(":", 1)[1])
    for process, connection in suite.connections():
        if connection.raddr and connection.raddr.port == port and connection.status == psutil.CONN_ESTABLISHED:
            return process
    pytest.fail("nobody talks to SES")
