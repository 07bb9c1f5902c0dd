"""What the group's rules find, as facts: shortfalls that fire, and the ranking of the thirty-day agenda."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from executive_suite.dataset.context import NO_RULES, Context
from executive_suite.facts.fact import Fact, MissingInputError
from executive_suite.facts.findings import Evidence, Finding
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.cut import grouped
from executive_suite.metrics.registry import metric


@metric("agenda_actions", needs={}, classified="nothing")
def _agenda(context: Context) -> Iterator[Fact]:
    if context.rules is None:
        raise MissingInputError(NO_RULES)
    findings, actions = context.rules.thirty_day(context)
    assumed = any(action.assumed for action in actions)
    count = Measure(len(actions))
    if not actions and findings and all(finding.outcome == "not_evaluable" for finding in findings):
        reasons = _reasons(findings)
        count = not_evaluable(f"no rule can be evaluated: {reasons}")
    yield context.fact("agenda_actions", count, inputs=_evidence(findings), assumed=assumed)
    for action in actions:
        place = Measure(action.rank, reason=action.score)
        yield context.fact("agenda_actions", place, inputs={}, assumed=action.assumed, action=action.action_id)


@metric("shortfalls_open", needs={})
def _shortfalls(context: Context) -> Iterator[Fact]:
    if context.rules is None:
        raise MissingInputError(NO_RULES)
    findings = context.rules.shortfalls(context)
    firing = [finding for finding in findings if finding.outcome == "fires"]
    unknown = [finding for finding in findings if finding.outcome == "not_evaluable"]
    total = Measure(len(firing), reason=f"of {len(findings)} rules")
    if unknown:
        reasons = _reasons(unknown)
        total = not_evaluable(f"at least {len(firing)}; not evaluable: {reasons}")
    elif not findings:
        total = not_applicable("no rule of kind shortfall is in force")
    assumed = any(finding.assumed for finding in firing)
    yield context.fact("shortfalls_open", total, inputs=_evidence(firing), assumed=assumed)
    for finding in findings:
        own = Measure(int(finding.outcome == "fires"), reason=finding.reason)
        if finding.outcome == "not_evaluable":
            own = not_evaluable(finding.reason)
        named, inputs = {"rule": finding.finding_id}, _evidence([finding])
        yield context.fact("shortfalls_open", own, inputs=inputs, assumed=finding.assumed, **named)


def _reasons(findings: Iterable[Finding]) -> str:
    return "; ".join(f"{finding.finding_id}: {finding.reason}" for finding in findings)


def _evidence(findings: Iterable[Finding]) -> dict[str, tuple[Evidence, ...]]:
    """The rows of each table that the findings rest on."""
    return grouped((row for finding in findings for row in finding.evidence), lambda row: row.table)
