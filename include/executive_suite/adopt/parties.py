"""Customers and vendors by a hash of their name, and texts without the addresses of people."""

from __future__ import annotations

from executive_suite.adopt.kept import Kept, Row
from executive_suite.adopt.reading import Entry
from executive_suite.identity import name_hash, without_addresses

_ID = 10
_LONGEST_MEMO = 200


def party_id(name: str) -> str:
    """The key of a customer or vendor; blank without a name.

    >>> party_id("") == "", party_id("Ann Lee") == party_id("ann  lee")
    (True, True)
    """
    return f"P-{name_hash(name)[:_ID]}" if name.strip() else ""


def memo(text: str) -> str:
    """A text as it is kept: one line, without mail addresses, of bounded length."""
    return without_addresses(" ".join(text.split()))[:_LONGEST_MEMO].strip()


class Parties:
    """The register of customers and vendors while entries are read."""

    def __init__(self, kept: Kept) -> None:
        self._rows = kept.rows("counterparty")
        self._known = {row["counterparty_id"]: row for row in self._rows}

    def of(self, name: str, entry: Entry, *, spends: bool) -> str:
        """The key of a name, which is registered when it comes first.

        Args:
            name: As the file writes it.
            entry: Where it comes.
            spends: Whether the entry has an expense and no revenue: then it is a vendor.
        """
        key = party_id(name)
        if key and key not in self._known:
            row: Row = {
                "counterparty_id": key,
                "kind": "vendor" if spends else "customer",
                "name_hash": name_hash(name),
                "source_file": entry.lines[0].origin.file,
                "source_row": str(entry.lines[0].origin.row),
            }
            self._rows.append(row)
            self._known[key] = row
        return key
