"""What metrics, rules and signals wrote in English, in the language of a report.

They write before anybody knows who reads it, and every reader's report rests on the same figures. So a sentence of
theirs is recognized by the one it was made from, and made again from its translation with the same values. A sentence
that the catalog does not have stays in English; no number, name or order depends on any of this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any, TypeVar

from executive_suite import formats, wording
from executive_suite.facts.earlier import Began, Told
from executive_suite.facts.fact import Fact
from executive_suite.facts.figures import Figures
from executive_suite.facts.findings import Action, Evidence, Finding
from executive_suite.facts.signals import Signal
from executive_suite.reports import unrecorded
from executive_suite.rules.sentences import OPTIONAL, PLACE
from executive_suite.wording import ENGLISH

_LISTS = frozenset({"items", "names", "listed"})
"""Places that hold several names or phrases, as ``formats.series`` writes them."""
_DATA = frozenset({"entity", "name", "part", "asset", "title", "person_id", "client_id"})
"""Places that hold names of the data, which no language changes; some are phrases around a name."""
_LEAST = 2
"""Letters that a sentence needs besides its places, so that it can be recognized."""
_SHORT, _FEW = 10, 6
"""A sentence of fewer letters than this has places of no more than so many words."""


_Record = TypeVar("_Record", Fact, Finding, Evidence, Action, Signal)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence with places: what recognizes it, its translation, and how much of it is no place."""

    pattern: re.Pattern[str]
    keys: tuple[str, ...]
    translation: str
    letters: int


def figures(made: Figures) -> Figures:
    """The figures with their words in the language of the report, and what they lack in its reader's words."""
    made = unrecorded.figures(made)
    if wording.language() == ENGLISH:
        return made
    return replace(
        made,
        facts=tuple(map(_fact, made.facts)),
        previous=tuple(map(_fact, made.previous)),
        findings=tuple(map(_finding, made.findings)),
        actions=tuple(map(_action, made.actions)),
        signals=tuple(map(_signal, made.signals)),
        notes=tuple(replace(note, text=text(note.text)) for note in made.notes),
        earlier=replace(
            made.earlier, told=tuple(map(_told, made.earlier.told)), began=tuple(map(_began, made.earlier.began))
        ),
    )


def _told(before: Told) -> Told:
    """What an earlier edition said: its headlines are compared with those of this one, and told when they are over."""
    signals = {name: (text(said), *readers) for name, (said, *readers) in before.signals.items()}
    return replace(before, signals=signals)


def _began(then: Began) -> Began:
    """What was told as a quarter began: what ended since, and what was asked."""
    signals, asked = ({name: text(said) for name, said in own.items()} for own in (then.signals, then.asked))
    return replace(then, signals=signals, asked=asked)


def _fact(fact: Fact) -> Fact:
    return _said(fact, "reason") if fact.reason else fact


def _finding(finding: Finding) -> Finding:
    evidence = tuple(map(_evidence, finding.evidence))
    return replace(_said(finding, "title", "reason", "action", "owner"), evidence=evidence)


def _evidence(row: Evidence) -> Evidence:
    return _said(row, "text")


def _action(action: Action) -> Action:
    details = {name: text(words) if name == "why" else words for name, words in action.details.items()}
    return replace(_said(action, "title", "score", "owner", "status"), details=details)


def _signal(signal: Signal) -> Signal:
    evidence = tuple(map(_evidence, signal.evidence))
    return replace(_said(signal, "headline", "action", "owner", "mark"), evidence=evidence)


def _said(record: _Record, *fields: str) -> _Record:
    """A record with some of its fields in the language of the report."""
    said: dict[str, Any] = {name: text(getattr(record, name)) for name in fields}
    return replace(record, **said)


def text(words: str) -> str:
    """A sentence of an earlier step in the language of the report; itself if the catalog has none like it.

    A full stop at its end and a capital at its beginning stay as they were.
    """
    if not words or wording.language() == ENGLISH:
        return words
    bare = words.rstrip(".")
    found = _recalled(bare, wording.language())
    if found is None:
        return "; ".join(map(text, bare.split("; "))) + words[len(bare) :] if "; " in bare else words
    return f"{found.rstrip('.')}{words[len(bare) :]}"


@lru_cache(maxsize=8192)
def _recalled(words: str, language: str) -> str | None:
    """The translation of a sentence without its full stop; None if there is none."""
    exact = _exact(language)
    for form in (words, f"{words[:1].lower()}{words[1:]}", f"{words[:1].upper()}{words[1:]}"):
        if form in exact:
            return _begun(exact[form], words)
    return _remade(words, language)


def _remade(words: str, language: str) -> str | None:
    """The translation of a sentence with places."""
    for one in _sentences(language):
        if found := one.pattern.fullmatch(words):
            values = {key: value for key, value in zip(one.keys, found.groups(), strict=True) if value is not None}
            if all(_fits(key, value, one.letters) for key, value in values.items()):
                return _begun(_filled(one.translation, values), words)
    return None


