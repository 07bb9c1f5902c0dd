"""Ledgers in which an amount is positive where it adds to its account: a sale of 100 is 100, and so is rent."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from executive_suite.schema import texts
from executive_suite.schema.cells import BLANKS, REFUSED
from executive_suite.schema.quality import Fault
from executive_suite.schema.tables import SOURCE_FILE, SOURCE_ROW
from executive_suite.sources.activity import Kinds

AMOUNT, ACCOUNT = "amount_cents", "account"
CREDITED = frozenset({"liability", "equity", "revenue"})
"""Types of accounts to which a credit adds."""


def debit_positive(ledger: pa.Table, charted: Kinds, faults: list[Fault]) -> pa.Table:
    """The ledger with the amounts of accounts to which credits add turned; adds a fault per account of no known type.

    Args:
        ledger: Lines as a source has them.
        charted: Account to its type and subtype.
        faults: Receives the faults.
    """
    if not {AMOUNT, ACCOUNT} <= set(ledger.column_names):
        return ledger
    accounts = pc.fill_null(pc.utf8_trim_whitespace(texts.as_text(ledger.column(ACCOUNT)).cast(pa.string())), "")
    faults += _untyped(ledger, accounts, charted)
    turned = pc.is_in(accounts, pa.array([name for name, kind in charted.items() if kind & CREDITED], pa.string()))
    amounts = ledger.column(AMOUNT)
    other = pc.negate(amounts) if pa.types.is_integer(amounts.type) else _turned(amounts)
    same = amounts if pa.types.is_integer(amounts.type) else texts.as_text(amounts).cast(pa.string())
    return ledger.set_column(ledger.column_names.index(AMOUNT), AMOUNT, pc.if_else(turned, other, same))


def _turned(amounts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Amounts as text with the other sign; what is blank or refused stays."""
    found = texts.as_text(amounts).cast(pa.string()).combine_chunks().dictionary_encode()
    words = [
        word if word.strip() in BLANKS or word.startswith(REFUSED) else word[1:] if word.startswith("-") else f"-{word}"
        for word in found.dictionary.to_pylist()
    ]
    return pa.chunked_array([pa.array(words, pa.string()).take(found.indices)])


def _untyped(ledger: pa.Table, accounts: pa.ChunkedArray, charted: Kinds) -> Iterator[Fault]:
    """Accounts with lines whose type no chart says."""
    seen: set[str] = set()
    for place, account in enumerate(accounts.to_pylist()):
        if account in seen or account in charted:
            continue
        seen.add(account)
        file, row = (ledger.column(name)[place].as_py() for name in (SOURCE_FILE, SOURCE_ROW))
        rule = "must be an account of the chart: its type says what a positive amount is"
        yield Fault(file, rule, "add the account to the chart, or remove `natural`", row, ACCOUNT, account)
