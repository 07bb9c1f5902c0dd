"""Options for deploying capital, by tier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.facts.findings import Action

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

TIERS = ("zero-cost", "low-cost", "revenue-producing", "no-deploy")
_SHOWN = ("payback_months", "runway_after_months", "deployment_npv")


def capital(context: Context, facts: Sequence[Fact]) -> tuple[Action, ...]:
    """Capital deployment options by tier, then cost, then id; tiers are the facts of ``capital_tier``.

    Raises:
        MissingInputError: the register of options is absent.
    """
    known = {(f.metric_id, f.dimensions["option"]): f for f in facts if f.dimensions.keys() == {"option"}}
    found = []
    for row in context.rows("deployment_option", "option_id", "cost_cents", "exp_monthly_gain_cents"):
        fact = known.get(("capital_tier", row.option_id))
        tier = str(fact.value) if fact is not None and fact.value is not None else ""
        found.append((TIERS.index(tier) if tier in TIERS else len(TIERS), row, tier, fact))
    found.sort(key=lambda item: (item[0], item[1].cost_cents or 0, item[1].option_id))
    return tuple(
        Action(
            action_id=row.option_id,
            agenda="capital",
            rank=place,
            title=row.text("title") or row.option_id,
            score=f"cost {formats.money(row.cost_cents or 0)}",
            status=tier or f"not evaluable: {fact.reason if fact else 'no capital tier'}",
            at_stake_cents=row.exp_monthly_gain_cents or 0,
            at_stake_every="month",
            assumed=row.assumed or (fact is not None and fact.assumed),
            details=_details(row, known),
        )
        for place, (_, row, tier, fact) in enumerate(found, start=1)
    )


def _details(row: Any, known: Mapping[tuple[str, str], Fact]) -> dict[str, str]:
    details = {"category": row.text("category"), "cost_cents": str(row.cost_cents or 0)}
    for name in _SHOWN:
        fact = known.get((name, row.option_id))
        details[name] = "" if fact is None or fact.value is None else str(fact.value)
        if fact is not None and fact.value is None:
            details[f"{name}_reason"] = fact.reason
    return details
