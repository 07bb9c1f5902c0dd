"""Rules turned into findings: which fire, on which rows, with how much money at stake."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from executive_suite.conditions.grammar import PredicateError
from executive_suite.facts.fact import Fact, MissingInputError
from executive_suite.facts.findings import SEVERITIES, Finding
from executive_suite.rules import outcome
from executive_suite.rules.case import Case
from executive_suite.rules.checks import CHECKS
from executive_suite.rules.fact_rows import FactTable
from executive_suite.rules.rule import Rule

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context


def evaluate(context: Context, facts: Iterable[Fact], rules: Iterable[Rule]) -> tuple[Finding, ...]:
    """The findings of rules: worst first, then in the order of the rules and of their rows.

    A rule whose table, column, parameter or fact is missing is ``not_evaluable`` and says which; it never passes.
    """
    found: list[Finding] = []
    table = FactTable(facts, context.report_date)
    for rule in rules:
        try:
            found += CHECKS[rule.check](Case(context, table, rule))
        except (MissingInputError, PredicateError) as missing:
            found.append(outcome.bare(rule, "not_evaluable", str(missing)))
    return tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity)))
