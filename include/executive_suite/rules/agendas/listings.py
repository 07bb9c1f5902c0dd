"""Online travel agencies to list with, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from executive_suite import formats
from executive_suite.facts.findings import Action
from executive_suite.metrics.marketing import channel_net, channels

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context


def ota_sequence(context: Context) -> tuple[Action, ...]:
    """Travel agencies to list with: first those that can be listed today, then by net per set-up day.

    Raises:
        MissingInputError: the channel table is absent.
    """
    found = []
    for listing in channels.sequence(context):
        channel = listing.channel
        score = "set-up days or monthly net not recorded"
        if channel.is_ready:
            score = "no set-up needed"
        elif channel.score is not None:
            score = f"{formats.money(channel.score)} per set-up day"
        nets = channel_net.nets(context, channel)
        if nets:
            left = ", ".join(f"{net.unit.name} {formats.money(net.cents)}" for net in nets)
            score = f"{score}; net of commission and cost, each {left}"
        found.append(
            Action(
                action_id=channel.channel_id,
                agenda="ota_sequence",
                rank=listing.rank,
                title=channel.name,
                score=score,
                entity_id=channel.entity_id,
                status="eligible" if listing.eligible else f"blocked: {listing.blocked_by} missing",
                at_stake_cents=channel.monthly_net_cents,
                at_stake_every="month",
                effort_days="" if channel.setup_days is None else str(channel.setup_days),
                details={
                    "requires": "certificate of insurance" if channel.requires_coi else "nothing further",
                    "commission_bp": "" if channel.commission_bp is None else str(channel.commission_bp),
                },
            )
        )
    return tuple(found)
