"""Tables of known programs: what each looks like is data (``adopt/profiles``), how its rows make entries a layout."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from executive_suite.adopt import profile, sheet
from executive_suite.adopt.layouts import aging, balances, chart, journal, ledger, listing, statement
from executive_suite.adopt.reading import NotReadableError, Reading
from executive_suite.adopt.sheet import Sheet
from executive_suite.adopt.upload import Upload

LAYOUTS: Mapping[str, Callable[[Sheet], Reading | None]] = {
    "journal": journal.read,
    "ledger": ledger.read,
    "listing": listing.read,
    "chart": chart.read,
    "trial_balance": balances.read,
    "profit_and_loss": statement.profit_and_loss,
    "balance_sheet": statement.balance_sheet,
    "receivables": partial(aging.details, direction="ar"),
    "payables": partial(aging.details, direction="ap"),
    "receivables_total": partial(aging.summary, direction="ar"),
    "payables_total": partial(aging.summary, direction="ap"),
}
"""A profile's layout to what reads it."""


def read(upload: Upload) -> Reading | None:
    """What the tables of a file say; None if no profile has their columns.

    Raises:
        NotReadableError: a known report cannot be read, or its sheets are reports of different kinds.
    """
    found = [
        (one.sheet, made)
        for one in sheet.found(upload, profile.profiles())
        if (made := LAYOUTS[one.profile.layout](one))
    ]
    if not found:
        return None
    name, first = found[0]
    for other_name, other in found[1:]:
        if (other.program, other.report, other.company) != (first.program, first.report, first.company):
            names = f"{name} and {other_name}"
            msg = f"{upload.name}: sheets {names} are different reports; bring each as a file"
            raise NotReadableError(msg)
        first = _joined(first, other)
    return first


def _joined(one: Reading, other: Reading) -> Reading:
    """Two sheets of one report."""
    many = ("accounts", "entries", "bank_lines", "records", "totals", "left_out", "remarks")
    parts: dict[str, Any] = {name: (*getattr(one, name), *getattr(other, name)) for name in many}
    begins = min(filter(None, (one.begins, other.begins)), default=None)
    ends = max(filter(None, (one.ends, other.ends)), default=None)
    return replace(one, begins=begins, ends=ends, **parts)
