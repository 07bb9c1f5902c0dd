"""The function of AWS Lambda, in AWS's own runtime client, with the variables of its template and no others."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import psutil
import pytest

from cloudformation import filled, template
from executive_suite.aws_lambda import VAULT
from executive_suite.run import apart, credentials, roles
from executive_suite.trail import verification
from group_data import INCLUDE
from integration import many
from lambda_runtime import Function, function
from loopback import PRETENDED
from ses_stub import Do, SesStub

TEMPLATE = INCLUDE / "infra" / "lambda.yaml"
HANDLER = "executive_suite.aws_lambda.handler"
DAY = "2026-05-01"
SECRETS = {
    "AWS_RECIPIENT_EMAIL": "founder@example.com",
    "AWS_BCC_EMAIL": "audit@example.com",
    "RECIPIENT_HASH_KEY": "k" * 32,
}


@cache
def properties() -> dict[str, Any]:
    """Of the function, in its template."""
    found: dict[str, Any] = template(TEMPLATE)["Resources"]["Function"]["Properties"]
    return found


def variables(**parameters: str) -> dict[str, str]:
    """What the template sets, with its parameters as a stack would fill them in."""
    given = {name: one.get("Default", "") for name, one in template(TEMPLATE)["Parameters"].items()}
    given |= {"AWS::Region": "us-east-1", **parameters}
    found: dict[str, str] = filled(properties()["Environment"]["Variables"], given)
    return found


def test_the_template_is_the_list_of_what_the_function_is_told() -> None:
    known = frozenset().union(*credentials.ALLOWED.values())
    ours = {*roles.ROLES.values(), VAULT, apart.READY}
    assert set(variables()) <= known | ours
    # Addresses and keys are in the secret: whoever may look at a function sees its variables.
    assert not set(variables()) & {*SECRETS, "EXECUTIVE_SUITE_READER_KEY", "EXECUTIVE_SUITE_NOTIFY"}
    assert not any("@" in value for value in variables().values())


def test_the_limits_are_those_of_lambda() -> None:
    """Quotas of the developer guide: 900 s, 128 to 10,240 MB, 4 kB of variables, two retries of an event."""
    assert properties()["Timeout"] == 900
    assert 128 <= properties()["MemorySize"] <= 10_240
    assert len(json.dumps(variables())) < 4096
    assert properties()["EventInvokeConfig"]["MaximumRetryAttempts"] <= 2


@contextmanager
def deployed(
    moto_server: str, name: str, ses: SesStub, log: Path, *before: str, **more: str
) -> Iterator[tuple[Function, Any]]:
    """The function over loopback endpoints, with a secret and two buckets of its own, and a client of these."""
    clients: Any = {
        service: boto3.client(service, endpoint_url=moto_server, **PRETENDED) for service in ("s3", "secretsmanager")
    }
    for bucket in (f"{name}-reports", f"{name}-records"):
        clients["s3"].create_bucket(Bucket=bucket)  # in this region, of an own one again is no fault
    with contextlib.suppress(clients["secretsmanager"].exceptions.ResourceExistsException):
        clients["secretsmanager"].create_secret(Name=name, SecretString=json.dumps(SECRETS))
    role = "arn:aws:iam::123456789012:role/"
    filled = variables(
        SecretArn=name,
        ReportsBucket=f"{name}-reports",
        RecordsBucket=f"{name}-records",
        SenderAddress="reports@example.com",
        SenderName="Executive Suite",
        **{f"{step}Role": f"{role}{step}" for step in ("Read", "Archive", "Send", "Desk")},
    )
    given = {
        **filled,
        # What the account's own addresses and the image are to the function; a socket's name is at most 107 bytes long.
        "EXECUTIVE_SUITE_AWS": "embedded",
        "AWS_ENDPOINT_URL": moto_server,
        "AWS_ENDPOINT_URL_SESV2": ses.url,
        "AWS_ACCESS_KEY_ID": PRETENDED["aws_access_key_id"],
        "AWS_SECRET_ACCESS_KEY": PRETENDED["aws_secret_access_key"],
        "PYTHONPATH": str(INCLUDE),
        "EXECUTIVE_SUITE_STEPS": str(log.parent / "steps" / "s"),
        "TMPDIR": str(log.parent),
        "HOME": str(log.parent),
        **more,
    }
    with function(HANDLER, given, log, before=before) as running:
        yield running, clients["s3"]


def test_an_event_sends_once_whatever_comes_again(moto_server: str, ses: SesStub, tmp_path: Path) -> None:
    name, log = f"lambda-{os.getpid()}", tmp_path / "log"
    many.make(tmp_path / "firm", 1)
    ses.script("*", Do("throttle"))  # the first call; the same invocation tries again
    with deployed(moto_server, name, ses, log, EXECUTIVE_SUITE_GROUP=str(tmp_path / "firm")) as (running, s3):
        event = {"report_date": DAY}
        answer = running.invoke(event, request_id="first")
        assert (answer["run"], answer["outcome"]) == ("lambda__first", "1 of 1 reports sent")
        keys = {item["Key"] for item in s3.list_objects_v2(Bucket=f"{name}-reports")["Contents"]}
        assert keys >= {f"{DAY}/cfo-report.html", f"{DAY}/cfo-report.txt"}
        assert len(ses.accepted) == 1

        again = running.invoke(event, request_id="first")  # Lambda delivers an event at least once
        assert again == {**answer, "anchor": again["anchor"]}
        assert len(ses.accepted) == 1

        misspelled = running.invoke({"report_date": DAY, "sned": False})
        assert misspelled["errorType"] == "RunError"
        assert "did you mean send?" in misspelled["errorMessage"]

        ses.script("*", Do("refuse", text="Email address is not verified: founder@example.com"))
        refused = running.invoke({"report_date": "2026-04-01"})
        assert refused["errorMessage"].startswith("IncompleteError: 1 of 1 reports were not sent")
        assert [mail.to for mail in ses.accepted[1:]] == [("audit@example.com",)]  # the owner is told
    written = log.read_text(encoding="utf-8") + json.dumps([misspelled, refused])
    assert "MessageRejected" in written
    for private in (*SECRETS.values(), "reports@example.com"):
        assert private not in written


READ_ONLY = """
mount --make-rprivate /
mount --bind "$1" "$1"
mount --bind /var/empty /dev/shm 2>/dev/null || mount -t tmpfs -o ro none /dev/shm
mount -o remount,bind,ro /
[ "$(stat -c %m /tmp)" = / ] || mount -o remount,bind,ro /tmp
if touch /tmp/written 2>/dev/null; then echo "this is no read-only file system"; exit 1; fi
shift
exec "$@"
"""
"""Lambda's machine: nothing can be written but what is bound here (there /tmp), and no memory is shared."""


