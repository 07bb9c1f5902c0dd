"""Money that changes its place and stays ours: on its way between own accounts, or between entities of the group."""

from __future__ import annotations

import numpy as np
import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.metrics.book.kinds import transit_accounts
from executive_suite.metrics.book.lines import books, lines, transactions
from executive_suite.metrics.book.named import NOTHING, cash_of, on_cash
from executive_suite.metrics.book.sums import Flags, Integers, among, sums_by


def within_one(context: Context) -> Integers:
    """Cash lines of single transactions that move cash from one entity to another on one day, none in or out."""
    posted, txn = lines(context), transactions(context)
    shared = np.flatnonzero((txn[1:] == txn[:-1]) & (posted.entity[1:] != posted.entity[:-1]))
    if not len(shared):
        return NOTHING
    places = np.flatnonzero(among(txn, txn[shared]))
    places = places[on_cash(context, places)]
    number, found = pd.factorize(txn[places])
    days = context.table("ledger")["date"].to_numpy()[places]
    first: Integers = np.full(len(found), len(places), dtype=np.int64)
    np.minimum.at(first, number, np.arange(len(places)))
    # Books of two entities may number their transactions alike: those are of different days, or amounts.
    even: Flags = sums_by(number, posted.cents[places], len(found)) == 0
    even[number[days != days[first[number]]]] = False
    return places[even[number]]


def in_transit(context: Context) -> Integers:
    """Lines on accounts that money only passes through: each of their transactions moves cash, and more came than went.

    An account that takes in sales (a card processor's) or wages is no such account.
    """
    posted, accounts = lines(context), transit_accounts(context)
    places = np.flatnonzero(posted.on(accounts)) if accounts else NOTHING
    if not len(places):
        return NOTHING
    moved = among(books(context, places), books(context, cash_of(context, places)))
    account = posted.account[places].astype(np.int64)
    size = len(posted.accounts)
    mixed = np.bincount(account[~moved], minlength=size) > 0
    kept = ~mixed & (sums_by(account, posted.cents[places], size) >= 0)
    return places[kept[account]]
