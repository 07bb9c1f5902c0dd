"""The sample's figures next to reading and freezing what they are computed from, in one run.

    PYTHONPATH=include .venv/bin/python bench/sample_figures.py [--rounds 7]

Both are measured warm, in turn, round by round: libraries are imported and files are in the page cache. Goal: computing
every field takes no longer than reading and freezing, because a run computes the figures of many report dates.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import date
from statistics import median
from typing import TypeVar

from executive_suite import metrics
from executive_suite.dataset import snapshot
from executive_suite.dataset.snapshot import Snapshot
from executive_suite.folders import INCLUDE
from executive_suite.run import pipeline
from executive_suite.sources import reading

AS_OF = date(2026, 5, 1)
CONFIG = INCLUDE / "config"

T = TypeVar("T")


def frozen() -> Snapshot:
    """The sample, read, frozen and hashed."""
    dataset = pipeline.dataset(snapshot.read(reading.of(INCLUDE / "data", CONFIG)), AS_OF)
    _ = dataset.hash
    return dataset


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What some work gives, and the seconds it takes."""
    start = time.perf_counter()
    made = work()
    return made, time.perf_counter() - start


def main() -> None:
    """Print the medians and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    metrics.compute_all(pipeline.context_of(frozen(), CONFIG))  # not counted
    read, computed = [], []
    for _ in range(rounds):
        dataset, seconds = timed(frozen)
        read.append(seconds)
        context = pipeline.context_of(dataset, CONFIG)
        facts, seconds = timed(lambda context=context: metrics.compute_all(context))
        computed.append(seconds)
    ratios = sorted(c / r for c, r in zip(computed, read, strict=True))
    print(f"reading and freezing  {median(read):.3f} s")
    print(f"computing             {median(computed):.3f} s  ({len(facts):,} facts)")
    print(f"ratio                 {ratios[0]:.2f} to {ratios[-1]:.2f}, median {median(ratios):.2f} (goal: at most 1)")


if __name__ == "__main__":
    main()
