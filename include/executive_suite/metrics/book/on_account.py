"""Charges between entities on account: what is owed for them, and what settles it, where only the charge names whom.

The rule is that of one company: a charge, the debt for it and its payment are all between entities, or none of them is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.dataset.group import ends
from executive_suite.metrics.book.kinds import cash_accounts, chart, intercompany_accounts
from executive_suite.metrics.book.lines import books, lines, together
from executive_suite.metrics.book.sums import Flags, Integers, among

NOTHING: Integers = np.zeros(0, dtype=np.int64)
BALANCES = ("asset", "liability")
RESULTS = ("revenue", "expense")


def owed(context: Context, between: Integers) -> Integers:
    """What is owed for charges that name another entity, of transactions without cash that name nobody else.

    Lines of balance-sheet accounts, all on the other side of the charge: a bill with a part for somebody else stays
    as its lines name it.
    """
    posted, named = lines(context), context.table("ledger")["counterparty_id"]
    charges = between[_on(context, between, _of_type(context, *RESULTS))]
    if not len(charges):
        return NOTHING
    around = together(context, charges)
    of, sign = books(context, around), np.sign(posted.cents[around])
    known = among(around, between)
    charged = pd.Series(posted.cents[charges]).groupby(books(context, charges)).sum()
    fits = named.iloc[around].isna().to_numpy(dtype=bool) & _on(context, around, _of_type(context, *BALANCES))
    fits &= ~_on(context, around, cash_accounts(context))
    fits &= sign == -np.sign(charged.reindex(of).to_numpy(dtype=np.int64))
    mixed = of[~known & ~fits]
    return around[~known & ~among(of, mixed)]


def settled(context: Context, between: Integers) -> Mapping[int, str]:
    """Places of lines that pay what is owed between entities, with the other entity: payments that name nobody.

    Each settles an open amount on its account exactly, while both entities belong to the group. Where somebody else is
    owed the same amount on that account, nobody can say who was paid.

    Args:
        context: The dataset.
        between: Places of the lines between entities, ascending.
    """
    posted, ledger = lines(context), context.table("ledger")
    days = ledger["date"].to_numpy()
    accounts = _of_type(context, *BALANCES) - cash_accounts(context) - intercompany_accounts(context)
    open_ = between[_on(context, between, accounts)]
    open_ = open_[~_paid(context, open_)]
    if not len(open_):
        return {}
    numbers = np.unique(posted.account[open_])
    chosen = np.isin(posted.account, numbers) & np.isin(np.abs(posted.cents), np.abs(posted.cents[open_]))
    places = np.flatnonzero(chosen)
    places = places[~among(places, between)]
    paid = _paid(context, places)
    others = set(_keys(context, places[~paid]))
    blank = places[paid & ~_naming(context, places)]
    payments: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for place, (entity, account, cents) in zip(blank.tolist(), _keys(context, blank), strict=True):
        payments[entity, account, -cents].append(place)
    parties, found = _parties(context, open_), {}
    for place, key in sorted(zip(open_.tolist(), _keys(context, open_), strict=True), key=lambda one: days[one[0]]):
        if key in others or not parties.get(place):
            continue
        last = min(ends(context).get(name, date.max) for name in (parties[place], str(posted.entities[key[0]])))
        for payment in sorted(payments.get(key, ()), key=lambda one: days[one]):
            if days[place] <= days[payment] <= np.datetime64(last):
                found[payment] = parties[place]
                payments[key].remove(payment)
                break
    return found


def _of_type(context: Context, *types: str) -> frozenset[str]:
    return frozenset(row.account for row in chart(context).values() if row.type in types)


def _on(context: Context, places: Integers, accounts: frozenset[str]) -> Flags:
    posted = lines(context)
    return np.asarray(np.isin(posted.accounts, list(accounts))[posted.account[places]])


def _paid(context: Context, places: Integers) -> Flags:
    """Which lines are of transactions that move cash."""
    around = together(context, places)
    return among(books(context, places), books(context, around[_on(context, around, cash_accounts(context))]))


def _naming(context: Context, places: Integers) -> Flags:
    """Which lines are of transactions that name somebody."""
    around = together(context, places)
    named = context.table("ledger")["counterparty_id"].iloc[around].notna().to_numpy(dtype=bool)
    return among(books(context, places), books(context, around[named]))


def _keys(context: Context, places: Integers) -> list[tuple[int, int, int]]:
    """Entity, account and cents of some lines."""
    posted = lines(context)
    parts = (posted.entity[places], posted.account[places], posted.cents[places])
    return list(zip(*(part.tolist() for part in parts), strict=True))


def _parties(context: Context, places: Integers) -> Mapping[int, str]:
    """Whom the transaction of each line names, if it is one."""
    around = together(context, places)
    named = context.table("ledger")["counterparty_id"].iloc[around].astype(object).to_numpy()
    names = pd.Series(named).groupby(books(context, around)).agg(["first", "nunique"])
    one = names["first"].where(names["nunique"] == 1).dropna().reindex(books(context, places))
    return {place: name for place, name in zip(places.tolist(), one.tolist(), strict=True) if isinstance(name, str)}
