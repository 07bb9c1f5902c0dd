"""Payments on no document that is owed: whose credit they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from executive_suite.metrics.accounting.documents import NOT_ISSUED

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

_SIDES: Mapping[str, str] = {"customer": "ar", "vendor": "ap", "employee": "ap", "owner": "ap"}
"""Who pays us and whom we pay, by kind of party; of any other, the direction of its invoices decides."""


def unapplied(
    context: Context, direction: str, invoices: Iterable[Any], payments: Iterable[Any]
) -> tuple[list[Any], list[tuple[str, str]]]:
    """Payments on no document that is owed, drafts and void ones included, each with its entity and party.

    A payment without an entity belongs to the one entity that has documents of its party, else to the group's own. One
    that names neither a document nor a party is of nobody's account and is left out.
    """
    documents_ = {row.invoice_id: row for row in invoices}
    sides, entities = _parties(context, documents_.values())
    found, givers = [], []
    for one in payments:
        named = documents_.get(one.invoice_id)
        if named is not None and named.status not in NOT_ISSUED:
            continue
        party = (named or one).text("counterparty_id")
        if (named.direction if named else sides.get(party)) == direction:
            billed = entities.get(party, set())
            whose = (named or one).text("entity_id") or (next(iter(billed)) if len(billed) == 1 else "")
            found.append(one)
            givers.append((whose, party))
    return found, givers


def _parties(context: Context, invoices: Iterable[Any]) -> tuple[Mapping[str, str], Mapping[str, set[str]]]:
    """By party, its side (ar, ap) where it is known, and the entities that have documents of it."""
    directions: dict[str, set[str]] = {}
    entities: dict[str, set[str]] = {}
    for row in invoices:
        directions.setdefault(row.counterparty_id, set()).add(row.direction)
        entities.setdefault(row.counterparty_id, set()).add(row.entity_id)
    sides = {party: next(iter(both)) for party, both in directions.items() if len(both) == 1}
    for row in context.rows("counterparty", "counterparty_id") if context.has("counterparty") else ():
        if row.text("kind") in _SIDES:
            sides[row.counterparty_id] = _SIDES[row.text("kind")]
    return sides, entities
