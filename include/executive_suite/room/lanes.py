"""The lane of a report in Airflow: the run that made it last, whether it waits for a person, and what to clear.

A lane is a number within the mapped tasks of a run; the plan that preflight settled says the run's date and reports.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from urllib.parse import quote

from executive_suite.room.door import Runs

Step = Literal["render", "archive", "approve", "send"]
STEPS: tuple[Step, ...] = ("render", "archive", "approve", "send")
WAITS = "awaiting_input"
RECENT = 100
"""Runs that are looked through, newest first: a year of two a month has 24."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One report's lane of one run.

    Attributes:
        run_id: Airflow's id.
        started_by: Who started the run; empty for the schedule.
        number: Of the mapped lane.
        states: Step to its task's state.
    """

    run_id: str
    started_by: str
    number: int
    states: dict[str, str]

    @property
    def waits(self) -> bool:
        """Whether a person is asked to approve it."""
        return self.states.get("approve") == WAITS


def latest(runs: Runs, report: str, day: date) -> Lane | None:
    """The lane of the newest run that made a report of a date; None if Airflow knows none."""
    for run in _of_date(runs, day):
        number = _number(runs, run["dag_run_id"], report)
        if number is not None:
            states = _states(runs, run["dag_run_id"], number)
            return Lane(run["dag_run_id"], run.get("triggering_user_name") or "", number, states)
    return None


def clear(runs: Runs, lane: Lane, first: Step, note: str) -> None:
    """Have Airflow do a lane again from a step on, and close the run anew; no other lane is touched.

    Raises:
        HTTPException: with Airflow's refusal.
    """
    steps = STEPS[STEPS.index(first) :]
    tasks: list[Any] = [[f"lane.{step}", lane.number] for step in steps]
    body = {
        "dry_run": False,
        "dag_run_id": lane.run_id,
        "task_ids": [*tasks, "close"],
        "only_failed": False,
        "reset_dag_runs": True,
        "note": note,
    }
    runs.change("POST", "/clearTaskInstances", body)


def answer(runs: Runs, lane: Lane, option: str, reason: str) -> None:
    """Answer the question of a lane, as on Airflow's own page of required actions.

    Raises:
        HTTPException: with Airflow's refusal.
    """
    path = f"/dagRuns/{quote(lane.run_id, safe='')}/taskInstances/lane.approve/{lane.number}/hitlDetails"
    runs.change("PATCH", path, {"chosen_options": [option], "params_input": {"reason": reason}})


def start(runs: Runs, report: str, day: date, note: str) -> str:
    """Start a run that makes and sends one report of a date; returns Airflow's id of it.

    Raises:
        HTTPException: with Airflow's refusal.
    """
    conf = {"report_date": day.isoformat(), "reports": [report]}
    made = runs.change("POST", "/dagRuns", {"logical_date": None, "conf": conf, "note": note})
    return str(made["dag_run_id"])


def date_of(runs: Runs, run_id: str) -> str:
    """The report date that a run settled, ISO; empty before it did."""
    return str((_plan(runs, run_id) or {}).get("report_date", ""))


def archived_digest(runs: Runs, lane: Lane) -> str:
    """The content digest of what a lane archived, which is what its question is about; empty if it did not."""
    path = f"/dagRuns/{quote(lane.run_id, safe='')}/taskInstances/lane.archive/xcomEntries/return_value"
    found = runs.get(path, map_index=lane.number)
    return str(found["value"].get("content_digest", "")) if found and isinstance(found.get("value"), dict) else ""


def at_work(runs: Runs) -> frozenset[tuple[date, str]]:
    """The report dates and reports that runs are at work on now, as far as they have settled them."""
    found = runs.get("/dagRuns", state=["queued", "running"], limit=RECENT) or {"dag_runs": []}
    plans = (_plan(runs, run["dag_run_id"]) for run in found["dag_runs"])
    return frozenset(
        (date.fromisoformat(plan["report_date"]), one) for plan in plans if plan for one in plan["reports"]
    )


def report_of(runs: Runs, run_id: str, number: int) -> str:
    """The report of a lane of a run; empty if there is none."""
    reports = list((_plan(runs, run_id) or {}).get("reports", ()))
    return str(reports[number]) if 0 <= number < len(reports) else ""


def _of_date(runs: Runs, day: date) -> Iterator[dict[str, Any]]:
    found = runs.get("/dagRuns", order_by="-run_after", limit=RECENT) or {"dag_runs": []}
    for run in found["dag_runs"]:
        asked = (run.get("conf") or {}).get("report_date")
        if asked in (None, day.isoformat()) and date_of(runs, run["dag_run_id"]) == day.isoformat():
            yield run


def _plan(runs: Runs, run_id: str) -> dict[str, Any] | None:
    path = f"/dagRuns/{quote(run_id, safe='')}/taskInstances/preflight/xcomEntries/return_value"
    found = runs.get(path)
    return found["value"] if found and isinstance(found.get("value"), dict) else None


def _number(runs: Runs, run_id: str, report: str) -> int | None:
    """The lane's number: the place of the report among those that reconcile handed on."""
    plan = _plan(runs, run_id) or {}
    reports = list(plan.get("reports", ()))
    return reports.index(report) if report in reports else None


def _states(runs: Runs, run_id: str, number: int) -> dict[str, str]:
    path = f"/dagRuns/{quote(run_id, safe='')}/taskInstances/"
    found = {step: runs.get(f"{path}lane.{step}/{number}") for step in STEPS}
    return {step: str(task.get("state") or "none") for step, task in found.items() if task}
