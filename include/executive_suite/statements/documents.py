"""Open invoices and unapplied payments by party and age, at any day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from executive_suite.metrics.accounting.documents import NEEDS, NOT_OWED, is_refund
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
_NOBODY = "unapplied"
"""Stands for the party of a payment that names neither an invoice nor a party."""

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
        applied_on: By unapplied payment, its day.
        unapplied: By unapplied payment, cents.
        giver: By unapplied payment, whose it is.
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
    applied_on: Days
    unapplied: Integers
    giver: Integers

    def open(self, day: date) -> Iterator[Open]:
        """What is open at the end of a day, by entity, party and age.

        An invoice that is overpaid and a payment without an invoice are a credit, which is never past due.
        """
        at = np.datetime64(day, "D")
        cents = np.where(self.issued <= at, self._rest(at), 0)
        age = np.where(cents < 0, _CURRENT, np.searchsorted(_LAST_DAYS, (at - self.due).astype(np.int64)))
        size = len(BUCKETS)
        sums = sums_by(self.owner * size + age, cents, len(self.owners) * size)
        early = self.applied_on <= at
        np.subtract.at(sums, self.giver[early] * size + _CURRENT, self.unapplied[early])
        names = tuple(BUCKETS)
        for index in np.flatnonzero(sums):
            entity_id, party = self.owners[index // size]
            yield Open(entity_id, party, names[index % size], int(sums[index]))

    def _rest(self, at: np.datetime64) -> Integers:
        """Open balance by invoice at the end of a day: as ``metrics.accounting.documents.open_cents``."""
        early = self.paid_on <= at
        paid, back = (
            sums_by(self.invoice[chosen], self.paid[chosen], len(self.total))
            for chosen in (early & ~self.refund, early & self.refund)
        )
        rest = self.total - paid
        return np.where(rest > 0, rest - back, np.minimum(0, rest - back))


def documents(context: Context, direction: str) -> Documents:
    """The documents of one direction: issued, neither void nor written off.

    Raises:
        MissingInputError: table invoice, or a column that an open balance cannot do without, is absent.
    """
    rows = context.rows("invoice", *NEEDS["invoice"], "counterparty_id")
    payments = context.rows("payment", *NEEDS["payment"]) if context.has("payment") else ()
    own = [row for row in rows if row.direction == direction and row.status not in NOT_OWED]
    number: dict[tuple[str, str], int] = {}
    owner = [number.setdefault((row.entity_id, row.counterparty_id), len(number)) for row in own]
    place = {row.invoice_id: index for index, row in enumerate(own)}
    on_invoice = [one for one in payments if one.invoice_id in place]
    loose = [one for one in _unapplied(context, rows, payments) if one.direction == direction]
    giver = [number.setdefault((one.entity_id, one.party), len(number)) for one in loose]
    return Documents(
        direction,
        tuple(number),
        _days(row.issued_on for row in own),
        _days(row.due_on for row in own),
        _whole(row.total_cents for row in own),
        _whole(owner),
        _days(one.paid_on for one in on_invoice),
        _whole(one.amount_cents for one in on_invoice),
        np.array([is_refund(one) for one in on_invoice], dtype=bool),
        _whole(place[one.invoice_id] for one in on_invoice),
        _days(one.paid_on for one in loose),
        _whole(one.cents for one in loose),
        _whole(giver),
    )


@dataclass(frozen=True, slots=True)
class _Unapplied:
    """A payment without an invoice, with whose it is."""

    direction: str
    entity_id: str
    party: str
    paid_on: date
    cents: int


def _unapplied(context: Context, invoices: Iterable[Any], payments: Iterable[Any]) -> Iterator[_Unapplied]:
    """Payments without an invoice: of a vendor, or of a party that only bills us, they are payables' credit.

    A payment without an entity belongs to the one entity that has invoices of its party, else to the group's own.
    """
    loose = [one for one in payments if one.invoice_id is None]
    if not loose:
        return
    known = context.rows("counterparty", "counterparty_id") if context.has("counterparty") else ()
    kind = {row.counterparty_id: row.text("kind") for row in known}
    directions: dict[str, set[str]] = {}
    entities: dict[str, set[str]] = {}
    for row in invoices:
        directions.setdefault(row.counterparty_id, set()).add(row.direction)
        entities.setdefault(row.counterparty_id, set()).add(row.entity_id)
    for one in loose:
        party = one.text("counterparty_id")
        payable = kind.get(party) == "vendor" or directions.get(party) == {"ap"}
        billed = entities.get(party, set())
        entity_id = one.text("entity_id") or (next(iter(billed)) if len(billed) == 1 else "")
        yield _Unapplied("ap" if payable else "ar", entity_id, party or _NOBODY, one.paid_on, one.amount_cents)


def _days(values: Iterable[date]) -> Days:
    return np.array(list(values), dtype="datetime64[D]")


def _whole(values: Iterable[int]) -> Integers:
    return np.array(list(values), dtype=np.int64)
