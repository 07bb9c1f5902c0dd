"""Open invoices and unapplied payments by party and age, at any day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from executive_suite.metrics.accounting.deposits import deposits
from executive_suite.metrics.accounting.documents import NEEDS, NOT_OWED, OPEN_ON, balances, cash, is_refund, issued
from executive_suite.metrics.accounting.unapplied import loose_payments, sides
from executive_suite.metrics.book.sums import Integers, sums_by

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

BUCKETS: Mapping[str, str] = {
    "current": "not yet due",
    "1-30": "1 to 30 days past due",
    "31-60": "31 to 60 days past due",
    "61-90": "61 to 90 days past due",
    "91+": "more than 90 days past due",
}
"""The ages of what is open, in order, with their words."""
_LAST_DAYS = np.array([0, 30, 60, 90])
"""The last day past due of each age but the oldest."""
_CURRENT = 0
Days = npt.NDArray[np.datetime64]


@dataclass(frozen=True, slots=True)
class Open:
    """What a party owes, or is owed, in one age: cents, below zero for a credit."""

    entity_id: str
    party: str
    bucket: str
    cents: int


@dataclass(frozen=True)
class Documents:
    """The documents of one direction, column by column.

    Attributes:
        direction: ar or ap.
        owners: Entity and party of each of the numbers in ``owner`` and ``giver``.
        issued: By invoice.
        due: By invoice.
        total: By invoice, cents.
        owner: By invoice, whose it is.
        paid_on: By payment.
        paid: By payment, cents; refunds are negative.
        refund: By payment, whether it gives money back.
        invoice: By payment, which invoice it is for.
        loose_on: By unapplied payment, its day.
        loose: By unapplied payment, cents.
        loose_refund: By unapplied payment, whether it gives money back.
        giver: By unapplied payment, whose it is.
        known_from: The first day of which it is known what is open; None if it is of any day.
    """

    direction: str
    owners: tuple[tuple[str, str], ...]
    issued: Days
    due: Days
    total: Integers
    owner: Integers
    paid_on: Days
    paid: Integers
    refund: npt.NDArray[np.bool_]
    invoice: Integers
    loose_on: Days
    loose: Integers
    loose_refund: npt.NDArray[np.bool_]
    giver: Integers
    known_from: date | None = None

    def open(self, day: date) -> Iterator[Open]:
        """What is open at the end of a day, by entity, party and age.

        An invoice that is overpaid and a payment without an invoice are a credit, which is never past due.
        """
        at = np.datetime64(day, "D")
        paid = _paid(self.paid_on <= at, self.refund, self.invoice, self.paid, len(self.total))
        cents = np.where(self.issued <= at, _rest(self.total, *paid), 0)
        age = np.where(cents < 0, _CURRENT, np.searchsorted(_LAST_DAYS, (at - self.due).astype(np.int64)))
        size = len(BUCKETS)
        sums = sums_by(self.owner * size + age, cents, len(self.owners) * size)
        given = _paid(self.loose_on <= at, self.loose_refund, self.giver, self.loose, len(self.owners))
        sums[_CURRENT::size] += np.minimum(0, _rest(np.zeros(len(self.owners), dtype=np.int64), *given))
        names = tuple(BUCKETS)
        for index in np.flatnonzero(sums):
            entity_id, party = self.owners[index // size]
            yield Open(entity_id, party, names[index % size], int(sums[index]))


def _paid(
    early: npt.NDArray[np.bool_], refund: npt.NDArray[np.bool_], number: Integers, cents: Integers, size: int
) -> tuple[Integers, Integers]:
    """What was paid and what was given back, by number."""
    paid, back = (sums_by(number[own], cents[own], size) for own in (early & ~refund, early & refund))
    return paid, back


def _rest(total: Integers, paid: Integers, back: Integers) -> Integers:
    """Open balances, as ``metrics.accounting.documents.open_cents``."""
    rest = total - paid
    return np.where(rest > 0, rest - back, np.minimum(0, rest - back))


def documents(context: Context, direction: str) -> Documents:
    """The documents of one direction: issued, neither void nor written off; less deposits that they do not show.

    Raises:
        MissingInputError: an input that an open balance cannot do without is absent.
    """
    rows = context.rows("invoice", *NEEDS["invoice"], "counterparty_id")
    payments = context.rows("payment", *NEEDS["payment"])
    own = [row for row in rows if row.direction == direction and row.status not in NOT_OWED]
    balances(context, direction)  # raises where payments are not recorded
    known = [day for row in rows if row.direction == direction and (day := row.get(OPEN_ON)) is not None]
    held = deposits(context, issued(context, direction)) if direction == "ar" else {}
    number: dict[tuple[str, str], int] = {}
    owner = [number.setdefault((row.entity_id, row.counterparty_id), len(number)) for row in own]
    place = {row.invoice_id: index for index, row in enumerate(own)}
    on_invoice = [one for one in payments if one.invoice_id in place]
    loose = [one for one in loose_payments(context) if _side(context, *one) == direction]
    billed: dict[str, set[str]] = {}
    for row in rows:
        billed.setdefault(row.counterparty_id, set()).add(row.entity_id)
    giver = [number.setdefault(_owner(billed, *one), len(number)) for one in loose]
    return Documents(
        direction,
        tuple(number),
        _days(row.issued_on for row in own),
        _days(row.due_on for row in own),
        _whole(row.total_cents - held.get(row.invoice_id, 0) for row in own),
        _whole(owner),
        _days(one.paid_on for one in on_invoice),
        _whole(map(cash, on_invoice)),
        _flags(map(is_refund, on_invoice)),
        _whole(place[one.invoice_id] for one in on_invoice),
        _days(one.paid_on for one, _ in loose),
        _whole(cash(one) for one, _ in loose),
        _flags(is_refund(one) for one, _ in loose),
        _whole(giver),
        max(known, default=None),
    )


def _side(context: Context, payment: Any, document: Any) -> str | None:
    """The direction of an unapplied payment; None if nothing shows it, then it is on nobody's account."""
    return document.direction if document else sides(context).get(payment.get("counterparty_id"))


def _owner(billed: Mapping[str, set[str]], payment: Any, document: Any) -> tuple[str, str]:
    """Whose an unapplied payment is: without an entity, of the one that has documents of its party, if one has."""
    party = (document or payment).text("counterparty_id")
    one, *others = billed.get(party, {""})
    return (document or payment).text("entity_id") or ("" if others else one), party


def _days(values: Iterable[date]) -> Days:
    return np.array(list(values), dtype="datetime64[D]")


def _whole(values: Iterable[int]) -> Integers:
    return np.array(list(values), dtype=np.int64)


def _flags(values: Iterable[bool]) -> npt.NDArray[np.bool_]:
    return np.array(list(values), dtype=bool)
