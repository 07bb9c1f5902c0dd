"""Eight reports in all formats beside eight trivial notebooks made with papermill and nbconvert from the same data.

    PYTHONPATH=include .venv/bin/python bench/reports_vs_papermill.py --notebooks-python PYTHON

PYTHON is the interpreter of an environment with papermill, nbconvert, ipykernel and pandas; they are not in the lock,
because nothing but this measurement needs them. Printed for each side: a cold process, the next eight in the same one,
the processor time of both together (which a busy machine hardly changes), and (ours) seconds a report from 8 to 800.
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

from executive_suite.run import pipeline

ROOT = Path(__file__).parents[1]
DATA = ROOT / "include" / "data"

NOTEBOOKS = """
import json, sys, time
from pathlib import Path
import nbformat, papermill
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_notebook

folder, data = Path(sys.argv[1]), sys.argv[2]
cell = new_code_cell("name = 'ceo'", metadata={"tags": ["parameters"]})
work = new_code_cell(
    f"import pandas as pd\\nledger = pd.read_csv('{data}/ledger.csv')\\n"
    "ledger.groupby(['entity_id', 'account']).amount_cents.sum().unstack(0)"
)
kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
nbformat.write(new_notebook(cells=[cell, work], metadata=kernel), folder / "in.ipynb")

def eight():
    for name in "ceo cto accounting cmo cfo rental delivery portfolio".split():
        made = papermill.execute_notebook(
            str(folder / "in.ipynb"), str(folder / f"{name}.ipynb"), {"name": name}, progress_bar=False
        )
        body, _ = HTMLExporter().from_notebook_node(made)
        (folder / f"{name}.html").write_text(body)

eight()
start = time.perf_counter()
eight()
print(json.dumps({"next": time.perf_counter() - start}))
"""

OURS = """
import json, sys, time
from datetime import date
from pathlib import Path
from executive_suite import config
from executive_suite.figures import Figures
from executive_suite import reports, metrics

figures = Figures.from_json(Path(sys.argv[1]).read_bytes())
metrics.definitions()
configured = config.load(Path(sys.argv[2])).reports

def eight():
    for report in configured:
        reports.build(figures, report)

eight()
start = time.perf_counter()
eight()
warm = time.perf_counter() - start
flat = {}
for count in [int(word) for word in sys.argv[3:]]:
    start = time.perf_counter()
    for _ in range(count // len(configured)):
        eight()
    flat[count] = (time.perf_counter() - start) / count
print(json.dumps({"next": warm, "seconds a report": flat}))
"""


def timed(command: list[str], **environment: str) -> tuple[float, float, dict[str, object]]:
    """Seconds from start to end of a process, its processor time with its children's, and what its last line says."""
    start, used = time.perf_counter(), _processor()
    done = subprocess.run(command, env=environment or None, capture_output=True, text=True, check=False)  # noqa: S603
    seconds = time.perf_counter() - start
    if done.returncode:
        sys.exit(done.stderr[-2000:])
    return seconds, _processor() - used, json.loads(done.stdout.splitlines()[-1])


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure both sides in the same run and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--notebooks-python", required=True)
    parser.add_argument("--counts", nargs="*", default=["8", "80", "800"])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder) / "figures.json"
        start = time.perf_counter()
        figures.write_bytes(pipeline.figures_of(DATA, date(2026, 5, 1), ROOT / "include" / "config").to_json())
        computed = time.perf_counter() - start
        environment = {"PYTHONPATH": str(ROOT / "include"), "PATH": "/usr/bin:/bin"}
        command = [sys.executable, "-c", OURS, str(figures), str(ROOT / "include" / "config")]
        ours_all, ours_used, ours = timed(command, **environment)
        _, _, many = timed([*command, *given.counts], **environment)
        (Path(folder) / "run.py").write_text(NOTEBOOKS, encoding="utf-8")
        theirs_all, theirs_used, theirs = timed(
            [given.notebooks_python, str(Path(folder) / "run.py"), folder, str(DATA)]
        )
    ours_cold = ours_all - float(ours["next"])  # type: ignore[arg-type]
    theirs_cold = theirs_all - float(theirs["next"])  # type: ignore[arg-type]
    print(f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"figures computed from the tables (once a run, both report dates): {computed:.1f} s")
    print(f"{'':28}{'ours':>10}{'notebooks':>12}{'ratio':>8}")
    print(f"{'eight, cold process, s':28}{ours_cold:>10.2f}{theirs_cold:>12.2f}{theirs_cold / ours_cold:>8.1f}")
    print(f"{'the next eight, s':28}{ours['next']:>10.2f}{theirs['next']:>12.2f}{theirs['next'] / ours['next']:>8.1f}")  # type: ignore[operator]
    print(f"{'both together, processor s':28}{ours_used:>10.2f}{theirs_used:>12.2f}{theirs_used / ours_used:>8.1f}")
    for count, seconds in many["seconds a report"].items():  # type: ignore[attr-defined]
        print(f"{f'seconds a report, {count}':28}{seconds:>10.3f}")


if __name__ == "__main__":
    main()
