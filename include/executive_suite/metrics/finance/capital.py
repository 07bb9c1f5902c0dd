"""Capital deployment: the tier of each candidate, by cost, payback and the runway that remains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Literal

from executive_suite.dataset.behind import Behind
from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import optional_param, param
from executive_suite.dataset.rows import any_assumed
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.arithmetic import CENT_HUNDREDTH, WHOLE_BP, quotient, ratio, whole_cents
from executive_suite.metrics.book.book import NEEDS_ACTIVITY, book
from executive_suite.metrics.cut import Cut
from executive_suite.metrics.finance.burn import run_rate
from executive_suite.metrics.finance.cash import cash_runway
from executive_suite.metrics.finance.window import SIZE, window
from executive_suite.metrics.registry import metric

Tier = Literal["zero-cost", "low-cost", "revenue-producing", "no-deploy"]

INFRASTRUCTURE = ("infra", "infrastructure")
LIMITS = ("tier_zero_cost_max_cents", "tier_infra_max_cents", "tier_payback_max_months", "runway_floor_months")


@dataclass(frozen=True, slots=True)
class Limits:
    """Thresholds of the tiers: what is at its limit still fits. Money in cents."""

    zero_cost_cents: Decimal
    infrastructure_cents: Decimal
    payback_months: Decimal
    runway_floor_months: Decimal


def expected_gain(gain_cents: int, confidence_bp: int = WHOLE_BP) -> Decimal:
    """Monthly gain times confidence, cents.

    >>> expected_gain(90_001, 5_000)
    Decimal('45000.5')
    """
    return Decimal(gain_cents * confidence_bp) / WHOLE_BP


def payback(cost_cents: int, gain_cents: int | Decimal) -> Measure:
    """Months until expected monthly gains have paid for the cost, to two places.

    >>> payback(150_000, 90_000).value
    Decimal('1.67')
    >>> payback(1_000, 0).reason
    'never, no gain'
    """
    if gain_cents <= 0:
        return not_applicable("never, no gain")
    return Measure(quotient(cost_cents, gain_cents, CENT_HUNDREDTH))


def capital_tier(
    cost_cents: int,
    category: str,
    gain_cents: int | Decimal,
    limits: Limits,
    *,
    cash_cents: int,
    mean_burn_cents: Decimal,
) -> Tier:
    """The tier of one candidate by its expected monthly gain; comparisons are exact and include their limits.

    >>> limits = Limits(Decimal(100), Decimal(10_000), Decimal(6), Decimal(3))
    >>> capital_tier(150_000, "revenue", 90_000, limits, cash_cents=3_880_000, mean_burn_cents=Decimal(800_000))
    'revenue-producing'
    """
    if cost_cents <= limits.zero_cost_cents:
        return "zero-cost"
    if category in INFRASTRUCTURE and cost_cents <= limits.infrastructure_cents:
        return "low-cost"
    pays = gain_cents > 0 and cost_cents <= limits.payback_months * gain_cents
    keeps_floor = cash_cents - cost_cents >= limits.runway_floor_months * max(mean_burn_cents, Decimal(0))
    return "revenue-producing" if pays and keeps_floor else "no-deploy"


def net_present_value(cost_cents: int, gain_cents: int | Decimal, rate_month_bp: Decimal, months: int) -> Decimal:
    """Discounted gains at the end of each month less the cost, cents.

    Source: OpenStax, Principles of Finance, 16.2: present value of an annuity less the outlay.

    >>> net_present_value(100_000, 10_000, Decimal(0), 12)
    Decimal('20000')
    """
    with localcontext() as exact:
        exact.prec = 60
        factor = 1 / (1 + rate_month_bp / WHOLE_BP)
        return sum((gain_cents * factor**month for month in range(1, months + 1)), Decimal(0)) - cost_cents


@metric(
    "capital_tier",
    "payback_months",
    "runway_after_months",
    "deployment_npv",
    "deployment_npv_to_cost",
    needs={
        **NEEDS_ACTIVITY,
        "param": ("param", "value"),
        "deployment_option": ("option_id", "category", "cost_cents", "exp_monthly_gain_cents"),
    },
)
def _options(context: Context) -> Iterator[Fact]:
    values = [param(context, name) for name in LIMITS]
    limits = Limits(*(value.value for value in values))
    recent, cash = window(context), book(context).at_hand()
    burned = [one.cents for one in recent.of(run_rate(context)["net_burn"])]
    shared = {"ledger": cash, "param": (*values, param(context, SIZE))}
    for row in context.rows("deployment_option"):
        own = Cut(context, "deployment_option", (row,), dimensions={"option": row.option_id})
        cost, confidence = row.cost_cents, row.get("confidence_bp")
        inputs = {"deployment_option": own, **shared}
        gain = expected_gain(row.exp_monthly_gain_cents, WHOLE_BP if confidence is None else confidence)
        if recent.missing or not burned:
            tier = left = recent.missing or not_evaluable("no month of burn is recorded")
        else:
            mean = Decimal(sum(burned)) / len(burned)
            tier = Measure(capital_tier(cost, row.category, gain, limits, cash_cents=cash.cents, mean_burn_cents=mean))
            left = cash_runway(cash.cents - cost, burned, months=len(burned))
        marked = any_assumed((row, recent, *values))
        yield own.fact("capital_tier", tier, inputs=inputs, assumed=marked)
        yield own.fact("runway_after_months", left, inputs=inputs, assumed=marked)
        yield own.fact("payback_months", payback(cost, gain))
        yield from _present_values(own, cost, gain)


def _present_values(own: Cut, cost: int, gain: Decimal) -> Iterator[Fact]:
    given = {name: optional_param(own.context, name) for name in ("discount_rate_month_bp", "npv_horizon_months")}
    rate, horizon = given.values()
    if rate is None or horizon is None:
        missing = next(name for name, value in given.items() if value is None)
        whole = share = not_evaluable(f"param {missing} has no value")
        inputs: dict[str, Behind] = {"deployment_option": own}
        marked = any_assumed(own.rows)
    else:
        worth = net_present_value(cost, gain, rate.value, horizon.whole)
        whole, share = Measure(whole_cents(worth)), ratio(worth, cost, "it costs nothing")
        inputs = {"deployment_option": own, "param": (rate, horizon)}
        marked = any_assumed(own.rows, (rate, horizon))
    yield own.fact("deployment_npv", whole, inputs=inputs, assumed=marked)
    yield own.fact("deployment_npv_to_cost", share, inputs=inputs, assumed=marked)


@metric("runway_floor", needs={"param": ("param", "value")})
def _floor(context: Context) -> Iterator[Fact]:
    floor = param(context, LIMITS[-1])
    yield context.fact("runway_floor", Measure(floor.value), inputs={"param": (floor,)}, assumed=floor.assumed)
