"""Leases and client contracts that pay every month, and what they bring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.group import ends
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import GROUP
from executive_suite.metrics.accounting.documents import agreed
from executive_suite.metrics.between import is_between
from executive_suite.metrics.cut import grouped
from executive_suite.metrics.portfolio.contracts import NOT_RECURRING, billers
from executive_suite.metrics.rental.properties import owned
from executive_suite.period import Month

ENDED = ("ended", "terminated")
"""Marks of a lease that is over whatever its last day."""


@dataclass(frozen=True, slots=True)
class Term:
    """A lease or client contract that pays every month.

    Attributes:
        kind: lease or contract.
        key: Its id.
        monthly_cents: What it pays.
        starts: First day.
        ends: Last day; None if it has none or renews.
        deposit_cents: A security deposit to give back at its end.
        asset_id: What is let; None for a contract.
        over: Whether the records mark it as over.
    """

    kind: Any
    key: str
    entity_id: str
    monthly_cents: int
    starts: date
    ends: date | None
    deposit_cents: int = 0
    asset_id: str | None = None
    over: bool = False

    def pays_in(self, month: Month) -> bool:
        """Whether the month's payment falls into its term."""
        return self.starts < (month + 1).first and (self.ends is None or self.ends >= month.first)


@per_context
def terms(context: Context) -> tuple[Term, ...]:
    """The leases and contracts in force at the report date or agreed to begin later, of entities still in the group."""
    held = (one for one in every_term(context) if not one.over and one.entity_id not in ends(context))
    return tuple(one for one in held if one.ends is None or one.ends >= context.report_date)


@per_context
def every_term(context: Context) -> tuple[Term, ...]:
    """Every lease that was agreed and every client contract, those that are over among them."""
    return tuple(one for one in (*_leases(context), *_contracts(context)) if one.monthly_cents > 0)


def _leases(context: Context) -> Iterator[Term]:
    if context.has("lease"):
        rows = context.rows("lease", "lease_id", "asset_id", "start_on", "end_on", "rent_cents")
        for row in owned(context, (row for row in rows if agreed(row))):
            yield Term(
                "lease",
                row.lease_id,
                row.entity_id or GROUP,
                row.rent_cents or 0,
                row.start_on,
                row.end_on,
                row.row.get("security_deposit_cents") or 0,
                row.asset_id,
                over=row.row.text("status").lower() in ENDED,
            )


def _contracts(context: Context) -> Iterator[Term]:
    if not context.has("client_contract"):
        return
    columns = ("contract_id", "status", "start_on", "end_on", "mrr_cents", "auto_renew")
    for versions in grouped(context.rows_in_force("client_contract", *columns), lambda row: row.contract_id).values():
        row = max(versions, key=lambda one: one.valid_from)
        whose = billers(context).get(row.contract_id, GROUP)
        if row.get("billing_model") not in NOT_RECURRING and not is_between(context, whose, row.get("client_id")):
            last = None if row.auto_renew else row.end_on
            yield Term(
                "contract",
                row.contract_id,
                whose,
                row.mrr_cents or 0,
                row.start_on,
                last,
                over=row.status != "active",
            )


def recurring(context: Context, entity: str, month: Month) -> int:
    """What an entity's leases and contracts bring in a month, cents."""
    return sum(one.monthly_cents for one in terms(context) if one.entity_id == entity and one.pays_in(month))
