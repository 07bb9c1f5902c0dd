"""Work on client contracts, on the terms of the day, and which of it is billed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.metrics.accounting.documents import NOT_ISSUED
from executive_suite.metrics.between import customers
from executive_suite.metrics.cut import Owned
from executive_suite.metrics.portfolio.contracts import COLUMNS, NOT_STATED, billers, by_contract, on_day

MINUTES = 60
NEEDS_WORK: Mapping[str, tuple[str, ...]] = {
    "work_log": ("work_id", "contract_id", "date", "minutes", "rate_cents", "billable"),
    "client_contract": COLUMNS,
}


@dataclass(frozen=True, slots=True)
class Work(Owned):
    """A row of work_log with the entity that bills its contract.

    Attributes:
        model: How its contract was billed on the day.
        early: Whether it was done before the contract began.
        billed: Whether an invoice that was sent covers it.
        party: The client, if known.
    """

    model: str
    early: bool
    billed: bool
    party: str | None = None

    @property
    def day(self) -> date:
        """When it was done."""
        on: date = self.row.date
        return on


@per_context
def work(context: Context) -> tuple[Work, ...]:
    """All work, in order of day. Work from before the first version of its contract counts by that version's terms.

    Raises:
        MissingInputError: work_log, client_contract or one of their columns is absent.
    """
    biller, contracts, unsent = billers(context), by_contract(context), _unsent(context)
    sold = customers(context)
    found = []
    for row in sorted(context.rows("work_log", *NEEDS_WORK["work_log"]), key=lambda row: row.date):
        contract = on_day(contracts[row.contract_id], row.date) if row.contract_id in contracts else None
        invoice = row.get("invoice_id")
        found.append(
            Work(
                row,
                biller.get(row.contract_id),
                contract.model if contract else NOT_STATED,
                early=contract is not None and row.date < contract.start_on,
                billed=invoice is not None and invoice not in unsent,
                party=sold.get(row.contract_id),
            )
        )
    return tuple(found)


def _unsent(context: Context) -> frozenset[str]:
    """The invoices that bill nothing: drafts, and those voided."""
    rows = context.rows("invoice") if context.has("invoice") else ()
    return frozenset(row.invoice_id for row in rows if row.get("status") in NOT_ISSUED)


def billable(found: Iterable[Work]) -> tuple[Work, ...]:
    """The work that clients pay for."""
    return tuple(one for one in found if one.billable)


def hours(found: Iterable[Work]) -> Fraction:
    """Hours worked."""
    return Fraction(sum(one.minutes for one in found), MINUTES)


def value_of(found: Iterable[Work]) -> Fraction:
    """Work at its hourly rates, cents, exact."""
    return Fraction(sum(one.minutes * one.rate_cents for one in found), MINUTES)
