"""Ten thousand reports on one group's shelf, on the embedded endpoint: requests and seconds of each page of the room.

One report date with eight sent reports is made by the product itself and copied to as many dates as are asked for, with
its own delivery ids, so the endpoint holds what as many runs would have left. Each page is asked for by a room that
has seen nothing, and once more. What matters is that the requests do not grow with the dates: on the endpoint each
listing takes as long as the whole bucket is large, on S3 it does not.

    PYTHONPATH=include .venv/bin/python bench/room_shelf.py --dates 20 --dates 1250
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from base64 import b32encode
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).parents[1]
sys.path.insert(0, str(CHECKOUT / "tests"))

import boto3  # noqa: E402 - after its folder is known
import pytest  # noqa: E402
from botocore.config import Config  # noqa: E402
from moto.server import ThreadedMotoServer  # noqa: E402

from executive_suite.outbox.outbox import Outbox  # noqa: E402
from executive_suite.room.opened import UNCHANGING  # noqa: E402
from executive_suite.run import clock as clock_module  # noqa: E402
from executive_suite.run.close import sum_up  # noqa: E402
from executive_suite.run.deployment import Deployment  # noqa: E402
from executive_suite.stores.memory import MemoryStore  # noqa: E402
from executive_suite.stores.remembered import Remembered  # noqa: E402
from executive_suite.stores.s3 import S3Store  # noqa: E402
from faults.desk import Clock  # noqa: E402
from faults.lanes import DAY, RUN, in_memory, lane, like, plan_of  # noqa: E402
from loopback import PRETENDED  # noqa: E402
from room_door import RoomDoor, browser_at  # noqa: E402
from ses_stub import SesStub  # noqa: E402

LATEST = date(2026, 5, 1)
HOME = "/groups/-"


@dataclass
class Endpoint:
    """The endpoint, and what it was asked."""

    url: str
    asked: Counter[str] = field(default_factory=Counter)

    def client(self) -> Any:
        """A client whose requests are counted."""
        made = boto3.client("s3", endpoint_url=self.url, config=Config(s3={"addressing_style": "path"}), **PRETENDED)
        made.meta.events.register("before-send.s3", lambda event_name, **_: self.asked.update([event_name]))
        return made


@contextmanager
def endpoint() -> Iterator[Endpoint]:
    """Moto on a free loopback port of this process, so that its buckets can be filled without requests."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield Endpoint(f"http://{host}:{port}")
    finally:
        server.stop()


def made_once(url: str, ses: SesStub, patched: pytest.MonkeyPatch) -> Deployment:
    """One report date, by the product's own steps."""
    clock = Clock(datetime(2026, 5, 1, 13, tzinfo=UTC))
    patched.setattr(clock_module, "now", clock)
    opened = in_memory(url, "template", ses, patched)
    plan = plan_of(opened)
    for report in plan.reports:
        if lane(opened, report, plan) != "sent":
            raise SystemExit(report)
    sum_up(opened, plan, RUN, {})
    return opened


def days(count: int) -> list[date]:
    """As many report dates, one every tenth day, the latest first."""
    return [LATEST - timedelta(days=10 * number) for number in range(count)]


def fill(opened: Deployment, client: Any, bucket: str, count: int) -> int:
    """Copy the template to as many dates; returns how many objects there are."""
    from moto.backends import get_backend

    client.create_bucket(Bucket=bucket)
    backend: Any = get_backend("s3")[PRETENDED.get("account", "123456789012")]["aws"]
    memory: MemoryStore = opened.records  # type: ignore[assignment]
    deliveries = {entry.delivery_id for entry in Outbox(memory).entries()}
    objects = [(key, memory.get(key).body) for key in memory.keys("") if not key.startswith("mails/")]
    written = 0
    for day in days(count):
        other = {name: _id(f"{name}{day}") for name in deliveries}
        for key, body in objects:
            name, text = key.replace(DAY, day.isoformat()), body.decode("utf-8", "surrogateescape")
            text = text.replace(DAY, day.isoformat())
            for one, its in other.items():
                name, text = name.replace(one, its), text.replace(one, its)
            if key.startswith("documents/") and day != LATEST:
                continue
            backend.put_object(bucket, name, text.encode("utf-8", "surrogateescape"))
            written += 1
    return written


def _id(text: str) -> str:
    return b32encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=").lower()


def pages(day: date) -> dict[str, str]:
    """What is looked at."""
    return {
        "shelf, first page": f"{HOME}/",
        "shelf, last page but one": f"{HOME}/?before=12",
        "shelf, one report": f"{HOME}/?report=cfo",
        "a date": f"{HOME}/dates/{day}",
        "a report": f"{HOME}/reports/{day}/cfo?view=text",
        "its deliveries": f"{HOME}/reports/{day}/cfo/deliveries",
        "compare, the form": f"{HOME}/compare?report=cfo&date={day}&known=now",
        "proof": f"{HOME}/proof",
        "waiting": f"{HOME}/waiting",
    }


def main() -> None:
    """Print a table per number of dates."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--dates", type=int, action="append", default=[])
    counts = asked.parse_args().dates or [20, 1250]
    with endpoint() as at, SesStub() as ses, pytest.MonkeyPatch.context() as patched:
        template = made_once(at.url, ses, patched)
        for count in counts:
            client, bucket = at.client(), f"records-{count}"
            begun = time.monotonic()
            written = fill(template, client, bucket, count)
            print(f"\n{count} report dates, {8 * count} reports, {written} objects ({time.monotonic() - begun:.0f} s)")
            print(f"{'page':28}{'requests':>9}{'listings':>9}{'seconds':>9}   again: requests, seconds")
            for name, path in pages(LATEST).items():
                opened = like(template)
                opened.__dict__["records"] = Remembered(S3Store(client, bucket), UNCHANGING)
                print(f"{name:28}" + "   ".join(_look(opened, at, path, first) for first in (True, False)), flush=True)


def _look(opened: Deployment, at: Endpoint, path: str, first: bool) -> str:  # noqa: FBT001 - one of two columns
    at.asked.clear()
    begun = time.monotonic()
    answer = browser_at(RoomDoor(opened)).get(path)
    seconds = time.monotonic() - begun
    answer.raise_for_status()
    requests, listings = at.asked.total(), at.asked["before-send.s3.ListObjectsV2"]
    return f"{requests:9}{listings:9}{seconds:9.2f}" if first else f"{requests:9}{seconds:9.2f}"


if __name__ == "__main__":
    main()