@pytest.mark.engine
@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("unshare"), reason="mounts need root and util-linux")
def test_all_eight_within_the_limits_of_lambda(moto_server: str, ses: SesStub, tmp_path: Path) -> None:
    """A file system that is read-only but for one folder, one processor, the memory and time of the template."""
    own = tmp_path / "own"
    own.mkdir()
    before = ["taskset", "-c", "0", "unshare", "--mount", "sh", "-euc", READ_ONLY, "sh", str(own)]
    log = own / "log"
    with deployed(moto_server, f"lambda-all-{os.getpid()}", ses, log, *before) as (running, _):
        begun, used = time.monotonic(), Used(running.process.pid)
        with used:
            answer = running.invoke({"report_date": DAY})
        seconds = time.monotonic() - begun
        assert answer["outcome"] == "8 of 8 reports sent", log.read_text(encoding="utf-8")
        assert len(ses.accepted) == 8
        running.invoke({"report_date": DAY})
        assert len(ses.accepted) == 8
    left = sum(path.stat().st_size for path in own.rglob("*") if path.is_file())
    print(
        f"{seconds:.0f} s, {used.seconds:.0f} of a processor, {used.peak >> 20} MB, {left >> 20} MB of files, "
        f"load {os.getloadavg()[0]:.1f}"
    )
    assert seconds < properties()["Timeout"] / 2
    assert used.peak >> 20 < properties()["MemorySize"] / 2
    assert left >> 20 < 512 / 2  # what a function has unless it asks for more


