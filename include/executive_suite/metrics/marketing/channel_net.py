"""What a booking through a travel agency leaves: the price less the agency's commission and the variable cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.arithmetic import WHOLE_BP, whole_cents
from executive_suite.metrics.finance.units import Unit, units
from executive_suite.metrics.marketing import channels
from executive_suite.metrics.marketing.channels import Channel
from executive_suite.metrics.registry import metric


@dataclass(frozen=True, slots=True)
class Net:
    """What one unit of sale leaves through one channel, cents."""

    unit: Unit
    cents: int


def net_per_unit(price_cents: int, commission_bp: int, variable_cents: int) -> int:
    """Price times one less the commission, less variable cost, cents, rounded half up.

    >>> net_per_unit(200_000, 850, 50_000)
    133000
    """
    return whole_cents(Fraction(price_cents * (WHOLE_BP - commission_bp), WHOLE_BP) - variable_cents)


def nets(context: Context, channel: Channel) -> tuple[Net, ...]:
    """What each unit of sale of the channel's entity leaves; none where price, cost or commission is unknown."""
    if channel.commission_bp is None or not context.has("param"):
        return ()
    try:
        own = [unit for unit in units(context) if unit.entity_id == channel.entity_id]
    except MissingInputError:
        return ()
    return tuple(Net(unit, net_per_unit(unit.price_cents, channel.commission_bp, unit.variable_cents)) for unit in own)


@metric(
    "ota_net_per_unit",
    needs={
        "channel": (*channels.COLUMNS, "requires_coi", "commission_bp", "setup_days", "exp_monthly_net_cents"),
        "param": ("param", "scope", "value"),
    },
)
def _nets(context: Context) -> Iterator[Fact]:
    for listing in channels.sequence(context):
        channel = listing.channel
        found = nets(context, channel)
        for net in found:
            named = {"channel": channel.channel_id, "unit": net.unit.name}
            inputs, assumed = {"channel": (channel,), "param": net.unit.rows}, net.unit.assumed
            yield context.fact("ota_net_per_unit", Measure(net.cents), inputs=inputs, assumed=assumed, **named)
        if not found:
            lacking = not_evaluable("no commission is recorded")
            if channel.commission_bp is not None:
                lacking = not_evaluable(f"param unit_price_cents has no value for {channel.entity_id}")
            yield context.fact("ota_net_per_unit", lacking, inputs={"channel": (channel,)}, channel=channel.channel_id)
