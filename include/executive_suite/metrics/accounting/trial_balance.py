"""The trial balance: debits equal credits, for every entity and every transaction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.metrics.book.book import (
    LEDGER_COLUMNS,
    NEEDS,
    NOTHING,
    Sum,
    as_index,
    book,
    lines,
    netted,
    totals,
    transactions,
)
from executive_suite.metrics.registry import metric
from executive_suite.period import Month
from executive_suite.schema import keys

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

DIFFERENCE = Definition(
    "trial_balance_difference",
    "Trial balance difference",
    "cents",
    "Sum of all ledger lines, debits positive, of the group and of each entity; zero when the books balance. By "
    "transaction: the sum of the amounts, without sign, by which single transactions fail to balance within an "
    "entity. Any difference stops the run.",
    "Double-entry bookkeeping; as hledger check and bean-check",
    "zero",
)
BALANCE = Definition(
    "account_balance",
    "Account balance",
    "cents",
    "Sum of an account's ledger lines up to the day before the report date, debits positive; revenue and expense "
    "accounts since the start of the calendar year.",
    "Double-entry bookkeeping; trial balance",
)


def transaction_differences(context: Context) -> int:
    """The sum over transactions and entities of what is missing to balance, cents, without sign.

    Raises:
        MissingInputError: the ledger or a column is absent.
    """
    known = lines(context)
    txn = transactions(context)
    off = 0
    for block in keys.blocks(txn):
        _, sums = netted(txn[block], known.entity[block], known.cents[block], len(known.entities))
        off += int(np.abs(sums).sum())
    return off


@metric(DIFFERENCE, needs={"ledger": (*LEDGER_COLUMNS, "txn_id")})
def _trial_balance(context: Context) -> Iterator[Fact]:
    known = lines(context)
    if not len(known.cents):
        return
    everything = Sum(int(known.cents.sum()), len(known.cents))
    (entities,), cents, counts = totals((known.entity,), (len(known.entities),), known.cents)
    owners = map(str, known.entities[entities])
    sums = dict(zip(owners, map(Sum, cents.tolist(), counts.tolist()), strict=True)) | {GROUP: everything}
    for entity, total in sums.items():
        yield total.fact(context, "trial_balance_difference", entity_id=entity)
    off = Sum(transaction_differences(context), everything.lines)
    yield off.fact(context, "trial_balance_difference", check="transactions")


@metric(BALANCE, needs=NEEDS)
def _balances(context: Context) -> Iterator[Fact]:
    sums = book(context)
    of_year = sums.month >= as_index(Month(context.last_day.year, 1))
    balances = dict(sums.by("account", ~sums.of_type("revenue", "expense") | of_year))
    for account in sums.accounts:
        yield balances.get(account, NOTHING).fact(context, "account_balance", account=account)
