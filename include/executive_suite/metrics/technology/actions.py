"""Engineering actions by weighted shortest job first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import Parameter, param
from executive_suite.dataset.rows import any_assumed
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure
from executive_suite.metrics.arithmetic import RATIO, quotient
from executive_suite.metrics.cut import cut
from executive_suite.metrics.registry import metric

COLUMNS = ("action_id", "title", "security_impact", "user_value", "effort_days", "status")
LEAST_EFFORT_DAYS = Decimal("0.5")
CLOSED = frozenset({"done", "closed", "rejected", "cancelled"})


@dataclass(frozen=True, slots=True)
class EngineeringAction:
    """One open entry of the backlog with its score."""

    action_id: str
    title: str
    finding_id: str
    security_impact: int
    user_value: int
    effort_days: Decimal
    score: Decimal
    due_on: str
    owner: str
    assumed: bool
    weights: tuple[Parameter, ...] = field(default=(), compare=False, repr=False)


def weighted_shortest_job(
    security_impact: int, user_value: int, effort_days: Decimal, weight_security: Decimal, weight_user: Decimal
) -> Decimal:
    """(weight_security * security impact + weight_user * user value) / effort, which is at least half a day.

    Source: SAFe, Weighted Shortest Job First (cost of delay / job size).

    >>> weighted_shortest_job(10, 6, Decimal(1), Decimal("0.6"), Decimal("0.4"))
    Decimal('8.4000000000')
    """
    value = weight_security * security_impact + weight_user * user_value
    return quotient(value, max(effort_days, LEAST_EFFORT_DAYS), RATIO)


def ranked(context: Context) -> tuple[EngineeringAction, ...]:
    """Open actions, highest score first, ties by id."""
    security, user = param(context, "eng_weight_security"), param(context, "eng_weight_user")
    found = [
        EngineeringAction(
            action_id=row.action_id,
            title=row.title,
            finding_id=row.text("finding_id"),
            security_impact=row.security_impact,
            user_value=row.user_value,
            effort_days=row.effort_days,
            score=weighted_shortest_job(
                row.security_impact, row.user_value, row.effort_days, security.value, user.value
            ),
            due_on=row.due_on.isoformat() if row.get("due_on") else "",
            owner=row.text("owner"),
            assumed=any_assumed((row, security, user)),
            weights=(security, user),
        )
        for row in context.rows("eng_action", *COLUMNS)
        if row.status not in CLOSED
    ]
    return tuple(sorted(found, key=lambda action: (-action.score, action.action_id)))


@metric(
    "engineering_action_score",
    "engineering_action_rank",
    needs={"eng_action": COLUMNS, "param": ("param", "scope", "value")},
)
def _scores(context: Context) -> Iterator[Fact]:
    for rank, action in enumerate(ranked(context), start=1):
        own = cut(context, "eng_action", (action,))
        inputs = {"eng_action": own, "param": action.weights}
        yield own.fact("engineering_action_score", Measure(action.score), inputs=inputs, action=action.action_id)
        yield own.fact("engineering_action_rank", Measure(rank), inputs=inputs, action=action.action_id)
