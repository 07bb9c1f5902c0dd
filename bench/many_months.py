"""A backfill of many months that mails nobody: what each month costs, and how the platform bears it.

The group of the sample, monthly, on a platform of its own: `airflow backfill create` for the months that end at the
sample's report date, a number of runs at once. Every run must succeed, and no mail may be accepted. Printed: processor
seconds and memory by component (``meter``), and what Airflow's database says (``history``).

    PYTHONPATH=include .venv/bin/python bench/many_months.py --months 36
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import httpx

from executive_suite.embedded.client import ENDED
from executive_suite.embedded.endpoint import ACCEPTED_PATH
from executive_suite.embedded.platform import Running
from executive_suite.period import months_later
from history import measured
from many_reports import DAG, DATE, checkout, platform

SHIPPED = 8
"""Reports of the sample."""


def accepted(running: Running) -> int:
    """How many mails the endpoint accepted, by its own list."""
    key = running.environment["AWS_ACCESS_KEY_ID"]
    signed = {"Authorization": f"AWS4-HMAC-SHA256 Credential={key}/20260501/us-east-1/ses/aws4_request"}
    given = httpx.get(f"{running.aws_endpoint}{ACCEPTED_PATH}", headers=signed, trust_env=False, timeout=60).json()
    return len(given.get("ses", {}).get("RawMessage", []))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--at-once", type=int, default=3)
    given = parser.parse_args()
    last = months_later(date.fromisoformat(DATE), -1)
    first = months_later(last, 1 - given.months)
    with tempfile.TemporaryDirectory() as folder:
        place = checkout(Path(folder) / "bench", SHIPPED)
        schedule = place / "include" / "config" / "schedule.yaml"
        schedule.write_text(schedule.read_text(encoding="utf-8").replace("0 6 1,15 * *", "0 6 1 * *"), encoding="utf-8")
        with platform(place) as (layout, registry, running), running.client() as client:
            client.log_in()
            client.await_dag(DAG, seconds=300)
            period = ("--from-date", f"{first}", "--to-date", f"{last + timedelta(days=1)}")
            asked = ("--dag-id", DAG, *period, "--max-active-runs", str(given.at_once))
            with measured(layout, registry) as runs:
                subprocess.run(
                    [sys.executable, "-m", "airflow", "backfill", "create", *asked],
                    env=dict(running.environment),
                    cwd=place,
                    stdout=subprocess.DEVNULL,
                    check=True,
                )
                states: list[str] = []
                while len(states) < given.months or not set(states) <= ENDED:
                    time.sleep(5)
                    found = client.get(f"/dags/{DAG}/dagRuns", limit=100)["dag_runs"]
                    states = [run["state"] for run in found]
                runs += [run["dag_run_id"] for run in found]
            mails = accepted(running)
    failed = states.count("failed")
    print(f"{given.months} months: {failed} failed, {mails} mails")
    if failed or mails:
        sys.exit(1)


if __name__ == "__main__":
    main()
