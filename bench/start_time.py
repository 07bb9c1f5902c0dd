"""How long until the UI answers: `make run`, against the same components of Airflow without this project.

Both are started in folders of their own, in turns; the first start of each, which sets up a database, is left out. The
alternative has the same PostgreSQL and the same settings, and no DAG, plugin, endpoint or process for steps. The goal
means wall time on a quiet machine; processor seconds say something on a busy one, too.

    PYTHONPATH=include .venv/bin/python bench/start_time.py [rounds]
"""

from __future__ import annotations

import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from executive_suite.embedded import components, postgres
from executive_suite.embedded.client import answers
from executive_suite.embedded.layout import Layout
from executive_suite.embedded.platform import held
from executive_suite.embedded.processes import await_ready, listens
from meter import of_family

CHECKOUT = Path(__file__).parents[1]
ANSWERED = "Airflow UI"
GOAL = 1.3


def alone(folder: Path) -> None:
    """Start Airflow's components, say that they answer, and wait to be stopped."""
    layout = Layout.of(folder)
    with held(layout) as registry:
        postgres.start(layout, registry)
        reach = components.access(layout)
        environment = components.environment(layout, reach, {})
        components.migrate(layout, environment)
        server = components.start(layout, registry, environment, reach.port, {})["api-server"]
        page, log = f"{reach.address}/api/v2/version", layout.logs / "api-server.log"
        await_ready("Airflow", server, lambda: listens(server, reach.port) and answers(page), log=log, seconds=300)
        print(ANSWERED, flush=True)
        signal.pause()


def seconds(command: list[str], include: Path) -> tuple[float, float]:
    """Wall and processor seconds until a command says that the UI answers; then it is stopped."""
    environment = {**os.environ, "PYTHONPATH": str(include), "PYTHONUNBUFFERED": "1"}
    begun = time.perf_counter()
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as child:
        if not child.stdout or not any(ANSWERED in line for line in child.stdout):
            sys.exit(f"{command} ended without an answer")
        taken = time.perf_counter() - begun, of_family(child.pid)
        child.send_signal(signal.SIGINT)
        child.stdout.read()
    return taken


def main(rounds: int) -> None:
    """Measure and print."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with tempfile.TemporaryDirectory() as place:
        ours, theirs = Path(place) / "ours", Path(place) / "alone"
        for part in ("dags", "plugins", "include"):
            shutil.copytree(CHECKOUT / part, ours / part, ignore=shutil.ignore_patterns("__pycache__"))
            (theirs / part).mkdir(parents=True)
        shutil.copy(CHECKOUT / ".env.example", ours)
        ways = {
            "make run": ([sys.executable, "-m", "executive_suite", "run"], ours / "include"),
            "alone": ([sys.executable, __file__, "--alone", str(theirs)], CHECKOUT / "include"),
        }
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for number in range(rounds + 1):
            for name, (command, include) in ways.items():
                wall, used = seconds(command, include)
                if number:
                    taken[name].append((wall, used))
                cold = "" if number else ", with set-up"
                load = f"load {os.getloadavg()[0]:.1f}"
                print(f"{name:10} {wall:6.1f} s, {used:5.1f} processor seconds, {load}{cold}", flush=True)
    for what, which in (("wall", 0), ("processor", 1)):
        ours_s, alone_s = (statistics.median(one[which] for one in taken[name]) for name in ("make run", "alone"))
        print(f"{what:10} {ours_s:6.1f} against {alone_s:.1f}: {ours_s / alone_s:.2f} (goal {GOAL})")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--alone"]:
        try:
            alone(Path(sys.argv[2]))
        except KeyboardInterrupt:
            sys.exit()
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
