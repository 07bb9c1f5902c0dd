"""The trial balance: debits equal credits, for every entity and every transaction."""

from __future__ import annotations

from collections.abc import Iterator

from executive_suite.dataset.context import Context
from executive_suite.dataset.group import fiscal_year
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import not_evaluable
from executive_suite.metrics.book import unclassified
from executive_suite.metrics.book.book import LEDGER_COLUMNS, NEEDS, NOTHING, Sum, book
from executive_suite.metrics.book.chosen import transaction_differences, trial_balance
from executive_suite.metrics.registry import metric


@metric("trial_balance_difference", needs={"ledger": (*LEDGER_COLUMNS, "txn_id")}, classified="nothing")
def _trial_balance(context: Context) -> Iterator[Fact]:
    sums = trial_balance(context)
    for entity, total in sums.items():
        yield total.fact(context, "trial_balance_difference", entity_id=entity)
    if sums:
        off = Sum(transaction_differences(context), sums[GROUP].lines, sums[GROUP].parts)
        yield off.fact(context, "trial_balance_difference", check="transactions")


@metric("account_balance", needs=NEEDS, classified="nothing")
def _balances(context: Context) -> Iterator[Fact]:
    sums = book(context)
    of_year = sums.since(fiscal_year(context).first)
    balances = dict(sums.by("account", ~sums.of_type("revenue", "expense") | of_year))
    waits = set(unclassified.accounts(context))
    for account in sums.accounts:
        if waits and account not in waits and account not in sums.marked_as_cash:
            reason = unclassified.why_any(context)
            yield context.fact("account_balance", not_evaluable(reason), inputs={"ledger": NOTHING}, account=account)
            continue
        yield balances.get(account, NOTHING).fact(context, "account_balance", account=account)
