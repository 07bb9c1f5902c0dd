"""Words are for people: with every reason, title, label and name replaced, the same is found, marked and ordered."""

from __future__ import annotations

import functools
import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any

import pytest

from executive_suite import config, formats, metrics
from executive_suite.dataset import snapshot
from executive_suite.facts.fact import Fact
from executive_suite.facts.figures import Figures
from executive_suite.facts.findings import Finding
from executive_suite.facts.signals import Signal
from executive_suite.reports.build import view_of
from executive_suite.run import pipeline
from executive_suite.sources import reading
from group_data import INCLUDE

TOKEN = re.compile("word[0-9a-f]{5}", re.IGNORECASE)
NAMES = ("formula", "name", "purpose", "title")
"""Dimensions that are words for people."""
CONFIG = INCLUDE / "config"


@functools.cache
def _given() -> snapshot.Typed:
    return snapshot.read(reading.of(INCLUDE / "data", CONFIG))


def both(day: str) -> tuple[Figures, Figures]:
    """The figures of a date, and the same with every word replaced; the reasons of facts before the rules read them."""
    given = _given()
    frozen = pipeline.dataset(given, date.fromisoformat(day))
    context = pipeline.context_of(frozen, CONFIG)
    facts = metrics.compute_all(context)
    then = pipeline.before(given, date.fromisoformat(day), CONFIG)
    assert then.previous is not None
    previous, notes = metrics.compute_all(pipeline.context_of(then.previous, CONFIG)), then.notes
    words = _tokens()
    others, before = _unreasoned(facts, words), _unreasoned(previous, words)
    return (
        pipeline.judge(frozen, context, facts, CONFIG, previous=previous, notes=notes),
        _renamed(pipeline.judge(frozen, context, others, CONFIG, previous=before, notes=notes), words),
    )


def _tokens() -> Iterator[str]:
    """Words that are all different and stand in no order that anything could be sorted by."""
    return (f"word{number * 7919 % 999_983:06x}" for number in itertools.count(1))


def _instead(words: str, tokens: Iterator[str]) -> str:
    """As many other words: how many there are decides what fits on page one, which they are decides nothing."""
    return " ".join(next(tokens) for _ in words.split())


def _unreasoned(facts: Iterable[Fact], tokens: Iterator[str]) -> tuple[Fact, ...]:
    """Facts with other reasons; names that are dimensions become the same other name everywhere."""
    return tuple(
        replace(
            fact,
            reason=_instead(fact.reason, tokens),
            dimensions={name: _other(word) if name in NAMES else word for name, word in fact.dimensions.items()},
        )
        for fact in facts
    )


def _other(word: str) -> str:
    return " ".join(f"word{hashlib.sha256(part.encode()).hexdigest()[:6]}" for part in word.split())


def _renamed(figures: Figures, tokens: Iterator[str]) -> Figures:
    def worded(item: Any, *names: str) -> Any:
        return replace(item, **{name: _instead(getattr(item, name), tokens) for name in names})

    return replace(
        figures,
        findings=tuple(
            replace(
                worded(finding, "title", "reason", "score", "action"),
                evidence=tuple(worded(row, "text", "file") for row in finding.evidence),
            )
            for finding in figures.findings
        ),
        actions=tuple(worded(action, "title", "score", "status") for action in figures.actions),
        signals=tuple(worded(signal, "headline", "action") for signal in figures.signals),
        entities={entity: _instead(name, tokens) for entity, name in figures.entities.items()},
        labels={
            kind: {key: _instead(name, tokens) for key, name in names.items()} for kind, names in figures.labels.items()
        },
    )


def _decided(finding: Finding) -> tuple[Any, ...]:
    rows = tuple((row.table, tuple(row.key.items()), row.assumed) for row in finding.evidence)
    stake = (finding.at_stake_cents, finding.at_stake_every, bool(finding.owner), bool(finding.action))
    about = (finding.finding_id, finding.kind, finding.outcome, finding.severity, finding.entity_id)
    return (*about, *stake, finding.due_on, rows)


def _told(signal: Signal) -> tuple[Any, ...]:
    rows = tuple((row.table, tuple(row.key.items()), row.assumed) for row in signal.evidence)
    stake = (signal.amount_cents, signal.per, signal.share, signal.severity, bool(signal.action), signal.action_id)
    return (signal.signal_id, signal.since, signal.on, signal.due_on, *stake, signal.because_of, rows)


def _ranked(figures: Figures) -> list[tuple[Any, ...]]:
    return [(a.agenda, a.rank, a.action_id, a.due_on, bool(a.status), a.at_stake_cents) for a in figures.actions]


@pytest.mark.parametrize("day", ["2024-02-29", "2025-01-15", "2025-08-01", "2026-05-01"])
def test_nothing_is_decided_by_words(day: str) -> None:
    plain, other = both(day)
    assert [_decided(finding) for finding in plain.findings] == [_decided(finding) for finding in other.findings]
    assert _ranked(plain) == _ranked(other)
    assert [_told(signal) for signal in plain.signals] == [_told(signal) for signal in other.signals]
    for report in config.load(CONFIG).reports:
        with formats.speaking(plain.currency, plain.locale, plain.report_date):
            views = [view_of(figures, report) for figures in (plain, other)]
            first, second = ([*_leaves(view.page, "page"), *_leaves(view.sections, "")] for view in views)
        assert [place for place, _ in first] == [place for place, _ in second]
        assert [pair for pair in zip(first, second, strict=True) if not _same(pair[0][1], pair[1][1])] == []


def _leaves(item: Any, place: str) -> Iterator[tuple[str, Any]]:
    """Everything in a report, part by part, with where it is."""
    if isinstance(item, Mapping):
        for name, part in item.items():
            yield from _leaves(part, f"{place}.{name}")
    elif is_dataclass(item):
        for field in fields(item):
            yield from _leaves(getattr(item, field.name), f"{place}.{field.name}")
    elif isinstance(item, tuple):
        yield place, len(item)
        for part in item:
            yield from _leaves(part, place)
    else:
        yield place, item


def _same(plain: Any, other: Any) -> bool:
    """Whether a part is the same but for words that were replaced."""
    return bool(plain == other or (plain and isinstance(other, str) and TOKEN.search(other)))
