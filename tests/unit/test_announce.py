"""A schedule says on the terminal what it is about to do."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import pytest

from executive_suite import config
from executive_suite.embedded import announce
from executive_suite.embedded.client import AirflowError
from executive_suite.folders import INCLUDE

NOW = datetime(2026, 5, 2, tzinfo=UTC)


def test_a_schedule_names_the_next_run_and_whom_it_mails() -> None:
    shipped = config.load(INCLUDE / "config")
    assert announce.schedule(shipped, {}, NOW) == ""  # docs/operations.md: the embedded platform starts nothing
    said = announce.schedule(shipped, {"EXECUTIVE_SUITE_SCHEDULE": "0 6 1,15 * *"}, NOW)
    assert "2026-05-15 06:00-07:00" in said
    assert "8 mails to 1 recipients" in said
    assert "2026-05-15" in announce.schedule(shipped, {"EXECUTIVE_SUITE_AWS": "real"}, NOW)


def test_a_run_of_the_schedule_is_named_once_and_a_persons_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announce, "EVERY_SECONDS", 0)
    ended, said = threading.Event(), []
    runs = [
        {"dag_run_id": "scheduled__1", "run_type": "scheduled", "state": "queued"},
        {"dag_run_id": "manual__1", "run_type": "manual", "state": "running"},
        {"dag_run_id": "scheduled__0", "run_type": "scheduled", "state": "success"},
    ]

    class Looks:
        left = 4

        def get(self, path: str, **_: Any) -> dict[str, Any]:
            assert path == "/dags/executive_suite/dagRuns"
            self.left -= 1
            if not self.left:
                ended.set()
            if self.left == 3:
                msg = "503"
                raise AirflowError(msg)
            return {"dag_runs": runs}

    announce.follow(Looks(), "executive_suite", said.append, ended)  # type: ignore[arg-type]  # what it uses of one
    assert said == ["The schedule has started scheduled__1: it makes its reports and mails them."]
