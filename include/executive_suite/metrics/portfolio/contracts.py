"""Client contracts: their versions, who bills them, which are in force on a day, and their monthly fees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from operator import attrgetter
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.group import ends
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import Qualifier, Why
from executive_suite.facts.measure import Measure, not_evaluable, qualified
from executive_suite.metrics.between import ours_until
from executive_suite.metrics.book.book import LEDGER_COLUMNS, Sum, lines_with, sums_of
from executive_suite.metrics.cut import Owned, grouped
from executive_suite.period import Month

COLUMNS = ("contract_id", "valid_from", "client_id", "tier", "billing_model", "mrr_cents", "start_on", "status")
NO_CONTRACTS = "table client_contract has no contract in force by the report date"

# Work that ends, or is paid by the hour, recurs only by chance; ``none`` is not billed at all.
NOT_RECURRING = ("project", "hourly", "none")
NOT_STATED = "none stated"


@dataclass(frozen=True, slots=True)
class Contract(Owned):
    """One version of a client contract: a row of client_contract with the entity that bills it.

    Attributes:
        recurring: Monthly recurring cents; 0 unless it is active and recurs, None if it then states no fee.
        left: The last day on which the entity that bills it belonged to the group; None while it does.
        ours_until: The last day on which it is between entities of the group; None if it never is.
        outside_since: For the group, the first day on which its client was none of its own.
        day: When it is looked at; None for the report date.
    """

    recurring: int | None
    left: date | None = None
    ours_until: date | None = None
    outside_since: date = date.min
    day: date | None = None

    @property
    def party(self) -> str:
        """The client."""
        return str(self.client_id)

    @property
    def begins(self) -> date:
        """The first day on which it counts."""
        start: date = self.start_on
        return max(start, self.outside_since)

    def of_group(self, _: Context) -> Contract:
        """The same contract for the group: it counts from when its client had left the group."""
        return self if self.ours_until is None else replace(self, outside_since=self.ours_until + timedelta(days=1))

    @property
    def model(self) -> str:
        """How it is billed."""
        return self.billing_model or NOT_STATED


@per_context
def posted(context: Context) -> Mapping[tuple[str, Month, str, str], Sum]:
    """The sums of the ledger lines that name a contract, by contract, month, entity and account.

    None if the ledger or a column of it is absent.
    """
    if not context.has("ledger") or not {*LEDGER_COLUMNS, "contract_id"} <= set(context.table("ledger").columns):
        return {}
    chosen = lines_with(context, "contract_id", _contract_ids(context))
    return sums_of(context, chosen, "contract_id", "month", "entity_id", "account")


@per_context
def billers(context: Context) -> Mapping[str, str]:
    """The entity that bills each contract; if all registered contracts with a biller share one, it bills the others.

    The entity of its first invoice, else of its revenue schedule, else of its first posting.
    """
    schedule, invoices = (context.rows(name) if context.has(name) else () for name in ("rev_schedule", "invoice"))
    found: dict[str, str] = {}
    for named in (
        [(contract, entity_id) for contract, _, entity_id, _ in posted(context)],
        [(row.get("contract_or_booking_id"), row.get("entity_id")) for row in schedule],
        [(row.get("contract_id"), row.get("entity_id")) for row in invoices],
    ):
        found |= {contract: entity_id for contract, entity_id in reversed(named) if entity_id}
    ids = _contract_ids(context)
    registered = (row.contract_id for row in context.rows("client_contract", "contract_id"))
    known = {found[contract] for contract in registered if contract in found}
    only = dict.fromkeys(ids, known.pop()) if len(known) == 1 else {}
    return only | {contract: entity_id for contract, entity_id in found.items() if contract in ids}


def _contract_ids(context: Context) -> frozenset[str]:
    """The contracts of the register, and those that the work log names."""
    tables = (name for name in ("client_contract", "work_log") if context.has(name))
    return frozenset(row.get("contract_id") for name in tables for row in context.rows(name)) - {None}


@per_context
def versions(context: Context) -> tuple[Contract, ...]:
    """Every version of every contract, in order of ``valid_from``.

    Raises:
        MissingInputError: table client_contract, or a column of it, is absent.
    """
    rows = sorted(context.rows("client_contract", *COLUMNS), key=lambda row: row.valid_from)
    billed = ((row, billers(context).get(row.contract_id)) for row in rows)
    left = ends(context)
    return tuple(
        Contract(
            row,
            entity,
            row.mrr_cents if _recurs(row) else 0,
            left.get(entity or ""),
            ours_until(context, entity, row.client_id),
        )
        for row, entity in billed
    )


def _recurs(row: Any) -> bool:
    return row.status == "active" and row.billing_model not in NOT_RECURRING


@per_context
def by_contract(context: Context) -> Mapping[str, tuple[Contract, ...]]:
    """The versions of each contract, oldest first, contracts in order of id."""
    return grouped(versions(context), attrgetter("contract_id"))


def on_day(contract: Sequence[Contract], day: date) -> Contract:
    """The version of a contract whose terms apply on a day; before the first version, that one."""
    return next((one for one in reversed(contract) if one.valid_from <= day), contract[0])


def standing(contracts: Iterable[Contract], day: date) -> tuple[Contract, ...]:
    """The contracts that have begun and not ended by a day, each in its latest version, in order of id.

    A later version replaces an earlier one, whether or not ``valid_to`` closed that one. With an entity that was sold
    or closed its contracts leave too.

    Args:
        contracts: In order of ``valid_from``.
        day: The day.
    """
    latest = {one.contract_id: one for one in contracts if one.valid_from <= day}
    held = (latest[name] for name in sorted(latest))
    return tuple(one for one in held if one.begins <= day <= min(one.get("valid_to") or date.max, one.left or date.max))


def active_on(context: Context, day: date | None = None) -> tuple[Contract, ...]:
    """The active contracts on a day (default: the report date), in order of id; a paused contract is not.

    Raises:
        MissingInputError: table client_contract, or a column of it, is absent.
    """
    held = standing(versions(context), day or context.report_date)
    return tuple(replace(one, day=day) if day else one for one in held if one.status == "active")


def fees(contracts: Sequence[Contract], called: str = "contracts") -> Measure:
    """Monthly recurring cents of some contracts; the note counts those that state no fee.

    Not evaluable if none of those that recur states one.

    Args:
        contracts: The contracts.
        called: What the note calls them.
    """
    total = Measure(sum(one.recurring or 0 for one in contracts))
    blank = sum(one.recurring is None for one in contracts)
    if not blank:
        return total
    note = f"{blank} of {len(contracts)} {called} {'states' if blank == 1 else 'state'} no monthly fee"
    of = Qualifier(Why.INPUT_BLANK, blank, len(contracts))
    if not any(one.recurring for one in contracts):
        return not_evaluable(note, of)
    return qualified(total, note, of)
