"""What the embedded endpoint held is there after each start, by its kept state or by its journal, wherever it broke."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.test_endpoint import client, endpoint, mails, send
from executive_suite.embedded import journal as journals
from executive_suite.embedded import remembered
from executive_suite.embedded.journal import HEAD, Entry, Journal
from executive_suite.embedded.remembered import Mark
from executive_suite.embedded.shelf import SMALL, Shelf, Shelved

BIG = bytes(range(256)) * 64
STATE = remembered.NAME
# The id that the endpoint gave its first mail, its fourth change, before it had a shelf or a kept state. The outbox of
# such a deployment names it.
FOURTH = "hjdxmpeccamrjzyb-hqrliyfd-igau-zizi-gfjj-uxlctkvmqhfh-picrja"


def change(address: str) -> None:
    """One change of each kind that a run makes, and some that it does not."""
    s3, ses, logs = client("s3", address), client("sesv2", address), client("logs", address)
    s3.create_bucket(Bucket="some-records")
    s3.create_bucket(Bucket="some-reports")
    ses.create_email_identity(EmailIdentity="reports@example.com")
    send(ses)
    s3.put_object(
        Bucket="some-records",
        Key="documents/d",
        Body=BIG,
        Metadata={"sha256": "a_b", "revised_on": "2026-05-01"},
        Tagging="entity=jada&period=2026-05-01",
        ContentType="application/json",
        ChecksumAlgorithm="SHA256",
        IfNoneMatch="*",
    )
    s3.put_object(Bucket="some-records", Key="leer", Body=b"")
    s3.put_object(Bucket="some-records", Key="taken-back", Body=BIG)
    s3.delete_object(Bucket="some-records", Key="taken-back")
    s3.put_bucket_versioning(Bucket="some-reports", VersioningConfiguration={"Status": "Enabled"})
    for body in (b"one", BIG + b"two", b"three" * SMALL):
        s3.put_object(Bucket="some-reports", Key="2026-05-01/ä b&c.txt", Body=body)
    s3.copy_object(Bucket="some-records", Key="copy", CopySource="some-records/documents/d")
    logs.create_log_group(logGroupName="group")
    logs.create_log_stream(logGroupName="group", logStreamName="stream")
    for text in ("first", "second"):
        logs.put_log_events(
            logGroupName="group", logStreamName="stream", logEvents=[{"timestamp": 1_777_600_000_000, "message": text}]
        )
    send(ses)


def held(address: str) -> dict[str, Any]:
    """All that a reader gets, but for the moment at which it was stored: a replay is later."""
    s3, logs = client("s3", address), client("logs", address)
    found: dict[str, Any] = {"mails": mails(address)}
    for bucket in ("some-records", "some-reports"):
        listed = s3.list_object_versions(Bucket=bucket).get("Versions", [])
        found[bucket] = [(one["Key"], one["VersionId"], one["Size"], one["ETag"], one["IsLatest"]) for one in listed]
        for key, version, *_ in found[bucket]:
            one = s3.get_object(Bucket=bucket, Key=key, VersionId=version, ChecksumMode="ENABLED")
            body = hashlib.sha256(one["Body"].read()).hexdigest()
            rest = {name: one.get(name) for name in ("Metadata", "ContentType", "TagCount", "ChecksumSHA256")}
            found[f"{bucket}/{key}?{version}"] = (body, rest)
    events = logs.get_log_events(logGroupName="group", logStreamName="stream", startFromHead=True)["events"]
    found["log"] = [one["message"] for one in events]
    return found


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The folder of an endpoint that was stopped, and what it held."""
    folder = tmp_path_factory.mktemp("endpoint")
    with endpoint(folder / "journal.jsonl") as address:
        change(address)
        return folder, held(address)


def copied(stopped: tuple[Path, dict[str, Any]], place: Path) -> tuple[Path, dict[str, Any]]:
    shutil.copytree(stopped[0], place, dirs_exist_ok=True)
    return place / "journal.jsonl", stopped[1]


