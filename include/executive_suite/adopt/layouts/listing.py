"""Lists of transactions: one row per transaction, with its account and the account on the other side."""

from __future__ import annotations

from dataclasses import replace

from executive_suite.adopt import labels
from executive_suite.adopt.layouts import pairing, sides
from executive_suite.adopt.layouts.postings import (
    NO_OPENINGS,
    Posting,
    accounts_of,
    counted,
    is_left_out,
    numbered,
    posting,
    reading,
)
from executive_suite.adopt.layouts.sections import SIDES, ZERO, amount_of
from executive_suite.adopt.reading import NotReadableError, Reading
from executive_suite.adopt.sheet import Row, Sheet


def read(sheet: Sheet) -> Reading:
    """The transactions of a list; the other side of one with several accounts is hidden.

    Some programs list both sides of each transaction, a row each; then these are put together.

    Raises:
        NotReadableError: a row has no day or account, or nothing tells the side of an account.
    """
    rows = [row for row in sheet.rows if _is_line(row)]
    left_out = [is_left_out(sheet, row) for row in rows]
    postings = [_posting(sheet, row) for row, why in zip(rows, left_out, strict=True) if not why]
    left_out += ["transactions without an amount" for one in postings if not one.amount]
    postings = [one for one in postings if one.amount]
    if not postings:
        msg = f"{sheet.upload.name}: a list without transactions that are booked"
        raise NotReadableError(msg)
    groups = pairing.groups(postings)
    forms = sides.by_forms(sheet, postings)
    if sheet.profile.natural and "debit" not in sheet.columns:
        ties = [group for group in groups if _is_transaction(group)]
        singles = [[one] for group in groups if not _is_transaction(group) for one in group]
        told = {account.name: account.type for account in forms}
        grown = sides.of(sheet, [*ties, *singles], {**told, **sheet.upload.types})
        groups = [[replace(one, amount=one.amount * grown[one.account]) for one in group] for group in groups]
    if not all(_is_transaction(group) and not sum((one.amount for one in group), ZERO) for group in groups):
        entries = [found for group in groups for one in group if (found := pairing.with_other(sheet, one))]
    else:
        entries, _ = pairing.entries(sheet, groups)
    accounts = (*forms, *accounts_of(rows))
    return reading(
        sheet, remarks=(NO_OPENINGS,), accounts=accounts, entries=numbered(entries), left_out=counted(left_out)
    )


def _is_transaction(group: list[Posting]) -> bool:
    return len({one.account for one in group}) > 1


def _is_line(row: Row) -> bool:
    """Whether a row is a transaction: not a heading, a total or a note."""
    if not row.text("day") and labels.total_of(row.label) is not None:
        return False
    return bool(row.text("day")) and bool(row.text("account") or any(row.text(role) for role in SIDES))


def _posting(sheet: Sheet, row: Row) -> Posting:
    day = sheet.day(row)
    if day is None or not row.text("account"):
        raise sheet.refused(row.number, "a transaction without an account")
    return posting(row, day, row.text("account"), amount_of(sheet, row))
