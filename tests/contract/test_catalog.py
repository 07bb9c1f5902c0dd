"""The catalog of words: in step with the code, each translation with the places of its original."""

from __future__ import annotations

import importlib.util
import re
import string
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from executive_suite import wording
from executive_suite.rules.sentences import OPTIONAL, PLACE
from executive_suite.wording import CATALOGS, RECORDS

OTHERS = [name for name in wording.languages() if name != wording.ENGLISH]


@pytest.fixture(scope="module")
def extract() -> ModuleType:
    """The script that collects the words, which is no module of the package."""
    spec = importlib.util.spec_from_file_location("extract", CATALOGS / "extract.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules["extract"] = made
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def template(extract: ModuleType) -> Catalog:
    made: Catalog = extract.extracted()
    return made


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.stem if path.suffix == ".po" else None)


def test_the_template_is_in_step_with_the_code(extract: ModuleType, template: Catalog) -> None:
    assert (CATALOGS / "messages.pot").read_bytes() == extract.text(template), "run: make catalog"


def test_there_is_a_language_besides_english() -> None:
    assert "es" in OTHERS


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_the_messages_of_the_template(template: Catalog, language: str) -> None:
    own = read(CATALOGS / f"{language}.po")
    assert [(m.id, m.context) for m in own if m.id] == [(m.id, m.context) for m in own if m.id and _in(m, template)]
    assert len(own) == len(template), "run: make catalog"


def _in(message: Message, template: Catalog) -> bool:
    key = message.id[0] if isinstance(message.id, tuple | list) else message.id
    return template.get(key, message.context) is not None


def places(text: str, context: str | None) -> set[str]:
    """What is filled in: fields, or the names of a rule's places."""
    if context == RECORDS:
        return {found["name"] for found in PLACE.finditer(text)}
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def pairs(language: str) -> Iterator[tuple[str, str, str | None]]:
    for message in read(CATALOGS / f"{language}.po"):
        if isinstance(message.id, tuple | list):
            yield from ((message.id[1], form, message.context) for form in message.string if form)
        elif message.id and message.string:
            yield str(message.id), str(message.string), message.context


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_places_of_its_original(language: str) -> None:
    wrong = [one for one, other, context in pairs(language) if places(one, context) != places(other, context)]
    assert not wrong
    several = [one for one, other, _ in pairs(language) if len(OPTIONAL.findall(one)) != len(OPTIONAL.findall(other))]
    assert not [one for one in several if PLACE.search(one) and "[" in one]


@pytest.mark.parametrize("language", OTHERS)
def test_a_place_of_a_rule_keeps_its_form(language: str) -> None:
    for one, other, context in pairs(language):
        if context == RECORDS:
            forms = {found[0] for found in PLACE.finditer(other) if found["form"] != "choose"}
            assert forms <= {found[0] for found in PLACE.finditer(one)}, one


@pytest.mark.parametrize("language", OTHERS)
def test_no_number_is_written_in_a_translation_only(language: str) -> None:
    """A number of a sentence is a place, or is in the original."""
    for one, other, _ in pairs(language):
        assert set(re.findall(r"\d+", PLACE.sub("", other))) <= set(re.findall(r"\d+", PLACE.sub("", one))), one


# A part of a sentence begins or ends with the space that parts it from the rest ("revenue" + " against a target").
@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_begins_and_ends_with_a_space_where_its_original_does(language: str) -> None:
    def ends(text: str) -> tuple[bool, bool]:
        return text[:1].isspace(), text[-1:].isspace()

    pairs = [
        (one, other)
        for message in read(CATALOGS / f"{language}.po")
        if isinstance(message.id, str) and message.id and isinstance(message.string, str) and message.string
        for one, other in [(message.id, message.string)]
    ]
    assert [one for one, other in pairs if ends(one) != ends(other)] == []
