"""What a lane says of a report, and that a DAG which waits for it waits for the same asset."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from group_data import INCLUDE

PROGRAM = """
from types import SimpleNamespace
from airflow.sdk import DAG, Asset
from airflow.sdk.execution_time.context import OutletEventAccessors
import executive_suite_assets as assets

waiting = DAG("waits", schedule=[Asset("executive_suite__acme/cfo", uri="x-executive-suite://executive_suite__acme/cfo")])
(wanted,) = waiting.timetable.asset_condition.objects
context = {"ti": SimpleNamespace(dag_id="executive_suite__acme"), "outlet_events": OutletEventAccessors()}
assets.archived(context, {"plan": {"report_date": "2026-05-01"}, "report": "cfo"}, "abc")
(event,) = context["outlet_events"][assets.reports_of("executive_suite__acme")].asset_alias_events
assert (event.dest_asset_key.name, event.dest_asset_key.uri) == (wanted.name, wanted.uri), event
assert event.extra == {"report_date": "2026-05-01", "content_digest": "abc"}
assets.frozen(context, {"report_date": "2026-05-01"}, "datasets/2026-05-01/def.json")
dataset = Asset("executive_suite__acme/dataset", uri="x-executive-suite://executive_suite__acme/dataset")
assert context["outlet_events"][dataset].extra == {"report_date": "2026-05-01", "content_digest": "def"}
"""


def test_an_archived_report_is_the_asset_that_others_wait_for(tmp_path: Path) -> None:
    """Airflow matches name and URI, as docs/deployment.md writes them."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={
            "PATH": os.environ["PATH"],
            "AIRFLOW_HOME": str(tmp_path),
            "PYTHONPATH": os.pathsep.join((str(INCLUDE), str(INCLUDE.parent / "plugins"))),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
