"""A step's process: what it really holds, how it answers, and that it never outlives its task."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from boto3.session import Session

from executive_suite import enclosure
from executive_suite.folders import INCLUDE
from executive_suite.mailing.errors import RetryableError
from executive_suite.run import apart, credentials, crossing
from executive_suite.run.bodies import STEPS
from executive_suite.run.lending import Account
from executive_suite.settings import SettingsError

SECRETS = {
    "AWS_SES_FROM_ADDRESS": "sender-7c1e@example.com",
    "AWS_RECIPIENT_EMAIL": "reader-90ab@example.com",
    "AWS_BCC_EMAIL": "owner-33d2@example.com",
    "RECIPIENT_HASH_KEY": "6f1b" * 8,
    "EXECUTIVE_SUITE_READER_KEY": "signing-5be90f1d",
    "AIRFLOW__CORE__FERNET_KEY": "airflows-b83a5502",
    "SOMEBODY_ELSES_TOKEN": "theirs-49d1c7e0",
}
PLACES = {
    "AWS_SES_FROM_NAME": "Reports",
    "REPORTS_BUCKET": "some-reports",
    "RECORDS_BUCKET": "some-records",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
    "EXECUTIVE_SUITE_GROUP": "",
}
MAY_SEE = {
    "preflight": {"AWS_SES_FROM_ADDRESS", "AWS_RECIPIENT_EMAIL", "AWS_BCC_EMAIL", "RECIPIENT_HASH_KEY"},
    "approve": {"RECIPIENT_HASH_KEY"},
    "feedback": {"RECIPIENT_HASH_KEY"},
    # Who takes an address off the list needs to know which it is.
    "release": {"AWS_RECIPIENT_EMAIL", "AWS_BCC_EMAIL", "RECIPIENT_HASH_KEY"},
    "close": {"AWS_SES_FROM_ADDRESS", "AWS_BCC_EMAIL", "RECIPIENT_HASH_KEY"},
}
MAY_SEE["watch"] = MAY_SEE["close"]
MAY_SEE["preflight"] |= {"EXECUTIVE_SUITE_READER_KEY"}
MAY_SEE["send"] = MAY_SEE["preflight"]
"""docs/deployment.md: what each step sees; a step that is not here sees no secret."""

# Python imports it before anything else of a process that has its folder on the path.
WITNESS = """
import os, pathlib, sys, threading, time
if {"executive_suite.run.apart", "executive_suite.run.ready"} & set(sys.orig_argv):
    import executive_suite.run.bodies as bodies
    def look(_, **given):
        folder = pathlib.Path(__file__).parent
        (folder / "environ").write_bytes(pathlib.Path("/proc/self/environ").read_bytes())
        (folder / "variables").write_text(repr(dict(os.environ)))
        (folder / "memory").write_bytes(memory())
        (folder / "open").write_text(" ".join(sorted(os.listdir("/proc/self/fd"))))
        (folder / "pid").write_text(str(os.getpid()))
        exec((folder / "trick").read_text(), globals())
        return given
    def memory():
        # Everything that the process may write to, its heap and its stack.
        found = []
        with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as whole:
            for line in maps:
                where, rights = line.split()[:2]
                first, last = (int(one, 16) for one in where.split("-"))
                if rights.startswith("rw"):
                    whole.seek(first)
                    try:
                        found.append(whole.read(last - first))
                    except OSError:
                        continue
        return b"".join(found)
    for name in bodies.STEPS:
        setattr(bodies, f"_{name}", look)
