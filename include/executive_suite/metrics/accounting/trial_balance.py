"""The trial balance: debits equal credits, for every entity and every transaction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure
from executive_suite.metrics.book.book import (
    LEDGER_COLUMNS,
    NEEDS,
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
def trial_balance_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    known = lines(context)
    if not len(known.cents):
        return
    (entities,), sums, counts = totals((known.entity,), (len(known.entities),), known.cents)
    parts = {GROUP: (int(known.cents.sum()), len(known.cents))}
    for name, cents, count in zip(known.entities[entities], sums, counts, strict=True):
        if name != GROUP:
            parts[str(name)] = (int(cents), int(count))
    for entity, (cents, count) in sorted(parts.items()):
        yield context.fact("trial_balance_difference", Measure(cents), inputs={"ledger": count}, entity_id=entity)
    yield context.fact(
        "trial_balance_difference",
        Measure(transaction_differences(context)),
        inputs={"ledger": len(known.cents)},
        check="transactions",
    )


@metric(BALANCE, needs=NEEDS)
def balance_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    sums = book(context)
    year = as_index(Month(context.last_day.year, 1))
    counted = ~sums.of_type("revenue", "expense") | (sums.cells["month"] >= year)
    by_account = dict(sums.by("account", counted))
    for account in sorted(set(sums.cells["account"])):
        total = by_account.get(str(account), Sum())
        yield context.fact(
            "account_balance", Measure(total.cents), inputs={"ledger": total.lines}, account=str(account)
        )
