"""Cost, volume, profit: how many units a month cover what the group burns without them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from executive_suite.dataset.parameters import optional_param, param
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.arithmetic import amount, ratio
from executive_suite.metrics.book.book import NEEDS_ACTIVITY, Monthly, Sum, book
from executive_suite.metrics.finance.burn import burn, too_few
from executive_suite.metrics.finance.cash import contract_liabilities
from executive_suite.metrics.finance.units import Unit, units
from executive_suite.metrics.registry import metric

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

NO_MARGIN = "contribution margin is zero or negative: never breaks even"

MARGIN = Definition(
    "contribution_margin",
    "Contribution margin per unit",
    "cents",
    "Price of one unit less its variable cost (params unit_price_cents, unit_variable_cost_cents). With several units, "
    "the margin of one composite unit: the sum over its parts of sales mix (param unit_mix) times margin.",
    "OpenStax, Principles of Accounting 2: Managerial Accounting, 3.1",
    "higher",
)
MARGIN_RATIO = Definition(
    "contribution_margin_ratio",
    "Contribution margin ratio",
    "ratio",
    "Contribution margin of one unit divided by its price.",
    "OpenStax, Principles of Accounting 2: Managerial Accounting, 3.1",
    "higher",
)
UNITS = Definition(
    "break_even_units",
    "Break-even units a month",
    "units",
    "Residual fixed cost divided by contribution margin per unit, always rounded up. Residual fixed cost is the "
    "group's net burn of a month with the unit's own receipts (revenue and deposits) added back: the cost that its "
    "sales have to cover, net of all other income. Taken at the mean and at the worst of the latest complete months. "
    "With several units: whole composite units in their sales mix, the sum of their parts; by unit, those of each.",
    "OpenStax, Principles of Accounting 2: Managerial Accounting, 3.2",
    "lower",
)
REVENUE = Definition(
    "break_even_revenue",
    "Break-even revenue a month",
    "cents",
    "Residual fixed cost divided by the contribution margin ratio, rounded up to the cent.",
    "OpenStax, Principles of Accounting 2: Managerial Accounting, 3.2",
    "lower",
)
FIXED = Definition(
    "residual_fixed_cost",
    "Residual fixed cost",
    "cents/month",
    "Net burn of the group in a complete month with the receipts of the units of sale (revenue and deposits) added "
    "back; the headline is the mean of the latest complete months.",
    "Cost-volume-profit analysis on a cash basis",
    "lower",
)


def break_even_units(fixed_cents: int | Decimal, price_cents: int, variable_cents: int) -> Measure:
    """Units to sell so that contribution covers fixed cost.

    Args:
        fixed_cents: Fixed cost of the period, cents; zero or less needs no unit.
        price_cents: Price of one unit, cents.
        variable_cents: Variable cost of one unit, cents.

    Returns:
        Whole units, rounded up by exact arithmetic; not applicable when the contribution margin is zero or negative.

    Source: OpenStax, Principles of Accounting 2, 3.2: Hicks Manufacturing, $18,000 / ($100 - $20) = 225 birdbaths.

    >>> break_even_units(1_800_000, 10_000, 2_000).value
    225
    >>> break_even_units(100_000, 5_000, 5_000).status
    'not_applicable'
    """
    return target_profit_units(fixed_cents, price_cents - variable_cents, 0)


def target_profit_units(fixed_cents: int | Decimal, margin_cents: int | Decimal, target_cents: int) -> Measure:
    """Units to sell so that contribution covers fixed cost and a profit.

    Source: OpenStax, Principles of Accounting 2, 3.2: ($18,000 + $16,000) / $80 = 425 units.

    >>> target_profit_units(1_800_000, 8_000, 1_600_000).value
    425
    """
    if margin_cents <= 0:
        return not_applicable(NO_MARGIN)
    return Measure(max(0, ceiling(Decimal(fixed_cents) + target_cents, Decimal(margin_cents))))


def break_even_revenue(fixed_cents: int | Decimal, price_cents: int, variable_cents: int) -> Measure:
    """Sales at which contribution covers fixed cost, cents, rounded up.

    Source: OpenStax, Principles of Accounting 2, 3.2: $18,000 / 80 % = $22,500.

    >>> break_even_revenue(1_800_000, 10_000, 2_000).value
    2250000
    """
    margin = price_cents - variable_cents
    if margin <= 0:
        return not_applicable(NO_MARGIN)
    return Measure(max(0, ceiling(Decimal(fixed_cents) * price_cents, Decimal(margin))))


def ceiling(numerator: Decimal, denominator: Decimal) -> int:
    """The smallest integer not below the exact quotient; ``denominator`` is positive.

    >>> ceiling(Decimal(1682), Decimal(29))
    58
    """
    top, bottom = numerator.as_integer_ratio()
    over, under = denominator.as_integer_ratio()
    return -(-(top * under) // (bottom * over))


@dataclass(frozen=True, slots=True)
class Bundle:
    """What is sold to break even: one unit, or a composite of several in their sales mix.

    Attributes:
        parts: Each unit with how many of it one bundle holds.
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
    def margin_cents(self) -> Decimal:
        """Contribution margin of one bundle."""
        return self.price_cents - self.variable_cents

    @property
    def units(self) -> Decimal:
        """Units in one bundle."""
        return sum((mix for _, mix in self.parts), Decimal(0))

    @property
    def assumed(self) -> bool:
        """Whether any part rests on an assumed parameter."""
        return any(unit.assumed for unit, _ in self.parts)

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


