"""The entries of QIF registers: a transfer between two registers of one file is in both, and counts once."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from executive_suite.adopt.reading import Entry, Line, Origin
from executive_suite.adopt.refusing import printable

OPENING = "Opening balances"
"""The account against which a register that begins later than the file is opened."""

_TRANSFER = re.compile(r"\[(.*?)\](?:/(.*))?")
_NOTHING = frozenset({"", "--split--", "-split-", "split", "uncategorized"})


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a register's transaction, as the file categorizes it; the amount is the register's own change."""

    category: str
    amount: Decimal
    memo: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """One transaction of a register.

    Attributes:
        register: The account in whose register it is.
        day: As written.
        payee: As written.
        pieces: Its parts; one, if it is not split.
        row: Its line in the file.
    """

    register: str
    day: date
    payee: str
    pieces: tuple[Piece, ...]
    row: int


@dataclass(slots=True)
class Books:
    """Entries out of registers, and what the categories are seen to be.

    Attributes:
        file: Its name.
        registers: Accounts that the file has registers of.
        openings: The opening balance of a register that begins with or before all others.
        changes: Category to the amounts booked on it, debit positive.
        repeated: How many transfers stood in both registers.
    """

    file: str
    registers: frozenset[str]
    openings: dict[str, Decimal] = field(default_factory=dict)
    changes: dict[str, list[Decimal]] = field(default_factory=lambda: defaultdict(list))
    repeated: int = 0

    def entries(self, posted: Sequence[Posted]) -> Iterator[Entry]:
        """The entries of all registers; opening balances of the file's first day are kept apart."""
        begins = min((one.day for one in posted if not _opens(one)), default=date.max)
        seen: Counter[tuple[date, str, str, Decimal]] = Counter()
        for one in posted:
            if _opens(one) and one.day <= begins:
                amount = sum(piece.amount for piece in one.pieces)
                self.openings[one.register] = self.openings.get(one.register, Decimal(0)) + amount
                continue
            kept = [(piece, *self._target(one, piece)) for piece in one.pieces if piece.amount]
            lines: list[Line] = []
            for piece, account, segment in kept:
                there = (one.day, account, one.register, -piece.amount)
                if account in self.registers and account != one.register:
                    if seen[there]:
                        seen[there] -= 1
                        self.repeated += 1
                        continue
                    seen[one.day, one.register, account, piece.amount] += 1
                lines += self._lines(one, piece, account, segment)
            if lines:
                yield Entry(number="", day=one.day, lines=tuple(lines))

    def _target(self, one: Posted, piece: Piece) -> tuple[str, str]:
        """The account on the other side, empty if the file does not say, and the class."""
        if found := _TRANSFER.fullmatch(piece.category):
            if found[1] != one.register:
                return found[1], found[2] or ""
            return (OPENING if _opens(one) else ""), ""
        category, _, segment = piece.category.partition("/")
        if category.casefold() in _NOTHING:
            return "", segment
        name = f"{category} (category)" if category in self.registers else category
        self.changes[name].append(-piece.amount)
        return name, segment

    def _lines(self, one: Posted, piece: Piece, account: str, segment: str) -> Iterator[Line]:
        memo = printable(" ".join(dict.fromkeys(word for word in (one.payee, piece.memo) if word)))
        for name, amount in ((one.register, piece.amount), (account, -piece.amount)):
            yield Line(name, amount, Origin(self.file, one.row), memo=memo, counterparty=one.payee, segment=segment)


def _opens(one: Posted) -> bool:
    """Whether it is an opening balance: a transfer to its own register, with the payee that Quicken gives it."""
    own = all(piece.category == f"[{one.register}]" for piece in one.pieces)
    return own and one.payee.casefold().startswith("opening balance")
