"""Parts that the audits share: the entity audited, and what the rules found."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import GROUP
from executive_suite.facts.findings import Action, Finding
from executive_suite.rendering.blocks import (
    ActionItem,
    ActionList,
    FindingItem,
    FindingList,
    Section,
    section,
    severity,
)
from executive_suite.reports import lists, phrases
from executive_suite.reports.absence import left, none
from executive_suite.reports.selection import Selection
from executive_suite.wording import noted, say

_NAMED = 3
"""Concerns that the summary names."""
_GRAVE = {"critical": noted("{count} critical"), "high": noted("{count} high")}
_AGENDA_DAYS = 30
"""Days until a decision without a date is due, as on the thirty-day agenda."""


def whose(s: Selection, metric_id: str) -> str:
    """The entity an audit is about: the only one with figures of this metric, or the group if there are several."""
    entities = s.entities(metric_id)
    return entities[0] if len(entities) == 1 else GROUP


def firing(s: Selection, kind: str) -> list[Finding]:
    """The concerns of an audit that the rules found, by severity and money at stake."""
    return sorted(lists.of_kind(s, kind), key=lambda finding: finding.urgency)


def judged_by(s: Selection, finding_id: str, name: str) -> Decimal | None:
    """A limit or figure by which a rule was judged; None if it has no value."""
    found = next((f.judged_by.get(name, "") for f in s.figures.findings if f.finding_id == finding_id), "")
    return Decimal(found) if found else None


def findings(s: Selection, kind: str, reader: str) -> Section:
    """The section on the concerns and what to do about them, for the reader unless the one list names another."""
    return section(
        "Findings",
        point=_summary(s, kind),
        rows={"attention": _listed(s, kind, reader), "agenda": agenda(s, kind, reader)},
    )


def _summary(s: Selection, kind: str) -> str:
    """How many concerns there are, how bad, and which come first; then what could not be checked."""
    found, unknown = firing(s, kind), len(lists.of_kind(s, kind, outcome="not_evaluable"))
    rules = sum(finding.kind == kind for finding in s.figures.findings)
    gaps = (
        say(
            "{unknown} of {rules} could not be made for lack of records.",
            unknown=formats.number(unknown),
            rules=formats.counted(rules, "check"),
        )
        if unknown
        else ""
    )
    if not found:
        return gaps or none("None of {rules} finds anything.", left(found), rules=formats.counted(rules, "check"))
    levels = [(words, sum(finding.severity == level for finding in found)) for level, words in _GRAVE.items()]
    grave = formats.series([say(words, count=formats.number(count)) for words, count in levels if count])
    many = f"{formats.counted(len(found), 'finding')}{f' ({grave})' if grave else ''}"
    return f"{many}: {phrases.some([finding.title for finding in found], _NAMED)}. {gaps}".strip()


def _listed(s: Selection, kind: str, reader: str) -> FindingList:
    """The concerns, then the rules that could not be evaluated, which is not a pass."""
    unknown = [
        FindingItem(
            say("Not checked: {listed}", listed=", ".join(names)), "medium", phrases.sentence(reason), "not_evaluable"
        )
        for reason, names in _not_checked(s, kind).items()
    ]
    items = [*(lists.item(s, finding) for finding in firing(s, kind)), *unknown]
    asked = _asked(s)
    return FindingList(
        say("Findings at the report date, worst first"),
        tuple(replace(item, owner=_owner(asked.get(item.item_id), reader), entity="") for item in items),
        empty=none("No rule of this audit fires at the report date.", left(items)),
    )


def _not_checked(s: Selection, kind: str) -> dict[str, list[str]]:
    """The rules that could not be evaluated, under the reason, which is printed once."""
    found: dict[str, list[str]] = {}
    for finding in lists.of_kind(s, kind, outcome="not_evaluable"):
        found.setdefault(finding.reason, []).append(finding.title)
    return {reason: list(dict.fromkeys(names)) for reason, names in found.items()}


def lead(s: Selection, kind: str, *said: str, first: str = "") -> str:
    """The second line of a message: the worst concern in its figures, or how many rules could be checked.

    Args:
        s: The figures.
        kind: Of the audit's findings.
        said: Findings that the first line is about.
        first: The finding that comes before any other.
    """
    found = [finding for finding in firing(s, kind) if finding.finding_id not in said]
    if found:
        return min(found, key=lambda finding: finding.finding_id != first).reason
    rules = sum(finding.kind == kind for finding in s.figures.findings)
    unknown = len(lists.of_kind(s, kind, outcome="not_evaluable"))
    if unknown:
        return say(
            "{unknown} of the {rules} rules of this audit could not be checked.",
            unknown=formats.number(unknown),
            rules=formats.number(rules),
        )
    return none(
        "None of the {rules} rules of this audit calls for anything else.", left(found), rules=formats.number(rules)
    )


def _asked(s: Selection) -> dict[str, Action]:
    """The one list of what to do, by the id of the finding."""
    return {action.action_id: action for action in lists.agenda(s, lists.EVERYTHING)}


def _owner(action: Action | None, reader: str) -> str:
    """Who acts: as on the one list, else the reader."""
    return action.owner if action is not None and action.owner else reader


def _due(s: Selection, finding: Finding, action: Action | None) -> str:
    """The date on the one list, else that in the records, else thirty days from now."""
    known = (action.due_on if action is not None else "") or finding.due_on
    return formats.day(known or s.figures.report_date + timedelta(days=_AGENDA_DAYS))


def agenda(s: Selection, kind: str, reader: str) -> ActionList:
    """The actions against the concerns, in their order."""
    unknown = len(lists.of_kind(s, kind, outcome="not_evaluable"))
    advised = left(f for f in firing(s, kind) if f.action)
    nothing = none("No action is needed.", left(firing(s, kind)))
    if firing(s, kind):
        nothing = none("No action follows from what was found.", advised)
    if unknown:
        checked = formats.counted(unknown, "rule")
        nothing = none(
            "No action follows from the rules that could be checked; {checked} could not be.",
            advised,
            checked=checked,
        )
    elif firing(s, kind):
        nothing = none("The rules name no action.", left(f for f in firing(s, kind) if f.action))
    known = _asked(s)
    places = {name: action.rank for name, action in known.items()}
    asked = sorted(
        (finding for finding in firing(s, kind) if finding.action),
        key=lambda finding: places.get(finding.finding_id, len(places) + 1),
    )
    items = tuple(
        ActionItem(
            rank=place,
            title=finding.action.rstrip("."),
            score=", ".join(
                filter(
                    None, (say("severity ({severity})", severity=severity(finding.severity)), lists.at_stake(finding))
                )
            ),
            owner=_owner(known.get(finding.finding_id), reader),
            due=_due(s, finding, known.get(finding.finding_id)),
            assumed=finding.assumed,
            item_id=finding.finding_id,
        )
        for place, finding in enumerate(asked, start=1)
    )
    return ActionList(say("What to do about it, in the order of all reports"), items, nothing)
