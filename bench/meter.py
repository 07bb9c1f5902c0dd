"""Processor seconds and memory of a running platform, by component: what a busy machine changes less than wall time."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from executive_suite.embedded.processes import Registry

TICK = os.sysconf("SC_CLK_TCK")
EVERY_SECONDS = 0.1
"""The steps' own processes end without leaving their time to their parent, so they are looked at while they live."""
MEMORY_EVERY = 50
"""Looks at processor time for one at memory, which costs the kernel a walk through every page."""


class Used(NamedTuple):
    """A process: its parent, its processor seconds, and those of its ended children."""

    parent: int
    own: float
    ended: float


class Meter:
    """Counts what each recorded component uses, its children included, until it is closed.

    ``tasks`` are the scheduler's children, Airflow's share of each task; ``steps`` are the product's share.
    """

    def __init__(self, registry: Registry) -> None:
        """Begin to count."""
        self._leaders = {one.pid: one.name for one in registry.recorded()}
        self._steps: dict[int, float] = {}
        self._peaks: Counter[str] = Counter()
        self._before = self._by_component()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def close(self) -> dict[str, float]:
        """Stop counting; the seconds of each component, most first."""
        self._ended.set()
        self._thread.join()
        used = self._by_component()
        used.subtract(self._before)
        used["steps"] += sum(self._steps.values())
        return {name: round(seconds, 1) for name, seconds in used.most_common()}

    def peaks(self) -> dict[str, int]:
        """The most memory (MB) that each component had at once, shared pages divided among those that share them."""
        return {name: round(size) for name, size in self._peaks.most_common()}

    def _watch(self) -> None:
        leader = next(pid for pid, name in self._leaders.items() if name == "steps")
        looks = 0
        while not self._ended.wait(EVERY_SECONDS):
            processes = _processes()
            for process, used in processes.items():
                if used.parent == leader:
                    self._steps[process] = used.own + used.ended
            if looks % MEMORY_EVERY == 0:
                self._weigh(processes)
            looks += 1

    def _weigh(self, processes: Mapping[int, Used]) -> None:
        sizes: Counter[str] = Counter()
        for process in processes:
            name, is_leader = self._component(process, processes)
            if name:
                own = {"scheduler": "tasks", "steps": "steps at work"}.get(name, name)
                sizes[name if is_leader else own] += _megabytes(process)
        sizes["all"] = sizes.total()
        self._peaks |= sizes

    def _component(self, process: int, processes: Mapping[int, Used]) -> tuple[str, bool]:
        """The name of the component that a process belongs to, and whether it leads it; empty if it is none of ours."""
        above = process
        while above in processes and above not in self._leaders:
            above = processes[above].parent
        return self._leaders.get(above, ""), process == above

    def _by_component(self) -> Counter[str]:
        found: Counter[str] = Counter()
        processes = _processes()
        for process, used in processes.items():
            name, is_leader = self._component(process, processes)
            if name == "scheduler":
                found["scheduler" if is_leader else "tasks"] += used.own
                found["tasks"] += used.ended
            elif name and (name != "steps" or is_leader):
                found[name] += used.own + used.ended
        return found


def _processes() -> dict[int, Used]:
    found = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks = [int(one) / TICK for one in fields[11:15]]
        found[int(place.parent.name)] = Used(int(fields[1]), ticks[0] + ticks[1], ticks[2] + ticks[3])
    return found


def _megabytes(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def of_family(process: int) -> float:
    """Processor seconds of a process and all that it has started, so far."""
    processes = _processes()
    family, found = [process], 0.0
    while family:
        one = family.pop()
        if one in processes:
            found += processes[one].own + processes[one].ended
            family += [child for child, used in processes.items() if used.parent == one]
    return found
