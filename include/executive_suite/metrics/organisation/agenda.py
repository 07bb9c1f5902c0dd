"""The places of the thirty-day agenda as facts: the same ranking that the reports show."""

from __future__ import annotations

from collections.abc import Iterator

from executive_suite.dataset.context import NO_RULES, Context
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact, MissingInputError
from executive_suite.facts.measure import Measure
from executive_suite.metrics.registry import metric


@metric(
    Definition(
        "agenda_actions",
        "Thirty-day agenda",
        "rank",
        "Actions due within thirty days of the report date about firing shortfalls, broken controls and open security "
        "gaps, ranked by severity weight * (1 + thousands at stake, in the reporting currency) / effort in days, ties "
        "by id. The undivided "
        "figure is how many there are.",
        "RICE and weighted shortest job first",
    ),
    needs={},
)
def _agenda(context: Context) -> Iterator[Fact]:
    if context.rules is None:
        raise MissingInputError(NO_RULES)
    findings, actions = context.rules.thirty_day(context)
    inputs: dict[str, int] = {}
    for finding in findings:
        for row in finding.evidence:
            inputs[row.table] = inputs.get(row.table, 0) + 1
    assumed = any(a.assumed for a in actions)
    yield context.fact("agenda_actions", Measure(len(actions)), inputs=inputs, assumed=assumed)
    for action in actions:
        place = Measure(action.rank, reason=action.score)
        yield context.fact("agenda_actions", place, inputs={}, assumed=action.assumed, action=action.action_id)
