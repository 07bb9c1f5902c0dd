"""The CFO's section on the control rules: verdicts, exceptions, and actions against them."""

from __future__ import annotations

from collections.abc import Sequence

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.facts.findings import Finding
from executive_suite.rendering.blocks import Cell, Section, Tone, section
from executive_suite.reports import lists, phrases
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables.builder import itself, table, words

KIND = "control_violation"
_METRIC = "control_rule_violations"


def rules(s: Selection) -> list[Fact]:
    """The exceptions to each control rule, by the rule's id."""
    return sorted(s.facts(_METRIC, "rule"), key=lambda f: f.dimensions["rule"])


def controls(s: Selection) -> Section:
    """The section on control rules."""
    facts, total, found = rules(s), s.fact(_METRIC), lists.of_kind(s, KIND)

    def rule(fact: Fact) -> str:
        return fact.dimensions.get("rule", "")

    return section(
        "Non-negotiable control rules",
        reading=_reading(facts, total, found),
        table=table(
            "Verdict on each rule and its exceptions, count, target 0",
            facts,
            (
                words("Rule", rule),
                words(
                    "Requirement",
                    lambda f: Cell(phrases.capital(s.label("rule", rule(f)))) if rule(f) else Cell("All rules"),
                    totals=True,
                ),
                words("Verdict", lambda f: _verdict(f)[0], tone=lambda f: _verdict(f)[1]),
                itself("Exceptions"),
            ),
            total=total,
            empty=phrases.unless(total, "No control rule is registered."),
        ),
        exceptions=lists.findings(s, "Exceptions with their evidence", KIND, empty="No rule is broken."),
        actions=lists.answering(
            s,
            "What to do about broken rules, by severity and money at stake over effort",
            found,
            lists.unjudged(s, KIND) or ("The rules define no action against these." if found else "No rule is broken."),
        ),
    )


def _verdict(fact: Fact) -> tuple[str, Tone]:
    if fact.value is None:
        return "not evaluated (not a pass)", "watch"
    return ("broken", "act") if fact.value else ("holds", "fine")


def _reading(facts: Sequence[Fact], total: Fact, found: Sequence[Finding]) -> str:
    """How many rules are broken, how often, and how much money is at stake."""
    if not facts or total.value is None:
        return f"Not available: {total.reason}." if total.reason else "No control rule is registered."
    broken = sum(bool(fact.value) for fact in facts)
    if not broken:
        return f"All {formats.counted(len(facts), 'rule')} hold."
    stake = sum(finding.at_stake_cents or 0 for finding in found)
    money = f", {formats.money(stake)} at stake" if stake else ""
    exceptions = formats.counted(total.value, "exception")
    return f"{broken} of {formats.counted(len(facts), 'rule')} {phrases.are(broken)} broken: {exceptions}{money}."
