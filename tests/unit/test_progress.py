"""What a person who waits hears: each task once, in whatever order their ends are written, and that it goes on."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from executive_suite.embedded import processes, progress
from executive_suite.embedded.processes import ComponentError, await_ready, finish

BEGAN = datetime(2026, 5, 1, 6, tzinfo=UTC)


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        for module in (progress, processes):
            monkeypatch.setattr(module.time, "monotonic", lambda: self.now)
            monkeypatch.setattr(module.time, "sleep", self.pass_)

    def pass_(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def task(name: str, ended: float, seen: float = 0.0, state: str = "success") -> dict[str, Any]:
    """A task that ended after so many seconds, which the database knows from ``seen`` on."""
    return {
        "task_id": name,
        "map_index": -1,
        "state": state,
        "try_number": 1,
        "start_date": BEGAN.isoformat(),
        "end_date": (BEGAN + timedelta(seconds=ended)).isoformat(),
        "rendered_map_index": None,
        "seen": max(ended, seen),
    }


class Airflow:
    """The two questions that ``follow`` asks, counted."""

    def __init__(self, clock: Clock, tasks: list[dict[str, Any]], ends: float) -> None:
        self._clock, self._tasks, self._ends = clock, tasks, ends
        self.asked = self.rows = 0

    def tasks(self, _dag: str, _run: str, *, ended_since: datetime | None = None) -> list[dict[str, Any]]:
        self.asked += 1
        known = [one for one in self._tasks if one["seen"] <= self._clock.now]
        found = [one for one in known if not ended_since or datetime.fromisoformat(one["end_date"]) >= ended_since]
        self.rows += len(found)
        return found

    def state(self, _dag: str, _run: str) -> str:
        self.asked += 1
        return "success" if self._clock.now >= self._ends else "running"

    def failure(self, *_: object) -> str:
        return "why it failed"


def followed(
    clock: Clock, tasks: list[dict[str, Any]], ends: float, seconds: float = 1800
) -> tuple[list[str], Airflow]:
    said: list[str] = []
    airflow = Airflow(clock, tasks, ends)
    progress.follow(airflow, "d", "r", said.append, seconds=seconds)  # type: ignore[arg-type]
    return said, airflow


def test_each_task_is_printed_once_even_if_its_end_is_written_late(clock: Clock) -> None:
    tasks = [task("first", 3), task("late", 4, seen=9), task("broken", 8, state="failed"), task("close", 20)]
    said, _ = followed(clock, tasks, 21)
    assert [line.split()[1] for line in said if line.startswith("  ")][:1] == ["first"]
    assert sorted(line.split()[1] for line in said if not line.startswith("    ")) == [
        "broken",
        "close",
        "first",
        "late",
    ]
    assert "      why it failed" in said


def test_who_waits_asks_little(clock: Clock) -> None:
    """A run of fifty seconds with four tasks was asked for twice every half second, all of its tasks each time."""
    _, airflow = followed(clock, [task(f"t{n}", 12.0 * n) for n in range(1, 5)], 50)
    assert clock.now < 53
    assert airflow.asked < 100
    assert followed(clock, [], clock.now + 1000)[1].asked < 1100


def test_a_run_that_never_ends_is_left(clock: Clock) -> None:
    followed(clock, [], 1e9, seconds=60)
    assert 60 <= clock.now < 70


class Child:
    """A process that lives."""

    @staticmethod
    def poll() -> None:
        return None


def waited(clock: Clock, tmp_path: Path, ready_at: float, doing: Any = str) -> list[str]:
    said: list[str] = []
    await_ready(
        "Airflow",
        Child(),  # type: ignore[arg-type]
        lambda: clock.now >= ready_at,
        log=tmp_path / "log",
        seconds=30,
        say=said.append,
        doing=doing,
    )
    return said


def test_a_short_wait_says_nothing_and_a_long_one_every_ten_seconds(clock: Clock, tmp_path: Path) -> None:
    assert waited(clock, tmp_path, 5) == []
    begun = clock.now
    assert waited(clock, tmp_path, begun + 25) == [
        "  Airflow: still at it, 10 s ...",
        "  Airflow: still at it, 20 s ...",
        "  Airflow: done, 25 s",
    ]


def test_who_says_what_it_does_may_take_longer(clock: Clock, tmp_path: Path) -> None:
    said = waited(clock, tmp_path, 100, doing=lambda: f"replaying its journal, {clock.now // 20 * 20:.0f}%")
    assert said[0] == "  Airflow: replaying its journal, 0%, 10 s ..."
    assert said[-1] == "  Airflow: done, 100 s"
    (tmp_path / "log").write_text("stuck\n")
    with pytest.raises(ComponentError, match="did not answer within 30 s"):
        waited(clock, tmp_path, 1000, doing=lambda: "the same all the time")


def test_a_program_that_fails_is_named_with_its_output(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; print('to one'); sys.exit('to the other')"]
    with pytest.raises(ComponentError, match=r"(?s)the migration failed:.*to one.*to the other|to the other.*to one"):
        finish("the migration", command, environment={}, folder=tmp_path)
