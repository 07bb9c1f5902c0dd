"""Page one's story: what the reader must know, and what the reader has to decide, in the one order of all reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from executive_suite import formats
from executive_suite.facts.findings import Action
from executive_suite.facts.signals import Signal
from executive_suite.rendering.blocks import Decision
from executive_suite.reports import lists, phrases
from executive_suite.reports.selection import Selection

AGENDA = "decisions"
_MOST = 6
"""Headlines of a report, besides those that no other report leads with."""
_MOST_DECISIONS = 5


def headlines(s: Selection, report: str) -> tuple[str, ...]:
    """The signals of a reader, first what matters most: the top ones, and all that this report leads with.

    A signal follows its cause in the same sentence, where a declared link and the dates allow one.
    """
    told = [signal for signal in s.figures.signals if report in signal.readers]
    shown = [signal for place, signal in enumerate(told) if place < _MOST or signal.readers[0] == report]
    by_id = {signal.signal_id: signal for signal in shown}
    chains: dict[str, list[str]] = {}
    for signal in sorted(shown, key=lambda one: len(_causes(one, by_id))):
        chains.setdefault((*_causes(signal, by_id), signal.signal_id)[0], []).append(signal.headline)
    order = dict.fromkeys((*_causes(signal, by_id), signal.signal_id)[0] for signal in shown)
    return tuple(phrases.sentence(" \u2192 ".join(chains[head])) for head in order)


def _causes(signal: Signal, by_id: Mapping[str, Signal]) -> tuple[str, ...]:
    """The causes of a signal among those shown, the first one first; none twice."""
    found: list[str] = []
    while cause := next((name for name in signal.because_of if name in by_id and name not in found), None):
        found.insert(0, cause)
        signal = by_id[cause]
    return tuple(found)


def agenda(s: Selection, report: str) -> list[Action]:
    """The reader's share of the one list of what to do."""
    return [action for action in lists.agenda(s, AGENDA) if report in action.readers]


def decisions(s: Selection, report: str, own: Iterable[Decision] = ()) -> tuple[Decision, ...]:
    """What the reader has to decide: the first of the one list, then what only this report asks."""
    return (*(_asked(s, action) for action in agenda(s, report)[:_MOST_DECISIONS]), *own)


def _asked(s: Selection, action: Action) -> Decision:
    """An action as a decision, justified by its one row of evidence, else by the reason of its finding."""
    finding = next((f for f in s.figures.findings if f.finding_id == action.action_id), None)
    why = action.details.get("why", "")
    if finding is not None:
        why = lists.evidence_in_short(finding)
        # The reason of a control rule only counts exceptions, so the rule goes in front.
        why = f"{phrases.sentence(finding.title)} {why}" if finding.kind == "control_violation" else why
    estimated = " (an estimate)" if action.estimated else ""
    stake, times = lists.at_stake(action), int(action.details.get("asked") or 0)
    if times:
        why = f"{phrases.sentence(why)} Asked {times + 1} times since {formats.day(action.details['asked_since'])}."
    return Decision(
        phrases.sentence(action.title),
        phrases.sentence(why),
        action.owner,
        formats.day(action.due_on),
        f"{stake}{estimated}" if stake else "",
    )
