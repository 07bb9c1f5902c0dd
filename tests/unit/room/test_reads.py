"""The room says how often a report was read, and apart from it how many mails were opened; without logs, nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from executive_suite import canonical
from executive_suite.outbox.outbox import Outbox
from executive_suite.outbox.state import Evidence
from executive_suite.run import clock as clock_module
from executive_suite.run import readership
from executive_suite.run.deployment import Deployment
from executive_suite.stores.memory import MemoryStore
from executive_suite.stores.passed_on import PassedOn
from executive_suite.stores.store import StoredObject
from faults.desk import MORNING, Clock
from faults.lanes import DAY, in_memory, lane
from log_lines import line, packed
from room_door import HOME, RoomDoor, browser_at
from ses_stub import SesStub

ON = date.fromisoformat(DAY)


@pytest.fixture
def opened(moto_server: str, bucket: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    monkeypatch.setattr(clock_module, "now", Clock(MORNING))
    with SesStub() as ses:
        made = in_memory(moto_server, bucket, ses, monkeypatch)
        assert lane(made, "cfo") == "sent"
        yield made


def pages(opened: Deployment) -> tuple[str, str]:
    browser = browser_at(RoomDoor(opened))
    return browser.get(f"{HOME}/reports/{DAY}/cfo").text, browser.get(f"{HOME}/dates/{DAY}").text


def test_without_logs_and_opened_mails_nothing_is_said(opened: Deployment) -> None:
    for page in pages(opened):
        assert "weak evidence" not in page
        assert " through " not in page


def test_reads_are_counted_next_to_opened_mails(opened: Deployment) -> None:
    logs = MemoryStore()
    mine = [line(path=f"/{DAY}/cfo-report.html", ip=f"192.0.2.{number}") for number in (1, 2)]
    logs.put(StoredObject("EMLARXS9EXAMPLE.2026-05-02-13.a.gz", packed(*mine)))
    opened.__dict__["access_logs"] = logs
    readership.count(opened, datetime(2026, 5, 4, tzinfo=UTC))
    (entry,) = Outbox(opened.records).newest(ON, "cfo")
    at = datetime(2026, 5, 2, tzinfo=UTC)
    for event in ("e1", "e2"):
        Outbox(opened.records).add_evidence(entry.delivery_id, 1, Evidence(event, "opened", at, "m"))
    for page in pages(opened):
        assert (
            "Read 2 times through May 2, 2026 (logs come a day or two late); 1 of 1 mail opened (weak evidence)" in page
        )
        assert "192.0.2" not in page
    assert "Read 0 times" not in pages(opened)[1], "what is not archived cannot be read"
    assert lane(opened, "ceo") == "sent"
    assert "Read 0 times through May 2, 2026" in pages(opened)[1]


class Asked(PassedOn):
    """Notes what is read."""

    read: list[str]

    def get(self, key: str) -> StoredObject:
        self.read.append(key)
        return super().get(key)


def test_days_long_before_a_report_are_not_read(opened: Deployment) -> None:
    """Three years of logs are a thousand days."""
    for day in (ON - timedelta(days=400), ON - timedelta(days=30), ON + timedelta(days=30)):
        body = canonical.dumps({"reads": [[DAY, "cfo-report", 1]], "logs": 1, "refused": []})
        opened.records.create(StoredObject(f"reads/days/{day}.json", body))
    opened.__dict__["records"] = asked = Asked(opened.records)
    asked.read = []
    (shown,) = {text for page in pages(opened) for text in re.findall(r"Read \d times through [^(<]+", page)}
    assert shown == "Read 2 times through May 31, 2026 "
    assert {key for key in asked.read if key.startswith("reads/")} == {
        "reads/days/2026-04-01.json",
        "reads/days/2026-05-31.json",
    }
