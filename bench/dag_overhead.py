"""Wall time and processor seconds of a whole run of the DAG, against an empty DAG of the same shape.

The platform of ``make run`` is started in a folder of its own. Both DAGs have the same tasks, dependencies and mapped
instances; the empty one's tasks return a constant, and its approvals are skipped. They run in turns, each of ours for
another report date, all eight reports archived and mailed to the embedded endpoint. Both are watched as ``make run``
watches its run. The medians are compared; goal: at most 1.2. Wall time means something on a quiet machine only, so the
load is printed, and what each component used (``meter``).

    PYTHONPATH=include .venv/bin/python bench/dag_overhead.py [rounds]
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from executive_suite import settings
from executive_suite.embedded import progress
from executive_suite.embedded.client import Client
from executive_suite.embedded.layout import Layout
from executive_suite.embedded.platform import held, start_airflow, start_aws
from executive_suite.run import environment
from meter import Meter

CHECKOUT = Path(__file__).parents[1]
DATES = ("2026-05-01", "2026-04-15", "2026-04-01", "2026-03-15", "2026-03-01", "2026-02-15", "2026-02-01")
EMPTY = """
from airflow.sdk import TriggerRule, dag, task, task_group
from airflow.sdk.exceptions import AirflowSkipException

@dag(dag_id="empty", schedule=None, catchup=False)
def empty():
    @task
    def preflight(): return {}
    @task
    def extract(plan): return "key"
    @task
    def validate(plan, raw): return "key"
    @task
    def compute(snapshot): return "key"
    @task
    def reconcile(plan, snapshot, facts): return list(range(8))
    @task_group
    def lane(work):
        @task
        def render(work): return "key"
        @task
        def archive(work, document): return "key"
        @task
        def approve(work, archived): raise AirflowSkipException("not asked")
        @task(trigger_rule=TriggerRule.NONE_FAILED)
        def send(work, archived): return "key"
        archived = archive(work, render(work))
        approve(work, archived) >> send(work, archived)
    @task(trigger_rule=TriggerRule.ALL_DONE)
    def close(): return "key"
    plan = preflight()
    snapshot = validate(plan, extract(plan))
    facts = compute(snapshot)
    lane.expand(work=reconcile(plan, snapshot, facts)) >> close()

empty()
"""


def run(client: Client, dag_id: str, conf: dict[str, str]) -> tuple[float, int]:
    """Seconds from the trigger to the end of a run, and how many task instances it had."""
    begun = time.perf_counter()
    run_id = client.trigger(dag_id, conf)
    state = progress.follow(client, dag_id, run_id, lambda _: None, seconds=1800)
    taken = time.perf_counter() - begun
    if state != "success":
        sys.exit(f"{dag_id} {run_id} ended as {state}")
    return taken, len(client.tasks(dag_id, run_id))


def main(rounds: int) -> None:
    """Measure and print."""
    folder = Path(tempfile.mkdtemp()) / "bench"
    for part in ("dags", "plugins", "include"):
        shutil.copytree(CHECKOUT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CHECKOUT / ".env.example", folder)
    (folder / "dags" / "empty_dag.py").write_text(EMPTY, encoding="utf-8")
    layout = Layout.of(folder)
    given = environment.read(folder, {}, also=environment.named_in(folder / "include" / "config"))
    taken: dict[str, list[float]] = {"empty": [], "executive_suite": []}
    used: dict[str, list[float]] = {name: [] for name in taken}
    with held(layout) as registry:
        endpoint = start_aws(layout, registry, settings.from_environment(given))
        running = start_airflow(layout, registry, {**given, **endpoint.environment}, endpoint.url)
        with running.client() as client:
            client.log_in()
            for dag_id in taken:
                client.await_dag(dag_id, seconds=120)
            for number in range(rounds):
                for dag_id, times in taken.items():
                    conf = {"report_date": DATES[number]} if dag_id == "executive_suite" else {}
                    meter = Meter(registry)
                    seconds, tasks = run(client, dag_id, conf)
                    parts = meter.close()
                    times.append(seconds)
                    used[dag_id].append(sum(parts.values()))
                    about = ", ".join(f"{name} {part}" for name, part in parts.items())
                    print(f"{dag_id:16} {seconds:6.1f} s, {tasks} tasks, load {os.getloadavg()[0]:.1f}")
                    print(f"{'':16} {sum(parts.values()):6.1f} processor seconds: {about}", flush=True)
    for what, times in (("seconds", taken), ("processor", used)):
        ours, empty = statistics.median(times["executive_suite"]), statistics.median(times["empty"])
        print(f"{what:16} {ours:6.1f} against {empty:.1f}, ratio {ours / empty:.2f} (goal 1.20)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
