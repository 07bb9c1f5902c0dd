"""All signals of a run, linked and in the one order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from executive_suite.facts.fact import Fact
from executive_suite.facts.signals import Signal
from executive_suite.signals import foretold, registered, series, steps, streaks
from executive_suite.signals.declared import Declarations, Link
from executive_suite.signals.materiality import weighed, within_horizon

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context


def signals(context: Context, facts: Iterable[Fact], declared: Declarations) -> tuple[Signal, ...]:
    """What readers must know of a run, first what matters most.

    Args:
        context: The run.
        facts: Its fact table.
        declared: What the group wants to know about.
    """
    given = tuple(facts)
    found = (
        *steps.found(context, series.every(context, given, declared.series)),
        *registered.found(context, given, declared.registers),
        *streaks.found(context, given, declared.streaks),
        *foretold.found(context, given),
    )
    found = tuple(_audited(signal, declared.audits) for signal in weighed(context, found, declared))
    found = tuple(_asked_of(signal, declared.owners) for signal in found)
    return tuple(sorted(linked(found, declared.links), key=lambda signal: order(signal, context.report_date)))


def _audited(signal: Signal, audits: Mapping[str, str]) -> Signal:
    """The signal, read also by the audit of its entity: first by it, if nobody has to act."""
    own = [report for report, entity in audits.items() if entity == signal.entity_id and report not in signal.readers]
    readers = (*own, *signal.readers) if signal.severity == "watch" else (*signal.readers, *own)
    return replace(signal, readers=readers)


def _asked_of(signal: Signal, owners: Mapping[str, str]) -> Signal:
    """The signal; an open decision is read first by who has to answer."""
    own = owners.get(signal.owner, "")
    if signal.kind != "decision_open" or not own:
        return signal
    return replace(signal, readers=(own, *(reader for reader in signal.readers if reader != own)))


def linked(found: Iterable[Signal], links: Iterable[Link]) -> tuple[Signal, ...]:
    """The signals with their causes, where a declared link and the dates allow it."""
    whole = tuple(found)
    return tuple(replace(one, because_of=tuple(_causes(one, whole, links))) for one in whole)


def _causes(effect: Signal, whole: Iterable[Signal], links: Iterable[Link]) -> list[str]:
    return [
        cause.signal_id
        for link in links
        if link.effect == effect.name and effect.since
        for cause in whole
        if cause.name == link.cause and cause.entity_id == effect.entity_id and cause.since
        if 0 <= (date.fromisoformat(effect.since) - date.fromisoformat(cause.since)).days <= link.days
    ]


def order(signal: Signal, today: date) -> tuple[int, int, str, str]:
    """The one order: what needs an act, then the most money within the horizon, then the nearest date."""
    nearest = signal.on or signal.since or today.isoformat()
    return (0 if signal.severity == "act" else 1, -(within_horizon(signal) or 0), nearest, signal.signal_id)
