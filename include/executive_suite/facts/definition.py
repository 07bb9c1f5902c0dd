"""What a metric means, in one text for code, documentation and footnotes: ``definitions/<field>.yaml``."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from executive_suite import config_files

Better = Literal["higher", "lower", "zero", "neither"]

FOLDER = Path(__file__).resolve().parents[1] / "definitions"


@dataclass(frozen=True, slots=True)
class Definition:
    """What a metric means.

    Attributes:
        metric_id: The contract's identifier.
        name: Standard term, as a reader knows it.
        unit: One of cents, cents/month, USD, USD/month, ratio (0.05 is shown as 5%), months, days, hours, count,
            x, score, rank, index, bp, bool, date, text and the like.
        definition: One or two sentences with formula and edge cases, for a footnote.
        source: The standard or text that defines it so.
        better: Which direction is good news; ``zero`` where anything above it needs fixing.
    """

    metric_id: str
    name: str
    unit: str
    definition: str
    source: str
    better: Better = "neither"


@functools.cache
def _of_field(field: str) -> Mapping[str, Definition]:
    found = config_files.read(FOLDER / f"{field}.yaml")
    return {metric_id: Definition(metric_id, **entry) for metric_id, entry in found.items()}


@functools.cache
def _every() -> Mapping[str, Definition]:
    return {key: one for path in sorted(FOLDER.glob("*.yaml")) for key, one in _of_field(path.stem).items()}


def definition_of(metric_id: str) -> Definition:
    """The definition of one metric.

    Raises:
        KeyError: no field defines it.
    """
    return _every()[metric_id]
