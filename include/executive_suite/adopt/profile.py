"""What an export of a known program looks like: its titles, its columns by what they mean, and its layout. All data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from executive_suite import config_files
from executive_suite.adopt.days import Order
from executive_suite.config_files import ConfigError, Strict

PROFILES = Path(__file__).with_name("profiles")
FIRST = "(first)"
"""The header of a first column that has none."""

_CODE = re.compile(r"\s*[(\[](?P<code>[A-Z]{3})[)\]]$")
_BLANKS = re.compile(r"\s+")


class Profile(Strict):
    """One report of one program.

    Attributes:
        program: Who writes it, for people.
        report: What it is there, for people.
        layout: How its rows make entries: a name of ``executive_suite.adopt.readers.grids``.
        kind: As a reading has it.
        titles: Words above the columns that name it, in any language; one of several reports with the same columns is
            the one whose title is there.
        titled: Whether it is this report only under one of its titles.
        periods: Whether its columns are periods ("Jan 2025", "Total") after the account's name.
        segments: Whether its columns are classes, places or other parts of the company, and the last one their total.
        marks: Cells below the columns that name it as well, where a program prints its titles elsewhere.
        columns: Role to the headers that it has in any language, the best first. A role of text takes the first
            header's cell that is not blank; a role of amounts takes one column. ``(first)`` is a first column without
            a name.
        needs: Roles without which it is another report; ``debit|amount`` is either.
        never: Headers that show that it is another report.
        order: Of its days in figures, if the program writes only one.
        natural: Whether an amount is positive where it adds to its account, so that an income of 100 is a credit.
        tentative: Whether its columns may be those of something else: where no row makes sense, it is that.
        part: Whether it has only some of a company's transactions, as one of manual journals has.
        words: Of the layout: a word of the file to what it means there.
    """

    program: str
    report: str
    layout: str
    kind: Literal["books", "bank", "sales", "totals", "register"] = "books"
    titles: tuple[str, ...] = ()
    titled: bool = False
    periods: bool = False
    segments: bool = False
    marks: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = {}
    needs: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    order: Order = ""
    natural: bool = False
    tentative: bool = False
    part: bool = False
    words: Mapping[str, tuple[str, ...]] = {}


class _File(Strict):
    """A file of profiles: what its reports share, and the reports."""

    program: str
    order: Order = ""
    columns: Mapping[str, tuple[str, ...]] = {}
    words: Mapping[str, tuple[str, ...]] = {}
    reports: tuple[Mapping[str, Any], ...]


@cache
def profiles(folder: Path = PROFILES) -> tuple[Profile, ...]:
    """All profiles of a folder, in order of their files' names.

    Raises:
        ConfigError: a file is wrong; names it.
    """
    return tuple(one for path in sorted(folder.glob("*.yaml")) for one in _of(path))


@lru_cache(maxsize=1 << 16)
def plain(header: str) -> str:
    """A header as it is compared: in lower case, without its currency.

    >>> plain("Debit  (AUD)"), plain("*Date:")
    ('debit', 'date')
    """
    return _BLANKS.sub(" ", _CODE.sub("", header.strip())).strip(" *:").casefold()


def code(header: str) -> str:
    """The currency that a header states; empty if it states none.

    >>> code("Debit (AUD)"), code("Debit")
    ('AUD', '')
    """
    found = _CODE.search(header.strip())
    return found["code"] if found else ""


def columns(profile: Profile, header: Sequence[str]) -> Mapping[str, tuple[int, ...]] | None:
    """Role to the columns that have it under a header; None if the header is not this report's."""
    names = [plain(cell) for cell in header]
    names[:1] = [name or FIRST for name in names[:1]]
    if any(plain(word) in names for word in profile.never):
        return None
    found: dict[str, tuple[int, ...]] = {}
    for role, aliases in profile.columns.items():
        places = [place for alias in aliases for place, name in enumerate(names) if name and name == plain(alias)]
        if places:
            found[role] = tuple(dict.fromkeys(places))
    if all(any(role in found for role in need.split("|")) for need in profile.needs):
        return found
    return None


def _of(path: Path) -> Iterator[Profile]:
    """The reports of a file, each with what the file says for all: a report's own columns and words come first."""
    content = config_files.read(path)
    try:
        file = _File.model_validate(content)
        for report in file.reports:
            shared = {"program": file.program, "order": file.order, **report}
            shared["columns"] = {**file.columns, **report.get("columns", {})}
            shared["words"] = {**file.words, **report.get("words", {})}
            yield Profile.model_validate(shared)
    except ValidationError as error:
        msg = f"{path.name}: {error}"
        raise ConfigError(msg) from None
