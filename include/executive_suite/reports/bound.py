"""Every number of page one is bound: to facts, to a rule's finding, or to a signal; a free number is a build error."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from executive_suite.facts.figures import Figures
from executive_suite.facts.findings import Evidence
from executive_suite.formats import Written
from executive_suite.rendering.blocks import Page

_NUMBER = re.compile(r"\d(?:[\d.,\u2019\u00a0\u202f]*\d)?")
_YEAR = re.compile(r"\b12[- ]months?\b")
"""The window of a year's figures, which is what they mean and no figure itself."""
_CLEAR = (1, 2)
"""How many facts may have the same value for a sentence that shows it: of more, nobody knows which it means."""
_ROWS = 40
"""Rows of evidence that an explanation names."""


class UnboundError(ValueError):
    """A sentence states a number or date that nothing in the run accounts for; the message names both."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A sentence of page one and what it rests on.

    Attributes:
        sentence: As readers see it.
        facts: Ids of the facts whose values it shows.
        rules: Ids of the findings, actions and signals whose words it holds.
        rows: The rows behind those, with file and row number.
    """

    sentence: str
    facts: tuple[str, ...]
    rules: tuple[str, ...]
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Source:
    """Words that a rule or signal made, with what they rest on."""

    name: str
    words: tuple[str, ...]
    facts: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    action: str = ""


def sentences(page: Page) -> Iterator[tuple[str, str]]:
    """The prose of page one and of what it has no room for, each with the id of the action that it is about."""
    found = page.picture.finding if page.picture else ""
    told = (*page.message, found, *page.headlines, *page.rest)
    yield from ((sentence, "") for sentence in told if sentence)
    for decision in (*page.decisions, *page.later):
        parts = filter(None, (decision.what, decision.why, decision.stake))
        yield from ((sentence, decision.item_id) for sentence in parts)


def check(page: Page, figures: Figures, written: Written) -> None:
    """Refuse a page with a number that nothing in the run accounts for.

    Raises:
        UnboundError: the sentence and the number.
    """
    known = {number for text in _accounted(figures, written) for number in _NUMBER.findall(text)}
    for sentence, _ in sentences(page):
        free = [number for number in _NUMBER.findall(_YEAR.sub("", sentence)) if number not in known]
        if free:
            msg = f"{page.report}: {sentence!r} states {free[0]}, which no fact, finding or signal accounts for"
            raise UnboundError(msg)


def explained(page: Page, figures: Figures, written: Written) -> tuple[Explained, ...]:
    """What each sentence of page one rests on."""
    sources = tuple(_sources(figures))
    shown = {text: facts for text, facts in written.items() if len(facts) in _CLEAR and _NUMBER.search(text)}
    told: dict[str, Explained] = {}
    for sentence, item in sentences(page):
        told.setdefault(sentence, _explained(sentence, item, sources, shown))
    return tuple(told.values())


def _explained(sentence: str, item: str, sources: Iterable[_Source], shown: Written) -> Explained:
    """A sentence by the action it is about, the words of rules and signals in it, or else the facts that it shows."""
    behind = [
        one
        for one in sources
        if (item and item in (one.name, one.action))
        or any(words and words.rstrip(".") in sentence for words in one.words)
    ]
    facts = {fact for one in behind for fact in one.facts}
    if not behind and not item:
        facts = {fact for text, own in shown.items() if _shows(sentence, text) for fact in own}
    rows = tuple(dict.fromkeys(row(one) for source in behind for one in source.evidence))[:_ROWS]
    names = dict.fromkeys((*filter(None, (item,)), *(one.name for one in behind)))
    return Explained(sentence, tuple(sorted(facts)), tuple(names), rows)


def row(evidence: Evidence) -> str:
    """A row of evidence in words, with its file and row; by table and key if its source has no files."""
    where = evidence.source or " ".join(
        filter(None, (evidence.table.replace("_", " "), *(evidence.key[name] for name in sorted(evidence.key))))
    )
    return f"{evidence.text} ({where})" if evidence.text else where


def _shows(sentence: str, text: str) -> bool:
    """Whether a sentence shows a written value, and not a longer number that holds it."""
    return re.search(rf"(?<![\w$.,]){re.escape(text)}(?![\w%])", sentence) is not None


def _sources(figures: Figures) -> Iterator[_Source]:
    for signal in figures.signals:
        told = signal.headline, signal.action
        yield _Source(signal.signal_id, told, signal.facts, signal.evidence, signal.action_id)
    for finding in figures.findings:
        words = (finding.title, finding.reason, finding.action, *(row.text for row in finding.evidence))
        yield _Source(finding.finding_id, words, (), finding.evidence)


def _accounted(figures: Figures, written: Written) -> Iterator[str]:
    """Every text that the run made from data, and every name in it."""
    yield from written
    for source in _sources(figures):
        yield from source.words
    for action in figures.actions:
        yield from (action.title, action.details.get("why", ""))
    yield from {fact.reason for fact in figures.facts}
    yield from {name for fact in figures.facts for name in fact.dimensions.values()}
    yield from figures.entities.values()
    for names in figures.labels.values():
        yield from (*names, *names.values())
