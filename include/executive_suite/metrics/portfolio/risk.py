"""Which clients may leave: signals that each name their evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import param
from executive_suite.facts.fact import Fact, MissingInputError, Qualifier, Why
from executive_suite.facts.measure import Measure, not_applicable, qualified
from executive_suite.metrics.arithmetic import per_unit
from executive_suite.metrics.cut import cut
from executive_suite.metrics.portfolio.contracts import COLUMNS, NO_CONTRACTS, Contract, active_on, fees
from executive_suite.metrics.portfolio.invoices import sent
from executive_suite.metrics.portfolio.renewals import term_of
from executive_suite.metrics.portfolio.survival import MODEL_NEEDS
from executive_suite.metrics.registry import metric
from executive_suite.period import year_before

YEAR_DAYS = 365

NEEDS = {"client_contract": (*COLUMNS, "end_on", "auto_renew")}
Contracts = tuple[Contract, ...]
Signal = Callable[[Context, Contracts], Iterable[str]]


def _recorded(context: Context, table: str, *columns: str) -> tuple[Any, ...]:
    """The rows of a table that must hold one: nobody paid or worked only where payments or work are recorded at all."""
    if rows := context.rows(table, *columns):
        return rows
    msg = f"no {table.replace('_', ' ')} is recorded"
    raise MissingInputError(msg)


def _late(context: Context, _: Contracts) -> Iterator[str]:
    """Contracts with an invoice of the last year that was not paid in full by its due date."""
    today = context.report_date
    _recorded(context, "invoice")
    bills = sent(context, "invoice_id", "contract_id", "due_on", "total_cents")
    due = {row.invoice_id: row for row in bills if today - timedelta(days=YEAR_DAYS) <= row.due_on < today}
    in_time = dict.fromkeys(due, 0)
    for paid in _recorded(context, "payment", "invoice_id", "paid_on", "amount_cents"):
        if paid.invoice_id in due and paid.paid_on <= due[paid.invoice_id].due_on:
            in_time[paid.invoice_id] += paid.amount_cents
    return (row.contract_id for name, row in due.items() if in_time[name] < row.total_cents)


def _ending(context: Context, contracts: Contracts) -> Iterator[str]:
    """Contracts whose running term ends within the window and does not renew itself."""
    today = context.report_date
    limit = today + timedelta(days=int(param(context, "churn_renewal_window_days").value))
    terms = ((one.contract_id, term_of(one, today).runs_until) for one in contracts if not one.auto_renew)
    return (name for name, end in terms if end is not None and end <= limit)


def _over(context: Context, contracts: Contracts) -> Iterator[str]:
    """Contracts past their end that go on."""
    return (one.contract_id for one in contracts if term_of(one, context.report_date).over)


def _unmodelled(_: Context, contracts: Contracts) -> Iterator[str]:
    """Contracts without a billing model."""
    return (one.contract_id for one in contracts if one.billing_model in (None, "none"))


def _quiet(context: Context, contracts: Contracts) -> Iterator[str]:
    """Contracts without recent work."""
    done = _recorded(context, "work_log", "contract_id", "date")
    since = context.report_date - timedelta(days=int(param(context, "churn_quiet_days").value))
    worked = {row.contract_id for row in done if row.date >= since}
    return (one.contract_id for one in contracts if one.contract_id not in worked)


def _shrinking(context: Context, contracts: Contracts) -> Iterator[str]:
    """Contracts whose recurring revenue is lower than a year before."""
    before = active_on(context, year_before(context.report_date))
    had = {one.contract_id: one.recurring or 0 for one in before}
    return (one.contract_id for one in contracts if (one.recurring or 0) < had.get(one.contract_id, 0))


SIGNALS: tuple[tuple[str, Signal], ...] = (
    ("paid late or overdue", _late),
    ("ends soon and does not renew itself", _ending),
    ("out of contract", _over),
    ("no billing model", _unmodelled),
    ("no recent work", _quiet),
    ("recurring revenue fell", _shrinking),
)


@metric("churn_risk_score", "churn_exposure", needs=NEEDS, otherwise=NO_CONTRACTS)
def _risks(context: Context) -> Iterator[Fact]:
    contracts = active_on(context)
    signals: dict[str, frozenset[str]] = {}
    unchecked = []
    for name, signal in SIGNALS:
        try:
            signals[name] = frozenset(signal(context, contracts))
        except MissingInputError as missing:
            unchecked.append(f"{name} ({missing})")
    note = f"not checked: {', '.join(unchecked)}" if unchecked else ""
    found = {one.contract_id: [name for name, held in signals.items() if one.contract_id in held] for one in contracts}
    for unit in cut(context, "client_contract", contracts).by_entity():
        at_risk = [one for one in unit.rows if found[one.contract_id]]
        scores = sum(len(found[one.contract_id]) for one in unit.rows)
        mean = qualified(per_unit(scores, len(unit), otherwise="no contracts"), note)
        clients = len({one.client_id for one in unit.rows})
        if clients < MODEL_NEEDS:
            mean = not_applicable(f"clients: {clients}, fewer than {MODEL_NEEDS}; no model, signals and exposure only")
        yield unit.fact("churn_risk_score", mean)
        yield unit.fact("churn_exposure", qualified(fees(at_risk, "contracts at risk"), note))
        for one in unit.rows:
            names = found[one.contract_id]
            score = qualified(Measure(len(names), reason=", ".join(names)), note)
            own = replace(unit, rows=(one,))
            yield own.fact("churn_risk_score", score, contract=one.contract_id, client=one.client_id)
        for name, held in signals.items():
            holding = Measure(
                sum(one.contract_id in held for one in unit.rows),
                reason=f"contracts of {len(unit)}",
                qualifier=Qualifier(Why.COUNTED, of=len(unit)),
            )
            yield unit.fact("churn_risk_score", holding, signal=name)
