"""The name of the machine that a process belongs to, as Airflow asks for it (``[core] hostname_callable``)."""

from __future__ import annotations

import os


def name() -> str:
    return os.environ["HOSTNAME"]
