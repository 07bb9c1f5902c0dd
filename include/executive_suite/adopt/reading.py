"""What one file says, whatever program wrote it: entries, accounts, bank lines, records, and its own totals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

AccountType = Literal["asset", "liability", "equity", "revenue", "expense"]
Kind = Literal["books", "bank", "sales", "totals", "register"]
Measure = Literal[
    "balance",
    "change",
    "revenue",
    "expenses",
    "profit",
    "debits",
    "credits",
    "statement",
    "receivables",
    "payables",
]


LONGEST_MESSAGE = 1_000
"""Letters of it: a cell that it quotes may have a million."""


class NotReadableError(Exception):
    """A file that cannot be read, or only by guessing: one line with the file, its row and what was looked for."""

    def __init__(self, words: str) -> None:
        super().__init__(words if len(words) <= LONGEST_MESSAGE else f"{words[:LONGEST_MESSAGE]}…")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something is: the file's name, and its row as a spreadsheet numbers it, or its line."""

    file: str
    row: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an entry.

    Attributes:
        account: As the file names it, with its parents ("Expenses:Fuel"); empty if the file hides it ("-Split-").
        amount: In the currency's main unit, debit positive, exact.
        origin: Where it is.
        currency: Code or sign as written; empty for the books' own.
        memo: As written.
        counterparty: Customer or vendor as written; it is hashed when it is kept.
        segment: Class, location or tracking category as written, which may name an entity.
    """

    account: str
    amount: Decimal
    origin: Origin
    currency: str = ""
    memo: str = ""
    counterparty: str = ""
    segment: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One transaction in double entry; its lines sum to zero.

    Attributes:
        number: As the file numbers it; empty if it does not, and then it is known by its content.
        day: The business day.
        lines: At least two.
        kind: The file's word for it ("Invoice", "Journal Entry").
    """

    number: str
    day: date
    lines: tuple[Line, ...]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """One account of the chart as the file states it; what it leaves open, is proposed from its name and use.

    Attributes:
        name: As entries name it.
        code: Its number, if it has one.
        word: The file's word for its type ("Accounts receivable (A/R)").
        type: Of the schema; empty if the file does not say.
        subtype: Of the schema (``bank``, ``receivable``, ``fixed_asset`` …); empty if unknown.
        is_cash: Whether it is money; None if the file does not say.
        opening: Its balance before the first entry, debit positive; None if the file does not say.
        currency: Its own, if it states one.
        also: Other names under which entries of the program have it ("1000 Checking").
    """

    name: str
    code: str = ""
    word: str = ""
    type: AccountType | Literal[""] = ""
    subtype: str = ""
    is_cash: bool | None = None
    opening: Decimal | None = None
    currency: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BankLine:
    """One line of a bank's or card's statement, as the bank sees its customer: money received is positive.

    Attributes:
        account: The bank's name or the number's last four digits; the same in every file of one account.
        day: As booked.
        amount: In the currency's main unit.
        text: What the bank writes.
        origin: Where it is.
        number: The bank's own (FITID); empty if it gives none.
        balance: After this line, as the bank states it; None if it does not.
        currency: Code or sign; empty if not stated.
    """

    account: str
    day: date
    amount: Decimal
    text: str
    origin: Origin
    number: str = ""
    balance: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Total:
    """What the file itself says of its content: it verifies what was read and is never an entry.

    Attributes:
        measure: ``balance`` and ``change`` of an account (debit positive), ``debits`` and ``credits`` of all, revenue,
            expenses and profit (as people say them: positive), ``statement`` of a bank, ``receivables`` and
            ``payables`` by age (positive where they are owed).
        amount: In the currency's main unit.
        ends: The last day that it covers.
        origin: Where it is.
        account: Of which; empty for the whole.
        begins: The first day of a flow; None for a balance.
    """

    measure: Measure
    amount: Decimal
    ends: date
    origin: Origin
    account: str = ""
    begins: date | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a register of the input schema (booking, opportunity, finding …).

    Attributes:
        table: Of the schema.
        values: Column to text as the schema writes it; ``entity_id`` is left out and filled when it is kept.
        origin: Where it is.
    """

    table: str
    values: Mapping[str, str]
    origin: Origin


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows that are no entries, and why ("estimates", "virtual postings", "commodities that are not money")."""

    what: str
    count: int


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one file says.

    Attributes:
        file: Its name.
        sha256: Of its bytes.
        program: Who wrote it, for people ("QuickBooks Online").
        report: What it is there, for people ("Journal").
        kind: ``books`` for entries or a chart, ``bank`` for a statement, ``sales`` for a processor or platform whose
            entries stand alone, ``totals`` for reports that only verify, ``register`` for records.
        company: As the file's title names it; empty if it does not.
        currency: ISO code of the books, as far as the file says.
        begins: The first day that it covers, as stated, else the first entry's.
        ends: The last day that it covers.
        exported_on: When it was made, as stated.
        whole: Whether every transaction of its period and accounts is in it, so that one that is gone, is gone.
        accounts: The chart, as far as it tells.
        entries: Transactions.
        bank_lines: Of a statement.
        records: Of registers.
        totals: What it says of itself.
        left_out: What is no entry.
        remarks: What a person should know of the reading, one sentence each.
    """

    file: str
    sha256: str
    program: str
    report: str
    kind: Kind
    company: str = ""
    currency: str = ""
    begins: date | None = None
    ends: date | None = None
    exported_on: date | None = None
    whole: bool = True
    named: bool = False
    accounts: tuple[Account, ...] = ()
    entries: tuple[Entry, ...] = ()
    bank_lines: tuple[BankLine, ...] = ()
    records: tuple[Record, ...] = ()
    totals: tuple[Total, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    remarks: tuple[str, ...] = ()
