"""One figure of a run, with its unit, status, reason and inputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal, Self

Status = Literal["ok", "not_applicable", "not_evaluable"]
Value = int | Decimal | str | bool

GROUP = "group"

_DECIMAL_TEXT = frozenset({"USD", "USD/month", "USD/unit"})
"""Units of cloud cost, whose values are decimal text."""


class MissingInputError(LookupError):
    """A table, a column or a parameter that a figure needs is not in the dataset; the message names it."""


@dataclass(frozen=True, slots=True)
class Input:
    """A table that a fact was computed from, and how many of its rows took part."""

    table: str
    rows: int


class Why(StrEnum):
    """What qualifies a value, for code that must know; people read ``Fact.reason``."""

    ABSENT = "absent"  # the run has no such fact
    INPUT_BLANK = "input_blank"  # ``count`` of ``of`` rows, of table ``subject`` if named, lack the input
    COUNTED = "counted"  # the value rests on ``count`` things, of ``of`` where a whole is known
    WITHIN_LIMIT = "within_limit"  # ``count``: the limit, in basis points
    ABOVE_LIMIT = "above_limit"  # as above
    FAVOURABLE = "favourable"
    UNFAVOURABLE = "unfavourable"
    OVERTIME = "overtime"
    BOTTLENECK = "bottleneck"  # ``subject``: the role
    RENEWS_ITSELF = "renews_itself"
    LARGEST_DRIVER = "largest_driver"  # ``subject``: the entity's id; ``count``: cents
    BLOCKED = "blocked"  # ``subject``: the kind of document that is missing
    ENDS = "ends"  # on the value's date, and nothing renews it
    OUT_OF_CONTRACT = "out_of_contract"  # ended on the value's date, and goes on
    EVERGREEN = "evergreen"  # has no end
    PASSED = "passed"  # the value's date is over
    NOT_ON_FILE = "not_on_file"  # no such document
    ACHIEVED = "achieved"
    SLIPPED = "slipped"  # ``count``: days since it was due
    AHEAD = "ahead"  # ``count``: days to go
    REGISTERED = "registered"  # ``subject``: the id of the open finding about it


@dataclass(frozen=True, slots=True)
class Qualifier:
    """Why a value is as it is, typed.

    Attributes:
        why: Which qualification.
        count: How many, where the qualification counts.
        of: Of how many.
        subject: Whom or what it names: an id, never words.
    """

    why: Why
    count: int | None = None
    of: int | None = None
    subject: str = ""


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
        qualifier: The same as ``reason`` for code; None when no consumer needs it. Not part of the printed table.
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
    qualifier: Qualifier | None = None

    @property
    def number(self) -> Decimal | int | None:
        """The value as a number; None for text, dates, yes and no, and if there is none."""
        return number_of(self.value, self.unit)

    @property
    def fact_id(self) -> str:
        """What names the fact where it is referred to.

        >>> Fact("revenue", "jada", "2026-04", 1, "cents", {"stream": "charter"}).fact_id
        'revenue/jada/2026-04/stream=charter'
        """
        return "/".join((self.metric_id, self.entity_id, self.period, *map("=".join, sorted(self.dimensions.items()))))

    @property
    def monthly(self) -> bool:
        """Whether it is about a month, not about a day."""
        return len(self.period) == len("2026-04")

    def qualified(self, *whys: Why) -> bool:
        """Whether the fact is qualified by one of these."""
        return self.qualifier is not None and self.qualifier.why in whys

    def as_json(self) -> dict[str, Any]:
        """The fact as the ``metrics`` command prints it: plain JSON types, keys in a fixed order."""
        return {
            "metric_id": self.metric_id,
            "entity_id": self.entity_id,
            "period": self.period,
            "dimensions": dict(sorted(self.dimensions.items())),
            "value": plain(self.value),
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
        parts = self.dimensions.items()
        return (self.metric_id, self.entity_id, self.period, tuple(sorted(parts) if len(parts) > 1 else parts))


def number_of(value: Value | None, unit: str) -> Decimal | int | None:
    """A value of a unit as a number; None for text, dates, yes and no, and no value.

    >>> number_of("66.42", "USD/month"), number_of("2026-05-01", "date"), number_of(3, "count")
    (Decimal('66.42'), None, 3)
    """
    if isinstance(value, bool) or unit in {"bool", "date", "text"}:
        return None
    if isinstance(value, str):
        return Decimal(value) if unit in _DECIMAL_TEXT else None
    return value


def plain(value: Value | None) -> int | float | str | bool | None:
    """A JSON value; a whole ``Decimal`` becomes an integer, any other its shortest decimal number."""
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else float(value)
