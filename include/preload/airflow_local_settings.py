# ruff: noqa: INP001 - Airflow finds this module by its bare name on the path
"""Loaded by Airflow at the start of a process that has this folder on its path: only those that fork tasks.

A forked task inherits what its parent has imported. Without this every task would import the same libraries anew,
which costs more than most tasks themselves. Imports only: nothing here may start a thread before the fork.
"""

import boto3  # noqa: F401 - inherited by the tasks
import pandas as pd  # noqa: F401 - inherited by the tasks
