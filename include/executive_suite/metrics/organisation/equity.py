"""Who owns what, and how much of it stands without a signed agreement or without vesting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.arithmetic import CENT_HUNDREDTH, quotient
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rows import entity_names, rows

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

COLUMNS = ("entity_id", "person_id", "valid_from", "pct_bp", "agreement_signed", "vesting_schedule")
WHOLE_BP = 10_000


@dataclass(frozen=True, slots=True)
class Holding:
    """A share of an entity held at the report date.

    Attributes:
        entity_id: The entity.
        person_id: The holder.
        pct_bp: Share, basis points.
        signed: Whether an agreement is signed.
        vesting: The vesting schedule; empty when there is none.
        vested_bp: Vested part of the holding, basis points; None when not recorded.
        since: First day, which tells the holdings of one person apart.
    """

    entity_id: str
    person_id: str
    pct_bp: int
    signed: bool
    vesting: str
    vested_bp: int | None
    since: str = ""

    @property
    def uncommitted(self) -> bool:
        """No signed agreement, or no vesting schedule."""
        return not self.signed or not self.vesting


def holdings(context: Context) -> tuple[Holding, ...]:
    """Every holding at the report date, by entity and person."""
    frame = context.current("equity_holder", *COLUMNS).sort_values(["entity_id", "person_id", "valid_from"])
    return tuple(
        Holding(
            row.text("entity_id"),
            row.text("person_id"),
            row.whole("pct_bp"),
            row.flag("agreement_signed"),
            row.text("vesting_schedule"),
            row.whole("vested_bp") if row.has("vested_bp") else None,
            row.on("valid_from").isoformat(),
        )
        for row in rows(frame)
    )


def uncommitted(holders: list[Holding]) -> Measure:
    """Share of one entity held without signed agreement or without vesting, basis points.

    Returns:
        Not evaluable when the shares do not add up to the whole: the table is then wrong, not the risk zero.

    >>> bare = Holding("x", "b", 4_000, False, "", None)
    >>> uncommitted([Holding("x", "a", 6_000, True, "four years", None), bare]).value
    4000
    >>> uncommitted([bare]).reason
    'shares of x add up to 4000 bp, not 10000'
    """
    total = sum(h.pct_bp for h in holders)
    if total != WHOLE_BP:
        return not_evaluable(f"shares of {holders[0].entity_id} add up to {total} bp, not {WHOLE_BP}")
    return Measure(sum(h.pct_bp for h in holders if h.uncommitted))


def unvested(pct_bp: int, vested_bp: int) -> Decimal:
    """Part of a holding that is not vested, basis points of the entity: share times (1 - vested).

    >>> unvested(4_000, 2_500)
    Decimal('3000.00')
    """
    return quotient(pct_bp * (WHOLE_BP - vested_bp), WHOLE_BP, CENT_HUNDREDTH)


@metric(
    Definition(
        "equity_uncommitted_pct",
        "Equity without agreement or vesting",
        "bp",
        "Sum of the shares held at the report date without a signed agreement or without a vesting schedule, in basis "
        "points of the entity (10,000 = all of it). The group's figure is the highest of its entities: shares of "
        "different companies do not add up.",
        "Effective-dated capitalisation table; founder vesting as in venture practice",
        "zero",
    ),
    Definition(
        "equity_share_pct",
        "Equity share",
        "bp",
        "Share held at the report date, by holder, in basis points of the entity.",
        "Effective-dated capitalisation table",
    ),
    Definition(
        "equity_unvested_pct",
        "Unvested equity",
        "bp",
        "Share times the part of it that is not vested at the report date: what would be open to dispute if the holder "
        "left. Not evaluable when the vested part is not recorded.",
        "Effective-dated capitalisation table; founder vesting as in venture practice",
        "lower",
    ),
    needs={"equity_holder": COLUMNS},
)
def _equity(context: Context) -> Iterator[Fact]:
    everyone = holdings(context)
    worst: tuple[int, str] | None = None
    faults = []
    for entity in sorted({h.entity_id for h in everyone}):
        own = [h for h in everyone if h.entity_id == entity]
        measure = uncommitted(own)
        inputs = {"equity_holder": len(own)}
        yield context.fact("equity_uncommitted_pct", measure, inputs=inputs, entity_id=entity)
        if isinstance(measure.value, int):
            worst = max(worst or (-1, ""), (measure.value, entity))
        else:
            faults.append(measure.reason)
        times = Counter(holding.person_id for holding in own)
        for holding in own:
            one = {"equity_holder": 1}
            person = {"person": holding.person_id}
            if times[holding.person_id] > 1:
                person["since"] = holding.since
            yield context.fact(
                "equity_share_pct",
                Measure(holding.pct_bp),
                inputs=one,
                entity_id=entity,
                assumed=False,
                **person,
                signed="yes" if holding.signed else "no",
                vesting=holding.vesting or "none",
            )
            share = Measure(holding.pct_bp if holding.uncommitted else 0)
            yield context.fact("equity_uncommitted_pct", share, inputs=one, entity_id=entity, assumed=False, **person)
            vested = holding.vested_bp
            open_part = (
                not_evaluable("vested_bp is not recorded")
                if vested is None
                else Measure(unvested(holding.pct_bp, vested))
            )
            yield context.fact("equity_unvested_pct", open_part, inputs=one, entity_id=entity, assumed=False, **person)
    if faults:
        total = not_evaluable("; ".join(faults))
    elif worst is None:
        total = not_applicable("nobody holds equity in the register")
    else:
        name = entity_names(context).get(worst[1], worst[1])
        total = Measure(worst[0], reason=f"highest of its entities: {name}")
    yield context.fact("equity_uncommitted_pct", total, inputs={"equity_holder": len(everyone)})
