"""A book of GnuCash, whichever way it is kept: accounts, transactions and splits (GnuCash's XML and SQL schemas)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from executive_suite.sources.postings import Price

CURRENCIES = frozenset({"CURRENCY", "ISO4217"})
"""Namespaces of what is money, in newer and older books."""


class BookError(ValueError):
    """A book that cannot be read.

    Attributes:
        row: Where, if that is known.
    """

    def __init__(self, row: int, message: str) -> None:
        """Args are the row and the message without it."""
        super().__init__(message)
        self.row = row


@dataclass(frozen=True, slots=True)
class BookAccount:
    """One account, with its parent's id and its commodity's namespace and name."""

    id: str
    name: str
    kind: str
    parent: str
    space: str = ""
    commodity: str = ""
    code: str = ""
    placeholder: bool = False


class Split(NamedTuple):
    """One line: its value in the transaction's currency, and its quantity in the account's commodity."""

    account: str
    value: Fraction
    quantity: Fraction
    memo: str = ""
    state: str = "n"


@dataclass(frozen=True, slots=True)
class BookTransaction:
    """One transaction.

    Attributes:
        id: Unique and lasting.
        day: As posted.
        space: Namespace of its commodity.
        currency: Its commodity.
        description: As written.
        splits: Its lines.
        row: Its line in the file, or its number in the table.
    """

    id: str
    day: date
    space: str
    currency: str
    description: str
    splits: tuple[Split, ...]
    row: int


@dataclass(slots=True)
class Book:
    """All of a book that counts: templates of scheduled transactions are told by their number only."""

    company: str = ""
    accounts: dict[str, BookAccount] = field(default_factory=dict)
    transactions: list[BookTransaction] = field(default_factory=list)
    prices: list[Price] = field(default_factory=list)
    templates: int = 0

    def name(self, account: str) -> str:
        """An account's full name, with its parents.

        Raises:
            BookError: it is unknown, or its parents form a circle.
        """
        parts: list[str] = []
        seen: set[str] = set()
        while (own := self.accounts.get(account)) and own.kind != "ROOT":
            if account in seen:
                raise BookError(0, f"the account {own.name} is its own parent")
            seen.add(account)
            parts.append(own.name)
            account = own.parent
        if not parts:
            raise BookError(0, f"the account {account} of a split is not in the book")
        return ":".join(reversed(parts))


def fraction(numerator: int, denominator: int, row: int) -> Fraction:
    """An amount; a negative denominator multiplies, as in GnuCash's own numbers."""
    if denominator == 0:
        raise BookError(row, "an amount has the denominator 0")
    return Fraction(numerator, denominator) if denominator > 0 else Fraction(numerator * -denominator)


def decimal(value: Fraction) -> Decimal:
    """A value to 28 figures; what that leaves of a cent is rounded with the rest of its transaction."""
    return Decimal(value.numerator) / Decimal(value.denominator)
