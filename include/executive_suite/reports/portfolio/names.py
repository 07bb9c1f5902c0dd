"""What a contract is called: its number with the client behind it, where the records of the date name one."""

from __future__ import annotations

from executive_suite.reports.selection import Selection


def named(s: Selection, who: str, contract: str) -> str:
    """The contract and, while it is active, its client: "C1 (client-a)"."""
    for fact in s.facts("contract_renewals", "contract", "client", entity_id=who):
        if fact.dimensions["contract"] == contract:
            return f"{contract} ({fact.dimensions['client']})"
    return contract
