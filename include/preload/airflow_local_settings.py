# ruff: noqa: INP001 - Airflow finds this module by its bare name on the path
"""Loaded by Airflow at the start of a process that has this folder on its path: only those that fork tasks.

A forked task inherits what its parent has imported. Without this every task would import the same libraries anew,
which costs more than most tasks themselves. Imports only: nothing here may start a thread before the fork.
"""

import importlib
import logging

from executive_suite.metrics import FIELDS, load

MODULES = ("boto3", "executive_suite.run.steps", "executive_suite.run.steps_lane", "executive_suite.run.preflight")


def _import_all() -> None:
    """Import what tasks need. What cannot be imported is left to the task that needs it, whose log says why."""
    try:
        for name in MODULES:
            importlib.import_module(name)
        for field in FIELDS:
            load(field)
    except ImportError:
        logging.getLogger(__name__).exception("preload is incomplete; tasks will import for themselves")


_import_all()
