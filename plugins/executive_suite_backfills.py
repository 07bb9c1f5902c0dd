"""A backfill mails only if it was armed itself: what an earlier backfill of the same period asked for ends with it.

Airflow gives a period that has a run already that same run again, with the configuration it had, unless the new
backfill has one of its own (https://github.com/apache/airflow/issues/62126). So the scheduler disarms such a run as it
begins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.listeners import hookimpl
from airflow.plugins_manager import AirflowPlugin

if TYPE_CHECKING:
    from airflow.models.dagrun import DagRun

DAG, OF_GROUP = "executive_suite", "__"
ARMED = "arm_backfill_send"


class Disarmed:
    """Takes from runs of a backfill what it did not ask for."""

    @hookimpl
    def on_dag_run_running(self, dag_run: DagRun) -> None:
        """A run begins, or begins again."""
        if dag_run.dag_id.partition(OF_GROUP)[0] == DAG and dag_run.backfill is not None:
            dag_run.conf = conf_of(dag_run.conf, dag_run.backfill.dag_run_conf)


class ExecutiveSuiteBackfills(AirflowPlugin):
    """The listener, as Airflow finds it."""

    name = "executive_suite_backfills"
    listeners: list[Any] = [Disarmed()]  # noqa: RUF012 - as Airflow declares it


def conf_of(run: dict[str, Any] | None, backfill: dict[str, Any] | None) -> dict[str, Any]:
    """The configuration of a backfill's run: as it is, but armed only as the backfill itself says."""
    given = dict(run or {})
    if ARMED in given:
        given[ARMED] = (backfill or {}).get(ARMED, False)
    return given
