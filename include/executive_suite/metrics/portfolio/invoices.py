"""Invoices to clients."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import MissingInputError
from executive_suite.metrics.accounting.documents import NOT_ISSUED
from executive_suite.period import Month

NEEDS_INVOICE = ("direction", "issued_on", "total_cents", "status", "contract_id")


def sent(context: Context, *columns: str) -> tuple[Any, ...]:
    """The invoices to customers that were sent: no drafts, none voided.

    Raises:
        MissingInputError: table invoice or a column is absent.
    """
    rows = context.rows("invoice", "direction", "status", *columns)
    return tuple(row for row in rows if row.direction == "ar" and row.status not in NOT_ISSUED)


@per_context
def _by_contract_and_month(context: Context) -> Mapping[tuple[str | None, Month], tuple[Any, ...]]:
    found: dict[tuple[str | None, Month], list[Any]] = {}
    bills = sent(context, *NEEDS_INVOICE)
    if bills and all(row.contract_id is None for row in bills):
        msg = "no invoice names its contract (invoice.contract_id)"
        raise MissingInputError(msg)
    for row in bills:
        found.setdefault((row.contract_id, Month.of(row.issued_on)), []).append(row)
    return {key: tuple(rows) for key, rows in found.items()}


def invoices(context: Context, contracts: Iterable[str], months: Collection[Month]) -> tuple[Any, ...]:
    """The invoices of some contracts that were sent in some months.

    Raises:
        MissingInputError: table invoice or a column is absent, or no invoice names a contract.
    """
    known = _by_contract_and_month(context)
    return tuple(row for contract in contracts for month in months for row in known.get((contract, month), ()))


def net(bills: Iterable[Any]) -> int:
    """Invoiced cents without tax."""
    return sum(row.total_cents - (row.get("tax_cents") or 0) for row in bills)
