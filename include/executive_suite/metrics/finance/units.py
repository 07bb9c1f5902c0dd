"""Units of sale, such as one charter, as parameters of scope ``entity:unit`` describe them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from executive_suite.dataset.parameters import param, scopes

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

UNIT_PRICE = "unit_price_cents"


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
