"""What is behind the figures that reports show, traced once for all of them, before any is rendered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from executive_suite import config, reports
from executive_suite.config import Config
from executive_suite.dataset.context import Context
from executive_suite.facts.figures import Figures
from executive_suite.metrics import tracing
from executive_suite.run import pipeline


def traced(figures: Figures, context: Context, configured: Config) -> Figures:
    """The figures with the rows behind those that any configured report shows.

    All reports are looked at, whichever are due, so that the figures of a date do not depend on that.

    Args:
        figures: The figures of the run.
        context: What they were computed from.
        configured: The reports.
    """
    shown: set[str] = set()
    for report in configured.reports:
        shown.update(_shown(figures, report))
    _, sources = tracing.traced(context, shown)
    return replace(figures, sources=sources)


def _shown(figures: Figures, report: config.Report) -> tuple[str, ...]:
    try:
        return reports.shown(figures, report)
    except Exception:  # noqa: BLE001 - a report that cannot be made fails in its own lane, and no other with it
        return ()


def figures_of(data: Path | str | None, report_date: date, folder: Path, *, fallback: ZoneInfo) -> Figures:
    """As ``pipeline.figures_of``, traced."""
    figures, context = pipeline.computed(data, report_date, folder, fallback=fallback)
    return traced(figures, context, config.load(folder))
