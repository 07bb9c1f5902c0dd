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
    for run, plan in _of_date(runs, day):
        if report in plan["reports"]:
            run_id, number = run["dag_run_id"], plan["reports"].index(report)
            return Lane(run_id, run.get("triggering_user_name") or "", number, _states(runs, run_id, number))
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
    path = f"{_tasks(lane.run_id)}/lane.approve/{lane.number}/hitlDetails"
    runs.change("PATCH", path, {"chosen_options": [option], "params_input": {"reason": reason}})


def start(runs: Runs, report: str, day: date, note: str) -> str:
    """Start a run that makes and sends one report of a date; returns Airflow's id of it.

    Raises:
        HTTPException: with Airflow's refusal.
    """
    conf = {"report_date": day.isoformat(), "reports": [report]}
    made = runs.change("POST", "/dagRuns", {"logical_date": None, "conf": conf, "note": note})
    return str(made["dag_run_id"])


def archived_digest(runs: Runs, lane: Lane) -> str:
    """The content digest of what a lane archived, which is what its question is about; empty if it did not."""
    return str((_left(runs, lane.run_id, "lane.archive", map_index=lane.number) or {}).get("content_digest", ""))


def at_work(runs: Runs) -> frozenset[tuple[date, str]]:
    """The report dates and reports that runs are at work on now, as far as they have settled them."""
    found = runs.get("/dagRuns", state=["queued", "running"], limit=RECENT) or {"dag_runs": []}
    plans = (_plan(runs, run["dag_run_id"]) for run in found["dag_runs"])
    return frozenset(
        (date.fromisoformat(plan["report_date"]), one) for plan in plans if plan for one in plan["reports"]
    )


def place_of(runs: Runs, run_id: str, number: int = -1) -> tuple[str, str]:
    """The report date that a run settled, ISO, and the report of one of its lanes; each empty if there is none."""
    plan = _plan(runs, run_id) or {"report_date": "", "reports": ()}
    reports = plan["reports"]
    return str(plan["report_date"]), str(reports[number]) if 0 <= number < len(reports) else ""


def _of_date(runs: Runs, day: date) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """The runs of a date, newest first, each with its plan."""
    found = runs.get("/dagRuns", order_by="-run_after", limit=RECENT) or {"dag_runs": []}
    for run in found["dag_runs"]:
        asked = (run.get("conf") or {}).get("report_date")
        plan = _plan(runs, run["dag_run_id"]) if asked in (None, day.isoformat()) else None
        if plan and plan["report_date"] == day.isoformat():
            yield run, plan


def _plan(runs: Runs, run_id: str) -> dict[str, Any] | None:
    """What preflight settled: the date, and the reports in the order of their lanes."""
    return _left(runs, run_id, "preflight")


def _tasks(run_id: str) -> str:
    return f"/dagRuns/{quote(run_id, safe='')}/taskInstances"


def _left(runs: Runs, run_id: str, task: str, **query: int) -> dict[str, Any] | None:
    """What a task of a run returned; None if it did not."""
    found = runs.get(f"{_tasks(run_id)}/{task}/xcomEntries/return_value", **query)
    return found["value"] if found and isinstance(found.get("value"), dict) else None


def _states(runs: Runs, run_id: str, number: int) -> dict[str, str]:
    found = {step: runs.get(f"{_tasks(run_id)}/lane.{step}/{number}") for step in STEPS}
    return {step: str(task.get("state") or "none") for step, task in found.items() if task}
