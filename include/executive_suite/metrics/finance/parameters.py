"""Parameters with their ``assumed`` mark, and the units of sale that parameters describe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.facts import GROUP, MissingInputError
from executive_suite.metrics.once import once

if TYPE_CHECKING:
    from executive_suite.metrics.context import Context

UNIT_PRICE = "unit_price_cents"


LEAST: Mapping[str, int] = {
    "burn_window_months": 1,
    "cloud_baseline_periods": 1,
    "ltv_horizon_months": 1,
    "monte_carlo_horizon_months": 1,
    "monte_carlo_runs": 1,
    "monte_carlo_seed": 0,
    "npv_horizon_months": 1,
}
"""Counts below which nothing can be worked out."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter's value on a day, whether its row is marked ``assumed``, and its name."""

    value: Decimal
    assumed: bool
    name: str

    @property
    def whole(self) -> int:
        """The value as an integer.

        Raises:
            MissingInputError: the value has a fraction, or is less than the least that makes sense: no usable input.
        """
        least = LEAST.get(self.name)
        if self.value != self.value.to_integral_value() or (least is not None and self.value < least):
            wanted = "a whole number" if least is None else f"a whole number of {least} or more"
            msg = f"param {self.name} is {self.value}, expected {wanted}"
            raise MissingInputError(msg)
        return int(self.value)


@dataclass(frozen=True, slots=True)
class _Row:
    first: date
    last: date
    parameter: Parameter


@once
def _register(context: Context) -> Mapping[tuple[str, str], tuple[_Row, ...]]:
    """Every parameter by name and scope, earliest first: looked up thousands of times a run."""
    rows = context.table("param", "param", "scope", "value", "valid_from").sort_values("valid_from", kind="stable")
    last = rows["valid_to"] if "valid_to" in rows.columns else pd.Series(pd.NaT, index=rows.index)
    marked = (
        rows["assumed"].astype("boolean").fillna(value=False)
        if "assumed" in rows.columns
        else pd.Series(data=False, index=rows.index)
    )
    found: dict[tuple[str, str], list[_Row]] = {}
    for name, scope, first, until, value, assumed in zip(
        rows["param"], rows["scope"], rows["valid_from"], last, rows["value"], marked, strict=True
    ):
        row = _Row(
            first.date(),
            date.max if pd.isna(until) else until.date(),
            Parameter(Decimal(str(value)), bool(assumed), str(name)),
        )
        found.setdefault((str(name), str(scope)), []).append(row)
    return {key: tuple(values) for key, values in found.items()}


def param(context: Context, name: str, scope: str = GROUP, *, on: date | None = None) -> Parameter:
    """A parameter valid on a day (default: the report date), with its ``assumed`` mark.

    Raises:
        MissingInputError: no value of that name and scope is valid then.
    """
    day = on or context.report_date
    valid = [row.parameter for row in _register(context).get((name, scope), ()) if row.first <= day <= row.last]
    if not valid:
        msg = f"param {name} (scope {scope}) has no value on {day.isoformat()}"
        raise MissingInputError(msg)
    return valid[-1]


def optional_param(context: Context, name: str, scope: str = GROUP, *, on: date | None = None) -> Parameter | None:
    """As ``param``, but None when no value is valid: for parameters that only refine a figure."""
    if not context.has("param"):
        return None
    day = on or context.report_date
    valid = [row.parameter for row in _register(context).get((name, scope), ()) if row.first <= day <= row.last]
    return valid[-1] if valid else None


def scopes(context: Context, name: str, *, on: date | None = None) -> tuple[str, ...]:
    """The scopes that have a value of a parameter on a day, in order."""
    day = on or context.report_date
    found = _register(context).items()
    return tuple(
        sorted(
            scope
            for (known, scope), rows in found
            if known == name and any(row.first <= day <= row.last for row in rows)
        )
    )


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of sale, such as one charter, as parameters of scope ``entity:unit`` describe it.

    Attributes:
        scope: ``entity_id:unit``.
        price_cents: Price of one unit.
        variable_cents: Variable cost of one unit.
        assumed: Whether either parameter is marked ``assumed``.
    """

    scope: str
    price_cents: int
    variable_cents: int
    assumed: bool

    @property
    def entity_id(self) -> str:
        """The entity that sells it."""
        return self.scope.split(":", 1)[0]

    @property
    def name(self) -> str:
        """The unit's name; the entity's id when the scope has no colon."""
        return self.scope.split(":", 1)[-1]

    @property
    def margin_cents(self) -> int:
        """Contribution margin of one unit."""
        return self.price_cents - self.variable_cents


def units(context: Context, *, on: date | None = None) -> tuple[Unit, ...]:
    """Every unit of sale with a price and a variable cost on a day (default: the report date).

    Raises:
        MissingInputError: a unit has a price but no variable cost.
    """
    found = []
    for scope in scopes(context, UNIT_PRICE, on=on):
        price = param(context, UNIT_PRICE, scope, on=on)
        variable = param(context, "unit_variable_cost_cents", scope, on=on)
        found.append(Unit(scope, price.whole, variable.whole, price.assumed or variable.assumed))
    return tuple(found)
