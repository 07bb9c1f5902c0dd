"""What figures rest on: the rows themselves, kept while figures are computed for readers who will ask for them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from executive_suite.facts.fact import Fact

Behind = Any
"""What a figure was computed from, of one table: rows, one or several amounts, or only how many rows there were."""


class Amount:
    """An amount that knows how many rows it adds up.

    Attributes:
        lines: How many.
    """

    __slots__ = ()
    lines: int


@dataclass(frozen=True, slots=True)
class Among:
    """Rows of which a figure counts all and rests on a few."""

    counted: Behind
    few: Behind


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept.

    Attributes:
        metric_ids: Whose inputs are kept; those of all others are let go.
        inputs: By fact id: table to what the figure was computed from.
    """

    metric_ids: Collection[str]
    inputs: dict[str, Mapping[str, Behind]] = field(default_factory=dict)


_KEPT: ContextVar[Kept | None] = ContextVar("kept", default=None)


@contextmanager
def keeping(metric_ids: Collection[str]) -> Iterator[Kept]:
    """Keep what the facts of some metrics that are computed meanwhile rest on."""
    kept = Kept(metric_ids)
    before = _KEPT.set(kept)
    try:
        yield kept
    finally:
        _KEPT.reset(before)


def keep(fact: Fact, inputs: Mapping[str, Behind]) -> Fact:
    """Keep what a fact rests on, if somebody will ask; returns the fact."""
    kept = _KEPT.get()
    if kept is not None and fact.metric_id in kept.metric_ids:
        kept.inputs[fact.fact_id] = inputs
    return fact


def keep_as(fact: Fact, same: Fact) -> Fact:
    """A fact that repeats another rests on the same rows; returns the fact."""
    kept = _KEPT.get()
    if kept is not None and same.fact_id in kept.inputs:
        kept.inputs[fact.fact_id] = kept.inputs[same.fact_id]
    return fact


def count(behind: Behind) -> int:
    """How many rows that is.

    >>> count(3), count(["a row", "another"])
    (3, 2)
    """
    if isinstance(behind, Among):
        return count(behind.counted)
    if isinstance(behind, int):
        return behind
    found = amounts(behind)
    return sum(one.lines for one in found) if found else len(behind)


def amounts(behind: Behind) -> tuple[Any, ...]:
    """The amounts that a figure was computed from; none if those are rows or a number of rows."""
    if isinstance(behind, Amount):
        return (behind,)
    return behind if isinstance(behind, tuple) and behind and isinstance(behind[0], Amount) else ()
