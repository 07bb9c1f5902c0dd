"""Units of sale, such as one charter, as parameters of scope ``entity:unit`` describe them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import param, scopes

UNIT_PRICE = "unit_price_cents"
NO_PRICE = f"param {UNIT_PRICE} has no value"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of sale.

    Attributes:
        scope: ``entity_id:unit``.
        assumed: Whether either parameter is marked ``assumed``.
        rows: The rows of both.
    """

    scope: str
    price_cents: int
    variable_cents: int
    assumed: bool
    rows: tuple[Any, ...] = field(default=(), compare=False, repr=False)

    @property
    def entity_id(self) -> str:
        """The entity that sells it."""
        return self.scope.split(":", 1)[0]

    @property
    def name(self) -> str:
        """The unit's name; the entity's id if the scope has no colon."""
        return self.scope.split(":", 1)[-1]


def units(context: Context, *, on: date | None = None) -> tuple[Unit, ...]:
    """Every unit of sale with a price and a variable cost on a day (default: the report date).

    Raises:
        MissingInputError: a unit has a price but no variable cost.
    """
    found = []
    for scope in scopes(context, UNIT_PRICE, on=on):
        price = param(context, UNIT_PRICE, scope, on=on)
        variable = param(context, "unit_variable_cost_cents", scope, on=on)
        marked = price.assumed or variable.assumed
        found.append(Unit(scope, price.whole, variable.whole, marked, (price.row, variable.row)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Bundle:
    """One unit of sale, or a composite of several in their sales mix.

    Attributes:
        parts: Each unit, and how many of them one bundle holds.
    """

    parts: tuple[tuple[Unit, Decimal], ...]

    @property
    def price_cents(self) -> Decimal:
        """Price of one bundle."""
        return sum((unit.price_cents * mix for unit, mix in self.parts), Decimal(0))

    @property
    def variable_cents(self) -> Decimal:
        """Variable cost of one bundle."""
        return sum((unit.variable_cents * mix for unit, mix in self.parts), Decimal(0))

    @property
    def assumed(self) -> bool:
        """Whether any part rests on an assumed parameter."""
        return any(unit.assumed for unit, _ in self.parts)

    @property
    def rows(self) -> tuple[Any, ...]:
        """The rows of the parameters of its parts."""
        return tuple(row for unit, _ in self.parts for row in unit.rows)

    @property
    def entities(self) -> tuple[str, ...]:
        """The entities that sell its parts."""
        return tuple(sorted({unit.entity_id for unit, _ in self.parts}))


def bundle(context: Context, *, on: date | None = None) -> Bundle | None:
    """The one unit of sale or the composite of several on a day (default: the report date); None without a price.

    Raises:
        MissingInputError: there are several units and one has no sales mix.
    """
    found = units(context, on=on)
    if len(found) == 1:
        return Bundle(((found[0], Decimal(1)),))
    mixes = (param(context, "unit_mix", unit.scope, on=on).value for unit in found)
    return Bundle(tuple(zip(found, mixes, strict=True))) if found else None
