"""Engineering actions by weighted shortest job first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from executive_suite.dataset.parameters import optional_param
from executive_suite.facts.findings import Action
from executive_suite.metrics.arithmetic import CENT_HUNDREDTH, rounded
from executive_suite.metrics.technology import actions

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

TOP = 10
"""Actions shown; parameter ``eng_actions_top`` overrides it."""


def engineering(context: Context) -> tuple[Action, ...]:
    """The first ten open engineering actions; fewer when there are fewer.

    Raises:
        MissingInputError: the backlog or its weights are absent.
    """
    stated = optional_param(context, "eng_actions_top")
    top = max(1, int(stated.value)) if stated else TOP
    findings = context.rows("finding", "finding_id") if context.has("finding") else ()
    stacks = {row.finding_id: row.text("stack") for row in findings}
    return tuple(
        Action(
            action_id=action.action_id,
            agenda="engineering",
            rank=place,
            title=action.title,
            score=f"{rounded(action.score, CENT_HUNDREDTH):f}"
            f" (security {action.security_impact}, user value {action.user_value})",
            owner=action.owner,
            due_on=action.due_on,
            effort_days=f"{action.effort_days.normalize():f}",
            assumed=action.assumed,
            details={
                "finding": action.finding_id,
                "stack": stacks.get(action.finding_id, ""),
                "security_impact": str(action.security_impact),
                "user_value": str(action.user_value),
            },
        )
        for place, action in enumerate(actions.ranked(context)[:top], start=1)
    )
