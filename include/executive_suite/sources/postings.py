"""A journal as its program tells it: accounts, transactions and their postings, whichever program it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from executive_suite.schema.quality import Fault

COMPLAINT = 300
"""Characters of a program's complaint that are told."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of a transaction, as a journal has it.

    Attributes:
        account: Full account name.
        amount: Debit-positive, what balances the transaction (at cost or price where it has one).
        currency: Of the amount.
        row: Line in the file.
        tags: Further fields that the journal carries (``contract_id`` …).
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
        kind: asset, liability, equity, revenue or expense.
        cash: Whether the program itself calls it cash.
        row: Line in the file; 0 when it is only used.
        tags: Further fields (``function``, ``cost_behaviour`` …).
    """

    name: str
    kind: str
    cash: bool = False
    row: int = 0
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Journal:
    """What a program made of a journal file.

    Attributes:
        transactions: In the order of the journal.
        accounts: Opened or used.
        faults: What the program complained of.
        files: The journal and every file that it includes; empty when it was refused.
        left_out: Postings that are no part of the books (envelopes, plans).
    """

    transactions: tuple[Transaction, ...]
    accounts: tuple[Account, ...]
    faults: tuple[Fault, ...] = ()
    files: tuple[Path, ...] = ()
    left_out: int = 0


def refused(file: str, row: int, complaint: str, program: str, check: str) -> Fault:
    """What a program says against a journal, as a fault: its words on one line."""
    words = " ".join(complaint.partition("Traceback")[0].split())
    told = words if len(words) <= COMPLAINT else f"{words[:COMPLAINT]}…"
    return Fault(
        file, row, "", "", f"must be what {program} accepts ({told})", f"correct the journal until {check} is silent"
    )
