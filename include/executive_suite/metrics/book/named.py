"""The ledger lines that say, or show, that they are between entities of the group.

Each entity may have its own books, so the other side is another transaction, perhaps in another month.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.dataset.group import affiliates, ends
from executive_suite.dataset.memo import per_context
from executive_suite.metrics.book import on_account
from executive_suite.metrics.book.kinds import cash_accounts, intercompany_accounts
from executive_suite.metrics.book.lines import books, lines, lines_with, together
from executive_suite.metrics.book.sums import Flags, Integers, among, merged

NOTHING = on_account.NOTHING


@dataclass(frozen=True)
class Between:
    """Places of ledger lines, ascending.

    Attributes:
        lines: Lines on other accounts than cash whose counterparty is another entity of the group, or whose account is
            between entities by its subtype.
        cash: Cash lines that name another entity, whatever they are booked against: no flow of the group. Its cash
            balance is the sum of all cash lines.
        left: Lines of entities dated after they left the group, cash lines among them.
        settled: Those of ``lines`` that name nobody and pay what is owed between entities, with the other entity.
    """

    lines: Integers
    cash: Integers
    left: Integers
    settled: Mapping[int, str] = field(default_factory=dict)


@per_context
def between_entities(context: Context) -> Between:
    """The lines between entities of the group, and those of entities that had left it."""
    posted, named = lines(context), _while_both_are_ours(context)
    places = named
    if accounts := intercompany_accounts(context):
        places = merged(named, np.flatnonzero(posted.on(accounts)))
    cash = on_cash(context, places)
    between, paid = places[~cash], places[cash]
    if not len(named) or "txn_id" not in context.table("ledger").columns:
        return Between(between, paid, _left(context))
    between = merged(between, _against(context, paid, between))
    between = merged(between, on_account.owed(context, between))
    settled = on_account.settled(context, between)
    return Between(merged(between, np.array([*settled], dtype=np.int64)), paid, _left(context), settled)


def on_cash(context: Context, places: Integers) -> Flags:
    """Which of some lines are on cash accounts."""
    posted = lines(context)
    return np.asarray(np.isin(posted.accounts, list(cash_accounts(context)))[posted.account[places]])


def cash_of(context: Context, places: Integers) -> Integers:
    """Places of the cash lines of the transactions, each in the books of one entity, that some lines belong to."""
    around = together(context, places)
    return around[on_cash(context, around)]


@per_context
def naming_another(context: Context) -> Integers:
    """Places of the lines whose counterparty is another entity, on whatever account and day."""
    ledger, posted = context.table("ledger"), lines(context)
    if "counterparty_id" not in ledger.columns:
        return NOTHING
    ours = affiliates(context).union(posted.entities.tolist()) - {""}
    places = np.flatnonzero(lines_with(context, "counterparty_id", ours))
    others = ledger["counterparty_id"].iloc[places].astype(object).to_numpy()
    return np.asarray(places[others != posted.entities[posted.entity[places]]])


def _while_both_are_ours(context: Context) -> Integers:
    """Of these lines, those of days on which both entities belong to the group."""
    places, left = naming_another(context), ends(context)
    if not left:
        return places
    ledger, posted = context.table("ledger"), lines(context)
    others = ledger["counterparty_id"].iloc[places].astype(object).to_numpy()
    chosen, days = np.ones(len(places), dtype=bool), ledger["date"].to_numpy()[places]
    for names in (others, posted.entities[posted.entity[places]]):
        number, found = pd.factorize(names)
        chosen &= days <= np.array([left.get(name, date.max) for name in found], dtype="datetime64[D]")[number]
    return np.asarray(places[chosen])


def _against(context: Context, paid: Integers, between: Integers) -> Integers:
    """What cash from or to another entity is booked against, where only the cash line names it."""
    alone = paid[~among(books(context, paid), books(context, between))]
    if not len(alone):
        return NOTHING
    around = together(context, alone)
    unnamed = context.table("ledger")["counterparty_id"].iloc[around].isna().to_numpy(dtype=bool)
    return around[~on_cash(context, around) & unnamed]


def _left(context: Context) -> Integers:
    """Places of the lines of entities dated after their last day in the group."""
    posted, left = lines(context), ends(context)
    if not left:
        return NOTHING
    days = context.table("ledger")["date"].to_numpy()
    found: Flags = np.zeros(len(days), dtype=bool)
    for number, name in enumerate(posted.entities):
        if name in left:
            found |= (posted.entity == number) & (days > np.datetime64(left[name]))
    return np.flatnonzero(found)
