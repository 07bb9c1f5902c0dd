"""How long Airflow takes to parse our DAG file, against a trivial one.

The DAG processor parses each file in a process of its own, so that is what is timed: a fresh interpreter that loads
Airflow's task SDK and one file, for both files in turns, in processor seconds (other work on the machine counts in wall
time). The medians are compared; goal: at most 1.1. The parse alone, in a warm process, is printed too.

    PYTHONPATH=include .venv/bin/python bench/parse_time.py
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
ROUNDS = 7
TRIVIAL = """
from airflow.sdk import dag, task
@dag(dag_id="trivial", schedule=None, catchup=False)
def trivial():
    @task
    def one(): return [1]
    one()
trivial()
"""
PARSE = """
import sys, time
begun = time.process_time()
import airflow.sdk
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(dag_folder=sys.argv[1])
whole = time.process_time() - begun
begun = time.process_time()
bag = DagBag(dag_folder=sys.argv[1])
assert bag.dags and not bag.import_errors, bag.import_errors
print(whole, time.process_time() - begun)
"""


def parse(file: Path) -> tuple[float, float]:
    """Seconds of a fresh process up to the parsed file, and of parsing it once more."""
    environment = {
        "PATH": os.environ["PATH"],
        "AIRFLOW_HOME": tempfile.gettempdir(),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "PYTHONPATH": os.pathsep.join(str(CHECKOUT / name) for name in ("include", "plugins")),
    }
    command = [sys.executable, "-c", PARSE, str(file)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    whole, again = done.stdout.splitlines()[-1].split()
    return float(whole), float(again)


def main() -> None:
    """Measure and print."""
    trivial = Path(tempfile.mkdtemp()) / "trivial.py"
    trivial.write_text(TRIVIAL, encoding="utf-8")
    files = {"trivial": trivial, "executive_suite": CHECKOUT / "dags" / "executive_suite_dag.py"}
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in files}
    for round_ in range(ROUNDS + 1):
        for name, file in files.items():
            times = parse(file)
            if round_:  # the first only warms the disk's cache
                taken[name].append(times)
    fresh = {name: statistics.median(one for one, _ in times) for name, times in taken.items()}
    warm = {name: statistics.median(one for _, one in times) for name, times in taken.items()}
    for name in files:
        print(f"{name:16} fresh process {fresh[name]:.2f} CPU s, once more in it {1000 * warm[name]:.0f} ms")
    print(f"ratio            {fresh['executive_suite'] / fresh['trivial']:.2f} (goal 1.10), medians of {ROUNDS}")


if __name__ == "__main__":
    main()
