"""The base case of cash day by day, and the levers on it, as they travel with the figures to the workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

WEEKS = 13
"""Weeks of the cash forecast, the one at hand first."""


@dataclass(frozen=True, slots=True)
class PathLever:
    """A candidate action and what it changes.

    Attributes:
        name: cut, close, collect, renew, cloud or sell.
        key: What it concerns: an account, an entity, a lease or contract, an asset; blank for all.
        entity_id: Whose.
        changes: Cents by ISO day.
    """

    name: str
    key: str
    entity_id: str
    changes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CashPath:
    """The path.

    Attributes:
        first: Its first day, ISO: the report date. Empty if there is no path.
        last: Its last day.
        cash_cents: Cash before its first day.
        floor_cents: The floor under cash; None without one.
        moves: The net of all receipts and payments by ISO day, cents; days without any are left out.
        levers: In order of name, entity and key.
    """

    first: str = ""
    last: str = ""
    cash_cents: int = 0
    floor_cents: int | None = None
    moves: Mapping[str, int] = field(default_factory=dict)
    levers: tuple[PathLever, ...] = ()


NO_PATH = CashPath()
"""Of figures whose records do not allow a path."""
