"""The rules of a group applied to a run, and what the metrics that count findings may ask of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from executive_suite.conditions.grammar import PredicateError
from executive_suite.config import ConfigError
from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.dataset.reporting_currency import reporting_currency
from executive_suite.facts.fact import Fact, MissingInputError
from executive_suite.facts.findings import SEVERITIES, Action, Finding
from executive_suite.rules import outcome
from executive_suite.rules.agendas.thirty_day import thirty_day
from executive_suite.rules.case import Case
from executive_suite.rules.checks import CHECKS
from executive_suite.rules.fact_table import FactTable
from executive_suite.rules.rule import Rule
from executive_suite.rules.rulebook import Rules


def evaluate(context: Context, facts: Iterable[Fact], rules: Rules) -> tuple[Finding, ...]:
    """What the rules find in a run: worst first, then in the order of the rules and of their rows.

    A rule whose table, column, parameter or fact is missing is ``not_evaluable`` and says which; it never passes.

    Args:
        context: The run.
        facts: Its fact table, for the rules over facts.
        rules: The rules of the group.

    Raises:
        ConfigError: the fact table counted shortfalls by other rules than these.
    """
    given = tuple(facts)
    findings = _found(context, given, rules.rules)
    counted = {f.dimensions["rule"] for f in given if f.metric_id == "shortfalls_open" and f.value and f.dimensions}
    firing = {f.finding_id for f in findings if f.kind == "shortfall" and f.outcome == "fires"}
    if counted and counted != firing:
        msg = f"shortfalls were counted by other rules: {sorted(counted ^ firing)} fire in one and not in the other"
        raise ConfigError(msg)
    return findings


def _found(context: Context, facts: Iterable[Fact], rules: Iterable[Rule]) -> tuple[Finding, ...]:
    found: list[Finding] = []
    table = FactTable(facts, context.report_date)
    for rule in rules:
        try:
            found += CHECKS[rule.check](Case(context, table, rule))
        except (MissingInputError, PredicateError) as missing:
            found.append(outcome.bare(rule, "not_evaluable", str(missing)))
    return tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity)))


@dataclass(frozen=True, slots=True)
class Judgement:
    """The rules in force, as metrics see them: rules read metrics, so metrics only know what they may ask.

    Attributes:
        rules: The rules of the group.
    """

    rules: Rules

    def shortfalls(self, context: Context) -> tuple[Finding, ...]:
        """What the rules of kind shortfall find."""
        return tuple(finding for finding in _counted(context) if finding.kind == "shortfall")

    def thirty_day(self, context: Context) -> tuple[tuple[Finding, ...], tuple[Action, ...]]:
        """What the rules of shortfalls and controls find, and what to do within thirty days about it."""
        findings, currency = _counted(context), reporting_currency(context.tables)
        # The scores become reasons of facts, which are the same in every locale.
        return findings, thirty_day(context, findings, lambda cents: f"{cents // 100:,} {currency}")


def in_force(context: Context) -> Rules:
    """The rules of the group, which the run's context carries (``run.pipeline.context_of``)."""
    if not isinstance(context.rules, Judgement):
        msg = f"the context carries {context.rules!r}, expected the rules of the group"
        raise TypeError(msg)
    return context.rules.rules


@per_context
def _counted(context: Context) -> tuple[Finding, ...]:
    """What the rules of shortfalls and controls in force find, in the words of the fact table."""
    rules = in_force(context).of_kind("shortfall", "control_violation")
    return _found(context, (), [rule.as_counted for rule in rules])
