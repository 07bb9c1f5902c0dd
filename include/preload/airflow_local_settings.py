"""Loaded by Airflow at the start of a process that has this folder on its path: only those that fork tasks.

A forked task inherits what its parent has imported and looked up. Without this every task would import the same
libraries, compile the same templates and read the same descriptions of AWS anew, which costs more than most tasks
themselves. Nothing here may start a thread, which a fork would leave behind.
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
    import boto3  # noqa: PLC0415 - what cannot be imported is told below

    from executive_suite import config  # noqa: PLC0415 - as above
    from executive_suite.period import time_zones  # noqa: PLC0415 - as above
    from executive_suite.rendering import render  # noqa: PLC0415 - as above
    from executive_suite.run.deployment import INCLUDE  # noqa: PLC0415 - as above

    for service in SERVICES:
        # Keys of nobody: these clients are thrown away, and only the descriptions stay with boto3's default session.
        boto3.client(service, "us-east-1", aws_access_key_id="nobody", aws_secret_access_key="nobody")  # type: ignore[call-overload]  # noqa: S106 - the stubs want one name each
    time_zones()
    for report in config.load(INCLUDE / "config").reports:
        render.prepare(report.template)


try:
    _import_all()
    _look_up()
except Exception:  # whatever it is, the task that needs it meets it again, and its log says why
    logging.getLogger(__name__).exception("preload is incomplete; tasks will import for themselves")
