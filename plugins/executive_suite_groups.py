"""The DAGs of one of many groups."""

from __future__ import annotations

from airflow.sdk import DAG

from executive_suite import config
from executive_suite.folders import group_of
from executive_suite_steps import OF_GROUP, environment_of


def dags_of(name: str) -> list[DAG]:
    """Its reports, its watch, its feedback and, if it has them, its alerts, each under the group's own name.

    Raises:
        ConfigError: a file of the group is wrong; only this group's DAG file fails.
    """
    from delivery_alerts_dag import delivery_alerts_of
    from delivery_feedback_dag import delivery_feedback_of
    from delivery_watch_dag import delivery_watch_of
    from executive_suite_dag import executive_suite_of

    given = environment_of(name)
    alerts = (delivery_alerts_of,) if config.load(group_of(given)).limits.alerts else ()
    ways = (executive_suite_of, delivery_watch_of, delivery_feedback_of, *alerts)
    return [define(given, f"{OF_GROUP}{name}") for define in ways]
