"""A plain-text journal as the source of ``ledger`` and ``account``, through beancount's library or hledger's export."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from executive_suite.facts.figures import Note
from executive_suite.schema.quality import Fault, shown
from executive_suite.schema.tables import SOURCE_FILE, schema
from executive_suite.sources.config import JournalSource
from executive_suite.sources.postings import Journal, Transaction
from executive_suite.sources.raw import RawTables, SourceFile, together, with_origin

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
    faults = list(journal.faults)
    ledger = _ledger(journal, source, faults)
    accounts = _accounts(journal, source, path.name)
    lines = Counter(ledger.column(SOURCE_FILE).to_pylist())
    files = [
        SourceFile("ledger", file.name, hashlib.sha256(file.read_bytes()).hexdigest(), lines[file.name])
        for file in dict.fromkeys((path, *journal.files))
    ]
    files.append(replace(files[0], table="account", rows=accounts.num_rows))
    text = "virtual postings are not part of the books and were left out"
    notes = (Note("ledger", text, journal.left_out),) if journal.left_out else ()
    return RawTables({"ledger": ledger, "account": accounts}, tuple(files), tuple(faults), notes)


def _ledger(journal: Journal, source: JournalSource, faults: list[Fault]) -> pa.Table:
    lines: list[dict[str, object]] = []
    places: list[tuple[str, int]] = []
    numbers: dict[date, int] = {}
    for transaction in sorted(journal.transactions, key=lambda t: t.day):
        numbers[transaction.day] = number = numbers.get(transaction.day, 0) + 1
        activity = _activity(transaction, source)
        for line, posting in enumerate(transaction.postings, 1):
            cents = posting.amount * CENTS
            if cents != cents.to_integral_value():
                rule, advice = "must be an amount with at most two decimals", "round it to the cent in the journal"
                value = shown(posting.amount)
                faults.append(Fault(transaction.file, rule, advice, posting.row, posting.account, value))
                continue
            tags = {**transaction.tags, **posting.tags}
            lines.append(
                {
                    "txn_id": tags.get("txn_id") or f"{source.name}-{transaction.day.isoformat()}-{number:04d}",
                    "line": line,
                    "date": transaction.day,
                    "entity_id": _entity(posting.account, source),
                    "account": posting.account,
                    "amount_cents": int(cents),
                    "currency": posting.currency,
                    "activity": tags.get("activity") or activity,
                    "memo": transaction.memo or None,
                    **{name: tags.get(name) for name in LINE_TAGS},
                }
            )
            places.append((transaction.file, posting.row))
    return _table("ledger", lines, places)


def _entity(account: str, source: JournalSource) -> str:
    if source.entity_component is None:
        return source.entity_id
    parts = account.split(":")
    return parts[source.entity_component].lower() if len(parts) > source.entity_component else ""


def _activity(transaction: Transaction, source: JournalSource) -> str | None:
    """The activity of the first rule that one of its accounts matches; operating if none does."""
    for beginning, activity in source.activity.items():
        if any(_begins(posting.account, beginning) for posting in transaction.postings):
            return activity
    return "operating"


def _begins(account: str, beginning: str) -> bool:
    return account == beginning or account.startswith(f"{beginning}:")


def _accounts(journal: Journal, source: JournalSource, file: str) -> pa.Table:
    found: list[dict[str, object]] = [
        {
            "account": account.name,
            "name": account.tags.get("name") or account.name.rpartition(":")[2],
            "type": account.kind,
            "normal_side": "debit" if account.kind in DEBIT_SIDE else "credit",
            "is_cash": account.cash or any(_begins(account.name, beginning) for beginning in source.cash),
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


def joined(tables: Sequence[RawTables]) -> RawTables:
    """Several journals as one ledger and one chart of accounts; an account that several open appears once."""
    ledgers = [table.tables["ledger"] for table in tables]
    charts = pa.concat_tables(table.tables["account"] for table in tables)
    names = charts.column("account").to_pylist()
    places = {name: index for index, name in reversed([*enumerate(names)])}
    first = pa.array(sorted(places.values()), pa.int64())
    ledger, accounts = pa.concat_tables(ledgers).unify_dictionaries(), charts.unify_dictionaries().take(first)
    return together(tables, {"ledger": ledger, "account": accounts})
