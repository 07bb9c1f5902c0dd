"""Signals, findings and actions as panels: what is known about each, and the rows that it rests on."""

from __future__ import annotations

from collections.abc import Sequence

from executive_suite import formats
from executive_suite.facts.findings import Evidence
from executive_suite.rendering.drill import ItemPanel
from executive_suite.reports import bound, phrases
from executive_suite.reports.drill_rows import MOST_ROWS
from executive_suite.reports.selection import Selection
from executive_suite.wording import say


def known(s: Selection) -> dict[str, ItemPanel]:
    """Panels by id, without anchors; what has the same id has one panel: of the signal, else of the finding."""
    found: dict[str, ItemPanel] = {}
    for signal in s.figures.signals:
        lines = _lines(
            (say("Since"), formats.day(signal.since) if signal.since else ""),
            (say("On"), formats.day(signal.on) if signal.on else ""),
            (say("Amount"), formats.stake(signal.amount_cents, "" if signal.per == "once" else signal.per)),
            (say("Concerns"), s.entity(signal.entity_id)),
            (say("What to do"), signal.action),
            (say("Owner"), signal.owner),
        )
        facts = tuple((one, "") for one in signal.facts)
        causes = tuple((one, "") for one in signal.because_of)
        title = phrases.sentence(signal.headline)
        rows = _rows(signal.evidence)
        found[signal.signal_id] = ItemPanel(
            "", say("Signal"), title, lines, facts, causes, rows, _left(signal.evidence)
        )
    for finding in s.figures.findings:
        lines = _lines(
            (say("Why"), finding.reason),
            (say("At stake"), formats.stake(finding.at_stake_cents, finding.at_stake_every)),
            (say("Estimate or record"), "estimate" if finding.estimated else ""),
            (say("Concerns"), s.entity(finding.entity_id)),
            (say("Owner"), finding.owner),
            (say("Due"), formats.day(finding.due_on) if finding.due_on else ""),
            (say("Ranked by"), finding.score),
            (
                say("Judged by"),
                "; ".join(f"{name.replace('_', ' ')} {value}" for name, value in sorted(finding.judged_by.items())),
            ),
        )
        title, rows = phrases.sentence(phrases.capital(finding.title)), _rows(finding.evidence)
        panel = ItemPanel("", say("Finding"), title, lines, (), (), rows, _left(finding.evidence))
        found.setdefault(finding.finding_id, panel)
    for action in s.figures.actions:
        lines = _lines(
            (say("Owner"), action.owner),
            (say("Due"), formats.day(action.due_on) if action.due_on else ""),
            (say("At stake"), formats.stake(action.at_stake_cents, action.at_stake_every)),
            (say("Ranked by"), action.score),
            (say("Status"), action.status),
            (say("Concerns"), s.entity(action.entity_id)),
        )
        title = phrases.sentence(phrases.capital(action.title))
        answers = tuple((one, "") for one in action.answers if one != action.action_id)
        found.setdefault(action.action_id, ItemPanel("", say("Action"), title, lines, (), answers))
    return found


def _lines(*lines: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, text) for name, text in lines if text)


def _rows(evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """Rows of evidence in words, with file and row."""
    return tuple(dict.fromkeys(map(bound.row, evidence)))[:MOST_ROWS]


def _left(evidence: Sequence[Evidence]) -> str:
    more = len(dict.fromkeys(map(bound.row, evidence))) - MOST_ROWS
    return say("and {more}", more=formats.counted(more, "more row")) if more > 0 else ""
