"""Engineering actions by weighted shortest job first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from executive_suite.dataset.parameters import param
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure
from executive_suite.metrics.arithmetic import RATIO, quotient
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rows import rows

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

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


def weighted_shortest_job(
    security_impact: int, user_value: int, effort_days: Decimal, weight_security: Decimal, weight_user: Decimal
) -> Decimal:
    """(weight_security * security impact + weight_user * user value) / effort; no effort is below half a day.

    Source: SAFe, Weighted Shortest Job First (cost of delay / job size).

    >>> weighted_shortest_job(10, 6, Decimal(1), Decimal("0.6"), Decimal("0.4"))
    Decimal('8.4000000000')
    """
    value = weight_security * security_impact + weight_user * user_value
    return quotient(value, max(effort_days, LEAST_EFFORT_DAYS), RATIO)


def ranked(context: Context) -> tuple[EngineeringAction, ...]:
    """Open actions, highest score first, ties by id.

    Raises:
        MissingInputError: the backlog or a weight is absent.
    """
    frame = context.table("eng_action", *COLUMNS)
    weights = param(context, "eng_weight_security"), param(context, "eng_weight_user")
    found = []
    for row in rows(frame[~frame["status"].isin(CLOSED)]):
        effort = row.number("effort_days")
        impact, value = row.whole("security_impact"), row.whole("user_value")
        due = row.day("due_on")
        found.append(
            EngineeringAction(
                action_id=row.text("action_id"),
                title=row.text("title"),
                finding_id=row.text("finding_id"),
                security_impact=impact,
                user_value=value,
                effort_days=effort,
                score=weighted_shortest_job(impact, value, effort, weights[0].value, weights[1].value),
                due_on=due.isoformat() if due else "",
                owner=row.text("owner"),
                assumed=row.assumed or any(weight.assumed for weight in weights),
            )
        )
    return tuple(sorted(found, key=lambda a: (-a.score, a.action_id)))


@metric(
    Definition(
        "engineering_action_score",
        "Engineering action score",
        "score",
        "(weight_security * security impact + weight_user * user value) / max(effort, 0.5 day) of each open action; "
        "weights are parameters.",
        "SAFe, Weighted Shortest Job First",
    ),
    Definition(
        "engineering_action_rank",
        "Engineering action rank",
        "rank",
        "Open actions by descending score, ties by action id.",
        "SAFe, Weighted Shortest Job First",
    ),
    needs={"eng_action": COLUMNS, "param": ("param", "scope", "value")},
)
def _scores(context: Context) -> Iterator[Fact]:
    for rank, action in enumerate(ranked(context), start=1):
        inputs = {"eng_action": 1, "param": 2}
        row = {"action": action.action_id}
        measure = Measure(action.score)
        yield context.fact("engineering_action_score", measure, inputs=inputs, assumed=action.assumed, **row)
        yield context.fact("engineering_action_rank", Measure(rank), inputs=inputs, assumed=action.assumed, **row)
