"""How the CFO's report calls the contracts and leases behind the cash path."""

from __future__ import annotations

from executive_suite.reports.selection import Selection
from executive_suite.wording import say


def contract_of(s: Selection, contract: str, entity: str) -> str:
    """A client contract by its client ("client-c's contract"); by the entity if the client is not known."""
    for fact in s.facts("contract_renewals", "contract", "client"):
        if fact.dimensions["contract"] == contract:
            return say("{client}'s contract", client=fact.dimensions["client"])
    return say("a contract of {entity}", entity=entity)


def is_lease(s: Selection, key: str) -> bool:
    """Whether what ends is a lease."""
    return bool(s.facts("cash_event", "day", event="lease_ends", key=key))
