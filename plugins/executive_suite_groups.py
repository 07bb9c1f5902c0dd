"""The DAGs of one of many groups."""

from __future__ import annotations

from airflow.sdk import DAG

from executive_suite_steps import OF_GROUP, environment_of


def dags_of(name: str) -> list[DAG]:
    """Its reports, its watch and, if it has a queue, its feedback, each under the group's own name.

    Raises:
        ConfigError: a file of the group is wrong; only this group's DAG file fails.
    """
    from delivery_feedback_dag import delivery_feedback_of
    from delivery_watch_dag import delivery_watch_of
    from executive_suite_dag import executive_suite_of

    given = environment_of(name)
    return [
        define(given, f"{OF_GROUP}{name}") for define in (executive_suite_of, delivery_watch_of, delivery_feedback_of)
    ]
