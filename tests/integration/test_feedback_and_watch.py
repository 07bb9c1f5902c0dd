"""What SES says afterwards, under the real scheduler: a bounce stops the next mail until a person lets go."""

from __future__ import annotations

import json
import re
import time

import pytest

from integration.suite import QUEUE, WHO, Suite

pytestmark = pytest.mark.airflow


def run_to_its_end(suite: Suite, dag_id: str) -> tuple[str, str]:
    """Start a DAG of one task, and wait; the run and its state."""
    suite.client.await_dag(dag_id, seconds=60)
    run_id = suite.client.trigger(dag_id, {})
    deadline = time.monotonic() + 300
    while (state := suite.client.state(dag_id, run_id)) not in {"success", "failed"}:
        assert time.monotonic() < deadline, state
        time.sleep(0.5)
    return run_id, state


def test_a_bounce_comes_back_and_stops_the_next_mail_until_a_person_lets_go(suite: Suite) -> None:
    address = suite.addresses["PORTFOLIO_EMAIL"]
    bounce = {
        "eventType": "Bounce",
        "mail": {"timestamp": "2025-12-01T14:00:00Z", "messageId": "m-1", "destination": [address]},
        "bounce": {
            "bounceType": "Permanent",
            "bounceSubType": "General",
            "timestamp": "2025-12-01T14:00:05Z",
            "bouncedRecipients": [{"emailAddress": address, "diagnosticCode": f"smtp; 550 <{address}> unknown"}],
        },
    }
    sqs = suite.aws("sqs")
    queue = sqs.create_queue(QueueName=QUEUE)["QueueUrl"]
    for body in (json.dumps(bounce), json.dumps(bounce), "no event"):
        sqs.send_message(QueueUrl=queue, MessageBody=body)

    run_id, state = run_to_its_end(suite, "delivery_feedback")
    assert state == "success"
    place = f"/dags/delivery_feedback/dagRuns/{run_id}/taskInstances/take_in/xcomEntries/return_value"
    taken = json.dumps(suite.client.get(place)["value"])
    for told in ("events", "known", "suppressed", "unreadable"):
        assert re.search(rf"{told}\W+1\b", taken), taken

    before = len(suite.ses.calls)
    run_id, state = suite.run(report_date="2025-12-15", reports=["portfolio"])
    assert (state, suite.states(run_id)["lane.send[portfolio]"]) == ("failed", "failed")
    assert len(suite.ses.calls) == before
    assert suite.task(run_id, "lane.send[portfolio]")["pool"] == "executive_suite_send"

    released = suite.command("release", "portfolio", *WHO, "--reason", "the mailbox works again")
    assert released.returncode == 0, released.stderr
    suite.clear(run_id, suite.task(run_id, "lane.send[portfolio]"))
    assert suite.finish(run_id) == "success"
    assert suite.ses.accepted[-1].to == (address,)
    assert len(suite.ses.calls) == before + 1


def test_the_watch_looks_by_itself_and_finds_nothing_that_was_due_before_it_began(suite: Suite) -> None:
    before = len(suite.ses.calls)
    assert run_to_its_end(suite, "delivery_watch")[1] == "success"
    assert list(suite.objects("RECORDS_BUCKET", "watch/since/"))
    assert len(suite.ses.calls) == before