"""


def speak(witness: Path, trick: str = "") -> None:
    """What the step does once it has been looked at."""
    (witness / "trick").write_text(trick, encoding="utf-8")


@pytest.fixture
def witness(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to which each step's process writes what it and the system say of it."""
    (tmp_path / "sitecustomize.py").write_text(WITNESS, encoding="utf-8")
    speak(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    for name, value in {**SECRETS, **PLACES}.items():
        monkeypatch.setenv(name, value)
    return tmp_path


@pytest.fixture(params=["executed", "forked"])
def way(request: pytest.FixtureRequest, witness: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Both ways to a process of one's own."""
    if request.param == "executed":
        yield request.param
        return
    place = witness / "steps" / "run"
    started = subprocess.Popen(
        [sys.executable, "-m", "executive_suite.run.ready", str(place)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{INCLUDE}{os.pathsep}{witness}"},
    )
    monkeypatch.setenv(apart.READY, str(place))
    try:
        until(place.exists)
        yield request.param
    finally:
        started.kill()
        started.wait()


def until(happened: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


linux = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="the system shows nothing of a process")


@linux
def test_the_process_of_a_step_holds_its_own_secrets_and_no_others(witness: Path, way: str) -> None:
    """Its environment as the system shows it, its variables, its memory, what it has open; the task keeps its own."""
    before = dict(os.environ)
    for step, body in {step: body for body, step in STEPS.items()}.items():
        assert apart.run(body, os.environ, of="the task") == {"of": "the task"}
        allowed = MAY_SEE.get(step, set())
        for place in ("environ", "variables", "memory"):
            held = (witness / place).read_bytes()
            seen = {name for name, value in SECRETS.items() if value.encode() in held}
            assert seen <= allowed, (way, step, place)
        variables = (witness / "variables").read_text()
        assert {name for name in SECRETS if name in variables} == allowed
        # Standard streams, the socket, and the folder that is being listed.
        assert len((witness / "open").read_text().split()) <= 5
    assert dict(os.environ) == before


@linux
@pytest.mark.skipif(not enclosure.version(), reason="the kernel has no Landlock")
def test_a_step_reaches_no_other_process_of_its_user(witness: Path, way: str) -> None:
    """Its task, which has everything, what forked it, and whatever else runs here as the same user."""
    del way
    outcomes = "folder / 'outcomes'"
    speak(
        witness,
        f"""
import glob
told = []
for one in glob.glob('/proc/[0-9]*/environ') + glob.glob('/proc/[0-9]*/mem'):
    if int(one.split('/')[2]) == os.getpid():
        continue
    try:
        open(one, 'rb').close()
    except PermissionError:
        continue
    except OSError:
        continue  # it has ended
    told.append(one)
folder = pathlib.Path(__file__).parent
({outcomes}).write_text(repr(told))
""",
    )
    apart.run("render", os.environ)
    assert (witness / "outcomes").read_text() == "[]"


@linux
def test_a_step_finds_what_its_task_lends_behind_its_walls(witness: Path, way: str) -> None:
    """With the clients that the product makes, in a process that was executed, and in one that was forked."""
    del way
    found = "boto3.client('s3', 'us-east-1')._request_signer._credentials.get_frozen_credentials().access_key"
    speak(witness, f"import boto3; (pathlib.Path(__file__).parent / 'key').write_text({found})")
    account = Account(
        Session(aws_access_key_id="of-the-connection", aws_secret_access_key="x", region_name="us-east-1")
    )
    apart.run("compute", os.environ, account=account)
    assert (witness / "key").read_text() == "of-the-connection"


def test_every_step_has_its_list_of_variables() -> None:
    """The room only looks, in a process of Airflow's own."""
    assert set(STEPS.values()) == set(credentials.ALLOWED) - {"room"}


@pytest.mark.usefixtures("witness")
def test_what_a_step_raises_is_raised_by_its_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORTS_BUCKET", "Upper_Case")
    with pytest.raises(SettingsError, match="REPORTS_BUCKET"):
        apart.run("compute", os.environ, snapshot="x")


def test_an_error_survives_with_what_a_retry_asks_of_it() -> None:
    given = RetryableError("d" * 52, "throttled", "SES throttled", "wait", delay_seconds=7)
    made = crossing.rebuilt(json.loads(json.dumps(crossing.told(given))))  # the trip of a real one
    assert isinstance(made, RetryableError)
    assert (made.delay_seconds, made.code, made.state, str(made)) == (7, "throttled", "retryable", str(given))


@pytest.mark.parametrize("kind", [["os", "system"], ["executive_suite.run.apart", "run"], ["builtins", "exit"]])
def test_an_answer_makes_a_task_call_nothing(kind: list[str]) -> None:
    record = {"kind": kind, "args": ["true"], "values": {}, "text": "x", "trace": ""}
    assert type(crossing.rebuilt(record)) is crossing.StepError


@linux
def test_what_a_step_logs_is_in_its_tasks_log(witness: Path, way: str, caplog: pytest.LogCaptureFixture) -> None:
    del way
    speak(witness, "import logging; logging.getLogger('a.step').warning('%s of\\n%s', 1, 2)")
    with caplog.at_level(logging.INFO):
        apart.run("compute", os.environ)
    said = [(one.name, one.levelname, one.getMessage()) for one in caplog.records if one.name == "a.step"]
    assert said == [("a.step", "WARNING", "1 of\n2")]


@linux
def test_a_step_that_is_killed_is_an_error_of_its_task(witness: Path, way: str) -> None:
    del way
    speak(witness, "os.kill(os.getpid(), 9)")
    with pytest.raises(crossing.StepError, match="step compute ended without an answer"):
        apart.run("compute", os.environ)


@linux
def test_a_step_ends_when_its_task_is_killed(witness: Path, way: str) -> None:
    """However the task ends: nobody would record what the step does afterwards."""
    del way
    speak(witness, "time.sleep(60)")
    task = subprocess.Popen(
        [sys.executable, "-c", "import os; from executive_suite.run import apart; apart.run('compute', os.environ)"],
        env={**os.environ, "PYTHONPATH": f"{INCLUDE}{os.pathsep}{witness}"},
    )
    try:
        pid = witness / "pid"
        until(lambda: pid.exists() and pid.read_text())
        step = psutil.Process(int(pid.read_text()))
        assert task.poll() is None
    finally:
        task.kill()
        task.wait()
    gone, alive = psutil.wait_procs([step], timeout=10)
    assert gone
    assert not alive


def test_where_nothing_forks_steps_they_are_executed(witness: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(apart.READY, str(witness / "nobody"))
    assert apart.run("compute", os.environ, snapshot="x") == {"snapshot": "x"}
