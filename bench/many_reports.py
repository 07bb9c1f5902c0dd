"""Many reports in one group: what each added report costs, from parsing to the last mail.

The eight reports are copied under other ids as often as it takes, in a group's folder of its own. Parsing is timed in a
process that has Airflow loaded, in processor seconds, next to the size of the DAG as Airflow stores it and of the plan.
With ``--run``, each number of reports is run once on a platform of its own, for the same report date, with processor
seconds and memory by component (``meter``), and what Airflow's database says of tasks and scheduler (``history``).

    PYTHONPATH=include .venv/bin/python bench/many_reports.py --reports 8 80 800
    PYTHONPATH=include .venv/bin/python bench/many_reports.py --reports 8 80 --run
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from executive_suite import settings
from executive_suite.embedded import progress
from executive_suite.embedded.layout import Layout
from executive_suite.embedded.platform import Running, held, start_airflow, start_aws
from executive_suite.embedded.processes import Registry
from executive_suite.run import environment
from history import measured

CHECKOUT = Path(__file__).parents[1]
DAG = "executive_suite"
DATE = "2026-05-01"
PARSE = """
import json, sys, time
from airflow.dag_processing.dagbag import DagBag
from airflow.serialization.serialized_objects import DagSerialization
from executive_suite import config
from executive_suite.folders import group_of
import os
def once():
    begun = time.process_time()
    bag = DagBag(dag_folder=sys.argv[1])
    assert not bag.import_errors, bag.import_errors
    return time.process_time() - begun, len(json.dumps(DagSerialization.to_dict(bag.dags["executive_suite"])))
once()
seconds, size = once()
due = len(config.load(group_of(os.environ)).reports)
print(json.dumps([seconds, size, due]))
"""


def checkout(place: Path, reports: int) -> Path:
    """A copy of the checkout whose group has so many reports."""
    for part in ("dags", "plugins", "include"):
        shutil.copytree(CHECKOUT / part, place / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CHECKOUT / ".env.example", place)
    file = place / "include" / "config" / "reports.yaml"
    shipped = yaml.safe_load(file.read_text(encoding="utf-8"))
    copies = [
        {**one, "report": f"{one['report']}{number or ''}", "file_name": f"{one['file_name']}{number or ''}"}
        for number in range(-(-reports // len(shipped)))
        for one in shipped
    ]
    file.write_text(yaml.safe_dump(copies[:reports], sort_keys=False), encoding="utf-8")
    return place


def parse(place: Path) -> tuple[float, int, int]:
    """Processor seconds of one parse, bytes of the stored DAG, reports."""
    variables = {
        "PATH": os.environ["PATH"],
        "AIRFLOW_HOME": str(place / "airflow"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "PYTHONPATH": os.pathsep.join(str(place / name) for name in ("include", "plugins")),
    }
    command = [sys.executable, "-c", PARSE, str(place / "dags" / "executive_suite_dag.py")]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=True)
    seconds, size, reports = json.loads(done.stdout.splitlines()[-1])
    return seconds, size, reports


@contextmanager
def platform(place: Path) -> Iterator[tuple[Layout, Registry, Running]]:
    """A platform of its own, that mails to the embedded endpoint."""
    layout = Layout.of(place)
    given = environment.read(place, {}, also=environment.named_in(place / "include" / "config"))
    with held(layout) as registry:
        endpoint = start_aws(layout, registry, settings.from_environment(given))
        yield layout, registry, start_airflow(layout, registry, {**given, **endpoint.environment}, endpoint.url)


def run(place: Path) -> None:
    """One run, printed."""
    with platform(place) as (layout, registry, running), running.client() as client:
        client.log_in()
        client.await_dag(DAG, seconds=300)
        with measured(layout, registry) as runs:
            runs.append(client.trigger(DAG, {"report_date": DATE}))
            state = progress.follow(client, DAG, runs[0], lambda _: None, seconds=24 * 3600)
    if state != "success":
        sys.exit(f"the run ended as {state}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--reports", type=int, nargs="+", default=[8, 80, 800])
    parser.add_argument("--run", action="store_true")
    given = parser.parse_args()
    for number in given.reports:
        with tempfile.TemporaryDirectory() as folder:
            place = checkout(Path(folder) / "bench", number)
            seconds, size, reports = parse(place)
            print(f"{reports} reports: parsed in {1000 * seconds:.0f} ms, {size / 1000:.0f} kB stored", flush=True)
            if given.run:
                run(place)


if __name__ == "__main__":
    main()