def _fits(key: str, value: str, letters: int) -> bool:
    """Whether a value can stand at a place: a date where one is due, and nothing long in a short sentence."""
    place = PLACE.match(key)
    if place and _dated(place):
        return formats.reread(value) is not None or not re.search("[A-Za-z]", value)
    return letters >= _SHORT or (len(value.split()) <= _FEW and not re.search("[,;:] ", value))


def _begun(translation: str, words: str) -> str:
    """The translation with a capital where the sentence has one, and only there."""
    first = translation[:1].upper() if words[:1].isupper() else translation[:1].lower()
    return f"{first}{translation[1:]}" if words[:1].isalpha() and translation[1:2].islower() else translation


@cache
def _exact(language: str) -> dict[str, str]:
    known = wording.catalog(language)
    return {**{one.rstrip("."): other for one, other in known.records}, **known.said}


@cache
def _sentences(language: str) -> tuple[_Sentence, ...]:
    """The sentences with places, first those that say most, so that none is taken for a more general one."""
    known = wording.catalog(language)
    pairs = [*known.records, *((rate, known.said[rate]) for rate in formats.RATES if rate in known.said)]
    pairs += [*known.singular.items(), *((many, forms[-1]) for many, forms in known.counted.items())]
    found = [_sentence(one, other) for one, other in pairs if PLACE.search(one)]
    found = [sentence for sentence in found if sentence.letters >= _LEAST]
    return tuple(sorted(found, key=lambda sentence: (-sentence.letters, -len(sentence.keys))))


def _sentence(english: str, translation: str) -> _Sentence:
    keys: list[str] = []
    pattern = "".join(_pattern(english.rstrip("."), keys))
    letters = sum(map(str.isalpha, PLACE.sub("", OPTIONAL.sub("", english))))
    return _Sentence(re.compile(pattern, re.DOTALL), tuple(keys), translation, letters)


def _pattern(english: str, keys: list[str]) -> Iterator[str]:
    """A regular expression for a sentence; ``keys`` gets what each of its groups holds."""
    end = 0
    for part in OPTIONAL.finditer(english):
        yield from _places(english[end : part.start()], keys, first=not end)
        yield "(?:"
        yield from _places(part[1], keys, first=False)
        yield ")?"
        end = part.end()
    yield from _places(english[end:], keys, first=not end)


def _places(english: str, keys: list[str], *, first: bool) -> Iterator[str]:
    end = 0
    for place in PLACE.finditer(english):
        yield _literal(english[end : place.start()], first=first and not end)
        keys.append(place[0])
        if place["form"] == "choose":
            one, _, many = place["words"].partition("|")
            yield f"({re.escape(one)}|{re.escape(many)})"
        else:
            yield f"({_value_of(place)})"
        end = place.end()
    yield _literal(english[end:], first=first and not end)


def _dated(place: re.Match[str]) -> bool:
    return place["form"] in {"day", "month", "near"} or (
        place["name"].rstrip("_") in {"day", "due"} and not place["form"]
    )


def _value_of(place: re.Match[str]) -> str:
    """What can stand at a place: a number, a date, which is short, or anything."""
    if place["name"] == "count" and not place["form"]:
        return r"[\d.,\u00a0\u202f]+|n/a"
    return r"[\w ,.]{0,16}?\w" if _dated(place) else ".+?"


def _literal(words: str, *, first: bool) -> str:
    """Words of a sentence; its first letter may have become a capital."""
    if not first or not words:
        return re.escape(words)
    return f"(?i:{re.escape(words[0])}){re.escape(words[1:])}"


def _filled(translation: str, values: dict[str, str]) -> str:
    """The translation with its places filled; a part in brackets goes where the original has left it out."""

    def shown(place: re.Match[str]) -> str:
        if place["form"] == "choose":
            one, _, many = place["words"].partition("|")
            return one if _single(place["name"], values) else many
        value = values.get(place[0]) or next(
            (value for key, value in values.items() if (found := PLACE.match(key)) and found["name"] == place["name"]),
            "",
        )
        return _value(place["name"], value)

    def kept(part: re.Match[str]) -> str:
        return part[1] if all(place[0] in values for place in PLACE.finditer(part[1])) else ""

    return PLACE.sub(shown, OPTIONAL.sub(kept, translation))


def _single(name: str, values: dict[str, str]) -> bool:
    """Whether the number of a choice is one: by the choice that the original made."""
    for key, value in values.items():
        place = PLACE.match(key)
        if place and place["name"] == name and place["form"] == "choose":
            return value == place["words"].partition("|")[0]
    return any(key.startswith(f"{{{name}:counted") and value.startswith("1 ") for key, value in values.items())


def _value(name: str, value: str) -> str:
    """What is shown at a place: a date as the language writes it, names in a row, a phrase, or anything as it is."""
    if name in _DATA:
        return _remade(value, wording.language()) or value
    if (moment := formats.reread(value)) is not None:
        return moment
    if name in _LISTS and (", " in value or " and " in value):
        *most, last = value.replace(" and ", ", ").split(", ")
        return formats.series([*map(_phrase, most), _phrase(last)])
    return _phrase(value)


def _phrase(value: str) -> str:
    return formats.reread(value) or text(value)
