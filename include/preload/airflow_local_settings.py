"""Loaded by Airflow when a process with this folder on its path starts: only those that fork tasks.

A forked task inherits what its parent has imported. Otherwise every task would import the same parts of Airflow, which
costs more than most tasks themselves. What the steps need is in ``executive_suite.run.ready``: each runs in a clean
process of its own. Nothing here may start a thread: a fork does not copy threads.
"""

import importlib
import logging
import os

MODULES = (
    "airflow.dag_processing.dagbag",
    "airflow.providers.standard.decorators.python",
    "airflow.providers.standard.operators.hitl",
    "airflow.sdk.definitions.decorators.task_group",
    "airflow.sdk.definitions.retry_policy",
    "executive_suite.run.apart",
    "executive_suite.sources.config",
    # Every task of a deployment with a connection to AWS asks for it.
    *(("airflow.providers.amazon.aws.hooks.base_aws",) if os.environ.get("EXECUTIVE_SUITE_AWS_CONN_ID") else ()),
)


try:
    for name in MODULES:
        importlib.import_module(name)
    from executive_suite import config, folders

    # Tasks inherit the configuration, too; one whose files were changed since reads them itself.
    config.load(folders.group_of(os.environ))
except Exception:  # the task that needs it fails in the same way, and its log says why
    logging.getLogger(__name__).exception("preload is incomplete; tasks import for themselves")
