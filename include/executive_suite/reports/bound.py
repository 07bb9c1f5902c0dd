"""Every sentence is bound: its numbers, dates and names, and that something is not there; else the build fails."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from executive_suite import wording
from executive_suite.facts.figures import Figures
from executive_suite.facts.findings import Evidence
from executive_suite.rendering.blocks import ActionList, Chart, FindingList, Page, Section, Table, View
from executive_suite.wording import ENGLISH
from executive_suite.written import Written

_NUMBER = re.compile(r"\d(?:[\d.,\u2019\u00a0\u202f]*\d)?")
_YEAR = re.compile(r"\b12[- ]months?\b")
"""The window of a year's figures, which is what they mean and no figure itself."""
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019\-.&/][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"(?:['\u2019]s?)+$")
_BEGINS = re.compile(r"(?:^|[.:;!?\u2192\u201c(\n])\s*$")
"""Before the first word of a sentence or part of one, which may have a capital."""
_FIELD = re.compile(r"\{[^{}]*\}")
_ABSENT = re.compile(r"\b(?:no(?=\s+\w)|none|nothing|nobody|never|neither|nowhere|empty)\b(?!-)", re.IGNORECASE)
"""English words by which a sentence says that something is not there; a "no" with nothing after it is an answer."""
_CLEAR = (1, 2)
"""How many facts may have the same value for a sentence that shows it: of more, nobody knows which it means."""
_ROWS = 40
"""Rows of evidence that an explanation names."""


