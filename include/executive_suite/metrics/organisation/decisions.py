"""Decisions that were asked for: how long they are open, how they were answered, and when."""

from __future__ import annotations

from collections.abc import Iterator

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure
from executive_suite.facts.signals import UNDECIDED
from executive_suite.metrics.registry import metric


@metric("decisions_open", "decision_age_days", needs={"decision": ("decision_id", "title", "asked_on", "answer")})
def _decisions(context: Context) -> Iterator[Fact]:
    rows = context.rows("decision")
    waiting = [row for row in rows if row.text("answer") in UNDECIDED]
    yield context.fact("decisions_open", Measure(len(waiting)), inputs={"decision": rows})
    for row in rows:
        until = context.report_date if row.text("answer") in UNDECIDED else row.get("decided_on") or context.report_date
        yield context.fact(
            "decision_age_days",
            Measure((until - row.asked_on).days),
            inputs={"decision": (row,)},
            entity_id=row.get("entity_id") or GROUP,
            decision=row.decision_id,
            title=row.title,
            asked=row.asked_on.isoformat(),
            answer=row.text("answer"),
            due=row.text("due_on"),
            decided=row.text("decided_on"),
            by=row.text("decided_by"),
            metric=row.text("metric_id"),
            action=row.text("action_id"),
        )
