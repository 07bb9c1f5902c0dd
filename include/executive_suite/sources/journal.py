"""A plain-text journal as the source of ``ledger`` and ``account``, through beancount's library or hledger's export."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from executive_suite.facts.figures import Note
from executive_suite.schema.quality import Fault
from executive_suite.schema.tables import SOURCE_FILE, schema
from executive_suite.sources import spelling
from executive_suite.sources.activity import beginnings, begins
from executive_suite.sources.config import JournalSource
from executive_suite.sources.postings import Journal, Posting
from executive_suite.sources.raw import RawTables, SourceFile, with_origin

if TYPE_CHECKING:
    from datetime import date

CENTS = Decimal(100)
DEBIT_SIDE = frozenset({"asset", "expense"})
ACCOUNT_TAGS = ("subtype", "cost_behaviour", "function", "schedule_c_e_line")
LINE_TAGS = ("counterparty_id", "contract_id", "project_id")
COLUMNS = {
    "ledger": (
        *("txn_id", "line", "date", "entity_id", "account", "amount_cents", "currency", "activity", "memo"),
        *LINE_TAGS,
    ),
    "account": ("account", "name", "type", "normal_side", "is_cash", *ACCOUNT_TAGS),
}
TYPES = {"integer": pa.int64(), "date": pa.date32(), "boolean": pa.bool_(), "string": pa.string()}


def read(source: JournalSource, base: Path) -> RawTables:
    """The tables ``ledger`` and ``account`` of a journal.

    Raises:
        FileNotFoundError: no such file.
        ConfigError: the program that reads it is not installed.
    """
    path = (base / source.location).resolve()
    if not path.is_file():
        msg = f"{source.name}: journal {path} does not exist"
        raise FileNotFoundError(msg)
    if source.program == "beancount":
        from executive_suite.sources import beancount_journal  # slow to import

        journal = beancount_journal.read(path)
    else:
        from executive_suite.sources import hledger_journal

        journal = hledger_journal.read(path, source.name)
    faults = [*journal.faults, *_misspelled(journal, source)]
    ledger, rounded = _ledger(journal, source)
    accounts = _accounts(journal, source, path.name)
    lines = Counter(ledger.column(SOURCE_FILE).to_pylist())
    files = [
        SourceFile("ledger", file.name, hashlib.sha256(file.read_bytes()).hexdigest(), lines[file.name])
        for file in dict.fromkeys((path, *journal.files))
    ]
    files.append(replace(files[0], table="account", rows=accounts.num_rows))
    told = (
        ("virtual postings are not part of the books and were left out", journal.left_out),
        ("amounts with fractions of a cent, such as units at a price, were rounded to the cent", rounded),
    )
    notes = tuple(Note("ledger", text, count) for text, count in told if count)
    return RawTables({"ledger": ledger, "account": accounts}, tuple(files), tuple(faults), notes)


def _misspelled(journal: Journal, source: JournalSource) -> Iterator[Fault]:
    """Names under ``cash`` that no account begins with: its cash would be missing in silence."""
    there = beginnings(account.name for account in journal.accounts)
    for name in source.cash if there else ():
        if name not in there:
            guess = spelling.closest(name, there)
            rule = "must be an account of the journal, or the beginning of one, in `cash`"
            advice = f"write {guess}" if guess else "correct the name, or remove it"
            yield Fault(source.name, rule, f"{advice} in sources.yaml", value=name)


def _ledger(journal: Journal, source: JournalSource) -> tuple[pa.Table, int]:
    """The lines of a journal in whole cents, and how many amounts were rounded to that."""
    lines: list[dict[str, object]] = []
    places: list[tuple[str, int]] = []
    numbers: Counter[date] = Counter()
    rounded = 0
    for transaction in sorted(journal.transactions, key=lambda t: t.day):
        numbers[transaction.day] += 1
        cents = in_cents(transaction.postings)
        rounded += sum(posting.amount * CENTS % 1 != 0 for posting in transaction.postings)
        for line, (posting, amount) in enumerate(zip(transaction.postings, cents, strict=True), 1):
            tags = {**transaction.tags, **posting.tags}
            number = f"{source.name}-{transaction.day.isoformat()}-{numbers[transaction.day]:04d}"
            lines.append(
                {
                    "txn_id": tags.get("txn_id") or number,
                    "line": line,
                    "date": transaction.day,
                    "entity_id": _entity(posting.account, source),
                    "account": posting.account,
                    "amount_cents": amount,
                    "currency": source.symbols.get(posting.currency, posting.currency),
                    "activity": tags.get("activity"),
                    "memo": transaction.memo or None,
                    **{name: tags.get(name) for name in LINE_TAGS},
                }
            )
            places.append((transaction.file, posting.row))
    return _table("ledger", lines, places), rounded


def in_cents(postings: Sequence[Posting]) -> list[int]:
    """The amounts of a transaction in whole cents, still at zero in every currency.

    Units at a price rarely come to whole cents. Each amount is rounded half to even; what that leaves, and what the
    program tolerates, goes to the largest of the rounded amounts, so that a payment stays what the bank says.

    >>> bank, lot = Posting("Bank", Decimal("-479.96"), "USD", 1), Posting("Fund", Decimal("479.96517"), "USD", 2)
    >>> in_cents((bank, lot))
    [-47996, 47996]
    """
    exact = [posting.amount * CENTS for posting in postings]
    cents = [int(amount.quantize(Decimal(1), ROUND_HALF_EVEN)) for amount in exact]
    for currency in {posting.currency for posting in postings}:
        own = [position for position, posting in enumerate(postings) if posting.currency == currency]
        rest = sum(cents[position] for position in own)
        if rest and abs(rest) < CENTS:
            inexact = [position for position in own if exact[position] != cents[position]]
            cents[max(inexact or own, key=lambda position: abs(cents[position]))] -= rest
    return cents


def _entity(account: str, source: JournalSource) -> str:
    if source.entity_component is None:
        return source.entity_id
    parts = account.split(":")
    return parts[source.entity_component].lower() if len(parts) > source.entity_component else ""


def _accounts(journal: Journal, source: JournalSource, file: str) -> pa.Table:
    found: list[dict[str, object]] = [
        {
            "account": account.name,
            "name": account.tags.get("name") or account.name.rpartition(":")[2],
            "type": account.kind,
            "normal_side": "debit" if account.kind in DEBIT_SIDE else "credit",
            "is_cash": account.cash or any(begins(account.name, beginning) for beginning in source.cash),
            **{name: account.tags.get(name) for name in ACCOUNT_TAGS},
        }
        for account in journal.accounts
    ]
    return _table("account", found, [(file, account.row) for account in journal.accounts])


def _table(table: str, records: Sequence[Mapping[str, object]], places: Sequence[tuple[str, int]]) -> pa.Table:
    arrays = {
        name: pa.array([record.get(name) for record in records], TYPES[schema()[table].kind(name)])
        for name in COLUMNS[table]
    }
    rows = pa.array([row for _, row in places], pa.int64())
    return with_origin(pa.table(arrays), [file for file, _ in places], rows)