def test_by_its_state_or_by_its_journal_it_is_the_same(stopped: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    place, before = copied(stopped, tmp_path)
    assert before["mails"][0] == FOURTH
    sizes = [size for key, _, size, *_ in before["some-records"] if key == "documents/d"]
    assert sizes == [len(BIG)]
    with endpoint(place) as address:
        assert held(address) == before
        client("s3", address).put_object(Bucket="some-reports", Key="next", Body=b"n")
        send(client("sesv2", address))
        after = held(address)
    # The ids of what came after the stop are those that it would have got without one: so the journal gives them again.
    (tmp_path / STATE).unlink()
    with endpoint(place) as address:
        assert held(address) == after


def test_what_came_after_its_state_is_replayed(stopped: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    place, _ = copied(stopped, tmp_path)
    old = (tmp_path / STATE).read_bytes()
    with endpoint(place) as address:
        client("s3", address).put_object(Bucket="some-reports", Key="next", Body=BIG)
        # With a service in use whose state was never tried, none is kept.
        client("sqs", address).create_queue(QueueName="feedback")
        before = held(address)
    assert (tmp_path / STATE).read_bytes() == old
    with endpoint(place) as address:
        assert held(address) == before
        assert client("sqs", address).get_queue_url(QueueName="feedback")["QueueUrl"].endswith("/feedback")


def of_another_version(kept: bytes) -> bytes:
    head, _, rest = kept.partition(b"\n")
    return json.dumps({**json.loads(head), "format": "1, moto 0.0.1, Python 2.7"}).encode() + b"\n" + rest


@pytest.mark.parametrize(
    "broken", [lambda _: b"", lambda kept: kept[:-1], lambda kept: kept[:-9] + bytes(9), of_another_version]
)
def test_a_state_that_does_not_fit_is_not_used(
    broken: Any, stopped: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    place, _ = copied(stopped, tmp_path)
    (tmp_path / STATE).write_bytes(broken((tmp_path / STATE).read_bytes()))
    assert remembered.restore(Journal(place)) == Mark()


def test_the_state_of_another_journal_is_not_used(stopped: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    place, _ = copied(stopped, tmp_path)
    other = [replace(one, number=one.number + 1) for _, one in Journal(place).entries()]
    place.write_bytes(HEAD + b"".join(one.to_json().encode() + b"\n" for one in other))
    assert remembered.restore(Journal(place)) == Mark()
    place.write_bytes(HEAD)
    assert remembered.restore(Journal(place)) == Mark()


def test_bodies_are_neither_in_the_journal_nor_in_the_state(tmp_path: Path) -> None:
    place = tmp_path / "journal.jsonl"
    body = hashlib.shake_256(b"seed").digest(1_000_000)
    with endpoint(place) as address:
        s3 = client("s3", address)
        s3.create_bucket(Bucket="some-records")
        for key in ("one", "two"):
            s3.put_object(Bucket="some-records", Key=key, Body=body)
    sizes = {path.name: path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()}
    assert sizes["journal.jsonl"] < 10_000
    assert sizes[STATE] < 100_000
    assert sum(sizes.values()) < 1_200_000  # the same body is there once


def old_journal(path: Path, entries: list[Entry]) -> None:
    """A journal as it was before the shelf: every body in its line."""
    lines = [
        json.dumps([one.number, one.method, one.target, one.headers, base64.b64encode(one.body).decode()])
        for one in entries
    ]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


ENTRIES = [Entry(n + 1, "PUT", f"/b/{n}", {"x": "y"}, BIG[: 40 * n * n]) for n in range(12)]


def bodies(journal: Journal) -> list[tuple[int, str, bytes]]:
    return [(one.number, one.target, journal.body(one)) for _, one in journal.entries()]


EXPECTED = [(one.number, one.target, one.body) for one in ENTRIES]


@pytest.mark.parametrize("step", range(12))
def test_an_old_journal_is_whole_wherever_its_rewriting_breaks(
    step: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each call that reaches the disk fails once; the next start has every entry."""
    path = tmp_path / "journal.jsonl"
    old_journal(path, ENTRIES)
    with path.open("ab") as stream:
        stream.write(b'[13, "PUT", "/b/torn')
    calls = iter(range(1000))

    def breaking(real: Any) -> Any:
        def call(*given: Any, **named: Any) -> Any:
            if next(calls) == step:
                msg = "the power failed"
                raise OSError(msg)
            return real(*given, **named)

        return call

    with monkeypatch.context() as patched:
        patched.setattr(journals, "sync", breaking(journals.sync))
        patched.setattr(Shelf, "put", breaking(Shelf.put))
        patched.setattr(Path, "replace", breaking(Path.replace))
        try:
            Journal(path)
        except OSError:
            assert path.read_bytes().startswith((b"[1, ", HEAD))
        else:
            assert next(calls) <= step + 1
    assert bodies(Journal(path)) == EXPECTED
    assert path.read_bytes().startswith(HEAD)
    assert path.stat().st_mode & 0o077 == 0


STEPS = st.tuples(st.sampled_from(["read", "write", "seek", "truncate"]), st.integers(0, 3 * SMALL))


@given(steps=st.lists(STEPS, max_size=12))
def test_a_shelved_file_is_like_any_other(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    ours, theirs = Shelved(Shelf(tmp_path_factory.getbasetemp() / "shelf")), io.BytesIO()
    for step, size in steps:
        at = min(size, len(theirs.getvalue()))
        argument: Any = {"read": size, "write": BIG[:size], "seek": at, "truncate": at}[step]
        assert getattr(ours, step)(argument) == getattr(theirs, step)(argument)
        theirs.seek(min(theirs.tell(), len(theirs.getvalue())))
        ours.seek(theirs.tell())
    assert ours.whole() == theirs.getvalue()
