"""The tidy facts of a run: every figure with its unit, status, reason and inputs, under one hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any, Literal, Self

Status = Literal["ok", "not_applicable", "not_evaluable"]
Value = int | Decimal | str | bool

GROUP = "group"


@dataclass(frozen=True, slots=True)
class Input:
    """A table that a fact was computed from, and how many of its rows took part."""

    table: str
    rows: int


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of a run.

    Attributes:
        metric_id: Identifier in the metrics registry.
        entity_id: Reporting unit; ``group`` for consolidated figures.
        period: ``YYYY-MM`` for a month, ``YYYY-MM-DD`` for a figure at a date.
        value: Integer cents for money, decimal text for cloud cost, a number, text or date otherwise.
        unit: As the registry states it.
        dimensions: What divides the metric; empty for the undivided figure.
        status: ``ok``; ``not_applicable`` (defined, but has no value here); ``not_evaluable`` (an input is missing).
        reason: Why there is no value, or what qualifies it ("month to date"); empty when there is nothing to say.
        inputs: Tables and row counts that the figure rests on.
        assumed: Whether a row marked ``assumed`` took part.
    """

    metric_id: str
    entity_id: str
    period: str
    value: Value | None
    unit: str
    dimensions: Mapping[str, str] = field(default_factory=dict)
    status: Status = "ok"
    reason: str = ""
    inputs: tuple[Input, ...] = ()
    assumed: bool = False

    def as_json(self) -> dict[str, Any]:
        """The fact as the ``metrics`` command prints it: plain JSON types, keys in a fixed order."""
        return {
            "metric_id": self.metric_id,
            "entity_id": self.entity_id,
            "period": self.period,
            "dimensions": dict(sorted(self.dimensions.items())),
            "value": _plain(self.value),
            "unit": self.unit,
            "status": self.status,
            "reason": self.reason,
            "inputs": [{"table": i.table, "rows": i.rows} for i in self.inputs],
            "assumed": self.assumed,
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Self:
        """The fact that ``as_json`` wrote; numbers with decimals come back as ``Decimal``."""
        value = record["value"]
        return cls(
            metric_id=record["metric_id"],
            entity_id=record["entity_id"],
            period=record["period"],
            value=Decimal(repr(value)) if isinstance(value, float) else value,
            unit=record["unit"],
            dimensions=record["dimensions"],
            status=record["status"],
            reason=record["reason"],
            inputs=tuple(Input(i["table"], i["rows"]) for i in record["inputs"]),
            assumed=record["assumed"],
        )

    @property
    def sort_key(self) -> tuple[str, str, str, tuple[tuple[str, str], ...]]:
        """The order of the fact table: metric, entity, period, dimensions."""
        return (self.metric_id, self.entity_id, self.period, tuple(sorted(self.dimensions.items())))


def _plain(value: Value | None) -> int | float | str | bool | None:
    """A JSON value; a whole ``Decimal`` becomes an integer, any other its shortest decimal number."""
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else float(value)


def ordered(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """The facts in table order.

    Raises:
        ValueError: two facts claim the same metric, entity, period and dimensions.
    """
    rows = sorted(facts, key=lambda fact: fact.sort_key)
    for before, after in pairwise(rows):
        if before.sort_key == after.sort_key:
            msg = f"two facts for {after.sort_key}: {before.value!r} and {after.value!r}"
            raise ValueError(msg)
    return tuple(rows)


def to_json(facts: Iterable[Fact]) -> bytes:
    """The fact table as one canonical JSON array (UTF-8, one fact a line)."""
    lines = (json.dumps(fact.as_json(), ensure_ascii=False, separators=(",", ":")) for fact in ordered(facts))
    return ("[" + ",\n".join(lines) + "]\n").encode()


def from_json(body: bytes) -> tuple[Fact, ...]:
    """The fact table that ``to_json`` wrote."""
    return tuple(Fact.from_json(record) for record in json.loads(body))


def digest(facts: Iterable[Fact]) -> str:
    """SHA-256 of the canonical fact table, hexadecimal."""
    return hashlib.sha256(to_json(facts)).hexdigest()
