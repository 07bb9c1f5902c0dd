"""Trial balances: the balance of each account, which verifies what was read and is never an entry."""

from __future__ import annotations

from executive_suite.adopt import labels
from executive_suite.adopt.layouts.postings import reading
from executive_suite.adopt.layouts.sections import SIDES, ZERO, amount_of
from executive_suite.adopt.reading import NotReadableError, Reading, Total
from executive_suite.adopt.sheet import Row, Sheet


def read(sheet: Sheet) -> Reading:
    """The balances of a trial balance, checked against its own totals.

    Raises:
        NotReadableError: its title has no day, or debits and credits do not agree.
    """
    if sheet.title.period is None:
        msg = (
            f"{sheet.upload.name}: a trial balance without its day; a title like 'As of March 31, 2025' was looked for"
        )
        raise NotReadableError(msg)
    _, ends = sheet.title.period
    rows = [row for row in sheet.rows if any(row.text(role) for role in SIDES)]
    accounts = [row for row in rows if _named(row)]
    sums = {role: sum((sheet.amount(row, role) or ZERO for row in accounts), ZERO) for role in ("debit", "credit")}
    for row in rows:
        if row in accounts:
            continue
        for role, found in sums.items():
            stated = sheet.amount(row, role)
            if stated is not None and stated != found:
                raise sheet.refused(
                    row.number, f"{row.label!r} states {role}s of {stated}; the accounts sum to {found}"
                )
    if not accounts or sums["debit"] != sums["credit"]:
        at = rows[-1].number if rows else 1
        raise sheet.refused(at, f"debits of {sums['debit']} and credits of {sums['credit']} do not agree")
    return reading(
        sheet,
        totals=tuple(
            Total("balance", amount_of(sheet, row), ends, sheet.origin(row), row.text("account")) for row in accounts
        ),
    )


def _named(row: Row) -> bool:
    return bool(row.text("account")) and labels.total_of(row.label) is None
