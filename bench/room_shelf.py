"""Ten thousand reports on one group's shelf: requests to the bucket and seconds of each page of the room.

One report date with eight sent reports is made by the product itself and copied to as many dates as are asked for, with
its own delivery ids, so the store holds what as many runs would have left. Each page is asked for by a room that has
seen nothing, and once more. Each request takes as long as one to S3 usually does, and a listing as many requests as
S3 has pages of it. What matters is that the requests do not grow with the dates.

    PYTHONPATH=include .venv/bin/python bench/room_shelf.py --dates 72 --dates 1250
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import os
import sys
import time
from base64 import b32encode
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
sys.path.insert(0, str(CHECKOUT / "tests"))

import pytest  # noqa: E402 - after its folder is known
from moto.server import ThreadedMotoServer  # noqa: E402

from executive_suite.outbox.outbox import Outbox  # noqa: E402
from executive_suite.room.opened import UNCHANGING  # noqa: E402
from executive_suite.run import clock as clock_module  # noqa: E402
from executive_suite.run.close import sum_up  # noqa: E402
from executive_suite.run.deployment import Deployment  # noqa: E402
from executive_suite.stores.memory import MemoryStore  # noqa: E402
from executive_suite.stores.remembered import Remembered  # noqa: E402
from executive_suite.stores.store import StoredObject  # noqa: E402
from faults.desk import Clock  # noqa: E402
from faults.lanes import DAY, RUN, in_memory, lane, like, plan_of  # noqa: E402
from room_door import RoomDoor, browser_at  # noqa: E402
from ses_stub import SesStub  # noqa: E402

LATEST = date(2026, 5, 1)
LONG_AGO = 46
"""Days after which a date can be closed."""
HOME = "/groups/-"


PAGE = 1000
"""Keys in one answer of S3 to a listing."""


class Bucket(MemoryStore):
    """A bucket that counts what it is asked, and takes its time."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.asked: Counter[str] = Counter()
        self._seconds = seconds
        self._sorted: list[str] = []

    def fill(self, objects: Iterable[StoredObject]) -> int:
        """Hold these objects from now on; returns how many."""
        self._objects.update((item.key, item) for item in objects)
        self._sorted = sorted(self._objects)
        return len(self._sorted)

    def get(self, key: str) -> StoredObject:
        """One request."""
        self._ask("get")
        return super().get(key)

    def keys(self, prefix: str) -> Iterator[str]:
        """A request per page."""
        found = self._below(prefix)
        for _ in range(0, len(found) or 1, PAGE):
            self._ask("list")
        return iter(found)

    def folders(self, prefix: str) -> Iterator[str]:
        """A request per page of names, however much is in each folder."""
        below = (key.removeprefix(prefix).partition("/") for key in self._below(prefix))
        found = list(dict.fromkeys(name for name, slash, _ in below if slash))
        for _ in range(0, len(found) or 1, PAGE):
            self._ask("list")
        return iter(found)

    def _below(self, prefix: str) -> list[str]:
        return self._sorted[bisect_left(self._sorted, prefix) : bisect_left(self._sorted, f"{prefix}\U0010ffff")]

    def _ask(self, what: str) -> None:
        self.asked[what] += 1
        time.sleep(self._seconds)


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


def copies(opened: Deployment, count: int) -> Iterator[StoredObject]:
    """What as many dates would have left."""
    memory: MemoryStore = opened.records  # type: ignore[assignment]
    deliveries = {entry.delivery_id for entry in Outbox(memory).entries()}
    objects = [(key, memory.get(key).body) for key in memory.keys("") if not key.startswith("mails/")]
    for day in days(count):
        other = {name: _id(f"{name}{day}") for name in deliveries}
        for key, body in objects:
            name, text = key.replace(DAY, day.isoformat()), body.decode("utf-8", "surrogateescape")
            text = text.replace(DAY, day.isoformat())
            for one, its in other.items():
                name, text = name.replace(one, its), text.replace(one, its)
            if day == LATEST or not key.startswith("documents/"):
                yield StoredObject(name, text.encode("utf-8", "surrogateescape"))
        if (LATEST - day).days > LONG_AGO:  # as `close` leaves it
            yield StoredObject(f"ledger/dates/{day}/0", b"{}")


def read_counts(years: int) -> Iterator[StoredObject]:
    """As many years of days whose access logs are counted."""
    for number in range(365 * years):
        day = LATEST - timedelta(days=number)
        yield StoredObject(f"reads/days/{day}.json", json.dumps({"reads": [[str(day), "cfo-report", 1]]}).encode())


def _id(text: str) -> str:
    return b32encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=").lower()


def pages(day: date) -> dict[str, str]:
    """What is looked at."""
    return {
        "shelf, first page": f"{HOME}/",
        "shelf, last page but one": f"{HOME}/?before=12",
        "shelf, one report": f"{HOME}/?report=cfo",
        "shelf, one state": f"{HOME}/?state=held",
        "a date": f"{HOME}/dates/{day}",
        "a report": f"{HOME}/reports/{day}/cfo?view=text",
        "its deliveries": f"{HOME}/reports/{day}/cfo/deliveries",
        "one delivery": f"{HOME}/reports/{day}/cfo/deliveries/primary",
        "compare, the form": f"{HOME}/compare?report=cfo&date={day}&known=now",
        "proof": f"{HOME}/proof",
        "waiting": f"{HOME}/waiting",
    }


def main() -> None:
    """Print a table per number of dates."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--dates", type=int, action="append", default=[])
    asked.add_argument("--milliseconds", type=float, default=20, help="of one request")
    given = asked.parse_args()
    with _moto() as url, SesStub() as ses, pytest.MonkeyPatch.context() as patched:
        template = made_once(url, ses, patched)
    for count in given.dates or [72, 1250]:
        bucket = Bucket(given.milliseconds / 1000)
        written = bucket.fill(chain(copies(template, count), read_counts(3)))
        print(f"\n{count} report dates, {8 * count} reports, {written} objects, load {os.getloadavg()[0]:.1f}")
        print(f"{'page':28}{'requests':>9}{'listings':>9}{'seconds':>9}   again: requests, seconds")
        for name, path in pages(LATEST).items():
            opened = like(template)
            opened.__dict__["records"] = Remembered(bucket, UNCHANGING)
            print(f"{name:28}" + "   ".join(_look(opened, bucket, path, first) for first in (True, False)), flush=True)


@contextmanager
def _moto() -> Iterator[str]:
    """An endpoint for the one date that is made."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def _look(opened: Deployment, bucket: Bucket, path: str, first: bool) -> str:  # noqa: FBT001 - one of two columns
    bucket.asked.clear()
    begun = time.monotonic()
    answer = browser_at(RoomDoor(opened)).get(path)
    seconds = time.monotonic() - begun
    answer.raise_for_status()
    requests, listings = bucket.asked.total(), bucket.asked["list"]
    return f"{requests:9}{listings:9}{seconds:9.2f}" if first else f"{requests:9}{seconds:9.2f}"


if __name__ == "__main__":
    main()
