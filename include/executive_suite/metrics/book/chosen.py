"""Queries on single lines of the ledger, where the book's own cells are too coarse."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from functools import partial
from typing import Any

import numpy as np

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import GROUP
from executive_suite.metrics.book.amounts import Part, Sum
from executive_suite.metrics.book.elimination import counted
from executive_suite.metrics.book.lines import codes, lines, transactions
from executive_suite.metrics.book.months import as_index, as_month
from executive_suite.metrics.book.sums import Flags, Integers, Packed, netted, packed, totals, unpacked
from executive_suite.schema import keys


def sums_of(context: Context, chosen: Flags, *columns: str) -> dict[tuple[Any, ...], Sum]:
    """The sums of chosen lines by columns of the ledger: of entities as booked, or else of the group.

    Sums that are not by entity_id are figures of the group: they are without lines between its entities.

    Args:
        context: The dataset.
        chosen: Which lines of the ledger.
        columns: Text columns of the ledger, or ``month``.

    Returns:
        The combinations that occur, in order of the columns: ``Month`` for months, ``""`` for blank text.
    """
    posted = lines(context)
    here = np.flatnonzero(chosen if "entity_id" in columns else chosen & counted(context))
    if not len(here):
        return {}
    known = {
        "entity_id": (posted.entity, posted.entities),
        "account": (posted.account, posted.accounts),
        "activity": (posted.activity, posted.activities),
    }
    places, names = [], []
    for column in columns:
        if column == "month":
            month = posted.month[here]
            first = int(month.min())
            place, values = month - first, [as_month(index) for index in range(first, int(month.max()) + 1)]
        elif column in known:
            place, values = known[column][0][here], known[column][1].tolist()
        else:
            place, found = codes(context.table("ledger", column)[column].iloc[here])
            values = found.tolist()
        places.append(place)
        names.append(values)
    combined, cents, counts = totals(places, [len(values) for values in names], posted.cents[here])
    keys = zip(*([values[at] for at in place] for place, values in zip(combined, names, strict=True)), strict=True)
    kept = packed(here, len(posted.cents))
    return {
        key: Sum(amount, count, (Part("lines", partial(_alike, kept, columns, key)),))
        for key, amount, count in zip(keys, cents.tolist(), counts.tolist(), strict=True)
    }


def _alike(kept: Packed, columns: Sequence[str], key: Sequence[Any], context: Context) -> Integers:
    """Which of some lines, one bit each, have one value in each column."""
    posted, ledger = lines(context), context.table("ledger")
    here = unpacked(kept, len(posted.cents))
    for column, value in zip(columns, key, strict=True):
        if column == "month":
            here = here[posted.month[here] == as_index(value)]
        else:
            texts = ledger[column].iloc[here]
            same = texts.isna() if value == "" else texts == value
            here = here[same.to_numpy(dtype=bool, na_value=False)]
    return here


def lines_since(context: Context, day: date) -> Flags:
    """Which lines are of that day or later."""
    return context.table("ledger", "date")["date"].to_numpy() >= np.datetime64(day)


def balances(context: Context, accounts: Collection[str], days: Sequence[date]) -> dict[date, Sum]:
    """Sums of all lines on some accounts by the end of each day; days before the first line of the ledger are left out.

    Args:
        context: The dataset.
        accounts: The accounts.
        days: Earliest first.
    """
    known = lines(context)
    every_day = context.table("ledger")["date"].to_numpy()
    if not len(every_day):
        return {}
    chosen = known.on(accounts)
    # Most lines are older than all of the days: they are added up once, without a copy.
    late = np.flatnonzero(chosen & (every_day > np.datetime64(days[0])))
    dates, cents = every_day[late], known.cents[late]
    before = Sum(int(known.cents.sum(where=chosen)) - int(cents.sum()), int(np.count_nonzero(chosen)) - len(late))
    begun = every_day.min()
    by_then = {day: dates <= np.datetime64(day) for day in days if begun <= np.datetime64(day)}
    return {
        day: before + Sum(int(cents[here].sum()), int(here.sum()), (Part("lines", partial(_until, accounts, day)),))
        for day, here in by_then.items()
    }


def _until(accounts: Collection[str], day: date, context: Context) -> Integers:
    days = context.table("ledger")["date"].to_numpy()
    return np.flatnonzero(lines(context).on(accounts) & (days <= np.datetime64(day)))


def transactions_on(context: Context, accounts: Collection[str]) -> tuple[frozenset[str], Sum]:
    """The transactions with a line on one of some accounts, and the sum of such lines."""
    ledger = context.table("ledger", "txn_id", "account")
    here = np.flatnonzero(ledger["account"].isin(list(accounts)).to_numpy(dtype=bool))
    names = ledger["txn_id"].iloc[here]
    cents = int(lines(context).cents[here].sum())
    return frozenset(names.unique().tolist()), Sum(cents, len(here), (Part("lines", partial(_on, accounts)),))


def _on(accounts: Collection[str], context: Context) -> Integers:
    return np.flatnonzero(context.table("ledger")["account"].isin(list(accounts)).to_numpy(dtype=bool))


def trial_balance(context: Context) -> dict[str, Sum]:
    """The sum of all lines of the group and of each entity; nothing for an empty ledger."""
    known = lines(context)
    if not len(known.cents):
        return {}
    (entities,), cents, counts = totals((known.entity,), (len(known.entities),), known.cents)
    parts = [(Part("lines", partial(_of_entity, at)),) for at in entities.tolist()]
    sums = dict(zip(known.entities[entities], map(Sum, cents.tolist(), counts.tolist(), parts), strict=True))
    every = Part("lines", lambda run: np.arange(len(lines(run).cents)))
    return sums | {GROUP: Sum(int(known.cents.sum()), len(known.cents), (every,))}


def _of_entity(number: int, context: Context) -> Integers:
    return np.flatnonzero(lines(context).entity == number)


def transaction_differences(context: Context) -> int:
    """The sum over transactions and entities of what is missing to balance, cents, without sign."""
    known, txn = lines(context), transactions(context)
    parts = ((txn[block], known.entity[block], known.cents[block]) for block in keys.blocks(txn))
    return sum(int(np.abs(netted(*part, len(known.entities))[1]).sum()) for part in parts)
