"""The progress of a run: one line whenever a task ends."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from executive_suite.embedded.client import ENDED, Client
from executive_suite.run import label

SOONEST, LATEST = 0.5, 2.0
"""Seconds between two looks: while tasks end, and after some time in which none did."""
WRITTEN_WITHIN = timedelta(seconds=60)
"""A task knows when it ended before the database does."""
_MARKS = {"success": "✓", "failed": "✗", "upstream_failed": "-", "skipped": "-", "up_for_retry": "↻"}
_WORDS = {"upstream_failed": "not reached", "up_for_retry": "will be retried", "success": ""}


def follow(client: Client, dag_id: str, run_id: str, say: Callable[[str], None], *, seconds: float) -> str:
    """Print each task as it ends until the run does; returns the run's state.

    Needs a logged-in session. After so many ``seconds`` the state may still be ``running``. Whoever watches shares the
    processor with what is watched: it asks only for what has ended, seldom while nothing does, and for the run itself
    when nothing else has.
    """
    told = _Told(client, dag_id, run_id, say)
    deadline = time.monotonic() + seconds
    wait = SOONEST
    while True:
        if told.news():
            wait = SOONEST
        else:
            state = client.state(dag_id, run_id)
            if state in ENDED or time.monotonic() > deadline:
                told.news(everything=True)
                return state
            wait = min(wait * 1.5, LATEST)
        time.sleep(wait)


class _Told:
    """What was printed of a run."""

    def __init__(self, client: Client, dag_id: str, run_id: str, say: Callable[[str], None]) -> None:
        self._client, self._run, self._say = client, (dag_id, run_id), say
        self._printed: dict[tuple[str, int], tuple[str, int]] = {}
        self._latest: datetime | None = None

    def news(self, *, everything: bool = False) -> bool:
        """Print what has ended since; whether anything had."""
        since = None if everything or not self._latest else self._latest - WRITTEN_WITHIN
        found = False
        for task in sorted(self._client.tasks(*self._run, ended_since=since), key=lambda one: one["end_date"] or ""):
            key, state = (task["task_id"], task["map_index"]), (task["state"] or "", task["try_number"])
            if state[0] not in _MARKS or self._printed.get(key) == state:
                continue
            self._printed[key] = state
            found = True
            if task["end_date"]:
                self._latest = datetime.fromisoformat(task["end_date"])
            self._say(line(task))
            if state[0] == "failed" and (reason := self._client.failure(*self._run, task)):
                self._say(f"      {reason}")
        return found


def line(task: dict[str, Any]) -> str:
    """One task instance as a line: mark, name, seconds, state and tries."""
    name = task["task_id"].removeprefix("lane.")
    named = task.get("rendered_map_index") or ("" if task["map_index"] < 0 else str(task["map_index"]))
    lane, said = label.parts(named)
    tries = f", try {task['try_number']}" if task["try_number"] > 1 else ""
    word = _WORDS.get(task["state"], task["state"])
    took = _seconds(task)
    details = ", ".join(part for part in (f"{took:.1f} s" if took else "", word, said) if part)
    return f"  {_MARKS[task['state']]} {name:<10} {lane:<12} {details}{tries}".rstrip()


def _seconds(task: dict[str, Any]) -> float:
    if not task["start_date"] or not task["end_date"]:
        return 0
    begun, ended = (datetime.fromisoformat(task[name]) for name in ("start_date", "end_date"))
    return (ended - begun).total_seconds()
