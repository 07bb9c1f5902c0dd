"""Several reports of a run at once: as many processes as there are cores, each report in one of them."""

from __future__ import annotations

import gc
import importlib
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

from executive_suite import config, wording
from executive_suite.facts.figures import Figures
from executive_suite.rendering import forking, render

_Made = TypeVar("_Made")
_Each = Callable[[Figures, config.Report], _Made]

_GIVEN: list[tuple[_Each[Any], Figures, Sequence[config.Report]]] = []
"""In a forked process: what it was forked for, which is inherited and so never copied."""


def together(each: _Each[_Made], figures: Figures, reports: Sequence[config.Report]) -> list[_Made]:
    """What ``each`` makes of every report, in their order, with the bytes and the error of one after the other.

    Processes are forked where that is safe: on Linux, by a process that has no other thread of Python and has not
    typeset (``typesetter``). Elsewhere, for one report or on one core, the reports are made here. They are made here
    as well where a fork failed or ended, so that what is raised is what the first one in order raises.

    Args:
        each: ``build`` or ``attempt``; what it returns crosses from one process to another.
        figures: The figures of the run.
        reports: Their entries in ``reports.yaml``.
    """
    workers = min(len(reports), forking.cores())
    made = _forked(each, figures, reports, workers) if workers > 1 and forking.is_safe() else None
    return [each(figures, report) for report in reports] if made is None else made


def _forked(each: _Each[_Made], figures: Figures, reports: Sequence[config.Report], workers: int) -> list[_Made] | None:
    """What they are made into by forks; None if one of them failed."""
    for report in reports:  # what every fork would do again
        importlib.import_module(report.view.partition(":")[0])
        render.prepare(report.template)
    wording.messages()
    context, given = multiprocessing.get_context("fork"), (each, figures, reports)
    gc.freeze()  # a collection in a fork would copy all that it inherits
    try:
        with ProcessPoolExecutor(workers, context, _GIVEN.append, (given,)) as pool:
            asked = [pool.submit(_one, at) for at in range(len(reports))]
            failed = any(one.exception() for one in asked)
    finally:
        gc.unfreeze()
    return None if failed else [one.result() for one in asked]


def _one(at: int) -> Any:
    each, figures, reports = _GIVEN[0]
    return each(figures, reports[at])
