"""Who owns what, and how much of it has no signed agreement or no vesting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.group import ends
from executive_suite.dataset.labels import entity_names
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.arithmetic import CENT_HUNDREDTH, WHOLE_BP, quotient
from executive_suite.metrics.cut import grouped
from executive_suite.metrics.registry import metric

COLUMNS = ("entity_id", "person_id", "valid_from", "pct_bp", "agreement_signed", "vesting_schedule")


def uncommitted(shares_bp: Sequence[tuple[int, bool]]) -> int | None:
    """Share of one entity held without signed agreement or without vesting, basis points.

    Args:
        shares_bp: Share and whether it is committed, by holding.

    Returns:
        None if the shares do not add up to the whole: then the table is wrong, and the risk is not zero.

    >>> uncommitted([(6_000, True), (4_000, False)]), uncommitted([(4_000, False)])
    (4000, None)
    """
    whole = sum(share for share, _ in shares_bp)
    return sum(share for share, committed in shares_bp if not committed) if whole == WHOLE_BP else None


def unvested(pct_bp: int, vested_bp: int) -> Decimal:
    """Part of a holding that is not vested, basis points of the entity: share times (1 - vested).

    >>> unvested(4_000, 2_500)
    Decimal('3000.00')
    """
    return quotient(pct_bp * (WHOLE_BP - vested_bp), WHOLE_BP, CENT_HUNDREDTH)


@metric("equity_uncommitted_pct", "equity_share_pct", "equity_unvested_pct", needs={"equity_holder": COLUMNS})
def _equity(context: Context) -> Iterator[Fact]:
    held = (one for one in context.rows_in_force("equity_holder", *COLUMNS) if one.entity_id not in ends(context))
    everyone = grouped(held, lambda holding: holding.entity_id)
    found: dict[str, int] = {}
    faults = []
    for entity, own in everyone.items():
        risk = uncommitted([(holding.pct_bp, _committed(holding)) for holding in own])
        if risk is None:
            total = sum(holding.pct_bp for holding in own)
            faults.append(f"shares of {entity} add up to {total} bp, not {WHOLE_BP}")
        else:
            found[entity] = risk
        measure = not_evaluable(faults[-1]) if risk is None else Measure(risk)
        yield context.fact("equity_uncommitted_pct", measure, inputs={"equity_holder": own}, entity_id=entity)
        times = Counter(holding.person_id for holding in own)
        for holding in own:
            yield from _holding(context, holding, tranche=times[holding.person_id] > 1)
    inputs = {"equity_holder": list(chain(*everyone.values()))}
    yield context.fact("equity_uncommitted_pct", _highest(context, found, faults), inputs=inputs)


def _highest(context: Context, found: Mapping[str, int], faults: Sequence[str]) -> Measure:
    """The highest figure of an entity, as the group's; none while the shares of one do not add up."""
    if faults:
        return not_evaluable("; ".join(faults))
    if not found:
        return not_applicable("no equity holder is registered")
    cents, entity = max((share, entity) for entity, share in found.items())
    return Measure(cents, reason=f"highest of its entities: {entity_names(context).get(entity, entity)}")


def _holding(context: Context, holding: Any, *, tranche: bool) -> Iterator[Fact]:
    """One holding; the first day distinguishes several of one person."""
    about: dict[str, Any] = {"inputs": {"equity_holder": (holding,)}, "entity_id": holding.entity_id}
    about |= {"person": holding.person_id} | ({"since": holding.valid_from.isoformat()} if tranche else {})
    agreement: dict[str, Any] = {
        "signed": "yes" if holding.agreement_signed else "no",
        "vesting": holding.vesting_schedule or "none",
    }
    vested, share = holding.get("vested_bp"), holding.pct_bp
    open_part = not_evaluable("vested_bp is not recorded") if vested is None else Measure(unvested(share, vested))
    yield context.fact("equity_share_pct", Measure(share), **about, **agreement)
    yield context.fact("equity_uncommitted_pct", Measure(0 if _committed(holding) else share), **about)
    yield context.fact("equity_unvested_pct", open_part, **about)


def _committed(holding: Any) -> bool:
    """Whether a holding has a signed agreement and a vesting schedule."""
    return bool(holding.agreement_signed and holding.vesting_schedule)
