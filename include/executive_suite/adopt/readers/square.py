"""Square's transactions: what each payment was made of, how it was paid, and the deposits of what cards paid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from executive_suite.adopt import profile
from executive_suite.adopt.reading import Entry, Origin, Reading
from executive_suite.adopt.selling import lines
from executive_suite.adopt.selling.desk import ZERO, Desk
from executive_suite.adopt.sheet import Row, Sheet
from executive_suite.adopt.upload import Upload

_PARTS = ("gross", "discount", "service", "gift", "tax", "tip", "partial")
_TENDERS = ("card", "cash", "redeemed", "other")


def read(upload: Upload) -> Reading | None:
    """Sales gross of discounts and fees; tax, tips and gift cards are owed to others; cash is in the drawer.

    Raises:
        NotReadableError: a row's parts are not what was collected, or its tenders are not.
    """
    found = lines.tables(upload, "till")
    if not found:
        return None
    one, left = found[0], Counter[str]()
    desk = Desk(one.profile.program)
    deposits: dict[tuple[str, date], tuple[Decimal, Origin]] = {}
    entries = list(_sales(one, desk, left, deposits))
    # A deposit may hold payments of the next file too: it has no number of its own, and none is missed.
    for (_, day), (amount, origin) in deposits.items():
        made = desk.entry("", day, "Deposit", origin, ("", "", ""), balance=-amount, payouts=amount)
        entries += [made] if made else []
    return lines.reading(one, desk, entries, left=left, whole=not deposits)


def _sales(
    one: Sheet, desk: Desk, left: Counter[str], deposits: dict[tuple[str, date], tuple[Decimal, Origin]]
) -> Iterator[Entry]:
    for row in one.rows:
        state = profile.plain(row.text("status"))
        if state and state not in {"complete", "completed", "captured"}:
            left["payments that are not complete"] += 1
            continue
        day = one.day(row)
        if day is None:
            continue
        part = {role: one.amount(row, role) or ZERO for role in (*_PARTS, *_TENDERS, "total", "fee", "left")}
        _checked(one, row, part)
        kept = (
            part["card"] if "card" in one.columns else part["total"] - part["cash"] - part["redeemed"] - part["other"]
        )
        refund = part["gross"] < 0 or (part["gross"] == 0 and part["partial"] < 0)
        sold = "refunds" if refund else "sales"
        amounts = {
            "balance": kept + part["fee"],
            "fees": -part["fee"],
            "cash_drawer": part["cash"],
            "other_tender": part["other"],
            "gift_cards": part["redeemed"] - part["gift"],
            sold: -part["gross"] - part["service"],
            "discounts": -part["discount"],
            "sales_tax": -part["tax"],
            "tips_held_for_staff": -part["tip"],
        }
        amounts["refunds"] = amounts.get("refunds", ZERO) - part["partial"]
        about = "", row.text("memo"), row.text("counterparty")
        origin = one.origin(row)
        number = f"{row.text('id')} refund" if refund else row.text("id")
        made = desk.entry(number, day, row.text("kind") or "Payment", origin, about, **amounts)
        if made:
            yield made
        if row.text("deposit") and (paid := one.day(row, "deposited")):
            before = deposits.get((row.text("deposit"), paid), (ZERO, origin))
            deposits[row.text("deposit"), paid] = before[0] + kept + part["fee"], before[1]


def _checked(one: Sheet, row: Row, part: dict[str, Decimal]) -> None:
    made = sum((part[role] for role in _PARTS), ZERO)
    if made != part["total"]:
        raise one.refused(row.number, f"total collected {part['total']} is not the sum of its parts {made}")
    if "card" in one.columns and (paid := sum((part[role] for role in _TENDERS), ZERO)) != part["total"]:
        raise one.refused(row.number, f"total collected {part['total']} is not what was paid by tender, {paid}")
    if part["total"] + part["fee"] != part["left"]:
        raise one.refused(row.number, f"net total {part['left']} is not {part['total']} less the fees {part['fee']}")
