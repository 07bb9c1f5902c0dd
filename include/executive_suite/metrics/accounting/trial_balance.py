"""The trial balance: debits equal credits, for every entity and every transaction."""

from __future__ import annotations

from collections.abc import Iterator

from executive_suite.dataset.context import Context
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.metrics.book.book import (
    LEDGER_COLUMNS,
    NEEDS,
    NOTHING,
    Sum,
    book,
    transaction_differences,
    trial_balance,
)
from executive_suite.metrics.registry import metric
from executive_suite.period import Month

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


@metric(DIFFERENCE, needs={"ledger": (*LEDGER_COLUMNS, "txn_id")})
def _trial_balance(context: Context) -> Iterator[Fact]:
    sums = trial_balance(context)
    for entity, total in sums.items():
        yield total.fact(context, "trial_balance_difference", entity_id=entity)
    if sums:
        off = Sum(transaction_differences(context), sums[GROUP].lines)
        yield off.fact(context, "trial_balance_difference", check="transactions")


@metric(BALANCE, needs=NEEDS)
def _balances(context: Context) -> Iterator[Fact]:
    sums = book(context)
    of_year = sums.since(Month(context.last_day.year, 1))
    balances = dict(sums.by("account", ~sums.of_type("revenue", "expense") | of_year))
    for account in sums.accounts:
        yield balances.get(account, NOTHING).fact(context, "account_balance", account=account)
