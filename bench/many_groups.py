"""Many small groups in one Airflow: parse time of a group, and a full cycle of all, against one group alone.

Each group has four months of books and one report. Parsing is timed in a warm process, file by file; the cycle on the
embedded platform, from the first trigger to the last run's end, with every mail, object and trail checked: what is
mixed up or missing ends the bench with an error. The comparison is one group's cycle on the same platform times the
number of groups: what all would take one after the other. The scheduler's lag is from the end of a task until the next
one of its run is scheduled; what follows until that runs is the wait for a slot and the start of its process.

    PYTHONPATH=include .venv/bin/python bench/many_groups.py --groups 100
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
sys.path.insert(0, str(CHECKOUT / "tests"))

from integration.many import Side, cash_of, make, started  # noqa: E402 - after its folder is known

PARSE = """
import sys, time
from pathlib import Path
from airflow.dag_processing.dagbag import DagBag
from executive_suite_bundle import GroupsBundle

bundle = GroupsBundle(name="groups")
bundle.initialize()
for file in [sorted(bundle.path.glob("*.py"))[0], *sorted(bundle.path.glob("*.py"))]:
    begun = time.process_time()
    bag = DagBag(dag_folder=str(file), bundle_path=bundle.path)
    assert not bag.import_errors, bag.import_errors
    print("parsed", time.process_time() - begun)
"""


def parse_seconds(groups: Path, home: Path) -> list[float]:
    """Processor seconds of parsing each group's file; the first, which imports, is left out."""
    environment = {
        "PATH": os.environ["PATH"],
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(CHECKOUT / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_STORAGE_PATH": str(home / "bundles"),
        "PYTHONPATH": os.pathsep.join(str(CHECKOUT / name) for name in ("include", "plugins")),
        "EXECUTIVE_SUITE_GROUPS": str(groups),
    }
    done = subprocess.run([sys.executable, "-c", PARSE], env=environment, capture_output=True, text=True, check=True)
    parsed = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("parsed ")]
    return [float(seconds) for seconds in parsed[1:]]


def cycle(side: Side, seconds: float) -> float:
    """Seconds of one run of every group.

    Raises:
        SystemExit: a run failed, or a mail or an object is missing or another group's.
    """
    begun = time.monotonic()
    states = side.run_all(seconds=seconds)
    taken = time.monotonic() - begun
    mails = side.mails()
    for number, name in enumerate(side.names):
        texts = mails.get(f"{name}@example.com", [])
        if states.get(name) != "success" or len(texts) != 1 or cash_of(number) not in texts[0]:
            sys.exit(f"{name}: run {states.get(name, 'not ended')}, {len(texts)} mails")
        if any(other in texts[0] for other in side.names if other != name):
            sys.exit(f"{name}: its mail names another group")
        if faults := side.trail_faults(name):
            sys.exit(f"{name}: its trail: {faults}")
    for bucket in ("REPORTS_BUCKET", "RECORDS_BUCKET"):
        if {"/".join(key.split("/")[:2]) for key in side.keys(bucket)} != {f"groups/{name}" for name in side.names}:
            sys.exit(f"{bucket}: objects outside of the groups' own prefixes")
    return taken


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--groups", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=3600)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for number in range(given.groups):
            make(place / "parse" / f"firm-{number:03d}", number)
        parsed = parse_seconds(place / "parse", place / "home")
        print(
            f"parse: {statistics.median(parsed):.3f} s of processor per group, {sum(parsed):.1f} s for {len(parsed)}",
            flush=True,
        )
        with started(place / "one", 1) as alone:
            single = cycle(alone, given.seconds)
        print(f"one group: {single:.0f} s", flush=True)
        begun = time.monotonic()
        with started(place / "all", given.groups) as side:
            side.await_dags(seconds=given.seconds)
            print(f"{given.groups} groups: {time.monotonic() - begun:.0f} s until every DAG is there", flush=True)
            whole = cycle(side, given.seconds)
            for what, seconds in zip(("scheduled", "running"), zip(*side.lags(), strict=True), strict=True):
                middle, late = statistics.median(seconds), sorted(seconds)[len(seconds) * 95 // 100]
                print(f"until {what}: median {middle:.2f} s, 95% {late:.2f} s, worst {max(seconds):.2f} s")
        ratio = whole / (single * given.groups)
        print(f"{given.groups} groups: {whole:.0f} s, {whole / given.groups:.1f} s each: {ratio:.2f} of one by one")


if __name__ == "__main__":
    main()
