"""What runs on the embedded platform cost, and what Airflow's database says of their tasks and of its scheduler."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import psycopg2

from executive_suite.embedded import postgres
from executive_suite.embedded.layout import Layout
from executive_suite.embedded.processes import Registry
from meter import Meter

EVERY_SECONDS = 1.0
SILENCE = "select extract(epoch from now() - max(latest_heartbeat)) from job where job_type = 'SchedulerJob'"
TASKS = """
select task_id, count(*), sum(try_number - 1), percentile_cont(0.5) within group (order by duration), max(duration),
       percentile_cont(0.5) within group (order by extract(epoch from start_date - queued_dttm)),
       max(extract(epoch from start_date - queued_dttm))
from task_instance where run_id = any(%s) and start_date is not null group by task_id order by min(start_date)
"""
HANDED = "select count(*), sum(pg_column_size(value)), max(length(value::text)) from xcom where run_id = any(%s)"
PARSED = "select max(last_parse_duration) from dag"
WHOLE = "select pg_database_size(current_database())"


class Heart:
    """The longest silence of a scheduler, whose health threshold must be longer, for as long as it is open."""

    def __init__(self, layout: Layout) -> None:
        """Of the platform in these folders."""
        self._layout = layout
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self.longest = 0.0

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self._ended.set()
        self._thread.join()

    def _listen(self) -> None:
        while not self._ended.wait(EVERY_SECONDS):
            ((silence,),) = rows(self._layout, SILENCE)
            self.longest = max(self.longest, float(silence))


def rows(layout: Layout, statement: str, *given: object) -> list[tuple[Any, ...]]:
    """The rows of one statement."""
    with psycopg2.connect(postgres.url(layout).replace("postgresql+psycopg2", "postgresql")) as connection:
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement, given)
                return cursor.fetchall()
        finally:
            connection.rollback()


@contextmanager
def measured(layout: Layout, registry: Registry) -> Iterator[list[str]]:
    """Print what the runs cost whose ids are put on the list."""
    runs: list[str] = []
    meter, begun = Meter(registry), time.perf_counter()
    with Heart(layout) as heart:
        yield runs
    seconds, used = time.perf_counter() - begun, meter.close()
    print(f"  {seconds:.0f} s, load {os.getloadavg()[0]:.1f}, {sum(used.values()):.0f} processor seconds: {used}")
    print(f"    MB at most: {meter.peaks()}")
    print(f"    the scheduler was silent for {heart.longest:.0f} s at most")
    for task, count, again, middle, longest, waited, at_most in rows(layout, TASKS, runs):
        print(
            f"    {task:14} {count:5} times, {again} again; {middle:6.1f} s (longest {longest:.1f}),"
            f" queued {waited:.1f} s (longest {at_most:.1f})"
        )
    ((count, size, largest),) = rows(layout, HANDED, runs)
    ((parsed,),), ((whole,),) = rows(layout, PARSED), rows(layout, WHOLE)
    print(
        f"    {count} XComs, {size / 1000:.0f} kB, the largest {largest / 1000:.0f} kB;"
        f" parsed in {parsed:.2f} s; database {whole / 2**20:.0f} MB",
        flush=True,
    )