@dataclass(frozen=True)
class FixedCost:
    """Residual fixed cost by complete month, latest last, with the lines behind it."""

    monthly: tuple[Sum, ...]

    @property
    def mean(self) -> Decimal:
        """The exact mean, cents."""
        return Decimal(sum(month.cents for month in self.monthly)) / len(self.monthly)

    @property
    def worst(self) -> int:
        """The highest month, cents."""
        return max(month.cents for month in self.monthly)

    @property
    def lines(self) -> int:
        """Ledger lines behind it."""
        return sum(month.lines for month in self.monthly)


def receipts(context: Context) -> Monthly:
    """What came in from customers by entity and month: operating lines on revenue and contract-liability accounts."""
    sums = book(context)
    deposits = sums.cells["account"].isin(contract_liabilities(context.table("account")))
    taken = sums.monthly((sums.of_type("revenue") | deposits) & sums.in_activity("operating"))
    return {key: -value for key, value in taken.items()}


def fixed_cost(context: Context, entities: Sequence[str]) -> Mapping[str, Sum]:
    """Residual fixed cost of the group by complete month (``YYYY-MM``), without the receipts of ``entities``."""
    net, own = burn(context).net, receipts(context)
    found = {}
    for month in book(context).complete(GROUP, context):
        cost = net.get((GROUP, month), Sum())
        for entity in entities:
            cost += own.get((entity, month), Sum())
        found[str(month)] = cost
    return found


@metric(MARGIN, MARGIN_RATIO, needs={"param": ("param", "scope", "value")})
def margin_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    for unit in units(context):
        yield from _margin(context, Bundle(((unit, Decimal(1)),)), unit.entity_id, {"unit": unit.name})
    whole = bundle(context)
    if whole is not None:
        yield from _margin(context, whole, GROUP, {})
        return
    for metric_id in ("contribution_margin", "contribution_margin_ratio"):
        yield context.fact(metric_id, not_evaluable("param unit_price_cents has no value"), inputs={"param": 0})


def _margin(context: Context, sold: Bundle, entity: str, dimensions: Mapping[str, str]) -> Iterator[Fact]:
    inputs = {"param": 2 * len(sold.parts)}
    for metric_id, measure in (
        ("contribution_margin", Measure(amount(sold.margin_cents))),
        ("contribution_margin_ratio", ratio(sold.margin_cents, sold.price_cents, "price is zero")),
    ):
        yield context.fact(metric_id, measure, inputs=inputs, entity_id=entity, assumed=sold.assumed, **dimensions)


@metric(UNITS, REVENUE, FIXED, needs={**NEEDS_ACTIVITY, "param": ("param", "scope", "value")})
def break_even_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    size = param(context, "burn_window_months")
    sold = bundle(context)
    costs = fixed_cost(context, sold.entities if sold else ())
    for month, cost in costs.items():
        yield context.fact("residual_fixed_cost", Measure(cost.cents), inputs={"ledger": cost.lines}, period=month)
    chosen = tuple(costs.values())[-size.whole :] if len(costs) >= size.whole else None
    if chosen is None or sold is None:
        missing = (
            too_few(len(costs), size.whole) if chosen is None else not_evaluable("param unit_price_cents has no value")
        )
        for metric_id in ("break_even_units", "break_even_revenue", "residual_fixed_cost"):
            yield context.fact(metric_id, missing, inputs={"ledger": 0})
            yield context.fact(metric_id, missing, inputs={"ledger": 0}, basis="worst_month")
        return
    fixed = FixedCost(chosen)
    inputs = {"ledger": fixed.lines, "param": 2 * len(sold.parts)}
    marked = size.assumed or sold.assumed
    for basis, cents in (({}, fixed.mean), ({"basis": "worst_month"}, Decimal(fixed.worst))):
        for metric_id, measure in (
            ("break_even_units", _checked(context, sold, _bundle_units(cents, sold))),
            ("break_even_revenue", _bundle_revenue(cents, sold)),
            ("residual_fixed_cost", Measure(amount(cents))),
        ):
            yield context.fact(metric_id, measure, inputs=inputs, assumed=marked, **basis)
    if len(sold.parts) > 1:
        bundles = target_profit_units(fixed.mean, sold.margin_cents, 0)
        for unit, mix in sold.parts:
            own = _times(bundles, mix)
            yield context.fact(
                "break_even_units", own, inputs=inputs, entity_id=unit.entity_id, assumed=marked, unit=unit.name
            )


def _bundle_units(fixed: Decimal, sold: Bundle) -> Measure:
    return _times(target_profit_units(fixed, sold.margin_cents, 0), sold.units)


def _times(bundles: Measure, units_each: Decimal) -> Measure:
    """So many bundles as units, rounded up."""
    return Measure(ceiling(bundles.value * units_each, Decimal(1))) if isinstance(bundles.value, int) else bundles


def _bundle_revenue(fixed: Decimal, sold: Bundle) -> Measure:
    """Sales at which bundles cover a fixed cost, cents, rounded up."""
    if sold.margin_cents <= 0:
        return not_applicable(NO_MARGIN)
    return Measure(max(0, ceiling(fixed * sold.price_cents, sold.margin_cents)))


def _checked(context: Context, sold: Bundle, needed: Measure) -> Measure:
    """The same units, with a remark when they exceed what can be delivered in a month."""
    capacities = [optional_param(context, "unit_capacity_per_month", unit.scope) for unit, _ in sold.parts]
    known = [capacity.value for capacity in capacities if capacity is not None]
    if len(known) < len(sold.parts) or not isinstance(needed.value, int) or needed.value <= sum(known):
        return needed
    return Measure(needed.value, reason=f"above the capacity of {sum(known)} a month")
