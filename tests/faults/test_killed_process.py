"""A worker's process killed for good (SIGKILL) after each step, over S3 and HTTP; then retries, counted at SES."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from executive_suite.archive import publication
from executive_suite.stores.memory import MemoryStore
from executive_suite.stores.s3 import S3Store
from executive_suite.trail import verification
from faults.desk import MORNING, document
from ses_stub import SesStub

HERE = Path(__file__).parent
PATHS = (str(HERE.parent), str(HERE.parents[1] / "include"))


# step → what the retries say once the lease is over, mails accepted in the end
@pytest.mark.parametrize(
    ("step", "told", "accepted"),
    [
        ("frozen", ["sent", "already"], 1),
        ("claimed", ["uncertain"], 0),
        ("before-call", ["uncertain"], 0),
        ("after-call", ["uncertain"], 1),
        ("recorded", ["already"], 1),
    ],
)
def test_a_killed_worker_never_makes_a_second_mail(
    ses: SesStub, moto_server: str, s3_client: Any, bucket: str, *, step: str, told: list[str], accepted: int
) -> None:
    records = S3Store(s3_client, bucket)
    publication.publish(MemoryStore(), records, document(), generated_at=MORNING, revision=1)

    def start(stop_at: str) -> subprocess.Popen[str]:
        command = [sys.executable, str(HERE / "worker.py"), moto_server, ses.url, bucket, stop_at, *PATHS]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    worker = start(step)
    assert worker.stdout is not None
    assert worker.stdout.readline() == "reached\n"
    worker.kill()
    worker.communicate()
    time.sleep(2.1)  # until its lease is over
    retries = [start("-") for _ in told]
    said = [retry.communicate(timeout=60)[0].strip() for retry in retries]
    assert sorted(said) == sorted(told) or (
        step == "frozen" and sorted(said) in (["claimed", "sent"], ["sent", "sent"])
    )
    assert len(ses.accepted) == accepted
    assert verification.verify(verification.stored(records)).faults == ()
