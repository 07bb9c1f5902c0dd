"""Vrbo's payouts: what each reservation paid, what Vrbo kept, and the stays as bookings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from executive_suite.adopt.bank.evidence import word_of
from executive_suite.adopt.reading import Entry, Reading
from executive_suite.adopt.selling import lines
from executive_suite.adopt.selling.desk import ZERO, Desk
from executive_suite.adopt.selling.stay import Stay, records
from executive_suite.adopt.sheet import Row, Sheet
from executive_suite.adopt.upload import Upload


def read(upload: Upload) -> Reading | None:
    """The gross amount is revenue, deductions are costs, taxes that are passed on are owed; payouts go to the bank.

    Raises:
        NotReadableError: a payout is not the gross amount less what was kept.
    """
    found = lines.tables(upload, "payouts of stays")
    if not found:
        return None
    one, left, stays = found[0], Counter[str](), dict[str, Stay]()
    codes = tuple(sorted({row.text("currency").upper() for row in one.rows if row.text("currency")}))
    desk = Desk(one.profile.program, codes or ("",))
    entries = list(_entries(one, desk, left, stays))
    last = max((entry.day for entry in entries), default=date.min)
    return lines.reading(one, desk, entries, left=left, records=records(stays.values(), last))


def _entries(one: Sheet, desk: Desk, left: Counter[str], stays: dict[str, Stay]) -> Iterator[Entry]:
    for row in one.rows:
        day, paid = one.day(row), one.amount(row, "paid")
        if day is None or paid is None or word_of(one.profile, row.text("status"), "failed"):
            left["payouts that are not paid"] += 1
            continue
        gross, tax, fee, processing = (one.amount(row, role) or ZERO for role in ("gross", "tax", "fee", "processing"))
        kept = abs(fee) + abs(processing) if gross >= 0 else -abs(fee) - abs(processing)
        owed = _tax(one, row, gross - kept, tax, paid)
        cost = gross + owed - paid
        # A reservation is paid in several rows, of later files too: its number is none of an entry.
        about = row.text("currency").upper(), row.text("id"), ""
        origin, number = one.origin(row), row.text("id")
        for made in (
            desk.entry("", day, "Stay", origin, about, balance=paid, fees=cost, lodging_tax=-owed, earnings=-gross),
            desk.entry("", day, "Payout", origin, about, balance=-paid, payouts=paid),
        ):
            if made:
                yield made
        if (begins := one.day(row, "begins")) is not None:
            ends = one.day(row, "ends") or begins + timedelta(days=1)
            known = stays.setdefault(number, Stay(number, min(day, begins), begins, ends, origin))
            known.gross += gross
            known.fee += cost
            known.tax += owed


def _tax(one: Sheet, row: Row, left: Decimal, tax: Decimal, paid: Decimal) -> Decimal:
    """Tax that is in the payout, because it is passed on to the owner, who owes it; zero where Vrbo keeps it.

    Raises:
        NotReadableError: the payout is neither with nor without it.
    """
    stated = {"fee", "processing"} & set(one.columns)
    if left + tax == paid:
        return tax
    if left == paid or not stated:
        return Decimal(0)
    raise one.refused(
        row.number, f"payout {paid} is not {left}, the gross amount less deductions, nor with the tax {tax}"
    )
