"""Airbnb's earnings: what each stay earned, what was kept, what was paid out, and the stays as bookings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from executive_suite.adopt.bank.evidence import word_of
from executive_suite.adopt.reading import Entry, Reading
from executive_suite.adopt.selling import lines
from executive_suite.adopt.selling.desk import ZERO, Desk
from executive_suite.adopt.selling.stay import Stay, records
from executive_suite.adopt.sheet import Row, Sheet
from executive_suite.adopt.upload import Upload

_KINDS = ("stay", "payout", "tax", "other", "cohost", "fees")


@dataclass(slots=True)
class _Seen:
    left: Counter[str] = field(default_factory=Counter)
    unknown: dict[str, Row] = field(default_factory=dict)
    stays: dict[str, Stay] = field(default_factory=dict)
    last: date = date.min


def read(upload: Upload) -> Reading | None:
    """Gross earnings are revenue and the service fee a cost; several rows of a stay add up; payouts go to the bank.

    Raises:
        NotReadableError: a row's amount is not its gross earnings less the fees.
    """
    found = lines.tables(upload, "stays")
    if not found:
        return None
    one, seen = found[0], _Seen()
    codes = tuple(sorted({row.text("currency").upper() for row in one.rows if row.text("currency")}))
    desk = Desk(one.profile.program, codes or ("",))
    entries = list(_entries(one, desk, seen))
    made = records(seen.stays.values(), seen.last)
    return lines.reading(one, desk, entries, left=seen.left, records=made, remarks=lines.unknown(seen.unknown))


def _entries(one: Sheet, desk: Desk, seen: _Seen) -> Iterator[Entry]:
    for row in one.rows:
        amount, paid = one.amount(row, "amount"), one.amount(row, "paid")
        day = one.day(row)
        if day is None or (amount is None and paid is None):
            seen.left["rows without a day or an amount"] += 1
            continue
        seen.last = max(seen.last, day)
        kind = word_of(one.profile, row.text("kind"), *_KINDS)
        about = row.text("currency").upper(), row.text("memo"), ""
        amounts = _amounts(one, row, kind, amount or ZERO, paid or ZERO, seen, day)
        # A stay's code is on several rows, of later files too: only what is paid out has a number of its own.
        number = row.text("reference") if kind == "payout" else ""
        made = desk.entry(number, day, row.text("kind"), one.origin(row), about, **amounts)
        if made:
            yield made


_AGAINST = {"tax": "lodging_tax", "other": "other_income", "cohost": "cohost_payouts", "fees": "fees"}
"""Where rows go that are no stay and no payout."""


def _amounts(
    one: Sheet, row: Row, kind: str, amount: Decimal, paid: Decimal, seen: _Seen, day: date
) -> dict[str, Decimal]:
    """What a row moves, debit positive by account."""
    if kind == "payout":
        return {"balance": -(paid or amount), "payouts": paid or amount}
    if kind == "stay":
        gross, cost = _parts(one, row, amount)
        _add(one, row, gross, cost, seen, day)
        return {"balance": amount, "fees": cost, "earnings": -gross}
    if not kind:
        seen.unknown.setdefault(row.text("kind"), row)
    if kind == "tax" and (known := seen.stays.get(row.text("id"))) is not None:
        known.tax += amount
    return {"balance": amount, _AGAINST.get(kind, "hidden"): -amount}


def _parts(one: Sheet, row: Row, amount: Decimal) -> tuple[Decimal, Decimal]:
    """What a stay earned, and what the platform kept.

    Raises:
        NotReadableError: the difference of gross earnings and amount is not the fees.
    """
    fees = abs(sum((one.amount(row, role) or ZERO for role in ("fee", "fast")), ZERO))
    gross = one.amount(row, "gross")
    if gross is None:
        gross = amount + (fees if amount >= 0 else -fees)
    if abs(gross - amount) != fees:
        raise one.refused(row.number, f"amount {amount} is not gross earnings {gross} less the fees {fees}")
    return gross, gross - amount


def _add(one: Sheet, row: Row, gross: Decimal, cost: Decimal, seen: _Seen, day: date) -> None:
    """Add a row to the stay of its confirmation code."""
    code, begins = row.text("id"), one.day(row, "begins")
    if not code or begins is None:
        return
    nights = int(one.style.amount(row.number, row.text("nights"))) if row.text("nights") else 1
    ends = one.day(row, "ends") or begins + timedelta(days=nights)
    booked = one.day(row, "booked") or min(day, begins)
    known = seen.stays.setdefault(code, Stay(code, booked, begins, ends, one.origin(row)))
    known.begins, known.ends = begins, ends
    known.gross += gross
    known.fee += cost
