"""Cost, volume, profit: how many units per month cover what the group burns without them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import optional_param
from executive_suite.facts.fact import GROUP, Fact, Qualifier, Why
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable, qualified
from executive_suite.metrics.arithmetic import Exact, amount, ceiling, ratio
from executive_suite.metrics.book.book import NEEDS_ACTIVITY, MonthlySums, book
from executive_suite.metrics.finance.burn import burn, run_rate
from executive_suite.metrics.finance.cash import deposit_accounts
from executive_suite.metrics.finance.units import NO_PRICE, Bundle, bundle, units
from executive_suite.metrics.finance.window import window
from executive_suite.metrics.registry import metric

NO_MARGIN = "contribution margin is zero or negative: never breaks even"
BASES: tuple[dict[str, str], ...] = ({}, {"basis": "worst_month"})
"""The mean of the window, and its worst month."""


def break_even_units(fixed_cents: Exact, price_cents: Exact, variable_cents: Exact, target_cents: Exact = 0) -> Measure:
    """Units to sell so that contribution covers fixed cost and a target profit.

    Args:
        fixed_cents: Fixed cost of the period, cents; zero or less needs no unit.
        price_cents: Price of one unit, cents.
        variable_cents: Variable cost of one unit, cents.
        target_cents: Profit of the period to reach, cents.

    Returns:
        Whole units, rounded up by exact arithmetic; not applicable if the contribution margin is zero or negative.

    Source: OpenStax, Principles of Accounting 2, 3.2: Hicks Manufacturing, $18,000 / ($100 - $20) = 225 birdbaths;
    ($18,000 + $16,000) / $80 = 425.

    >>> [break_even_units(1_800_000, 10_000, 2_000, target).value for target in (0, 1_600_000)]
    [225, 425]
    >>> break_even_units(100_000, 5_000, 5_000).status
    'not_applicable'
    """
    return _covering(Fraction(fixed_cents) + Fraction(target_cents), price_cents, variable_cents, 1)


def break_even_revenue(
    fixed_cents: Exact, price_cents: Exact, variable_cents: Exact, target_cents: Exact = 0, index: Exact = 1
) -> Measure:
    """Sales at which contribution covers fixed cost and a target profit, in a period of that index; rounded up.

    Source: OpenStax, Principles of Accounting 2, 3.2: $18,000 / 80% = $22,500; ($18,000 + $16,000) / 80% = $42,500.

    >>> [break_even_revenue(1_800_000, 10_000, 2_000, target).value for target in (0, 1_600_000)]
    [2250000, 4250000]
    """
    each = Fraction(price_cents) * Fraction(index)
    return _covering(Fraction(fixed_cents) + Fraction(target_cents), price_cents, variable_cents, each)


def _covering(cents: Fraction, price_cents: Exact, variable_cents: Exact, each: int | Fraction) -> Measure:
    """The units whose contribution covers an amount, times ``each``, rounded up."""
    margin = Fraction(price_cents) - Fraction(variable_cents)
    return Measure(max(0, ceiling(cents * each, margin))) if margin > 0 else not_applicable(NO_MARGIN)


def fixed_cost(context: Context, entities: Sequence[str], *, going_on: bool = False) -> MonthlySums:
    """Residual fixed cost of the group by month: net burn without what ``entities`` receive from customers.

    Receipts from customers are operating lines on revenue and contract-liability accounts. What goes on is without the
    entities that have left the group.
    """
    sums = book(context)
    taken = sums.of_type("revenue") | sums.on(deposit_accounts(context))
    taken &= sums.in_activity("operating") & sums.owned_by(*entities)
    if going_on:
        return run_rate(context)["net_burn"] + -sums.monthly(taken & sums.going_on)
    return burn(context)["net_burn"] + -sums.monthly(taken)


@metric("contribution_margin", "contribution_margin_ratio", needs={"param": ("param", "scope", "value")})
def _margins(context: Context) -> Iterator[Fact]:
    whole = bundle(context)
    if whole is None:
        missing = dict.fromkeys(("contribution_margin", "contribution_margin_ratio"), not_evaluable(NO_PRICE))
        yield from context.facts(missing, inputs={"param": 0})
        return
    alone = ((Bundle(((unit, Decimal(1)),)), unit.entity_id, {"unit": unit.name}) for unit in units(context))
    for sold, entity, dimensions in (*alone, (whole, GROUP, {})):
        margin = sold.price_cents - sold.variable_cents
        yield from context.facts(
            {
                "contribution_margin": Measure(amount(margin)),
                "contribution_margin_ratio": ratio(margin, sold.price_cents, "price is zero"),
            },
            inputs={"param": sold.rows},
            entity_id=entity,
            assumed=sold.assumed,
            **dimensions,
        )


@metric(
    "break_even_units",
    "break_even_revenue",
    "residual_fixed_cost",
    needs={**NEEDS_ACTIVITY, "param": ("param", "scope", "value")},
    classified="window",
)
def _break_even(context: Context) -> Iterator[Fact]:
    recent, sold = window(context), bundle(context)
    costs = fixed_cost(context, sold.entities if sold else ())
    yield from costs.facts(context, "residual_fixed_cost", GROUP, book(context).complete(GROUP, context))
    if recent.missing or sold is None:
        names = ("break_even_units", "break_even_revenue", "residual_fixed_cost")
        missing = dict.fromkeys(names, recent.missing or not_evaluable(NO_PRICE))
        for basis in BASES:
            yield from context.facts(missing, inputs={"ledger": 0}, **basis)
        return
    chosen = recent.of(fixed_cost(context, sold.entities, going_on=True))
    inputs = {"ledger": tuple(chosen), "param": sold.rows}
    marked = recent.assumed or sold.assumed
    mean = Fraction(sum(cost.cents for cost in chosen), len(chosen))
    worst = Fraction(max(cost.cents for cost in chosen))
    units_each = sum((mix for _, mix in sold.parts), Decimal(0))
    for basis, cents in zip(BASES, (mean, worst), strict=True):
        bundles = break_even_units(cents, sold.price_cents, sold.variable_cents)
        yield from context.facts(
            {
                "break_even_units": _checked(context, sold, _times(bundles, units_each)),
                "break_even_revenue": break_even_revenue(cents, sold.price_cents, sold.variable_cents),
                "residual_fixed_cost": Measure(amount(cents)),
            },
            inputs=inputs,
            assumed=marked,
            **basis,
        )
    for unit, mix in sold.parts if len(sold.parts) > 1 else ():
        own = _times(break_even_units(mean, sold.price_cents, sold.variable_cents), mix)
        about = {"entity_id": unit.entity_id, "unit": unit.name}
        yield context.fact("break_even_units", own, inputs=inputs, assumed=marked, **about)


def _times(bundles: Measure, units_each: Decimal) -> Measure:
    """So many bundles as units, rounded up."""
    return Measure(ceiling(bundles.value * units_each, 1)) if isinstance(bundles.value, int) else bundles


def _checked(context: Context, sold: Bundle, needed: Measure) -> Measure:
    """The same units, with a remark if they exceed what can be delivered in a month."""
    capacities = [optional_param(context, "unit_capacity_per_month", unit.scope) for unit, _ in sold.parts]
    known = [capacity.value for capacity in capacities if capacity is not None]
    if len(known) < len(sold.parts) or not isinstance(needed.value, int) or needed.value <= sum(known):
        return needed
    return qualified(needed, f"above the capacity of {sum(known)} a month", Qualifier(Why.ABOVE_LIMIT))
