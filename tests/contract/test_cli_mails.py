"""The commands about mails and records as a person types them, against a loopback endpoint."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from executive_suite import __main__ as command_line
from executive_suite import canonical
from executive_suite.archive import editions
from executive_suite.folders import INCLUDE
from executive_suite.identity import HashKey
from executive_suite.mailing.account import Circuit
from executive_suite.mailing.errors import NotSentError
from executive_suite.mailing.suppression import SuppressionList
from executive_suite.run import deployment
from executive_suite.run.feedback import feedback
from executive_suite.stores.s3 import S3Store
from executive_suite.stores.store import StoredObject
from executive_suite.trail.chain import Chain, Event, Run, day_chain
from executive_suite.trail.sealing import seal
from faults.desk import REPORT_DATE, Desk, client, document
from loopback import PRETENDED
from ses_stub import Do, SesStub

WHO = ["--actor", "founder", "--reason", "the board asked for it"]
CFO = ["--report", "cfo", "--date", "2026-05-01"]


@pytest.fixture
def desk(moto_server: str, s3_client: Any, bucket: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    example = (INCLUDE.parent / ".env.example").read_text(encoding="utf-8")
    for line in example.splitlines():
        name, equals, value = line.partition("=")
        if equals and not name.startswith("#"):
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto_server)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", PRETENDED["aws_access_key_id"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", PRETENDED["aws_secret_access_key"])
    monkeypatch.setenv("RECORDS_BUCKET", bucket)
    with SesStub() as ses:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SESV2", ses.url)
        made = Desk(client(ses), records=S3Store(s3_client, bucket))
        made.stub = ses
        made.clock.now = datetime.now(UTC)
        made.publish()
        yield made


def events(desk: Desk) -> list[dict[str, Any]]:
    found = [json.loads(desk.records.get(key).body) for key in desk.records.keys("audit/")]
    return sorted(found, key=lambda event: str(event["time"]))


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = command_line.main(list(arguments))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_a_resend_from_the_command_line(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    sent = desk.send()
    (record,) = json.loads(said(capsys, "status", *CFO, "--format", "json")[1])
    assert record == {
        "report": "cfo",
        "report_date": "2026-05-01",
        "revision": 1,
        "recipient_id": "primary",
        "delivery_id": sent.delivery_id,
        "state": "sent",
        "generation": 1,
        "message_id": "stub-000001",
    }
    headings, row = said(capsys, "status", *CFO)[1].splitlines()
    assert headings.split() == [*record]
    assert row.split() == [str(value) for value in record.values()]
    assert (headings.index("recipient_id"), headings.index("state")) == (row.index("primary"), row.index("sent"))
    code, out, _ = said(capsys, "resend", *CFO, "--recipient", "primary", *WHO)
    assert (code, "generation 2 is open" in out) == (0, True)
    assert desk.send().generation == 2


def test_a_resend_that_is_sent_from_the_command_line(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """When no Airflow is there to clear a task; by the same protocol, so that a task that comes later finds it sent."""
    desk.send()
    code, out, err = said(capsys, "resend", *CFO, "--now", *WHO)
    assert (code, err) == (0, "")
    assert "generation 2 is sent stub-000002" in out
    assert [str(mail.parsed["Subject"])[:8] for mail in desk.stub.accepted] == ["Cash las", "[Resend]"]
    assert desk.send().already
    acts = [event["data"] for event in events(desk) if event["data"]["actor"] == "founder"]
    assert [(one["outcome"], one["generation"]) for one in acts] == [("opened", 2), ("asked for", 0)]


def test_what_was_not_sent_yet_is_sent_from_the_command_line_in_its_own_generation(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.stub.script("*", Do("throttle"))
    with pytest.raises(NotSentError):
        desk.send()
    assert said(capsys, "resend", *CFO, "--now", *WHO)[0] == 0
    (mail,) = desk.stub.accepted
    assert (mail.tags["generation"], str(mail.parsed["Subject"])) == ("1", "Cash lasts 4.85 months")


def test_what_is_uncertain_is_sent_by_a_person_only_and_a_refusal_is_told(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.stub.script("*", Do("error-after"), Do("refuse", text="Email address is not verified: founder@example.com"))
    with pytest.raises(NotSentError):
        desk.send()
    code, _, err = said(capsys, "resend", *CFO, "--now", *WHO)
    assert (code, "MessageRejected" in err, "@" in err) == (1, True, False)
    assert said(capsys, "resend", *CFO, "--now", *WHO)[0] == 0
    assert [mail.tags["generation"] for mail in desk.stub.accepted] == ["1", "2"]


def test_the_account_and_the_size_of_the_pool(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "account", "--slots")[:2] == (0, "7\n")
    code, out, _ = said(capsys, "account")
    assert (code, "14 addresses a second" in out, "airflow pools set executive_suite_send 7" in out) == (0, True, True)
    desk.stub.account["SendingEnabled"] = False
    code, out, _ = said(capsys, "account")
    assert (code, "MAY NOT SEND" in out) == (1, True)


@pytest.mark.parametrize(("where", "slots"), [("embedded", "8\n"), ("real", "1\n")])
@pytest.mark.usefixtures("desk")
def test_an_account_that_cannot_be_asked_sends_one_after_the_other(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, where: str, slots: str
) -> None:
    monkeypatch.setenv("EXECUTIVE_SUITE_AWS", where)
    monkeypatch.setenv("AWS_ENDPOINT_URL_SESV2", "http://127.0.0.1:1")
    assert said(capsys, "account", "--slots")[:2] == (0, slots)


def test_a_watch_from_another_machine(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXECUTIVE_SUITE_SCHEDULE", "0 6 1,15 * *")
    assert said(capsys, "watch") == (0, "no deadline has passed since this schedule is watched\n", "")
    (since,) = desk.records.keys("watch/since/")
    desk.records.put(StoredObject(since, canonical.instant(datetime.now(UTC) - timedelta(days=31)).encode()))
    code, out, _ = said(capsys, "watch")
    assert (code, out.count("LATE"), desk.stub.calls) == (1, out.count("\n"), [])
    for _ in range(2):
        assert said(capsys, "watch", "--tell")[0] == 1
    assert len(desk.stub.accepted) == out.count("\n")
    assert {mail.to for mail in desk.stub.accepted} == {("audit@example.com",)}


@pytest.mark.parametrize(
    "arguments",
    [
        ["audit", "verify"], ["audit", "export"], ["audit", "replay"], ["audit", "seal"], ["watch"],
        ["status", *CFO], ["revise", *CFO, *WHO], ["audit", "verify", "--file", "not there"],
        ["outstanding"], ["circuit", "show"], ["verify", "--date", "2026-05-01"],
    ],
    ids=" ".join,
)  # fmt: skip
@pytest.mark.usefixtures("desk")
def test_a_records_bucket_that_is_gone_is_told_in_a_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setenv("RECORDS_BUCKET", "nowhere-to-be-found")
    monkeypatch.setenv("EXECUTIVE_SUITE_SCHEDULE", "0 6 1,15 * *")
    code, _, err = said(capsys, *arguments)
    assert code == 1
    assert "nowhere-to-be-found" in err or "not there" in err
    assert "Traceback" not in err


def test_a_trail_beside_its_local_file(desk: Desk, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    desk.send()
    file = tmp_path / "audit.jsonl"
    assert said(capsys, "audit", "export", "--out", str(file))[0] == 0
    assert said(capsys, "audit", "verify", "--mirror", str(file))[0] == 0
    with file.open("ab") as lines:
        lines.write(file.read_bytes().splitlines()[-1].replace(b'"sequence":', b'"sequence":9'))
    code, out, _ = said(capsys, "audit", "verify", "--mirror", str(file))
    assert (code, "is in the local file but missing from the bucket" in out) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["resend", "--report", "ceo", "--date", "2026-05-01", *WHO], "no delivery of ceo"),
        (["resend", *CFO, "--recipient", "nobody", *WHO], "recipient 'nobody' is not configured"),
        (
            ["resend", *CFO, "--recipient", "owner", *WHO],
            "recipient owner does not get cfo; its recipients are primary",
        ),
        (["status", "--report", "cxo", "--date", "2026-05-01"], "report 'cxo' is not configured"),
        (["status", "--date", "2026-05-01"], "no delivery of any report of 2026-05-01"),
        (["release", "nobody", *WHO], "recipient 'nobody' is not configured"),
        (["audit", "variants", "--experiment", "x"], "experiment 'x' is not configured"),
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
    with pytest.raises(NotSentError):
        desk.send()
    assert said(capsys, "settle", *CFO, "--message-id", "stub-000001", *WHO)[0] == 0
    assert desk.send().already


def test_a_revision_from_the_command_line(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.send()
    code, out, _ = said(capsys, "revise", *CFO, *WHO)
    assert (code, "revision 2 is open" in out) == (0, True)
    assert editions.open_revision(desk.records, REPORT_DATE, "cfo-report") == 2
    desk.publish(document("corrected"))
    assert not desk.send(made=document("corrected"), revision=2).already


def test_a_circuit_is_closed_and_a_recipient_released(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    Circuit(desk.records, desk.clock).open("SendingPausedException")
    assert said(capsys, "circuit", "show")[0] == 1
    assert said(capsys, "circuit", "close", *WHO)[:2] == (0, "the circuit is closed\n")
    assert said(capsys, "circuit", "close", *WHO)[:2] == (0, "the circuit was not open\n")
    assert said(capsys, "circuit", "show")[0] == 0
    assert said(capsys, "release", "primary", *WHO)[:2] == (0, "primary: 0 entries released\n")


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
    taken = feedback(deployment.from_environment(), url, Run())
    assert taken == {"events": 1, "known": 0, "suppressed": 1, "unreadable": 0}
    desk.key = HashKey(deployment.from_environment().settings.recipient_hash_key)
    desk.gates = (SuppressionList(desk.records, desk.key).gate,)
    with pytest.raises(NotSentError, match="suppressed"):
        desk.send(report="ceo")


def test_what_waits_is_shown_until_it_is_sent(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "outstanding")[:2] == (0, "nothing waits\n")
    desk.stub.script("*", Do("refuse"))
    with pytest.raises(NotSentError):
        desk.send()
    code, out, _ = said(capsys, "outstanding", "--format", "json")
    (one,) = json.loads(out)
    assert (code, one["report"], one["recipient_id"], one["state"]) == (1, "cfo", "primary", "failed")
    code, out, _ = said(capsys, "outstanding")
    headings, row = out.splitlines()
    assert (code, headings.split()[:5]) == (1, ["date", "report", "recipient", "state", "since"])
    assert row.split()[:4] == ["2026-05-01", "cfo", "primary", "failed"]
    assert said(capsys, "outstanding", "--to", "2026-04-30", "--format", "json")[:2] == (0, "[]\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["account"], ["audit", "verify"], ["audit", "export"], ["audit", "replay"], ["audit", "seal"],
        ["audit", "variants"], ["circuit", "show"], ["circuit", "close", *WHO], ["outstanding"],
        ["release", "primary", *WHO], ["resend", *CFO, *WHO], ["resend", *CFO, "--now", *WHO], ["revise", *CFO, *WHO],
        ["status", *CFO], ["watch"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_every_command_prints_json_and_nothing_else(
    desk: Desk, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    desk.send()
    code, out, _ = said(capsys, *arguments, "--format", "json")
    assert code in {0, 1}
    assert json.loads(out) is not None


def test_a_wrong_anchor_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "audit", "verify", "--anchor", "latest")
    assert (code, out, "NUMBER:HASH" in err) == (2, "", True)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["resend", *CFO], "Missing option '--actor'"),
        (["resend", *CFO, "--actor", "founder"], "Missing option '--reason'"),
        (["resend", *CFO, "--actor", " ", "--reason", "why"], "actor: is blank"),
        (["settle", *CFO, "--actor", "founder", "--reason", "cfo@example.com asked"], "reason: holds a mail address"),
        (["resend", *WHO], "name the mail"),
        (["resend", *CFO, "--delivery", "a" * 52, *WHO], "name the mail"),
        (["resend", "--report", "cfo", *WHO], "name the mail"),
        (["status"], "name the mail"),
        (["circuit", "close"], "Missing option '--actor'"),
        (["release", *WHO], "Missing argument"),
        (["revise", *CFO], "Missing option '--actor'"),
        (["audit", "verify", "--from", "2026-05-02", "--to", "2026-05-01"], "2026-05-01 is before --from 2026-05-02"),
        (["outstanding", "--from", "2026-05-02", "--to", "2026-05-01"], "is before --from"),
        (["verify"], "Missing option '--date'"),
        (["account", "--slot"], "No such option"),
    ],
)
@pytest.mark.usefixtures("desk")
def test_wrong_usage_says_what_is_wrong_with_exit_code_two(
    capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    code, out, err = said(capsys, *arguments)
    assert (code, out) == (2, "")
    assert told in err


@pytest.mark.usefixtures("desk")
def test_a_missing_variable_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("RECORDS_BUCKET", " ")
    for arguments in (["audit", "verify"], ["status", *CFO], ["revise", *CFO, *WHO]):
        code, _, err = said(capsys, *arguments)
        assert (code, "RECORDS_BUCKET" in err) == (1, True)


def test_unsealed_events_are_shown_apart_and_fail_where_nothing_may_be_unproven(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    trail = Chain(desk.records, day_chain(REPORT_DATE), clock=desk.clock)
    trail.append(Event(kind="late"))
    anchor = str(seal(desk.records, clock=desk.clock))
    assert command_line.main(["audit", "verify", "--strict", "--anchor", anchor]) == 0
    trail.append(Event(kind="later"))
    assert command_line.main(["audit", "verify"]) == 0
    assert "not sealed by a manifest yet, so nothing proves them: 1 events" in capsys.readouterr().out
    assert command_line.main(["audit", "verify", "--strict"]) == 1
    seal(desk.records, clock=desk.clock)
    assert command_line.main(["audit", "verify", "--strict"]) == 0
    assert command_line.main(["audit", "verify", "--strict", "--anchor", anchor]) == 1


def test_an_export_names_what_is_no_event_and_leaves_it_out(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    Chain(desk.records, day_chain(REPORT_DATE), clock=desk.clock).append(Event(kind="late"))
    desk.records.put(StoredObject("audit/days/2026-05-01/evil\x1b[2J.json", b"{}"))
    capsys.readouterr()
    assert command_line.main(["audit", "export"]) == 1
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 1
    assert "evil" in err
    assert "\x1b" not in err
