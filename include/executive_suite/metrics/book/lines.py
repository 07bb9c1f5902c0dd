"""The ledger's lines as numbers, from which sums are made without touching a text twice."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import MissingInputError
from executive_suite.metrics.book.kinds import cash_accounts
from executive_suite.metrics.book.months import as_index, month_index
from executive_suite.metrics.book.sums import Flags, Integers, Numbers, among
from executive_suite.period import Month
from executive_suite.schema import keys

__all__ = [
    "LEDGER_COLUMNS",
    "Flags",
    "Lines",
    "Texts",
    "books",
    "codes",
    "lines",
    "lines_with",
    "require_activity",
    "together",
    "transactions",
]

Texts = npt.NDArray[np.object_]

LEDGER_COLUMNS = ("date", "entity_id", "account", "amount_cents")


def codes(column: pd.Series[Any]) -> tuple[Integers, Texts]:
    """A column of text as numbers, and the text of each number; a blank is the text ``""``."""
    numbers, texts = _codes(column)
    return numbers.astype(np.int64), texts


def _codes(column: pd.Series[Any]) -> tuple[Numbers, Texts]:
    """The same in as few bytes as the column has already."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        numbers, names = column.cat.codes.to_numpy(), column.cat.categories
    else:
        numbers, names = pd.factorize(column)
    if len(numbers) and numbers.min() < 0:
        numbers = np.where(numbers < 0, np.int64(len(names)), numbers)
    return numbers, np.append(np.asarray(names, dtype=object), "")


@dataclass(frozen=True)
class Lines:
    """The ledger's lines, column by column; texts are numbered.

    Attributes:
        entity: Index into ``entities``, by line.
        account: Index into ``accounts``, by line.
        activity: Index into ``activities``, by line.
        month: Months since 1970-01, by line.
        cents: Debit-positive, by line.
    """

    entity: Numbers
    account: Numbers
    activity: Numbers
    month: Numbers
    cents: Integers
    entities: Texts
    accounts: Texts
    activities: Texts

    def on(self, accounts: Collection[str], activity: str | None = None) -> Flags:
        """Which lines are on one of some accounts, and of an activity if one is given."""
        wanted = np.isin(self.accounts, list(accounts))
        active = self.activities == activity
        found = np.empty(len(self.cents), dtype=bool)
        for start in range(0, len(found), keys.BLOCK):
            block = slice(start, start + keys.BLOCK)
            found[block] = wanted[self.account[block]]
            if activity is not None:
                found[block] &= active[self.activity[block]]
        return found

    def within(self, months: Sequence[Month]) -> Flags:
        """Which lines lie in some consecutive months."""
        return (self.month >= as_index(months[0])) & (self.month <= as_index(months[-1]))


@per_context
def lines(context: Context) -> Lines:
    """The ledger's lines as numbers."""
    ledger = context.table("ledger", *LEDGER_COLUMNS)
    entity, entities = _codes(ledger["entity_id"])
    account, accounts = _codes(ledger["account"])
    if "activity" in ledger.columns:
        activity, activities = _codes(ledger["activity"])
    else:
        activity, activities = np.zeros(len(ledger), dtype=np.int8), np.array([""], dtype=object)
    month, cents = month_index(ledger["date"]), ledger["amount_cents"].to_numpy(dtype=np.int64)
    return Lines(entity, account, activity, month, cents, entities, accounts, activities)


@per_context
def transactions(context: Context) -> Numbers:
    """A number for each ledger line, the same for the lines of one transaction; numbers are dense from 0."""
    column = context.table("ledger", "txn_id")["txn_id"]
    in_order = keys.runs(column)
    return codes(column)[0] if in_order is None else in_order


def require_activity(context: Context) -> None:
    """Refuse a ledger whose cash lines state no activity: taken as none, whatever was paid would be burn of zero.

    Raises:
        MissingInputError: none of its cash lines states one.
    """
    posted = lines(context)
    silent = np.flatnonzero(posted.activities == "")
    cash = posted.activity[posted.on(cash_accounts(context))]
    if len(cash) and bool(np.isin(cash, silent).all()):
        msg = "no cash line states its activity (ledger.activity)"
        raise MissingInputError(msg)


def lines_with(context: Context, column: str, values: Collection[str]) -> Flags:
    """Which lines have one of these values in a text column."""
    return context.table("ledger", column)[column].isin(list(values)).to_numpy(dtype=bool)


def books(context: Context, places: Integers) -> Integers:
    """A number for each of some lines, the same for those of one transaction in the books of one entity.

    Books of several entities may number their transactions alike, so the entity belongs to the key.
    """
    known = lines(context)
    return transactions(context)[places].astype(np.int64) * len(known.entities) + known.entity[places]


def together(context: Context, places: Integers) -> Integers:
    """Places of all lines of the transactions, each in the books of one entity, that some lines belong to."""
    txn = transactions(context)
    around = np.flatnonzero(among(txn, txn[places]))
    return around[among(books(context, around), books(context, places))]
