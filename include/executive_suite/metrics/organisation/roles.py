"""Critical roles: who is leaving, who could take over, what is written down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.group import ends
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure
from executive_suite.metrics.arithmetic import ratio
from executive_suite.metrics.cut import cut
from executive_suite.metrics.registry import metric

COLUMNS = ("role_id", "entity_id", "successor_id", "runbook_uri")


@metric("succession_coverage", "key_role_exposed", needs={"key_role": COLUMNS})
def _succession(context: Context) -> Iterator[Fact]:
    roles = [role for role in context.rows("key_role") if role.entity_id not in ends(context)]
    for unit in cut(context, "key_role", (role for role in roles if role.entity_id)).units():
        exposed = unit.where(lambda role: not _covered(role))
        yield unit.fact("succession_coverage", ratio(len(exposed), len(unit), "no critical role is registered"))
    for role in roles:
        yield context.fact(
            "key_role_exposed",
            Measure(not _covered(role)),
            inputs={"key_role": (role,)},
            entity_id=role.entity_id or GROUP,
            role=role.role_id,
            person=role.text("person_id"),
            departure=role.text("departure_on"),
            successor=role.text("successor_id"),
            runbook=role.text("runbook_uri"),
        )


def _covered(role: Any) -> bool:
    """Whether a role has a successor or a runbook."""
    return role.successor_id is not None or role.runbook_uri is not None
