"""Which signals are on whose page one: each reader has the top of the one list, and each signal has a home.

A page has room for so many words of signals, whatever else is on it, so that a report can be made without the others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from executive_suite.facts.findings import Action
from executive_suite.facts.signals import Signal
from executive_suite.rendering.reading import words

ROOM = 110
"""Words of signals on a page one: half of it; the other half is for head, figures and decisions."""
LEAST_DECISIONS = 3
"""Decisions that every page one shows, if there are so many."""


@dataclass(slots=True)
class _Share:
    """What one report has on its page one so far, in words and signals."""

    room: int
    has: dict[str, Signal] = field(default_factory=dict)

    @property
    def free(self) -> int:
        return self.room - sum(words(one.headline) for one in self.has.values())

    def take(self, signals: Iterable[Signal]) -> None:
        self.has.update((one.signal_id, one) for one in signals)

    def fits(self, signals: Iterable[Signal]) -> bool:
        return sum(words(one.headline) for one in signals if one.signal_id not in self.has) <= self.free


def asked(signals: Iterable[Signal], actions: Sequence[Action], report: str) -> frozenset[str]:
    """The signals that the decisions of a report's page one say already: those that only repeat what was asked."""
    first = [action.action_id for action in actions if report in action.readers][:LEAST_DECISIONS]
    return frozenset(one.signal_id for one in signals if one.kind == "decision_open" and one.action_id in first)


def shares(
    signals: Sequence[Signal], reports: Collection[str], actions: Sequence[Action] = (), *, room: int = ROOM
) -> Mapping[str, tuple[str, ...]]:
    """The signals that are on the page one of each report, most important first.

    1. Each report takes what concerns it from the top of the list, with the cause of each, as far as there is room.
    2. A signal that nobody has so far goes to its first reader, else to the reader with most room. Where no reader has
       any, one of them gives up what matters least of what another page one has as well.

    Args:
        signals: The one list.
        reports: Ids of the reports that are made.
        actions: The one list of what to do: a decision that was asked for before is said among the decisions.
        room: Words of signals on a page.

    Returns:
        Report to ids of signals, in the order of the list. A signal for which no reader has room is in none.
    """
    share = {report: _Share(room) for report in reports}
    said = {report: asked(signals, actions, report) for report in reports}
    for report, own in share.items():
        read = {one.signal_id: one for one in signals if report in one.readers and one.signal_id not in said[report]}
        for one in read.values():
            chain = [read[name] for name in (*causes(one, read), one.signal_id)]
            for wanted in (chain, [one]):
                if own.fits(wanted):
                    own.take(wanted)
                    break
    known = {name for names in said.values() for name in names}
    for one in (*signals, *signals):  # what gave way may have made room for an earlier one
        if one.signal_id not in known and not any(one.signal_id in own.has for own in share.values()):
            _settle(one, share)
    places = {one.signal_id: place for place, one in enumerate(signals)}
    return {report: tuple(sorted(own.has, key=lambda name: places[name])) for report, own in share.items()}


def home(signal: Signal, shared: Mapping[str, Collection[str]]) -> str:
    """The report that keeps a signal on its page one when others have no room left: the first reader that has it."""
    return next((report for report in signal.readers if signal.signal_id in shared.get(report, ())), "")


def causes(signal: Signal, by_id: Mapping[str, Signal]) -> tuple[str, ...]:
    """The causes of a signal among those given, the first one first; none twice."""
    found: list[str] = []
    while cause := next(
        (name for name in signal.because_of if name in by_id and name not in (*found, signal.signal_id)), None
    ):
        found.insert(0, cause)
        signal = by_id[cause]
    return tuple(found)


def _settle(signal: Signal, share: Mapping[str, _Share]) -> None:
    """Find a page for a signal that none has."""
    readers = [report for report in signal.readers if report in share]
    by_room = sorted(readers, key=lambda report: (report != signal.readers[0], -share[report].free))
    for report in by_room:
        if share[report].fits([signal]):
            share[report].take([signal])
            return
    for report in by_room:
        if _makes_room(signal, report, share):
            share[report].take([signal])
            return


def _makes_room(signal: Signal, report: str, share: Mapping[str, _Share]) -> bool:
    """Whether a page gives up enough of what another has as well, the last first; nothing urgent for what is not."""
    own, others = share[report], [other for name, other in share.items() if name != report]
    spare = [
        one
        for one in reversed(own.has.values())
        if any(one.signal_id in other.has for other in others) and (signal.severity == "act" or one.severity != "act")
    ]
    given: list[Signal] = []
    while spare and own.free + sum(words(one.headline) for one in given) < words(signal.headline):
        given.append(spare.pop(0))
    if own.free + sum(words(one.headline) for one in given) < words(signal.headline):
        return False
    for one in given:
        del own.has[one.signal_id]
    return True
