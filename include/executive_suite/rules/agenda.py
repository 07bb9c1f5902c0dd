"""What to do, in which order: four ranked agendas."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from executive_suite.facts.fact import Fact, MissingInputError
from executive_suite.facts.findings import Action, Finding
from executive_suite.rules.agendas.capital import capital
from executive_suite.rules.agendas.engineering import engineering
from executive_suite.rules.agendas.listings import ota_sequence
from executive_suite.rules.agendas.thirty_day import thirty_day

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context


def rank(context: Context, facts: Iterable[Fact], findings: Iterable[Finding]) -> tuple[Action, ...]:
    """The agendas thirty_day, engineering, ota_sequence and capital; one whose inputs are absent is empty.

    Args:
        context: The run.
        facts: Its fact table; capital tiers come from there.
        findings: What the rules found, with what to do about it.
    """
    given, found = tuple(facts), tuple(findings)
    agendas: tuple[Callable[[], tuple[Action, ...]], ...] = (
        lambda: thirty_day(context, found),
        lambda: engineering(context),
        lambda: ota_sequence(context),
        lambda: capital(context, given),
    )
    ranked: list[Action] = []
    for agenda in agendas:
        try:
            ranked += agenda()
        except MissingInputError:
            continue
    return tuple(ranked)
