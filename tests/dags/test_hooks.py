"""What others hear of a run: assets that their DAGs wait for, and notifiers of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from group_data import INCLUDE

ASSETS = """
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


NOTIFIED = """
from airflow.sdk import BaseNotifier
from airflow.serialization.serialized_objects import DagSerialization
from executive_suite_dag import executive_suite_of
import os

class Pager(BaseNotifier):
    def notify(self, context):
        pass

pager = Pager()
made = executive_suite_of(os.environ, on_failure_callback=[pager], on_success_callback=pager)
assert (made.on_failure_callback, made.on_success_callback) == ([pager], pager)
stored = DagSerialization.to_dict(made)["dag"]
assert stored["has_on_failure_callback"] and stored["has_on_success_callback"]
plain = DagSerialization.to_dict(executive_suite_of(os.environ))["dag"]
assert not plain.get("has_on_failure_callback")
"""


def test_what_others_hear_of_a_run(tmp_path: Path) -> None:
    """As docs/platforms.md writes it: Airflow matches an asset's name and URI, and runs what a DAG of yours adds."""
    checkout = INCLUDE.parent
    done = subprocess.run(
        [sys.executable, "-c", ASSETS + NOTIFIED],
        env={
            "PATH": os.environ["PATH"],
            "AIRFLOW_HOME": str(tmp_path),
            "PYTHONPATH": os.pathsep.join(str(checkout / part) for part in ("include", "plugins", "dags")),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
