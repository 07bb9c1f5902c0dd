"""What an account is: by the word of its chart, else by its place in the tree, else by its name."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal, cast

import yaml

from executive_suite.adopt.reading import Account, AccountType
from executive_suite.identity import plain

CASH = "cash"
FUNCTIONS = frozenset({"cogs", "opex_sales", "opex_ga", "opex_rd", "nonop"})
UNCLASSIFIED = "unclassified"
"""Subtype of the account on the other side of lines that nobody has classified."""

Ground = Literal["said", "word", "place", "name"]


@dataclass(frozen=True, slots=True)
class Kind:
    """What an account is, as far as it is known.

    Attributes:
        type: Of the schema; empty if nothing tells.
        subtype: Of the schema; empty if nothing tells.
        is_cash: Whether it is money; None if nothing tells, which matters for an asset.
        function: Of an expense or of revenue; empty if nothing tells.
        ground: What told its type: the file itself, its word for it, the account's place or its name.
    """

    type: AccountType | Literal[""] = ""
    subtype: str = ""
    is_cash: bool | None = None
    function: str = ""
    ground: Ground = "said"

    @property
    def known(self) -> bool:
        """Whether nothing is left open that would move profit or cash."""
        return self.type != "" and self.is_cash is not None


def kind_of(account: Account) -> Kind:
    """What an account is: by the file's own statement; what that leaves open, by its word, its place, its name.

    A type that the word or the place tells holds whatever the name says: the name only adds the subtype.

    >>> kind_of(Account("Assets:Checking")).is_cash, kind_of(Account("Expenses:Bank")).is_cash
    (True, False)
    >>> kind_of(Account("Chase 4321")).known
    False
    """
    by_word = _rules().words.get(plain(account.word), Kind())
    by_place = Kind(_rules().places.get(plain(account.name.split(":")[0]), "")) if ":" in account.name else Kind()
    grounds: tuple[tuple[Ground, Kind], ...] = (
        ("said", Kind(account.type, account.subtype, account.is_cash)),
        ("word", by_word),
        ("place", by_place),
    )
    ground, kind = next(((name, kind) for name, kind in grounds if kind.type), ("name", Kind()))
    named = _named(account.name, kind.type)
    type_ = kind.type or named.type
    told = [
        one for one in (*(known for _, known in grounds), named) if type_ in {one.type, "" if one.subtype else type_}
    ]
    subtype = next((one.subtype for one in told if one.subtype), "")
    return Kind(
        type_,
        subtype,
        _is_cash(account, type_, subtype, by_word, named),
        next((one.function for one in told if one.function), "") or ("opex_ga" if type_ == "expense" else ""),
        ground,
    )


def is_word(text: str) -> bool:
    """Whether a text is a program's word for a type of account.

    >>> is_word("Other Current Assets"), is_word("Harbor Lights")
    (True, False)
    """
    return plain(text) in _rules().words


def _is_cash(account: Account, type_: str, subtype: str, by_word: Kind, named: Kind) -> bool | None:
    """Whether an account is money; None for an asset of which nothing tells what it is."""
    if type_ != "asset":
        return None if type_ == "" else False
    if account.is_cash is not None:
        return account.is_cash
    if by_word.type == "asset":
        return by_word.is_cash is True
    if subtype in {"bank", CASH}:
        return True
    return named.is_cash if named.type == "asset" else False if subtype else None


def _named(name: str, type_: str) -> Kind:
    """What a name tells of an account of some type, or of any if that is not known: its last part before the whole."""
    parts = [plain(part) for part in name.split(":")]
    for text in (*reversed(parts), " ".join(parts)):
        for kind, pattern in _rules().names:
            if (not type_ or kind.type == type_) and pattern.search(text):
                return kind
    return Kind()


@dataclass(frozen=True, slots=True)
class _Rules:
    words: Mapping[str, Kind]
    places: Mapping[str, AccountType]
    names: tuple[tuple[Kind, re.Pattern[str]], ...]


@functools.cache
def _rules() -> _Rules:
    text = resources.files("executive_suite.adopt").joinpath("account_kinds.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    return _Rules(
        {plain(word): _kind(kind) for kind, words in content["words"].items() for word in words},
        {plain(word): kind for kind, words in content["places"].items() for word in words},
        tuple((_kind(kind), re.compile(pattern)) for kind, pattern in content["names"]),
    )


def _kind(text: str) -> Kind:
    """A kind as the rules write it: ``asset/bank cash``, ``expense cogs``."""
    first, *marks = text.split()
    type_, _, subtype = first.partition("/")
    function = next((mark for mark in marks if mark in FUNCTIONS), "")
    return Kind(cast("AccountType", type_), subtype, CASH in marks, function)
