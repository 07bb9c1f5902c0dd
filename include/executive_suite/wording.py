"""Words for readers: English sentences in the code, other languages from the catalogs in ``include/catalog``."""

from __future__ import annotations

import gettext
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from babel.messages.pofile import read_po

from executive_suite import written
from executive_suite.folders import INCLUDE

ENGLISH = "en"
CATALOGS = INCLUDE / "catalog"
"""Holds ``messages.pot``, which is extracted from the code, and ``es.po``: one gettext file per language."""
RECORDS = "records"
"""The gettext context of sentences that metrics, rules and signals write before anybody knows who reads them."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """The words of one language.

    Attributes:
        said: English text to its translation; a text with fields has them in both ("{share} of rent").
        counted: English plural to the forms of the language, in the order of its plural rule.
        singular: English singular to the form of one.
        records: Sentences of earlier steps, English and translated, those with places included.
        form: Which of the forms a number takes.
    """

    said: Mapping[str, str]
    counted: Mapping[str, tuple[str, ...]]
    singular: Mapping[str, str]
    records: tuple[tuple[str, str], ...]
    form: Callable[[int], int]


_LANGUAGE: ContextVar[str] = ContextVar("language", default=ENGLISH)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say everything in a language while one report is made."""
    before = _LANGUAGE.set(language)
    try:
        yield
    finally:
        _LANGUAGE.reset(before)


def language() -> str:
    """The language of the report at hand, ISO 639."""
    return _LANGUAGE.get()


def languages() -> tuple[str, ...]:
    """The languages that reports can be written in: English, and those with a catalog.

    >>> languages()
    ('en', 'es')
    """
    return (ENGLISH, *sorted(path.stem for path in CATALOGS.glob("*.po")))


def say(message: str, /, **fields: object) -> str:
    """A text in the language of the report; English where the catalog has no translation.

    Args:
        message: In English, with named fields. A text without any is taken as it is, braces included.
        fields: Their texts.

    >>> say("{amount} of {whole} is unsold", amount="$5", whole="$8")
    '$5 of $8 is unsold'
    """
    spoken = _LANGUAGE.get()
    own = message if spoken == ENGLISH else catalog(spoken).said.get(message, message)
    if fields or message in messages():
        written.said(own)
    _count(fields)
    return own.format_map(fields) if fields else own


def _count(fields: Mapping[str, object]) -> None:
    """Numbers that are filled in as they are: how many things there are, and days of the code."""
    for value in fields.values():
        if isinstance(value, int | Decimal):
            written.kept(str(value))


def say_many(one: str, many: str, number: Decimal | int, /, **fields: object) -> str:
    """A text about a number of things, in the form that the language has for that number.

    >>> say_many("{count} stay", "{count} stays", 1, count="1"), say_many("{count} stay", "{count} stays", 0, count="0")
    ('1 stay', '0 stays')
    """
    _count(fields)
    spoken = _LANGUAGE.get()
    known = catalog(spoken) if spoken != ENGLISH else None
    forms = known.counted.get(many) if known else None
    if known is None or forms is None:
        return written.said(one if number == 1 else many).format_map(fields)
    whole = int(number) if number == int(number) else 2  # a part of a thing is never one
    return written.said(forms[known.form(abs(whole))]).format_map(fields)


def noted(message: str) -> str:
    """A text that is said later: marks a constant for the catalog."""
    return message


@cache
def messages() -> frozenset[str]:
    """Every text of the code for readers, in English; what a report says besides is made from those and from data."""
    with (CATALOGS / "messages.pot").open("rb") as file:
        return frozenset(message.id for message in read_po(file) if isinstance(message.id, str))


@cache
def catalog(spoken: str) -> Catalog:
    """The catalog of a language other than English.

    Raises:
        FileNotFoundError: there is none.
    """
    with (CATALOGS / f"{spoken}.po").open("rb") as file:
        found = read_po(file, locale=spoken)
    form = gettext.c2py(found.plural_expr)
    said: dict[str, str] = {}
    counted: dict[str, tuple[str, ...]] = {}
    singular: dict[str, str] = {}
    records: dict[str, str] = {}
    for message in found:
        if isinstance(message.id, tuple | list) and isinstance(message.string, tuple | list) and all(message.string):
            one, many = message.id
            counted[many], singular[one] = tuple(message.string), message.string[form(1)]
        elif isinstance(message.id, str) and isinstance(message.string, str) and message.id and message.string:
            (records if message.context == RECORDS else said)[message.id] = message.string
    return Catalog(said, counted, singular, tuple(records.items()), form)
