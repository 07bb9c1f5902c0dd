"""What a metric means, in one text for code, documentation and footnotes: ``definitions/<field>.yaml``."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, Self

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
        premise: When the figure means something, for people; empty where it always does.
        recorded: Tables that must hold a row: if one is empty, the figure is not evaluable instead of zero.
        least: The smallest number it can be; a value below it shows that the premise is gone.
        most: The largest number it can be.
    """

    metric_id: str
    name: str
    unit: str
    definition: str
    source: str
    better: Better = "neither"
    premise: str = ""
    recorded: tuple[str, ...] = ()
    least: Decimal | None = None
    most: Decimal | None = None

    @classmethod
    def of(cls, metric_id: str, entry: Mapping[str, Any]) -> Self:
        """The definition that an entry of ``definitions/<field>.yaml`` states.

        Raises:
            ValueError: it gives a range or records without a premise that says why.
        """
        least, most = entry.get("range", (None, None))
        limits = [None if limit is None else Decimal(str(limit)) for limit in (least, most)]
        texts = {key: value for key, value in entry.items() if key not in {"range", "recorded"}}
        made = cls(metric_id, **texts, recorded=tuple(entry.get("recorded", ())), least=limits[0], most=limits[1])
        if not made.premise and ("range" in entry or made.recorded):
            msg = f"{metric_id}: range and recorded need a premise that says when the figure means something"
            raise ValueError(msg)
        return made

    def possible(self, value: Decimal | int) -> bool:
        """Whether a number lies in the range that the figure can have."""
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


@functools.cache
def _of_field(field: str) -> Mapping[str, Definition]:
    found = config_files.read(FOLDER / f"{field}.yaml")
    return {metric_id: Definition.of(metric_id, entry) for metric_id, entry in found.items()}


@functools.cache
def _every() -> Mapping[str, Definition]:
    return {key: one for path in sorted(FOLDER.glob("*.yaml")) for key, one in _of_field(path.stem).items()}


def definition_of(metric_id: str) -> Definition:
    """The definition of one metric.

    Raises:
        KeyError: no field defines it.
    """
    return _every()[metric_id]
