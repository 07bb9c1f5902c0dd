"""Bank statements matched with the ledger's transactions, as whole columns: both sides may have millions of lines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from executive_suite.dataset.behind import Behind
from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.metrics.book.amounts import Part, Sum
from executive_suite.metrics.book.lines import LEDGER_COLUMNS, lines
from executive_suite.metrics.book.sums import Integers, Packed, packed, sums_by, unpacked

NEEDS = {
    "bank_line": ("bank_line_id", "account", "date", "amount_cents", "matched_txn_id"),
    "ledger": (*LEDGER_COLUMNS, "txn_id"),
}


@dataclass(frozen=True)
class Reconciliation:
    """What does not match.

    Attributes:
        accounts: The reconciled accounts, in order, each with whose it is; blank for everyone's who posts on it.
        bank: Rows of the statement lines without an equal transaction.
        book: How many transactions since the account's first statement line no statement line answers.
        opening: Cents of the unanswered transactions before the first statement line, by account: what its statements
            begin with.
        lines: The statement lines before the report date.
        booked: The ledger lines on reconciled accounts.
    """

    accounts: tuple[tuple[str, str], ...]
    bank: tuple[Any, ...]
    book: int
    opening: Integers
    lines: pd.DataFrame
    booked: Sum

    @property
    def inputs(self) -> dict[str, Behind]:
        """Rows that took part, by table."""
        return {"bank_line": self.lines, "ledger": self.booked}


@per_context
def reconcile(context: Context) -> Reconciliation:
    """Match statement lines with transactions by id, account and exact amount.

    Where each line of an account names an entity, every entity has its own account of that number. Several statement
    lines may answer one transaction together: both sides are added up by transaction and account.
    """
    stated = context.table("bank_line", *NEEDS["bank_line"])
    stated = stated[stated["date"] < pd.Timestamp(context.report_date)]
    ledger, posted = context.table("ledger", *NEEDS["ledger"]), lines(context)
    whose = _owners(stated)
    accounts = tuple(sorted(set(zip(stated["account"], whose, strict=True))))
    number = {key: place for place, key in enumerate(accounts)}
    here = np.flatnonzero(posted.on({account for account, _ in accounts}))
    places = np.array([[number.get((a, e), number.get((a, ""), -1)) for e in posted.entities] for a in posted.accounts])
    own = places[posted.account[here], posted.entity[here]]
    here, own = here[own >= 0], own[own >= 0]
    txn, _ = pd.factorize(pd.concat([ledger["txn_id"].iloc[here], stated["matched_txn_id"]]))
    named = np.array([number[key] for key in zip(stated["account"], whose, strict=True)], dtype=np.int64)
    pair, pairs = pd.factorize(txn * len(accounts) + np.concatenate([own, named]))
    on_book, on_bank = pair[: len(here)], pair[len(here) :]
    booked = sums_by(on_book, posted.cents[here], len(pairs))
    equal = booked == sums_by(on_bank, stated["amount_cents"].to_numpy(dtype=np.int64), len(pairs))
    equal &= pairs >= 0  # a line that names no transaction has none
    for side in (on_book, on_bank):
        equal &= np.bincount(side, minlength=len(pairs)) > 0
    open_ = ~equal & (booked != 0)
    account = pairs % len(accounts) if accounts else pairs
    begins = _first(stated["date"], named, len(accounts))
    early = _first(ledger["date"].iloc[here], on_book, len(pairs)) < begins[account]
    unmatched, late = context.rows_from(stated[~equal[on_bank]], "bank_line"), int((open_ & ~early).sum())
    kept = packed(here, len(posted.cents))
    own_lines = Sum(int(posted.cents[here].sum()), len(here), (Part("lines", partial(_lines_at, kept)),))
    opening = sums_by(account[open_ & early], booked[open_ & early], len(accounts))
    return Reconciliation(accounts, unmatched, late, opening, stated.assign(entity_id=whose), own_lines)


def _lines_at(kept: Packed, context: Context) -> Integers:
    """The places of some lines, one bit each."""
    return unpacked(kept, len(lines(context).cents))


def _owners(stated: pd.DataFrame) -> list[str]:
    """Whose account each statement line is of; blank where a line of the account names nobody."""
    if "entity_id" not in stated.columns:
        return [""] * len(stated)
    shared = set(stated.loc[stated["entity_id"].isna(), "account"])
    pairs = zip(stated["account"], stated["entity_id"], strict=True)
    return ["" if account in shared else str(entity) for account, entity in pairs]


def _first(dates: pd.Series[Any], place: Integers, size: int) -> npt.NDArray[np.datetime64]:
    """The earliest date at each place; the end of time where there is none."""
    found = np.full(size, np.datetime64("9999-12-31", "us"))
    np.minimum.at(found, place, dates.to_numpy(dtype="datetime64[us]"))
    return found
