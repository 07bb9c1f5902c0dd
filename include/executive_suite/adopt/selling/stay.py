"""Stays as bookings: several rows of one reservation add up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from executive_suite.adopt.reading import Origin, Record
from executive_suite.adopt.selling.desk import ZERO


@dataclass(slots=True)
class Stay:
    """One reservation as its rows say so far.

    Attributes:
        code: Its confirmation code.
        booked: The day on which it was booked, or first known.
        begins: The day of arrival.
        ends: The day of departure.
        origin: Its first row.
        gross: What it earned.
        fee: What the platform kept.
        tax: Tax that the platform passed on.
    """

    code: str
    booked: date
    begins: date
    ends: date
    origin: Origin
    gross: Decimal = ZERO
    fee: Decimal = ZERO
    tax: Decimal = ZERO


def records(stays: Iterable[Stay], last: date) -> tuple[Record, ...]:
    """The stays as rows of table ``booking``; one that ends after the file's last day is still to come.

    Instants are noon UTC of the day: a platform's file has no times.
    """
    return tuple(
        Record(
            "booking",
            {
                "booking_id": stay.code,
                "booked_at": _noon(min(stay.booked, stay.begins)),
                "confirmed_at": _noon(min(stay.booked, stay.begins)),
                "service_start": _noon(stay.begins),
                "service_end": _noon(stay.ends),
                "status": "cancelled" if not stay.gross else "completed" if stay.ends <= last else "confirmed",
                "gross_cents": _cents(stay.gross),
                "discount_cents": "0",
                "tax_cents": _cents(stay.tax),
                "platform_fee_cents": _cents(stay.fee),
                "variable_cost_cents": "0",
                "deposit_cents": "0",
            },
            stay.origin,
        )
        for stay in stays
    )


def _noon(day: date) -> str:
    return f"{day.isoformat()}T20:00:00Z"


def _cents(amount: Decimal) -> str:
    return str(int(amount * 100))
