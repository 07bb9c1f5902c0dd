"""Payments: what transactions take from some accounts, by entity and month."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

import numpy as np
import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import GROUP
from executive_suite.metrics.book.amounts import MonthlySums, Part, Sum
from executive_suite.metrics.book.inside import Inside, Parts
from executive_suite.metrics.book.lines import lines, transactions
from executive_suite.metrics.book.months import as_month
from executive_suite.metrics.book.sums import Integers, Numbers, netted, sums_by
from executive_suite.schema import keys


def paid_out(
    context: Context,
    accounts: Collection[str],
    activity: str | None = None,
    *,
    inside: Inside,
    sign: int = 1,
    leavers: Collection[str] = (),
) -> MonthlySums:
    """What transactions take from some accounts, by entity and month: those whose lines there come to less than zero.

    Netting by transaction keeps transfers between accounts of one entity out.

    Args:
        context: The dataset; if its ledger has no txn_id, every line is its own transaction.
        accounts: The accounts whose lines are chosen.
        activity: The activity of the lines; all of them if None.
        inside: What of the lines does not count, for entities and for the group.
        sign: -1 to count debits as taken (debt repaid).
        leavers: Entities whose payments are not the group's.
    """
    known = lines(context)
    chosen = known.on(accounts, activity)
    if not chosen.any():
        return MonthlySums()
    named = "txn_id" in context.table("ledger").columns
    txn = transactions(context) if named else np.arange(len(chosen))
    first, months = int(known.month.min()), int(known.month.max() - known.month.min()) + 1
    own = group = _Paid(len(known.entities) * months)
    counted = [(own, inside.own)]
    if inside.group is not inside.own:
        group = _Paid(len(known.entities) * months)
        counted.append((group, inside.group))
    gone = np.isin(known.entities, list(leavers))
    begin, end = months, -1
    for block in keys.blocks(txn):
        here = np.flatnonzero(chosen[block])
        if not len(here):
            continue
        month, entity = known.month[block][here] - first, known.entity[block][here].astype(np.int64)
        begin, end = min(begin, int(month.min())), max(end, int(month.max()))
        for paid, parts in counted:
            cents = parts.taken_from(known.cents[block][here], here + block.start)
            paid.add(txn[block][here], entity * months + month, sign * cents)
    found = MonthlySums()
    for place in np.flatnonzero(own.times).tolist():
        name = str(known.entities[place // months])
        if name != GROUP:
            at = first + place % months
            behind = Part("lines", partial(_lines, accounts, activity, inside.own, sign, (place // months,), at), -sign)
            found[name, as_month(at)] = Sum(int(own.cents[place]), int(own.times[place]), (behind,))
    ours = [part.reshape(-1, months)[~gone].sum(axis=0) for part in (group.cents, group.times)]
    staying = tuple(np.flatnonzero(~gone).tolist())
    for m in range(begin, end + 1):
        behind = Part("lines", partial(_lines, accounts, activity, inside.group, sign, staying, first + m), -sign)
        found[GROUP, as_month(first + m)] = Sum(int(ours[0][m]), int(ours[1][m]), (behind,))
    return found


def _lines(
    accounts: Collection[str],
    activity: str | None,
    without: Parts,
    sign: int,
    entities: Collection[int],
    month: int,
    context: Context,
) -> Integers:
    """The lines of the payments of some entities in a month: of their transactions that come to less than zero."""
    known = lines(context)
    chosen = known.on(accounts, activity) & (known.month == month)
    here = np.flatnonzero(chosen & np.isin(known.entity, list(entities)))
    txn = transactions(context)[here] if "txn_id" in context.table("ledger").columns else here
    number, found = pd.factorize(txn.astype(np.int64) * len(known.entities) + known.entity[here])
    sums = sums_by(number, sign * without.taken_from(known.cents[here], here), len(found))
    return here[sums[number] < 0]


class _Paid:
    """Payments (positive) and their number by cell, after netting each transaction within each cell.

    Attributes:
        cents: By cell.
        times: By cell.
    """

    def __init__(self, size: int) -> None:
        self.cents: Integers = np.zeros(size, dtype=np.int64)
        self.times: Integers = np.zeros(size, dtype=np.int64)

    def add(self, txn: Numbers, cell: Numbers, cents: Integers) -> None:
        """Add all lines of some transactions."""
        cell, cents = netted(txn, cell, cents, len(self.cents))
        out = cents < 0
        np.add.at(self.cents, cell[out], -cents[out])
        np.add.at(self.times, cell[out], 1)
