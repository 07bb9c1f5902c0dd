"""How many of the group's shortfall rules fire: the same evaluation that gives the findings."""

from __future__ import annotations

from collections.abc import Iterator

from executive_suite.dataset.context import NO_RULES, Context
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.registry import metric


@metric(
    Definition(
        "shortfalls_open",
        "Critical shortfalls",
        "count",
        "Shortfall rules that fire at the report date, each with its evidence rows. A rule whose inputs are absent is "
        "not evaluable, never passed, and leaves the count without a value; an empty table is evaluable.",
        "Exception reporting; the rules are the group's own (rules.yaml of its configuration)",
        "zero",
    ),
    needs={},
)
def _shortfalls(context: Context) -> Iterator[Fact]:
    if context.rules is None:
        raise MissingInputError(NO_RULES)
    findings = context.rules.shortfalls(context)
    if not findings:
        nothing = not_applicable("no rule of kind shortfall is in force")
        yield context.fact("shortfalls_open", nothing, inputs={})
        return
    firing = [f for f in findings if f.outcome == "fires"]
    untold = [f for f in findings if f.outcome == "not_evaluable"]
    total = (
        not_evaluable(
            f"at least {len(firing)}; not evaluable: " + "; ".join(f"{f.finding_id}: {f.reason}" for f in untold)
        )
        if untold
        else Measure(len(firing), reason=f"of {len(findings)} rules")
    )
    evidence: dict[str, int] = {}
    for finding in firing:
        for row in finding.evidence:
            evidence[row.table] = evidence.get(row.table, 0) + 1
    yield context.fact("shortfalls_open", total, inputs=evidence, assumed=any(f.assumed for f in firing))
    for finding in findings:
        measure = (
            not_evaluable(finding.reason)
            if finding.outcome == "not_evaluable"
            else Measure(int(finding.outcome == "fires"), reason=finding.reason)
        )
        own: dict[str, int] = {}
        for row in finding.evidence:
            own[row.table] = own.get(row.table, 0) + 1
        yield context.fact("shortfalls_open", measure, inputs=own, assumed=finding.assumed, rule=finding.finding_id)
