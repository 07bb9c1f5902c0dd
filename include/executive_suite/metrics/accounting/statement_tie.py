"""The tie between the group's figures and its statements: where they eliminate different lines, by how much.

Statements eliminate what names another entity as its counterparty, and add up every entity. The figures also leave out
lines on accounts between entities that name nobody, what is booked against cash that names an entity, what is owed for
a charge that names one and the payment of it, and what an entity posted after it left the group. They keep what an
entity paid to somebody outside for another one that the expense names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure
from executive_suite.metrics.book.amounts import Sum, stated
from executive_suite.metrics.book.book import NEEDS
from executive_suite.metrics.book.elimination import eliminated
from executive_suite.metrics.book.lines import lines
from executive_suite.metrics.book.months import as_month
from executive_suite.metrics.book.named import naming_another, on_cash
from executive_suite.metrics.book.sums import merged
from executive_suite.metrics.registry import metric
from executive_suite.period import Month

METRIC = "statements_difference"


@per_context
def kept_by_statements(context: Context) -> Mapping[tuple[str, Month], Sum]:
    """What the group's statements count and its figures do not, by account and month, debits positive.

    The other way round it is below zero. Cash is in both.
    """
    gone, named = eliminated(context), naming_another(context)
    figures = merged(gone.lines, gone.left)
    figures, named = (places[~on_cash(context, places)] for places in (figures, named))
    posted = lines(context)
    found: dict[tuple[str, Month], Sum] = defaultdict(Sum)
    for places, sign in ((np.setdiff1d(figures, named), 1), (np.setdiff1d(named, figures), -1)):
        of = zip(
            posted.account[places].tolist(), posted.month[places].tolist(), posted.cents[places].tolist(), strict=True
        )
        for account, month, cents in of:
            found[str(posted.accounts[account]), as_month(month)] += Sum(sign * cents, 1)
    return found


def balances_kept(context: Context) -> Mapping[str, Sum]:
    """The same by account over all months, accounts in order; without those where nothing remains."""
    found: dict[str, Sum] = defaultdict(Sum)
    for (account, _), total in sorted(kept_by_statements(context).items()):
        found[account] += total
    return {account: total for account, total in found.items() if total.cents}


@metric(METRIC, needs=NEEDS, classified="nothing")
def _tie(context: Context) -> Iterator[Fact]:
    balances = balances_kept(context)
    words = ", ".join(
        f"{account} {stated(context, abs(total.cents))} {'debit' if total.cents > 0 else 'credit'}"
        for account, total in balances.items()
    )
    reason = f"the statements count what the figures of the group leave out: {words}" if words else ""
    whole = Measure(sum(abs(total.cents) for total in balances.values()), reason=reason)
    yield context.fact(METRIC, whole, inputs={"ledger": sum(total.lines for total in balances.values())})
    for account, total in balances.items():
        yield total.fact(context, METRIC, account=account)
    months: dict[Month, Sum] = defaultdict(Sum)
    for (_, month), total in kept_by_statements(context).items():
        months[month] += Sum(abs(total.cents), total.lines)
    for month, total in sorted(months.items()):
        yield total.fact(context, METRIC, period=str(month))
