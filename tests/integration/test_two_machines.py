"""The core of the faults on Celery: one of two machines loses its power in mid-send, counted at SES's side.

All faults, with the limits and the patience that are shipped: `make test-engine`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.cluster import started
from engine.scenario import Scenario
from integration.suite import LIMITS

pytestmark = pytest.mark.airflow

# A lost task is found within half a minute; as shipped, it may be silent for three.
QUICK = {
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "20",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "3",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_SEC": "3",
    "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.1",
}


def test_a_machine_that_is_lost_in_mid_send_leaves_one_mail_and_one_person_who_is_told(tmp_path: Path) -> None:
    with started(tmp_path / "checkout", schedulers=("scheduler-1",), limits=LIMITS, **QUICK) as cluster:
        Scenario(cluster, "2026-05-01", cluster.mails()).lose_the_sender("cfo", "cfo")
