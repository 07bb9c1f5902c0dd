"""``audit``, ``resend`` and ``revise`` as a person types them, against a loopback endpoint."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest

from executive_suite import __main__ as command_line
from executive_suite.archive import publication
from executive_suite.audit.chain import Event, Run
from executive_suite.audit.sealing import seal
from executive_suite.delivery.account import Circuit
from executive_suite.delivery.errors import DeliveryError
from executive_suite.delivery.suppression import SuppressionList
from executive_suite.identity import HashKey
from executive_suite.run import deployment, steps_feedback
from executive_suite.stores.s3 import S3Store
from executive_suite.stores.store import StoredObject
from faults.desk import REPORT_DATE, Desk, client, document
from loopback import PRETENDED
from ses_stub import Do, SesStub

WHO = ["--actor", "founder", "--reason", "the board asked for it"]
CFO = ["--report", "cfo", "--date", "2026-05-01"]


@pytest.fixture
def desk(moto_server: str, s3_client: Any, bucket: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    example = (deployment.INCLUDE.parent / ".env.example").read_text(encoding="utf-8")
    for line in example.splitlines():
        name, equals, value = line.partition("=")
        if equals and not name.startswith("#"):
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto_server)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", PRETENDED["aws_access_key_id"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", PRETENDED["aws_secret_access_key"])
    monkeypatch.setenv("RECORDS_BUCKET", bucket)
    with SesStub() as ses:
        made = Desk(client(ses), records=S3Store(s3_client, bucket))
        made.stub = ses
        made.clock.now = datetime.now(UTC)
        made.publish()
        yield made


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = command_line.main(list(arguments))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_a_resend_from_the_command_line(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    sent = desk.send()
    assert said(capsys, "resend", "--list", *CFO)[1] == (
        f"cfo 2026-05-01 r1 to primary ({sent.delivery_id}): generation 1 is sent stub-000001\n"
    )
    code, out, _ = said(capsys, "resend", *CFO, "--recipient", "primary", *WHO)
    assert (code, "generation 2 is open" in out) == (0, True)
    assert desk.send().generation == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["resend", *CFO], "actor: is blank"),
        (["resend", *CFO, "--actor", "founder"], "reason: is blank"),
        (["resend", *WHO], "name what to resend"),
        (["resend", "--report", "ceo", "--date", "2026-05-01", *WHO], "no delivery of ceo"),
        (["resend", "--delivery", "a" * 52, *WHO], "has no delivery"),
        (["resend", *CFO, *WHO], "no delivery of cfo"),
        (["revise", *CFO, *WHO], "nothing was sent"),
        (["revise", "--report", "cxo", "--date", "2026-05-01", *WHO], "not configured"),
    ],
)
def test_what_cannot_be_done_is_said_with_exit_code_one(
    desk: Desk, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    code, out, err = said(capsys, *arguments)
    assert (code, out) == (1, "")
    assert told in err
    assert not list(desk.records.keys("audit/days/"))


def test_a_doubt_is_settled_from_the_command_line(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.stub.script("*", Do("error-after"))
    with pytest.raises(DeliveryError):
        desk.send()
    assert said(capsys, "resend", *CFO, "--settle", "sent", "--message-id", "stub-000001", *WHO)[0] == 0
    assert desk.send().already


def test_a_revision_from_the_command_line(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.send()
    code, out, _ = said(capsys, "revise", *CFO, *WHO)
    assert (code, "revision 2 is open" in out) == (0, True)
    assert publication.open_revision(desk.records, REPORT_DATE, "cfo-report") == 2
    desk.publish(document("corrected"))
    assert not desk.send(made=document("corrected"), revision=2).already


def test_a_circuit_is_closed_and_a_recipient_released(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    Circuit(desk.records, desk.clock).open("SendingPausedException")
    assert said(capsys, "resend", "--close-circuit", *WHO)[:2] == (0, "the circuit is closed\n")
    assert said(capsys, "resend", "--close-circuit", *WHO)[:2] == (0, "the circuit was not open\n")
    assert said(capsys, "resend", "--release", "primary", *WHO)[:2] == (0, "primary: 0 entries released\n")


def test_the_trail_is_verified_exported_and_verified_again(
    desk: Desk, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    desk.send()
    anchor = seal(desk.records, clock=desk.clock)
    code, out, _ = said(capsys, "audit", "verify", "--anchor", str(anchor))
    assert (code, out.splitlines()[-1]) == (0, f"anchor {anchor}")
    assert "unchanged" in out
    file = tmp_path / "audit.jsonl"
    assert said(capsys, "audit", "export", "--out", str(file))[0] == 0
    assert "sha256sum" in file.with_name("audit.jsonl.README.md").read_text(encoding="utf-8")
    assert said(capsys, "audit", "verify", "--file", str(file), "--anchor", str(anchor))[0] == 0
    assert said(capsys, "audit", "export")[1].encode() == file.read_bytes()


def test_a_changed_trail_is_told_with_exit_code_one(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.send()
    key = next(desk.records.keys("audit/runs/"))
    event = json.loads(desk.records.get(key).body)
    event["data"]["outcome"] = "nothing happened"
    desk.records.put(StoredObject(key, json.dumps(event).encode()))
    code, out, _ = said(capsys, "audit", "verify", "--from", "2026-05-01", "--to", "2026-05-01")
    assert code == 1
    assert out.startswith("edit: runs/2026-05-01/")
    assert said(capsys, "audit", "verify", "--from", "2026-05-02")[0] == 0


def test_the_search_copy_is_replayed(desk: Desk, moto_server: str, capsys: pytest.CaptureFixture[str]) -> None:
    chain = desk.services().chain
    chain.append(Event(kind="report.archived"))
    assert said(capsys, "audit", "replay")[:2] == (
        0,
        "1 events put into /aws/reports/executive-suite, 0 refused\n",
    )
    logs = boto3.client("logs", endpoint_url=moto_server, **PRETENDED)
    page = logs.get_log_events(logGroupName="/aws/reports/executive-suite", logStreamName=chain.name)
    assert len(page["events"]) == 1
    assert said(capsys, "audit", "seal")[1].startswith("anchor 1:")


def test_a_round_of_feedback_reads_the_deployments_queue(desk: Desk, moto_server: str) -> None:
    sqs = boto3.client("sqs", endpoint_url=moto_server, **PRETENDED)
    url = sqs.create_queue(QueueName="delivery-feedback")["QueueUrl"]
    sent = desk.send()
    stamp = "2026-05-01T13:00:01.000Z"
    tags = {"delivery-id": [sent.delivery_id], "generation": ["1"]}
    mail = {"timestamp": stamp, "messageId": sent.message_id, "tags": tags}
    told = {"bounceType": "Permanent", "timestamp": stamp, "bouncedRecipients": [{"emailAddress": "cfo@example.com"}]}
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps({"eventType": "Bounce", "mail": mail, "bounce": told}))
    taken = steps_feedback.take_in(deployment.from_environment(), url, Run())
    assert taken == {"events": 1, "known": 0, "suppressed": 1, "unreadable": 0}
    desk.key = HashKey(deployment.from_environment().settings.recipient_hash_key)
    desk.gates = (SuppressionList(desk.records, desk.key).gate,)
    with pytest.raises(DeliveryError, match="suppressed"):
        desk.send(report="ceo")


def test_a_wrong_anchor_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        command_line.main(["audit", "verify", "--anchor", "latest"])
    assert caught.value.code == 2
    assert "NUMBER:HASH" in capsys.readouterr().err


@pytest.mark.usefixtures("desk")
def test_a_missing_variable_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("RECORDS_BUCKET", " ")
    for arguments in (["audit", "verify"], ["resend", "--list", *CFO], ["revise", *CFO, *WHO]):
        code, _, err = said(capsys, *arguments)
        assert (code, "RECORDS_BUCKET" in err) == (1, True)
