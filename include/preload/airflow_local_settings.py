"""Loaded by Airflow at the start of a process that has this folder on its path: only those that fork tasks.

A forked task inherits what its parent has imported and looked up. Without this, every task would import the same
libraries, compile the same templates and read the same descriptions of AWS again, which costs more than most tasks.
Nothing here may start a thread: a fork would leave it behind.
"""

import importlib
import logging

from executive_suite.metrics import FIELDS, load

MODULES = (
    "airflow.dag_processing.dagbag",
    "airflow.providers.standard.decorators.python",
    "airflow.providers.standard.operators.hitl",
    "airflow.sdk.definitions.decorators.task_group",
    "airflow.sdk.definitions.retry_policy",
    "executive_suite.reports.build",
    "executive_suite.run.preflight",
    "executive_suite.run.steps",
    "executive_suite.run.steps_approval",
    "executive_suite.run.steps_lane",
)
SERVICES = ("logs", "s3", "sesv2")


def _import_all() -> None:
    """Import what tasks need."""
    for name in MODULES:
        importlib.import_module(name)
    for field in FIELDS:
        load(field)


def _look_up() -> None:
    """Read what every client of AWS and every report begins with."""
    import boto3

    from executive_suite import config
    from executive_suite.period import time_zones
    from executive_suite.rendering import render
    from executive_suite.run.deployment import INCLUDE

    for service in SERVICES:
        # Dummy credentials: these clients are discarded; boto3's default session keeps the descriptions they loaded.
        boto3.client(service, "us-east-1", aws_access_key_id="nobody", aws_secret_access_key="nobody")  # type: ignore[call-overload]  # noqa: S106 - the stubs want one name each
    time_zones()
    for report in config.load(INCLUDE / "config").reports:
        render.prepare(report.template)


try:
    _import_all()
    _look_up()
except Exception:  # the task that needs it fails again, and its log says why
    logging.getLogger(__name__).exception("preload is incomplete; tasks will import for themselves")