class UnboundError(ValueError):
    """A sentence states a number, a date, a name or an absence that nothing in the run accounts for."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A sentence and what it rests on.

    Attributes:
        sentence: As readers see it.
        facts: Ids of the facts whose values it shows, or that prove that something is not there.
        rules: Ids of the findings, actions and signals whose words it holds.
        rows: The rows behind those, with file and row number.
        names: The records that its names are of ("entity jada").
    """

    sentence: str
    facts: tuple[str, ...]
    rules: tuple[str, ...]
    rows: tuple[str, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Source:
    """Words that a rule or signal made, with what they rest on."""

    name: str
    words: tuple[str, ...]
    facts: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    action: str = ""

    @cached_property
    def told(self) -> tuple[str, ...]:
        """The words as a sentence holds them, without the full stop; asked for each sentence."""
        return tuple(words.rstrip(".") for words in self.words if words)


def sentences(page: Page) -> Iterator[tuple[str, str]]:
    """The prose of page one and of what it has no room for, each with the id of the action that it is about."""
    found = page.picture.finding if page.picture else ""
    told = (page.period, *page.message, found, *page.headlines, page.more, *page.rest)
    yield from ((sentence, "") for sentence in told if sentence)
    for kpi in page.kpis:
        yield from ((words, "") for words in (kpi.label, kpi.comparison, kpi.note) if words)
    for decision in (*page.decisions, *page.later):
        parts = filter(None, (decision.what, decision.why, decision.stake))
        yield from ((sentence, decision.item_id) for sentence in parts)


def body(view: View) -> Iterator[str]:
    """The prose of the sections: points, paragraphs, what is seen in a picture, notes, and why a table is empty."""
    for section in view.sections.values():
        yield from filter(None, _prose(section))


def _prose(section: Section) -> Iterator[str]:
    yield section.point
    for block in (*section.blocks.values(), *section.rows.values()):
        if isinstance(block, str):
            yield block
        elif isinstance(block, Table):
            yield from (block.note, "" if block.rows else block.empty)
        elif isinstance(block, Chart):
            yield from (block.finding, block.note, "" if block.svg else block.alt)
        elif isinstance(block, FindingList | ActionList) and not block.items:
            yield block.empty


def check(views: Sequence[View], figures: Figures, written: Written) -> None:
    """Refuse a report with a sentence that nothing in the run accounts for.

    Every word of it is one of the code's own sentences, of a rule's, signal's or reason's, or of a record; every number
    and date was written from a figure or by one of those; and what says that something is not there has its proof.

    Args:
        views: The report, and what its mail says instead.
        figures: Of the run, in the language of the report.
        written: What was written while they were made.

    Raises:
        UnboundError: the sentence, and what in it is free.
    """
    known = _Known(figures, written)
    for sentence in dict.fromkeys(sentence for sentence, _ in _told(views)):
        for free in known.free(sentence):
            msg = f"{views[0].page.report}: {sentence!r} {free}"
            raise UnboundError(msg)


def _told(views: Iterable[View]) -> Iterator[tuple[str, str]]:
    for view in views:
        yield from sentences(view.page)
        yield from ((sentence, "") for sentence in body(view))


class _Known:
    """Everything that a sentence of a run's report may be made of."""

    def __init__(self, figures: Figures, written: Written) -> None:
        accounted = tuple(_accounted(figures))
        texts = (*written.figures, *written.names, *accounted)
        self._numbers = {number for text in (*texts, *written.said) for number in _NUMBER.findall(text)}
        words = {word for text in texts for word in _words(text)}
        said = {word for text in written.said for word in (_inner(text) if _FIELD.search(text) else _words(text))}
        self._names = words | said
        self._words = {word.casefold() for word in words}
        self._words |= {word.casefold() for text in written.said for word in _words(_FIELD.sub(" ", text))}
        self._words |= _vocabulary(wording.language())
        self._proven = sorted((*_proven(written), *_reasons(accounted)), key=lambda text: (-len(text), text))
        self._called = _called((*written.names, *_names(figures)))
        self._quoted = sorted(written.quoted, key=lambda text: (-len(text), text))
        self._denials = tuple(_denials(written))

    def free(self, sentence: str) -> Iterator[str]:
        """What in a sentence nothing accounts for."""
        own = sentence
        for quoted in self._quoted:
            own = own.replace(quoted, " ")
        for number in _NUMBER.findall(_YEAR.sub("", own)):
            if number not in self._numbers:
                yield f"states {number}, which no fact, finding or signal accounts for"
        for found in _WORD.finditer(own):
            word, begins = _POSSESSIVE.sub("", found[0]), _BEGINS.search(own, 0, found.start())
            if not (word in self._names or (word.casefold() in self._words and (begins or word == word.lower()))):
                yield f"says {word}, which no record, finding or signal accounts for"
        rest = self._unproven(sentence)
        if self._denies(rest):
            yield "says that something is not there, which no fact proves"

    def _unproven(self, sentence: str) -> str:
        """The sentence without the parts that are proven, or said by a rule, a signal or a reason."""
        if not self._denies(sentence):
            return ""
        for text in self._proven:
            if text.casefold() in sentence.casefold():
                sentence = re.sub(re.escape(text), " ", sentence, flags=re.IGNORECASE)
        return self._called.sub(" ", sentence) if self._called else sentence

    def _denies(self, sentence: str) -> bool:
        if wording.language() == ENGLISH:
            return _ABSENT.search(sentence) is not None
        return any(text in sentence for text in self._denials)


@cache
def _vocabulary(language: str) -> frozenset[str]:
    """The words of the code's own sentences, in small letters: none of them is a name of the data."""
    texts = set(wording.messages())
    if language != ENGLISH:
        known = wording.catalog(language)
        texts |= {
            *known.said.values(),
            *known.singular.values(),
            *(one for own in known.counted.values() for one in own),
        }
    return frozenset(word.casefold() for text in texts for word in _words(_FIELD.sub(" ", text)))


def _called(names: Iterable[str]) -> re.Pattern[str] | None:
    """What finds names of records that hold such a word ("No Limits"), which say nothing of what is there."""
    own = {name for name in names if _ABSENT.search(name) and not _ABSENT.fullmatch(name)}
    listed = "|".join(map(re.escape, sorted(own, key=lambda name: (-len(name), name))))
    return re.compile(rf"(?<!\w)(?:{listed})(?!\w)", re.IGNORECASE) if own else None


def _proven(written: Written) -> set[str]:
    proven = (text.rstrip(".") for text, proofs in written.denied.items() if any(holds for holds, _ in proofs))
    return {text for text in proven if " " in text}


def _denials(written: Written) -> Iterator[str]:
    """What is denied, proven or not: in another language than English, only those are known."""
    return (text.rstrip(".") for text in written.denied)


def _reasons(accounted: Iterable[str]) -> set[str]:
    """What rules, signals and metrics wrote and names of records, where they say that something is not there."""
    found = {text for text in accounted if _ABSENT.search(text)}
    return {text.rstrip(".") for text in found if " " in text}


@lru_cache(maxsize=32_768)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_POSSESSIVE.sub("", word) for word in _WORD.findall(text))


