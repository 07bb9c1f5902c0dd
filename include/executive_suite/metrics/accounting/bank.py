"""Bank reconciliation: statement against book, line by line and in total."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.book.book import NEEDS as NEEDS_BOOK
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
        bank: Statement lines without an equal transaction.
        book: Account, txn_id, date and cents of transactions that no statement line answers.
        opening: The same, dated before the account's first statement line: what its statements begin with.
        lines: Statement lines looked at.
        entries: Ledger lines on reconciled accounts.
    """

    bank: pd.DataFrame
    book: pd.DataFrame
    opening: pd.DataFrame
    lines: pd.DataFrame
    entries: pd.DataFrame


def reconcile(context: Context) -> Reconciliation:
    """Match statement lines with transactions by id, account and exact amount.

    Several statement lines may answer one transaction together.

    Raises:
        MissingInputError: bank_line, ledger or a column is absent.
    """
    day = pd.Timestamp(context.report_date)
    lines = context.table("bank_line", *NEEDS["bank_line"])
    lines = lines[lines["date"] < day]
    ledger = context.table("ledger", *NEEDS["ledger"])
    entries = ledger.loc[ledger["account"].isin(lines["account"]), ["txn_id", "account", "date", "amount_cents"]]
    on_book = entries.groupby(["account", "txn_id"], observed=True).agg(
        cents=("amount_cents", "sum"), date=("date", "min")
    )
    on_bank = lines.groupby(["account", "matched_txn_id"], observed=True)["amount_cents"].sum()
    on_bank.index = on_bank.index.set_names(["account", "txn_id"])
    both = on_book.join(on_bank.rename("bank"), how="left")
    equal = both["bank"].notna() & (both["bank"].fillna(0) == both["cents"])
    matched = set(both.index[equal])
    keys = list(zip(lines["account"], lines["matched_txn_id"], strict=True))
    unmatched = lines[[key not in matched for key in keys]]
    first = lines.groupby("account", observed=True)["date"].min().rename("first").reset_index()
    rest = both[~equal & (both["cents"] != 0)].reset_index().merge(first, on="account", how="inner")
    rest, early = (
        rest.loc[chosen, ["account", "txn_id", "date", "cents"]]
        for chosen in (rest["date"] >= rest["first"], rest["date"] < rest["first"])
    )
    return Reconciliation(unmatched, rest, early, lines, entries)


@metric(COUNT, OLDEST, DIFFERENCE, needs=NEEDS)
def bank_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    found = reconcile(context)
    if found.lines.empty:
        return
    inputs = {"bank_line": len(found.lines), "ledger": len(found.entries)}
    metric_id = "bank_unreconciled_count"
    yield context.fact(metric_id, Measure(len(found.bank)), inputs=inputs)
    yield context.fact(metric_id, Measure(len(found.book)), inputs=inputs, side="book")
    day = pd.Timestamp(context.report_date)
    oldest = (
        not_applicable("every statement line is reconciled")
        if found.bank.empty
        else Measure(int((day - found.bank["date"].min()).days))
    )
    yield context.fact("bank_unreconciled_oldest_days", oldest, inputs=inputs)
    differences, blind = 0, []
    for account in sorted(set(found.lines["account"])):
        measure = _difference(found, str(account))
        if isinstance(measure.value, int):
            differences += abs(measure.value)
        else:
            blind.append(str(account))
        yield context.fact("bank_reconciliation_difference", measure, inputs=inputs, account=str(account))
    whole = not_evaluable(_no_balance(found, ", ".join(blind))) if blind else Measure(differences)
    yield context.fact("bank_reconciliation_difference", whole, inputs=inputs)


def _no_balance(found: Reconciliation, accounts: str) -> str:
    absent = BALANCE not in found.lines.columns
    return f"column bank_line.{BALANCE} is absent" if absent else f"no statement balance for {accounts}"


def _difference(found: Reconciliation, account: str) -> Measure:
    """Statement balance less what explains it: the book before the first line, and every line since.

    A matched line stands for its transaction on the day of the statement, whenever the book has it. So the book balance
    less outstanding items plus unreconciled lines comes to this, and a bank fee booked the week after is no difference.
    """
    lines = found.lines[found.lines["account"] == account].sort_values(["date", "bank_line_id"])
    if BALANCE not in lines.columns or lines[BALANCE].isna().all():
        return not_evaluable(_no_balance(found, account))
    stated = lines[lines[BALANCE].notna()]
    until = stated["date"].iloc[-1]
    statement = int(stated[BALANCE].iloc[-1])
    opening = found.opening.loc[found.opening["account"] == account, "cents"].sum()
    explained = int(opening) + int(lines.loc[lines["date"] <= until, "amount_cents"].sum())
    return Measure(statement - explained)
