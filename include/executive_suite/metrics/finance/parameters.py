"""Parameters with their ``assumed`` mark, and the units of sale that parameters describe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from executive_suite.facts import GROUP

if TYPE_CHECKING:
    from executive_suite.metrics.context import Context

UNIT_PRICE = "unit_price_cents"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter's value on a day and whether its row is marked ``assumed``."""

    value: Decimal
    assumed: bool

    @property
    def whole(self) -> int:
        """The value as an integer.

        Raises:
            ValueError: the value has a fraction.
        """
        if self.value != self.value.to_integral_value():
            msg = f"expected a whole number, got {self.value}"
            raise ValueError(msg)
        return int(self.value)


def param(context: Context, name: str, scope: str = GROUP, *, on: date | None = None) -> Parameter:
    """A parameter valid on a day (default: the report date), with its ``assumed`` mark.

    Raises:
        MissingInputError: no value of that name and scope is valid then.
    """
    value = context.param(name, scope, on=on)
    rows = context.current("param", on=on)
    rows = rows[(rows["param"] == name) & (rows["scope"] == scope)].sort_values("valid_from")
    assumed = "assumed" in rows.columns and bool(rows["assumed"].astype("boolean").fillna(value=False).iloc[-1])
    return Parameter(value, assumed)


def optional_param(context: Context, name: str, scope: str = GROUP, *, on: date | None = None) -> Parameter | None:
    """As ``param``, but None when no value is valid: for parameters that only refine a figure."""
    if not context.has("param"):
        return None
    rows = context.current("param", "param", "scope", on=on)
    if not ((rows["param"] == name) & (rows["scope"] == scope)).any():
        return None
    return param(context, name, scope, on=on)


def scopes(context: Context, name: str, *, on: date | None = None) -> tuple[str, ...]:
    """The scopes that have a value of a parameter on a day, in order."""
    rows = context.current("param", "param", "scope", on=on)
    return tuple(sorted({str(scope) for scope in rows.loc[rows["param"] == name, "scope"]}))


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


def units(context: Context) -> tuple[Unit, ...]:
    """Every unit of sale with a price and a variable cost at the report date.

    Raises:
        MissingInputError: a unit has a price but no variable cost.
    """
    found = []
    for scope in scopes(context, UNIT_PRICE):
        price = param(context, UNIT_PRICE, scope)
        variable = param(context, "unit_variable_cost_cents", scope)
        found.append(Unit(scope, price.whole, variable.whole, price.assumed or variable.assumed))
    return tuple(found)
