"""The CFO's section on the control rules: verdicts, exceptions, and actions against them."""

from __future__ import annotations

from collections.abc import Sequence

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.facts.findings import Finding
from executive_suite.rendering.blocks import NOTHING, Cell, Section, Table, Tone, section
from executive_suite.reports import lists, phrases
from executive_suite.reports.absence import left
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables.builder import itself, table, words
from executive_suite.reports.tables.lean import shown
from executive_suite.wording import say

KIND = "control_violation"
_METRIC = "control_rule_violations"


def rules(s: Selection) -> list[Fact]:
    """The exceptions to each control rule, by the rule's id."""
    return sorted(s.facts(_METRIC, "rule"), key=lambda f: f.dimensions["rule"])


def controls(s: Selection) -> Section:
    """The section on control rules."""
    facts, total, found = rules(s), s.fact(_METRIC), lists.of_kind(s, KIND)
    return section(
        "Non-negotiable control rules",
        covered=bool(facts),
        point=f"{_point(facts, total, found)} {_next(s, found)}".strip(),
        rows={
            "exceptions": lists.findings(s, "Exceptions with their evidence", KIND, empty="No rule is broken."),
            "actions": lists.answering(
                s,
                "What to do about broken rules, in the order of all reports",
                found,
                lists.unjudged(s, KIND)
                or ("The rules define no action against these." if found else "No rule is broken."),
            ),
        }
        if facts
        else {},
        **shown(table=_table(s, facts, found)),
    )


def _next(s: Selection, found: Sequence[Finding]) -> str:
    """The first action against a broken rule."""
    first = next(iter(lists.answers(s, found)), None)
    if first is None:
        return ""
    by = say(" by {due_on}", due_on=formats.day(first.due_on)) if first.due_on else ""
    return say(
        "First: {title} ({value}{by}).",
        title=phrases.capital(first.title),
        value=first.owner or say(lists.NOBODY),
        by=by,
    )


def _table(s: Selection, facts: Sequence[Fact], found: Sequence[Finding]) -> Table:
    """Each rule with its verdict, its exceptions, and when they are to be remedied."""
    answers = {finding.finding_id: lists.answers(s, [finding]) for finding in found}

    def due(fact: Fact) -> Cell:
        days = sorted(action.due_on for action in answers.get(fact.dimensions["rule"], ()) if action.due_on)
        return Cell(days[0], "date") if days else Cell(NOTHING)

    return table(
        "Verdict on each rule",
        facts,
        (
            words("Rule", lambda f: phrases.capital(s.label("rule", f.dimensions["rule"]))),
            words("Verdict", lambda f: _verdict(f)[0], tone=lambda f: _verdict(f)[1]),
            itself("Exceptions"),
            words("Fix by", due),
        ),
    )


def _verdict(fact: Fact) -> tuple[str, Tone]:
    if fact.value is None:
        return say("not checked"), "watch"
    return ("broken", "act") if fact.value else ("holds", "fine")


def _point(facts: Sequence[Fact], total: Fact, found: Sequence[Finding]) -> str:
    """How many rules are broken, how often, and how much money is at stake."""
    if not facts:
        return phrases.nothing(total, "No control rule is recorded yet.", left(facts))
    if total.value is None:
        return say("Not available: {reason}.", reason=total.reason)
    broken = sum(bool(fact.value) for fact in facts)
    if not broken:
        return say("All {facts} hold.", facts=formats.counted(len(facts), "rule"))
    stake = sum(finding.at_stake_cents or 0 for finding in found)
    money = say(", {stake} at stake", stake=formats.money(stake)) if stake else ""
    exceptions = formats.counted(total.value, "exception")
    return say(
        "{broken} of {facts} {broken_2} broken: {exceptions}{money}.",
        broken=broken,
        facts=formats.counted(len(facts), "rule"),
        broken_2=phrases.are(broken),
        exceptions=exceptions,
        money=money,
    )
