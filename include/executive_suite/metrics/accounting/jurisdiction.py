"""Which stays a city or county taxes: from which length they are exempt, and whether no-show fees are rent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import optional_param
from executive_suite.metrics.straight_line import share
from executive_suite.period import months_later

EXEMPT_NIGHTS = 31
"""Without a parameter, a stay of thirty days or less is taxed (California Revenue and Taxation Code 7280(a))."""


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay: first night, day of departure, rent without tax in cents."""

    arrives: date
    leaves: date
    rent_cents: int

    @property
    def nights(self) -> tuple[date, ...]:
        """The nights spent; a stay within one day counts as one night."""
        count = max(1, (self.leaves - self.arrives).days)
        return tuple(self.arrives + timedelta(days=n) for n in range(count))

    def rent_until(self, day: date) -> Mapping[date, int]:
        """Rent by night, cents, for nights before ``day``; running totals are rounded, so that nothing is lost."""
        nights = self.nights
        due = [share(self.rent_cents, n, len(nights)) for n in range(len(nights) + 1)]
        return {night: due[n + 1] - due[n] for n, night in enumerate(nights) if night < day}


@dataclass(frozen=True, slots=True)
class Convention:
    """What a jurisdiction taxes.

    Attributes:
        months: Calendar months from which a stay is exempt; None where nights decide.
        nights: Nights from which a stay is exempt.
        no_shows: Whether the fee of a guest who never came is taxed.
    """

    months: int | None
    nights: int
    no_shows: bool

    def exempts(self, stay: Stay) -> bool:
        """Whether a stay is long enough to be exempt.

        Source: San Diego Municipal Code 35.0102: less than one month, to the same calendar day of the next month, or
        its last day; City of Avalon and County of San Diego (Regulatory Code 22.202(c)): 30 consecutive days or less.

        >>> june = Stay(date(2026, 6, 1), date(2026, 7, 1), 310_000)
        >>> Convention(1, 31, True).exempts(june), Convention(None, 31, True).exempts(june)
        (True, False)
        """
        if self.months is not None:
            return stay.leaves >= months_later(stay.arrives, self.months)
        return len(stay.nights) >= self.nights

    def __str__(self) -> str:
        """For people."""
        length = f"{self.nights} nights" if self.months is None else f"{self.months} calendar months"
        length = length.removesuffix("s") if length.startswith("1 ") else length
        return f"stays of {length} or longer exempt; no-show fees {'taxed' if self.no_shows else 'not taxed'}"


def convention(context: Context, entity_id: str, on: date) -> Convention:
    """What the jurisdiction of an entity taxes on a day: by its own parameters, else by the group's."""

    def stated(name: str) -> int | None:
        own = optional_param(context, name, entity_id, on=on) or optional_param(context, name, on=on)
        return own.whole if own else None

    nights, fees = stated("lodging_tax_exempt_from_nights"), stated("lodging_tax_on_no_show_fees")
    # County of San Diego, Regulatory Code 22.202(b): occupancy includes a guaranteed no-show fee paid.
    return Convention(stated("lodging_tax_exempt_from_months"), nights or EXEMPT_NIGHTS, no_shows=fees != 0)
