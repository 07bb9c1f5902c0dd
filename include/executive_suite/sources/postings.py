"""A journal as its program reports it: accounts, transactions and postings, for every program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from executive_suite.schema.cells import MOST_CENTS
from executive_suite.schema.quality import Fault

COMPLAINT = 300
"""Characters of a program's complaint that a fault quotes."""


MOST = MOST_CENTS // 100
"""What an amount may be: ten million million of any currency."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of a transaction.

    Attributes:
        account: Full account name.
        amount: Debit-positive, as it balances the transaction (at its cost or price, if any).
        currency: Currency of the amount.
        row: Line in the file.
        tags: Further fields (``contract_id`` …).
    """

    account: str
    amount: Decimal
    currency: str
    row: int
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Transaction:
    """One transaction of a journal."""

    day: date
    memo: str
    file: str
    postings: tuple[Posting, ...]
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Account:
    """An account that a journal opens or uses.

    Attributes:
        name: Full account name.
        kind: asset, liability, equity, revenue or expense; empty if its program does not know.
        cash: Whether the program itself calls it cash.
        row: Line in the file; 0 if it is never opened.
        tags: Further fields (``function``, ``cost_behaviour`` …).
        held: Commodities in which it was posted, as they were before their cost was taken; in order.
    """

    name: str
    kind: str
    cash: bool = False
    row: int = 0
    tags: Mapping[str, str] = field(default_factory=dict)
    held: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Price:
    """What one unit of a commodity was worth on a day, as a journal states it or as somebody paid."""

    day: date
    commodity: str
    rate: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal file as its program reads it.

    Attributes:
        transactions: In the order of the journal.
        accounts: Opened or used.
        faults: The program's complaints.
        files: The journal and every file that it includes; empty if the program refused it.
        left_out: Postings that are not part of the books (envelopes, plans).
        title: As the journal calls itself; empty if it does not.
        currency: In which its books are kept, as it states; empty if it does not.
        prices: Of a day the last counts; what is stated comes after what was paid.
        balances: Account to what its program says is on it at the end, if it is of one commodity without cost.
    """

    transactions: tuple[Transaction, ...]
    accounts: tuple[Account, ...]
    faults: tuple[Fault, ...] = ()
    files: tuple[Path, ...] = ()
    left_out: int = 0
    title: str = ""
    currency: str = ""
    prices: tuple[Price, ...] = ()
    balances: Mapping[str, Decimal] = field(default_factory=dict)


def bounded(journal: Journal) -> Journal:
    """The journal, or only the faults of one whose amounts nobody could have meant."""
    faults = [
        Fault(one.file, f"must have amounts up to {MOST:,}", "correct the amount", posting.row, value=posting.account)
        for one in journal.transactions
        for posting in one.postings
        if not (posting.amount.is_finite() and abs(posting.amount) <= MOST)
    ]
    return Journal((), (), (*journal.faults, *faults)) if faults else journal


def refused(file: str, row: int, complaint: str, program: str, check: str) -> Fault:
    """A program's complaint about a journal as a fault, on one line."""
    words = " ".join(complaint.partition("Traceback")[0].split())
    quoted = words if len(words) <= COMPLAINT else f"{words[:COMPLAINT]}…"
    rule, advice = f"must be a journal that {program} accepts ({quoted})", f"correct it until {check} reports nothing"
    return Fault(file, rule, advice, row)
