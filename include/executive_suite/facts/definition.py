"""What a metric means, in one text for code, documentation and footnotes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Better = Literal["higher", "lower", "zero", "neither"]


@dataclass(frozen=True, slots=True)
class Definition:
    """What a metric means, in the one text that code, documentation and footnotes share.

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


_definitions: dict[str, Definition] = {}


def define(definitions: Iterable[Definition]) -> None:
    """Remember definitions; a later one of the same id replaces the earlier."""
    _definitions.update({d.metric_id: d for d in definitions})


def definition_of(metric_id: str) -> Definition:
    """The definition of one registered metric.

    Raises:
        KeyError: the metric is not registered (its field may not be loaded).
    """
    return _definitions[metric_id]