@lru_cache(maxsize=8192)
def _inner(text: str) -> tuple[str, ...]:
    """The words of a sentence of the code that are written with a capital wherever they stand."""
    return tuple(found[0] for found in _WORD.finditer(text) if not _BEGINS.search(text, 0, found.start()))


def explained(views: Sequence[View], figures: Figures, written: Written) -> tuple[Explained, ...]:
    """What each sentence of page one, of the body and of the mail rests on."""
    sources = tuple(_sources(figures))
    shown = {text: facts for text, facts in written.figures.items() if len(facts) in _CLEAR and _NUMBER.search(text)}
    told: dict[str, Explained] = {}
    for sentence, item in _told(views):
        if sentence not in told:
            told[sentence] = _explained(sentence, item, sources, shown, written)
    return tuple(told.values())


def _explained(
    sentence: str, item: str, sources: Iterable[_Source], shown: Mapping[str, set[str]], written: Written
) -> Explained:
    """A sentence by the action it is about, the words of rules and signals in it, or else the facts that it shows."""
    behind = [
        one
        for one in sources
        if (item and item in (one.name, one.action)) or any(words in sentence for words in one.told)
    ]
    facts = {fact for one in behind for fact in one.facts}
    if not behind and not item:
        facts = {fact for text, own in shown.items() if _shows(sentence, text) for fact in own}
    proofs = (proof for text, found in written.denied.items() if text.rstrip(".") in sentence for proof in found)
    facts |= {fact for holds, own in proofs if holds for fact in own}
    rows = tuple(dict.fromkeys(row(one) for source in behind for one in source.evidence))[:_ROWS]
    names = dict.fromkeys((*filter(None, (item,)), *(one.name for one in behind)))
    named = (*written.names.items(), *written.quoted.items())
    records = {record for text, own in named if text and _shows(sentence, text) for record in own}
    return Explained(sentence, tuple(sorted(facts)), tuple(names), rows, tuple(sorted(records)))


def row(evidence: Evidence) -> str:
    """A row of evidence in words, with its file and row; by table and key if its source has no files."""
    where = evidence.source or " ".join(
        filter(None, (evidence.table.replace("_", " "), *(evidence.key[name] for name in sorted(evidence.key))))
    )
    return f"{evidence.text} ({where})" if evidence.text else where


def _shows(sentence: str, text: str) -> bool:
    """Whether a sentence shows a written value, and not a longer number that holds it."""
    return text in sentence and re.search(rf"(?<![\w$.,]){re.escape(text)}(?![\w%])", sentence) is not None


def _sources(figures: Figures) -> Iterator[_Source]:
    for signal in figures.signals:
        told = signal.headline, signal.action, signal.mark
        yield _Source(signal.signal_id, told, signal.facts, signal.evidence, signal.action_id)
    for finding in figures.findings:
        words = (finding.title, finding.reason, finding.action, finding.owner, *(row.text for row in finding.evidence))
        yield _Source(finding.finding_id, words, (), finding.evidence)


def _accounted(figures: Figures) -> Iterator[str]:
    """Every text that the run made from data, and every name in it."""
    for source in _sources(figures):
        yield from source.words
    for action in figures.actions:
        yield from (action.title, action.owner, *action.details.values())
    yield from {fact.reason for fact in (*figures.facts, *figures.previous)}
    yield from {fact.value for fact in figures.facts if fact.unit == "text" and isinstance(fact.value, str)}
    yield from (*_names(figures), *(note.text for note in figures.notes))
    yield from (*figures.statements.missing, *(one.reason for one in figures.statements.differences))


def _names(figures: Figures) -> Iterator[str]:
    """Names and ids of records."""
    yield from figures.entities.values()
    yield from {name for fact in figures.facts for name in fact.dimensions.values()}
    for names in figures.labels.values():
        yield from (*names, *names.values())
