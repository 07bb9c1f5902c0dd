"""Copies of the sample with an event planted into its rows, and the signals and pages that a run makes of them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import pyarrow as pa

from executive_suite import config, formats, metrics
from executive_suite.dataset import snapshot
from executive_suite.facts.figures import Figures
from executive_suite.rendering.blocks import Page
from executive_suite.reports.build import view_of
from executive_suite.run import pipeline
from executive_suite.schema.tables import ORIGIN
from executive_suite.sources import reading
from executive_suite.sources.raw import RawTables, with_origin
from group_data import INCLUDE

CONFIG = INCLUDE / "config"

Row = dict[str, str]
Edit = Callable[[list[Row]], list[Row]]
"""What happens to the rows of a table, cells as text."""


@functools.cache
def _sample() -> RawTables:
    return reading.of(INCLUDE / "data", CONFIG)


def rows(table: str) -> list[Row]:
    """The rows of a table of the sample, cells as text."""
    return [
        {name: cell or "" for name, cell in row.items() if name not in ORIGIN}
        for row in _sample().tables[table].to_pylist()
    ]


def figures(day: str, edits: Mapping[str, Edit]) -> Figures:
    """What a run says at a report date of the sample with some tables edited."""
    sample = _sample()
    tables = dict(sample.tables)
    for table, edit in edits.items():
        names = [name for name in tables[table].column_names if name not in ORIGIN]
        edited = edit(rows(table))
        text = pa.table({name: pa.array([row.get(name, "") for row in edited], pa.string()) for name in names})
        tables[table] = with_origin(text, f"{table}.csv", pa.array(range(2, len(edited) + 2)))
    frozen = pipeline.dataset(snapshot.read(replace(sample, tables=tables)), date.fromisoformat(day))
    context = pipeline.context_of(frozen, CONFIG)
    return pipeline.judge(frozen, context, metrics.compute_all(context), CONFIG)


@functools.cache
def unplanted(day: str) -> Figures:
    """The same of the sample as it is."""
    return figures(day, {})


def page_of(found: Figures, report: str) -> Page:
    """Page one of a report."""
    with formats.speaking(found.currency, found.locale, found.report_date):
        return view_of(found, config.load(CONFIG).report(report)).page
