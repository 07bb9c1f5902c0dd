"""The note of each run, in Airflow's grid and lists: its report date, and how it ended.

Airflow names a run after the moment it was started, which says nothing about the reports in it. No task can write a
note, so the scheduler does, when a run begins and when it ends. What a person wrote there stays.
"""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING, Any

from airflow.listeners import hookimpl
from airflow.plugins_manager import AirflowPlugin

if TYPE_CHECKING:
    from airflow.models.dagrun import DagRun

DAG, OF_GROUP = "executive_suite", "__"
OURS = "Report date "
"""How the line of a note begins that is ours to replace."""
OUTCOME = "outcome"
MOST = 1000
"""Characters of a note in Airflow's table, which refuses a longer one."""


class Notes:
    """Keeps the note of each run of our DAGs."""

    @hookimpl
    def on_dag_run_running(self, dag_run: DagRun) -> None:
        """A run begins, or begins again."""
        _note(dag_run, "running", "")

    @hookimpl
    def on_dag_run_success(self, dag_run: DagRun) -> None:
        """A run ended well."""
        _note(dag_run, "ended", OUTCOME)

    @hookimpl
    def on_dag_run_failed(self, dag_run: DagRun) -> None:
        """A run ended red."""
        _note(dag_run, "failed", OUTCOME)


class ExecutiveSuiteNotes(AirflowPlugin):
    """The notes, as Airflow finds them."""

    name = "executive_suite_notes"
    listeners: list[Any] = [Notes()]  # noqa: RUF012 - as Airflow declares it


def noted(note: str | None, report_date: date, outcome: str) -> str:
    """A note with the line that is ours at its head: the report date and the outcome, as far as there is room."""
    kept = "\n".join(line for line in (note or "").splitlines() if not line.startswith(OURS)).strip()
    said = f"{OURS}{report_date:%B} {report_date.day}, {report_date.year}: {' '.join(outcome.split())}"
    room = MOST - len(kept) - 2
    # A line cut within its beginning would not be found again. In Markdown an empty line parts two lines.
    return f"{said[:room] if room >= len(OURS) else ''}\n\n{kept}".strip()


def _note(dag_run: DagRun, state: str, outcome: str) -> None:
    """Write the note in the scheduler's own transaction."""
    if dag_run.dag_id.partition(OF_GROUP)[0] != DAG:
        return
    day = _report_date(dag_run, _left(dag_run, "preflight", "return_value"))
    said = outcome and (_left(dag_run, "preflight", outcome) or _left(dag_run, "close", outcome))
    dag_run.note = noted(dag_run.note, day, str(said or state))


def _left(dag_run: DagRun, task: str, key: str) -> Any:
    """What a task of the run left under a key; None if it left nothing."""
    from airflow.models.xcom import XComModel
    from sqlalchemy.orm import object_session

    session = object_session(dag_run)
    wanted = XComModel.get_many(run_id=dag_run.run_id, dag_ids=dag_run.dag_id, task_ids=task, key=key, limit=1)
    found = session.scalars(wanted).first() if session else None
    return None if found is None else XComModel.deserialize_value(found)


def _report_date(dag_run: DagRun, plan: Any) -> date:
    """As preflight settled it, else as it will, by the same rule."""
    if plan:
        return date.fromisoformat(plan["report_date"])
    from executive_suite.run import due

    given = (dag_run.conf or {}).get("report_date") or None
    try:
        return due.report_date(given, dag_run.data_interval_end, dag_run.run_after, due.zone_of(os.environ))
    except ValueError:  # preflight says so
        return dag_run.run_after.date()
