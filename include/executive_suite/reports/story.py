"""Page one's story: what the reader must know, and what the reader has to decide, in the one order of all reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from executive_suite import formats
from executive_suite.facts.findings import Action
from executive_suite.facts.signals import Signal
from executive_suite.rendering.blocks import Decision, Page
from executive_suite.reports import lists, phrases
from executive_suite.reports.selection import Selection
from executive_suite.wording import say

_MOST = 10
"""Headlines of a report, besides those that no other report leads with."""
_MOST_DECISIONS = 5


def told(s: Selection, report: str) -> tuple[str, ...]:
    """The signals of a reader in sentences, first what matters most: the top ones, and all that this report leads with.

    A signal follows its cause in the same sentence, where a declared link and the dates allow one.
    """
    read = {signal.signal_id: signal for signal in s.figures.signals if report in signal.readers}
    top = [one for place, one in enumerate(read.values()) if place < _MOST or one.readers[0] == report]
    causes = {name for one in top for name in _causes(one, read)}
    by_id = {name: one for name, one in read.items() if one in top or name in causes}
    paths = {name: (*_causes(one, by_id), name) for name, one in by_id.items()}
    chains: dict[str, list[str]] = {}
    for name in sorted(by_id, key=lambda one: len(paths[one])):
        chains.setdefault(paths[name][0], []).append(by_id[name].headline)
    heads = dict.fromkeys(path[0] for path in paths.values())
    return tuple(phrases.sentence(" \u2192 ".join(chains[head])) for head in heads)


def led(page: Page, sentences: Sequence[str]) -> Page:
    """The page with its first signal as the message, and the others as headlines, then what else the report says."""
    if not sentences:
        return page
    lead, *others = sentences
    said = [line for line in page.message if line not in sentences]
    return replace(page, message=(lead, *said[:1]), headlines=(*others, *said[1:]))


def _causes(signal: Signal, by_id: Mapping[str, Signal]) -> tuple[str, ...]:
    """The causes of a signal among those shown, the first one first; none twice."""
    found: list[str] = []
    while cause := next((name for name in signal.because_of if name in by_id and name not in found), None):
        found.insert(0, cause)
        signal = by_id[cause]
    return tuple(found)


def agenda(s: Selection, report: str) -> list[Action]:
    """The reader's share of the one list of what to do."""
    return [action for action in lists.agenda(s, lists.EVERYTHING) if report in action.readers]


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
    estimated = say(" (an estimate)") if action.estimated else ""
    stake, times = lists.at_stake(action), int(action.details.get("asked") or 0)
    if times:
        why = say(
            "{why} Asked {count} times since {day}.",
            why=phrases.sentence(why),
            count=times + 1,
            day=formats.day(action.details["asked_since"]),
        )
    return Decision(
        phrases.sentence(action.title),
        phrases.sentence(why),
        action.owner,
        formats.day(action.due_on),
        f"{stake}{estimated}" if stake else "",
        action.action_id,
    )
