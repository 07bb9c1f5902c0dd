"""Critical roles: who is leaving, who could take over, what is written down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure
from executive_suite.metrics.arithmetic import ratio
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rows import rows

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

COLUMNS = ("role_id", "entity_id", "successor_id", "runbook_uri")


@metric(
    Definition(
        "succession_coverage",
        "Critical roles without cover",
        "ratio",
        "Critical roles with neither a successor nor a runbook, over all critical roles (the bus-factor exposure). Not "
        "applicable when no role is registered.",
        "Succession-planning practice",
        "zero",
    ),
    Definition(
        "key_role_exposed",
        "Critical role without cover",
        "bool",
        "Whether a critical role has neither a successor nor a runbook.",
        "Succession-planning practice",
        "zero",
    ),
    needs={"key_role": COLUMNS},
)
def _succession(context: Context) -> Iterator[Fact]:
    frame = context.table("key_role")
    bare = frame["successor_id"].isna() & frame["runbook_uri"].isna()
    entities = sorted(set(frame["entity_id"].dropna()) - {GROUP})
    for entity in (GROUP, *entities):
        own = frame["entity_id"].notna() if entity == GROUP else frame["entity_id"] == entity
        roles, exposed = int(own.sum()), int((own & bare).sum())
        measure = ratio(exposed, roles, "no critical role is registered")
        yield context.fact("succession_coverage", measure, inputs={"key_role": roles}, entity_id=entity)
    for row in rows(frame.sort_values("role_id")):
        departure = row.day("departure_on")
        covered = row.has("successor_id") or row.has("runbook_uri")
        yield context.fact(
            "key_role_exposed",
            Measure(not covered),
            inputs={"key_role": 1},
            entity_id=row.text("entity_id") or GROUP,
            role=row.text("role_id"),
            person=row.text("person_id"),
            departure=departure.isoformat() if departure else "",
            successor=row.text("successor_id"),
            runbook=row.text("runbook_uri"),
        )
