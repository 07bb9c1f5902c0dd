"""How a rule names facts: ``metric[dimension, dimension=value]@month``, in text that is parsed here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

_REFERENCE = re.compile(
    r"(?P<metric>[a-z][a-z0-9_]*)"
    r"(?:\[(?P<dimensions>[^\[\]]*)\])?"
    r"(?:@month(?:-(?P<back>\d{1,3})|s:(?P<months>[1-9]\d{0,2}))?(?P<monthly>))?"
    r"(?: else (?P<otherwise>-?\d+))?"
)
_DIMENSION = re.compile(r"(?P<name>[a-z_]+)(?:=(?P<value>[^,\[\]=]+))?")


@dataclass(frozen=True, slots=True)
class Reference:
    """Which fact, or which facts, a name in a rule stands for.

    Attributes:
        metric_id: A registered metric.
        fixed: Dimensions with the value that they must have.
        free: Dimensions that divide it into rows, with any value.
        back: How many months before the latest complete one; None for the report date.
        months: How many latest complete months make rows; 0 for a single period.
        otherwise: The value where the run has no such fact; None leaves it blank.
    """

    metric_id: str
    fixed: Mapping[str, str]
    free: tuple[str, ...] = ()
    back: int | None = None
    months: int = 0
    otherwise: Decimal | None = None

    @property
    def single(self) -> bool:
        """Whether it stands for one fact."""
        return not self.free and not self.months


def parse(text: str) -> Reference:
    """The reference that ``text`` states.

    Raises:
        ValueError: the text is no reference.

    >>> parse("mrr[client]").free, dict(parse("rent_billed[part=arrears] else 0").fixed)
    (('client',), {'part': 'arrears'})
    >>> parse("occupancy@month-12").back, parse("occupancy@months:3").months
    (12, 3)
    """
    found = _REFERENCE.fullmatch(text)
    parts = [part.strip() for part in (found["dimensions"] or "").split(",") if part.strip()] if found else []
    dimensions = [_DIMENSION.fullmatch(part) for part in parts]
    if found is None or not all(dimensions):
        msg = f"{text!r} is not of the form metric[dimension=value]@month"
        raise ValueError(msg)
    named = [(one["name"], one["value"]) for one in dimensions if one]
    return Reference(
        metric_id=found["metric"],
        fixed={name: value for name, value in named if value is not None},
        free=tuple(name for name, value in named if value is None),
        back=int(found["back"] or 0) if found["monthly"] is not None and not found["months"] else None,
        months=int(found["months"] or 0),
        otherwise=None if found["otherwise"] is None else Decimal(found["otherwise"]),
    )
