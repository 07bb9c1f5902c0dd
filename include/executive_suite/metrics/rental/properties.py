"""Which assets are rented property, and who owns them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import GROUP
from executive_suite.metrics.accounting.documents import agreed
from executive_suite.metrics.assets import is_held
from executive_suite.metrics.book.book import book
from executive_suite.metrics.cut import Owned

PROPERTY = "property"
NEEDS_ASSET = ("asset_id", "entity_id", "asset_class")


@per_context
def _owners(context: Context) -> Mapping[str, str]:
    """The entity of each asset: as the inventory states it, else that of the asset's bookings."""
    found: dict[str, str] = {}
    for table in ("booking", "asset"):
        rows = context.rows(table) if context.has(table) else ()
        found |= {row.asset_id: row.entity_id for row in rows if row.get("asset_id") and row.get("entity_id")}
    return found


@per_context
def _other_assets(context: Context) -> frozenset[str]:
    """The assets that the inventory lists under another class than property."""
    rows = context.rows("asset", "asset_id") if context.has("asset") else ()
    return frozenset(row.asset_id for row in rows if row.get("asset_class") not in (None, PROPERTY))


def owned(context: Context, rows: Iterable[Any]) -> tuple[Owned, ...]:
    """Rows about assets, with their owners."""
    owners = _owners(context)
    return tuple(Owned(row, owners.get(row.asset_id)) for row in rows)


def rented(context: Context, rows: Iterable[Any]) -> tuple[Owned, ...]:
    """The rows about property.

    An asset that the inventory lists under another class (a vessel) is left out; one that it does not list stays,
    because a calendar or a lease alone is enough to rent by.
    """
    other = _other_assets(context)
    return owned(context, (row for row in rows if row.asset_id not in other))


@per_context
def tenancies(context: Context) -> tuple[Owned, ...]:
    """The long-term leases of property that were ever agreed.

    Raises:
        MissingInputError: table lease, or its asset_id or kind is absent.
    """
    rows = context.rows("lease", "asset_id", "kind")
    return rented(context, (row for row in rows if row.kind == "long_term" and agreed(row)))


def properties(context: Context) -> tuple[Any, ...]:
    """The properties of the asset inventory.

    Raises:
        MissingInputError: there is no asset inventory.
    """
    return tuple(row for row in context.rows("asset", *NEEDS_ASSET) if row.asset_class == PROPERTY)


def held(context: Context) -> tuple[Any, ...]:
    """The properties of the asset inventory that are held."""
    return tuple(row for row in properties(context) if is_held(context, row))


def owners(context: Context) -> tuple[str, ...]:
    """The entities that own property, in order of id."""
    return tuple(sorted({row.entity_id for row in properties(context)}))


def units(context: Context) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each entity that owns property, by itself, then the group with all of them if that differs.

    It does if there are several, or if one dealt with others of the group. Property of the group itself is left out:
    its postings cannot be distinguished from those of all entities.
    """
    known = tuple(name for name in owners(context) if name != GROUP)
    yield from ((name, (name,)) for name in known)
    sums = book(context)
    if len(known) > 1 or (known and bool((sums.eliminated & sums.owned_by(*known)).any())):
        yield GROUP, known
