"""The progress of a run: one line whenever a task ends."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from executive_suite.embedded.client import ENDED, Client
from executive_suite.run import label

_MARKS = {"success": "✓", "failed": "✗", "upstream_failed": "-", "skipped": "-", "up_for_retry": "↻"}
_WORDS = {"upstream_failed": "not reached", "up_for_retry": "will be retried", "success": ""}


def follow(client: Client, dag_id: str, run_id: str, say: Callable[[str], None], *, seconds: float) -> str:
    """Print each task as it ends until the run does; returns the run's state.

    Needs a logged-in session. After so many ``seconds`` the state may still be ``running``.
    """
    printed: dict[tuple[str, int], tuple[str, int]] = {}
    deadline = time.monotonic() + seconds
    while True:
        # The state is read before the tasks, so that all tasks of an ended run are printed.
        state = client.state(dag_id, run_id)
        for task in sorted(client.tasks(dag_id, run_id), key=lambda one: one["end_date"] or ""):
            key, news = (task["task_id"], task["map_index"]), (task["state"] or "", task["try_number"])
            if news[0] in _MARKS and printed.get(key) != news:
                printed[key] = news
                say(line(task))
                if news[0] == "failed" and (reason := client.failure(dag_id, run_id, task)):
                    say(f"      {reason}")
        if state in ENDED or time.monotonic() > deadline:
            return state
        time.sleep(0.5)


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
