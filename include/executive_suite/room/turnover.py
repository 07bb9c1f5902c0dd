"""Which signals and decisions of a reader came and went between two dates of a report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from executive_suite.facts.findings import Action
from executive_suite.facts.signals import Signal
from executive_suite.room.report import Told

_Said = TypeVar("_Said", Signal, Action)


@dataclass(frozen=True, slots=True)
class Turnover:
    """What came and went between two dates, in sentences; ``changed`` has both versions."""

    came: tuple[str, ...]
    went: tuple[str, ...]
    changed: tuple[tuple[str, str], ...]


def signals(then: Told, now: Told) -> Turnover:
    """The reader's signals that came, went, or say something else."""
    return _turnover(then.signals, now.signals, "signal_id", "headline")


def decisions(then: Told, now: Told) -> Turnover:
    """What the reader is asked to do."""
    return _turnover(then.actions, now.actions, "action_id", "title")


def _turnover(then: Iterable[_Said], now: Iterable[_Said], name: str, words: str) -> Turnover:
    was = {str(getattr(one, name)): str(getattr(one, words)) for one in then}
    is_ = {str(getattr(one, name)): str(getattr(one, words)) for one in now}
    return Turnover(
        tuple(said for key, said in is_.items() if key not in was),
        tuple(said for key, said in was.items() if key not in is_),
        tuple((was[key], said) for key, said in is_.items() if key in was and was[key] != said),
    )
