"""Bank reconciliation: statement against book, line by line and in total."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.dataset.reporting_currency import reporting_currency
from executive_suite.dataset.rows import rows_of
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.book.reconciliation import NEEDS, reconcile
from executive_suite.metrics.registry import metric

BALANCE = "statement_balance_cents"


@metric("bank_unreconciled_count", "bank_unreconciled_oldest_days", needs=NEEDS, classified="nothing")
def _unreconciled(context: Context) -> Iterator[Fact]:
    found = reconcile(context)
    if not found.accounts:
        return
    metric_id = "bank_unreconciled_count"
    yield context.fact(metric_id, Measure(len(found.bank)), inputs=found.inputs)
    yield context.fact(metric_id, Measure(found.book), inputs=found.inputs, side="book")
    dates = [row.date for row in found.bank]
    oldest = not_applicable("every statement line is reconciled")
    if dates:
        oldest = Measure((context.report_date - min(dates)).days)
    yield context.fact("bank_unreconciled_oldest_days", oldest, inputs=found.inputs)


@metric(
    "bank_reconciliation_difference", needs={**NEEDS, "bank_line": (*NEEDS["bank_line"], BALANCE)}, classified="nothing"
)
def _differences(context: Context) -> Iterator[Fact]:
    found = reconcile(context)
    lines, metric_id = found.lines, "bank_reconciliation_difference"
    unstated = f"no statement balance in {reporting_currency(context.tables)} for "
    blind, whole = [], 0
    for (account, entity), opening in zip(found.accounts, found.opening, strict=True):
        own = lines[(lines["account"] == account) & (lines["entity_id"] == entity)]
        cents = _difference(own, int(opening))
        measure = not_evaluable(unstated + account) if cents is None else Measure(cents)
        yield context.fact(metric_id, measure, inputs=found.inputs, entity_id=entity or GROUP, account=account)
        blind += [account] if cents is None else []
        whole += abs(cents or 0)
    if found.accounts:
        measure = not_evaluable(unstated + ", ".join(blind)) if blind else Measure(whole)
        yield context.fact(metric_id, measure, inputs=found.inputs)


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
