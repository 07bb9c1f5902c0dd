"""Eight reports in all formats, against notebooks made with papermill and nbconvert from the same data.

    PYTHONPATH=include .venv/bin/python bench/reports_vs_papermill.py --notebooks-python PYTHON --browser CHROMIUM

PYTHON is the interpreter of an environment with papermill, nbconvert, ipykernel, pandas, matplotlib and playwright.
They are not in the lock, because nothing but this measurement needs them. Three columns:

- ours: text, page, mail with its pictures, PDF and workbook of each report;
- trivial: eight notebooks that read one table and group it once, as pages;
- the same eight: notebooks that show each report's own tables as pandas frames and draw its own charts with matplotlib,
  as page and as PDF. No mail, no plain text, no workbook; what they show is given to them (``report_notebooks.py``).

Printed for each: a cold process, the next eight in the same one, and the processor time of both together, which a busy
machine hardly changes (a browser's is counted as far as its driver waits for it). Ours makes the eight as
``build`` does, on all cores, and the next eight from the figures of another report date, so that nothing set before is
met again; a kernel begins anew anyway, and papermill runs one notebook after the other. Then seconds a
report and memory from 8 to 800, report dates in turn.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import report_notebooks
from executive_suite import config
from executive_suite.facts.figures import Figures
from executive_suite.run import pipeline

ROOT = Path(__file__).parents[1]
INCLUDE = ROOT / "include"
DATES = (date(2026, 5, 1), date(2026, 4, 1))

OURS = """
import json, os, sys, time
from pathlib import Path
from executive_suite import config, reports
from executive_suite.facts.figures import Figures

def figures(path):
    return Figures.from_json(Path(path).read_bytes())

def eight(given):
    reports.together(reports.build, given, configured)

def one_by_one(given):
    for report in configured:
        reports.build(given, report)

configured = config.load(Path(sys.argv[1])).reports
first = figures(sys.argv[2])
eight(first)
start = time.perf_counter()
second = figures(sys.argv[3])
aside = time.perf_counter() - start
eight(second)
warm = time.perf_counter() - start - aside
flat = {}
for count in [int(word) for word in sys.argv[4:]]:
    start = time.perf_counter()
    used = time.process_time()
    for turn in range(count // len(configured)):
        one_by_one((first, second)[turn % 2])
    megabytes = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    flat[count] = ((time.perf_counter() - start) / count, (time.process_time() - used) / count, megabytes)
print(json.dumps({"next": warm, "aside": aside, "flat": flat}))
"""


def timed(command: list[str], **environment: str) -> tuple[float, float, dict[str, Any]]:
    """Seconds of a process without its second round, its processor time with its children's, and what it says."""
    start, used = time.perf_counter(), _processor()
    done = subprocess.run(command, env=environment or None, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode:
        sys.exit(done.stderr[-2000:])
    said = json.loads(done.stdout.splitlines()[-1])
    return seconds - said["next"] - said.get("aside", 0.0), _processor() - used, said


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure the sides one after the other and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--notebooks-python", required=True)
    parser.add_argument("--browser", default="/usr/bin/chromium")
    parser.add_argument("--counts", nargs="*", default=["8", "80", "800"])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        paths = [_figures(day, Path(folder)) for day in DATES]
        computed = (time.perf_counter() - start) / len(DATES)
        command = [sys.executable, "-c", OURS, str(INCLUDE / "config"), *map(str, paths)]
        environment = {"PYTHONPATH": str(INCLUDE), "PATH": "/usr/bin:/bin"}
        ours = timed(command, **environment)
        runner = [given.notebooks_python, str(Path(__file__).with_name("run_notebooks.py"))]
        trivial = timed([*runner, str(_trivial(Path(folder) / "trivial"))])
        notebooks, shown = _same(Path(folder) / "same", paths[0])
        same = timed([*runner, str(notebooks), "--paper", given.browser])
        load = f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
        print(f"{load}; figures of a report date computed in {computed:.1f} s")
        print(f"the same eight show {shown['tables']} tables and {shown['charts']} charts")
        _table({"ours": ours, "trivial": trivial, "the same eight": same})
        if given.counts:
            _flat(timed([*command, *given.counts], **environment)[2]["flat"])


def _figures(day: date, folder: Path) -> Path:
    path = folder / f"figures-{day}.json"
    path.write_bytes(pipeline.figures_of(INCLUDE / "data", day, INCLUDE / "config").to_json())
    return path


def _trivial(folder: Path) -> Path:
    folder.mkdir()
    for report in config.load(INCLUDE / "config").reports:
        (folder / f"{report.report}.in.ipynb").write_text(report_notebooks.trivial(INCLUDE / "data"), encoding="utf-8")
    return folder


def _same(folder: Path, figures: Path) -> tuple[Path, dict[str, int]]:
    folder.mkdir()
    configured = config.load(INCLUDE / "config").reports
    return folder, report_notebooks.write(Figures.from_json(figures.read_bytes()), configured, folder)


def _table(sides: dict[str, tuple[float, float, dict[str, Any]]]) -> None:
    print(f"{'':28}" + "".join(f"{name:>16}{'ratio':>8}" for name in sides))
    rows = {
        "eight, cold process, s": [cold for cold, _, _ in sides.values()],
        "the next eight, s": [said["next"] for _, _, said in sides.values()],
        "both together, processor s": [used for _, used, _ in sides.values()],
    }
    for name, values in rows.items():
        print(f"{name:28}" + "".join(f"{value:>16.2f}{value / values[0]:>8.1f}" for value in values))


def _flat(flat: dict[str, tuple[float, float, float]]) -> None:
    print(f"{'reports, one after another':28}{'s each':>16}{'processor s':>16}{'memory, MB':>16}")
    for count, (seconds, used, megabytes) in flat.items():
        print(f"{count:28}{seconds:>16.3f}{used:>16.3f}{megabytes:>16.0f}")


if __name__ == "__main__":
    main()
