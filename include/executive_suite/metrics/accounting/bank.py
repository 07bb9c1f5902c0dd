"""Bank reconciliation: statement against book, line by line and in total."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from executive_suite.dataset.memo import per_context
from executive_suite.dataset.rows import rows_of
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.book.book import NEEDS as NEEDS_BOOK
from executive_suite.metrics.book.book import lines, sums_by
from executive_suite.metrics.book.sums import Integers
from executive_suite.metrics.registry import metric

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

BALANCE = "statement_balance_cents"

COUNT = Definition(
    "bank_unreconciled_count",
    "Unreconciled bank lines",
    "count",
    "Statement lines without a transaction whose cash lines on that account come to the same amount, to the cent. By "
    "side book: transactions on a reconciled account, since its first statement line, that no statement line answers.",
    "AICPA internal control practice: bank reconciliation",
    "zero",
)
OLDEST = Definition(
    "bank_unreconciled_oldest_days",
    "Oldest unreconciled bank line",
    "days",
    "Days from the oldest unreconciled statement line to the report date; n/a when every line is reconciled.",
    "AICPA internal control practice: bank reconciliation",
    "lower",
)
DIFFERENCE = Definition(
    "bank_reconciliation_difference",
    "Bank reconciliation difference",
    "cents",
    "Latest statement balance of an account less its book balance, its unreconciled statement lines and its "
    "outstanding book items; tolerance zero. Undivided: the sum of the differences without sign.",
    "AICPA internal control practice: bank reconciliation",
    "zero",
)

NEEDS = {
    "bank_line": ("bank_line_id", "account", "date", "amount_cents", "matched_txn_id"),
    "ledger": (*NEEDS_BOOK["ledger"], "txn_id"),
}


@dataclass(frozen=True)
class Reconciliation:
    """What does not match.

    Attributes:
        accounts: The reconciled accounts, in order.
        bank: Rows of the statement lines without an equal transaction.
        book: How many transactions since the account's first statement line no statement line answers.
        opening: Cents of the unanswered transactions before the first statement line, by account: what its statements
            begin with.
        lines: The statement lines before the report date.
        entries: How many ledger lines are on reconciled accounts.
    """

    accounts: tuple[str, ...]
    bank: tuple[Any, ...]
    book: int
    opening: Integers
    lines: pd.DataFrame
    entries: int

    @property
    def inputs(self) -> dict[str, int]:
        """Rows that took part, by table."""
        return {"bank_line": len(self.lines), "ledger": self.entries}


@per_context
def reconcile(context: Context) -> Reconciliation:
    """Match statement lines with transactions by id, account and exact amount.

    Several statement lines may answer one transaction together. Both sides may have millions of lines: they are added
    up as whole columns, by the pair of transaction and account.

    Raises:
        MissingInputError: bank_line, ledger or a column is absent.
    """
    stated = context.table("bank_line", *NEEDS["bank_line"])
    stated = stated[stated["date"] < pd.Timestamp(context.report_date)]
    ledger, posted = context.table("ledger", *NEEDS["ledger"]), lines(context)
    accounts = tuple(sorted(set(stated["account"])))
    number = {name: place for place, name in enumerate(accounts)}
    here = np.flatnonzero(posted.on(accounts))
    txn, _ = pd.factorize(pd.concat([ledger["txn_id"].iloc[here], stated["matched_txn_id"]]))
    own = np.array([number.get(name, 0) for name in posted.accounts], dtype=np.int64)[posted.account[here]]
    named = stated["account"].map(number).to_numpy(dtype=np.int64)
    pair, pairs = pd.factorize(txn * len(accounts) + np.concatenate([own, named]))
    on_book, on_bank = pair[: len(here)], pair[len(here) :]
    booked = sums_by(on_book, posted.cents[here], len(pairs))
    equal = booked == sums_by(on_bank, stated["amount_cents"].to_numpy(dtype=np.int64), len(pairs))
    equal &= pairs >= 0  # a line that names no transaction has none
    for side in (on_book, on_bank):
        equal &= np.bincount(side, minlength=len(pairs)) > 0
    open_ = ~equal & (booked != 0)
    account = pairs % len(accounts) if accounts else pairs
    early = (
        _first(ledger["date"].iloc[here], on_book, len(pairs)) < _first(stated["date"], named, len(accounts))[account]
    )
    return Reconciliation(
        accounts,
        rows_of(stated[~equal[on_bank]], "bank_line"),
        int((open_ & ~early).sum()),
        sums_by(account[open_ & early], booked[open_ & early], len(accounts)),
        stated,
        len(here),
    )


def _first(dates: pd.Series[Any], place: Integers, size: int) -> npt.NDArray[np.datetime64]:
    """The earliest date at each place; the end of time where there is none."""
    found = np.full(size, np.datetime64("9999-12-31", "us"))
    np.minimum.at(found, place, dates.to_numpy(dtype="datetime64[us]"))
    return found


@metric(COUNT, OLDEST, needs=NEEDS)
def _unreconciled(context: Context) -> Iterator[Fact]:
    found = reconcile(context)
    if not found.accounts:
        return
    metric_id = "bank_unreconciled_count"
    yield context.fact(metric_id, Measure(len(found.bank)), inputs=found.inputs)
    yield context.fact(metric_id, Measure(found.book), inputs=found.inputs, side="book")
    dates = [row.date for row in found.bank]
    oldest = (
        Measure((context.report_date - min(dates)).days)
        if dates
        else not_applicable("every statement line is reconciled")
    )
    yield context.fact("bank_unreconciled_oldest_days", oldest, inputs=found.inputs)


@metric(DIFFERENCE, needs={**NEEDS, "bank_line": (*NEEDS["bank_line"], BALANCE)})
def _differences(context: Context) -> Iterator[Fact]:
    found = reconcile(context)
    by_account = {
        account: _difference(found.lines[found.lines["account"] == account], int(opening))
        for account, opening in zip(found.accounts, found.opening, strict=True)
    }
    for account, cents in by_account.items():
        measure = not_evaluable(f"no statement balance for {account}") if cents is None else Measure(cents)
        yield context.fact("bank_reconciliation_difference", measure, inputs=found.inputs, account=account)
    blind = ", ".join(account for account, cents in by_account.items() if cents is None)
    if by_account:
        whole = sum(abs(cents or 0) for cents in by_account.values())
        measure = not_evaluable(f"no statement balance for {blind}") if blind else Measure(whole)
        yield context.fact("bank_reconciliation_difference", measure, inputs=found.inputs)


def _difference(own: pd.DataFrame, opening: int) -> int | None:
    """Statement balance less what explains it: the book before the first line, and every line since; None without one.

    A matched line counts as its transaction on the day of the statement, whenever the book has it. So the book balance
    less outstanding items plus unreconciled lines comes to this, and a bank fee booked the week after is no difference.
    """
    stated = own[own[BALANCE].notna()]
    if stated.empty:
        return None
    until = stated["date"].max()
    last = max(rows_of(stated[stated["date"] == until], "bank_line"), key=lambda row: row.bank_line_id)
    return int(last.statement_balance_cents - opening - own.loc[own["date"] <= until, "amount_cents"].sum())
