"""The sample's figures of a report date, worked out once per process however many tests read them."""

from __future__ import annotations

from datetime import date
from functools import cache

from executive_suite.facts.figures import Figures
from executive_suite.run import pipeline
from group_data import INCLUDE


@cache
def figures(day: date) -> Figures:
    return pipeline.figures_of(INCLUDE / "data", day, INCLUDE / "config")
