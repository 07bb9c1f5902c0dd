"""Loaded by Airflow when a process with this folder on its path starts: only those that fork tasks.

A forked task inherits what its parent has imported and looked up. Otherwise every task would import the same libraries,
compile the same templates and read the same AWS service descriptions, which costs more than most tasks themselves.
Nothing here may start a thread: a fork does not copy threads.
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
    "executive_suite.run.extract",
    "executive_suite.run.validate",
    "executive_suite.run.compute",
    "executive_suite.run.reconcile",
    "executive_suite.run.render",
    "executive_suite.run.archive",
    "executive_suite.run.approve",
    "executive_suite.run.send",
    "executive_suite.run.close",
)
SERVICES = ("logs", "s3", "sesv2")


def _import_all() -> None:
    """Import what tasks need."""
    for name in MODULES:
        importlib.import_module(name)
    for field in FIELDS:
        load(field)


def _look_up() -> None:
    """Read what every AWS client and every report needs first."""
    import boto3

    from executive_suite import config
    from executive_suite.folders import INCLUDE
    from executive_suite.period import time_zones
    from executive_suite.rendering import render

    for service in SERVICES:
        # Dummy credentials: these clients are discarded; boto3's default session keeps the service descriptions.
        boto3.client(service, "us-east-1", aws_access_key_id="nobody", aws_secret_access_key="nobody")  # type: ignore[call-overload]  # noqa: S106 - the stubs want one name each
    time_zones()
    for report in config.load(INCLUDE / "config").reports:
        render.prepare(report.template)


try:
    _import_all()
    _look_up()
except Exception:  # the task that needs it fails in the same way, and its log says why
    logging.getLogger(__name__).exception("preload is incomplete; tasks import for themselves")