class Used:
    """What a process and those it started used: the most memory together, shared pages once, and processor time."""

    def __init__(self, pid: int) -> None:
        self.peak = 0
        self._times: dict[tuple[int, float], float] = {}
        self._top = psutil.Process(pid)
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    @property
    def seconds(self) -> float:
        """Of a processor; what ended between two looks did a little more."""
        return sum(self._times.values())

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.1):
            held = 0
            for one in (self._top, *self._top.children(recursive=True)):
                with contextlib.suppress(psutil.Error):
                    held += one.memory_full_info().pss
                    self._times[one.pid, one.create_time()] = sum(one.cpu_times()[:2])
            self.peak = max(self.peak, held)


@pytest.mark.engine
def test_the_same_event_twice_at_once_is_sent_once(moto_server: str, ses: SesStub, tmp_path: Path) -> None:
    """Two machines get one event, as EventBridge and Lambda allow: the mail is one, and the trail is whole."""
    many.make(tmp_path / "firm", 1)
    ses.script("*", Do("accept", seconds=3))  # long enough for the other to meet the claim
    group = {"EXECUTIVE_SUITE_GROUP": str(tmp_path / "firm")}
    answers: list[Any] = []
    with contextlib.ExitStack() as both:
        name = f"lambda-both-{os.getpid()}"
        machines = []
        for number in (1, 2):
            (tmp_path / str(number)).mkdir()
            log = tmp_path / str(number) / "log"
            running, s3 = both.enter_context(deployed(moto_server, name, ses, log, **group))
            machines.append(running)

        def invoke(machine: Function) -> None:
            answers.append(machine.invoke({"report_date": DAY}, request_id="same"))

        threads = [threading.Thread(target=invoke, args=(machine,)) for machine in machines]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        objects = [item["Key"] for item in s3.list_objects_v2(Bucket=f"{name}-records", Prefix="audit/")["Contents"]]
        bodies = ((key, s3.get_object(Bucket=f"{name}-records", Key=key)["Body"].read()) for key in objects)
        assert verification.verify(bodies).faults == ()
    assert len(ses.accepted) == 1
    assert [answer["outcome"] for answer in answers] == ["1 of 1 reports sent"] * 2


@pytest.mark.engine
def test_a_function_that_is_stopped_in_mid_send_sends_no_second_mail(
    moto_server: str, ses: SesStub, tmp_path: Path
) -> None:
    """Lambda stops a function after 900 s, wherever it is: the next one finds the claim, waits, and asks a person."""
    many.make(tmp_path / "firm", 1)
    short = "connect_timeout_seconds: 2\nread_timeout_seconds: 10\nlease_seconds: 15\n"
    (tmp_path / "firm" / "delivery.yaml").write_text(short, encoding="utf-8")
    ses.script("*", Do("hang-after", seconds=30))  # accepted, and no answer comes
    name, group = f"lambda-stopped-{os.getpid()}", {"EXECUTIVE_SUITE_GROUP": str(tmp_path / "firm")}
    event = {"report_date": DAY}
    with deployed(moto_server, name, ses, tmp_path / "first", **group) as (running, _):
        running.hand_over(event, "same")
        while not ses.accepted:
            assert running.process.poll() is None
            time.sleep(0.1)
    with deployed(moto_server, name, ses, tmp_path / "second", **group) as (running, _):
        found = running.invoke(event, request_id="same")
    assert len(ses.accepted) == 1
    assert "uncertain" in found["errorMessage"]
