from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.embedded.components import free_port
from executive_suite.embedded.endpoint import KEY, READY_PATH
from executive_suite.embedded.journal import HEAD, Entry, Journal

OURS = "0123456789ABCDEF0123"  # pragma: allowlist secret - of this test
SIGNED = {"Authorization": f"AWS4-HMAC-SHA256 Credential={OURS}/20260501/us-east-1/s3/aws4_request"}
MAIL = b"From: reports@example.com\r\nTo: founder@example.com\r\nSubject: x\r\n\r\nhello"


@contextmanager
def endpoint(journal: Path) -> Iterator[str]:
    """The real program, as the launcher starts it; its memory ends with it."""
    address = f"http://127.0.0.1:{free_port(0)}"
    command = [sys.executable, "-m", "executive_suite.embedded.endpoint", "--journal", journal, "--port", address[17:]]
    include = Path(__file__).parents[2] / "include"
    with subprocess.Popen(command, env={"PYTHONPATH": str(include), KEY: OURS}, stderr=subprocess.DEVNULL) as child:
        try:
            for _ in range(600):
                try:
                    if httpx.get(f"{address}{READY_PATH}", trust_env=False).is_success:
                        break
                except httpx.TransportError:
                    pass
                time.sleep(0.05)
            yield address
        finally:
            child.terminate()
            assert child.wait(20) == 0


def client(service: str, address: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id=OURS,
        aws_secret_access_key="y",
        config=Config(retries={"total_max_attempts": 1}),
    )


def mails(address: str) -> list[str]:
    return [
        mail["id"]
        for mail in httpx.get(f"{address}/moto-api/data.json", headers=SIGNED, trust_env=False).json()["ses"][
            "RawMessage"
        ]
    ]


def send(ses: Any) -> str:
    return str(
        ses.send_email(
            FromEmailAddress="reports@example.com",
            Destination={"ToAddresses": ["founder@example.com"]},
            Content={"Raw": {"Data": MAIL}},
        )["MessageId"]
    )


def test_buckets_and_mails_outlive_the_endpoint_with_their_ids(tmp_path: Path) -> None:
    journal = tmp_path / "aws" / "journal.jsonl"
    with endpoint(journal) as address:
        s3, ses = client("s3", address), client("sesv2", address)
        s3.create_bucket(Bucket="some-reports")
        s3.put_object(
            Bucket="some-reports", Key="2026-05-01/ä b&c.txt", Body=b"one", Tagging="entity=jada", IfNoneMatch="*"
        )
        with pytest.raises(ClientError, match="PreconditionFailed"):
            s3.put_object(Bucket="some-reports", Key="2026-05-01/ä b&c.txt", Body=b"two", IfNoneMatch="*")
        ses.create_email_identity(EmailIdentity="reports@example.com")
        sent = [send(ses), send(ses)]
    with endpoint(journal) as address:
        s3 = client("s3", address)
        assert s3.get_object(Bucket="some-reports", Key="2026-05-01/ä b&c.txt")["Body"].read() == b"one"
        tags = s3.get_object_tagging(Bucket="some-reports", Key="2026-05-01/ä b&c.txt")["TagSet"]
        assert tags == [{"Key": "entity", "Value": "jada"}]
        assert mails(address) == sent
        # A new mail gets a new id, and both outlive the next restart, too.
        sent.append(send(client("sesv2", address)))
        assert len(set(sent)) == 3
    with endpoint(journal) as address:
        assert mails(address) == sent


def test_a_journal_cut_short_by_a_crash_keeps_what_was_answered(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    entry = Entry(1, "PUT", "/some-reports", {}, b"")
    path.write_bytes(HEAD + entry.to_json().encode() + b'\n[2, "PUT", "/some-rep')
    assert [one for _, one in Journal(path).entries()] == [entry]
    assert path.read_bytes() == HEAD + entry.to_json().encode() + b"\n"


def test_the_journal_holds_mails_and_is_the_owners_alone(tmp_path: Path) -> None:
    Journal(tmp_path / "journal.jsonl")
    assert (tmp_path / "journal.jsonl").stat().st_mode & 0o077 == 0


@given(st.integers(1), st.text(), st.dictionaries(st.text(), st.text()), st.binary())
def test_an_entry_survives_being_written(number: int, target: str, headers: dict[str, str], body: bytes) -> None:
    entry = Entry(number, "PUT", target, headers, body)
    assert "\n" not in entry.to_json()
    assert Entry.from_json(entry.to_json()) == entry


KEPT = "/some-reports/2026-05-01/cfo-report.txt"
ELSEWHERE = "https://example.com"
DOORS = [
    # (method, path, headers, the status it must have)
    ("GET", KEPT, {}, 403),
    ("GET", KEPT, {"Authorization": SIGNED["Authorization"].replace(OURS, "AAAAAAAAAAAAAAAAAAAA")}, 403),
    ("GET", KEPT, {**SIGNED, "Origin": ELSEWHERE}, 403),
    ("GET", KEPT, {**SIGNED, "Origin": "null"}, 403),
    ("GET", KEPT, {**SIGNED, "Host": "rebound.example.com"}, 403),
    ("GET", KEPT, {**SIGNED, "Host": "rebound.example.com:80"}, 403),
    ("OPTIONS", KEPT, {**SIGNED, "Access-Control-Request-Method": "PUT"}, 403),
    ("DELETE", KEPT, {}, 403),
    ("PUT", KEPT, {"Content-Type": "text/plain"}, 403),
    ("POST", "/moto-api/reset", {}, 403),
    ("POST", "/moto-api/reset", SIGNED, 404),
    ("GET", "/moto-api/", SIGNED, 404),
    ("POST", "/moto-api/config", SIGNED, 404),
    ("GET", "/moto-api/data.json", {}, 403),
    ("POST", "/moto-api/recorder/start-recording", SIGNED, 404),
    ("GET", KEPT, SIGNED, 200),
]


def test_only_programs_with_the_key_are_answered_and_nothing_wipes_it(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    with endpoint(journal) as address:
        s3 = client("s3", address)
        s3.create_bucket(Bucket="some-reports")
        s3.put_object(Bucket="some-reports", Key="2026-05-01/cfo-report.txt", Body=b"kept")
        before = journal.read_bytes()
        for method, path, headers, status in DOORS:
            answer = httpx.request(method, f"{address}{path}", headers=headers, trust_env=False)
            assert (method, path, headers, answer.status_code) == (method, path, headers, status)
            assert not [name for name in answer.headers if name.startswith("access-control")]
        assert s3.get_object(Bucket="some-reports", Key="2026-05-01/cfo-report.txt")["Body"].read() == b"kept"
        assert journal.read_bytes() == before


def test_without_a_key_the_endpoint_does_not_start(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "executive_suite.embedded.endpoint", "--journal", tmp_path / "j", "--port", "0"]
    include = Path(__file__).parents[2] / "include"
    environment = {"PYTHONPATH": str(include)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "AWS_ACCESS_KEY_ID: is missing or blank" in done.stderr) == (2, True)
