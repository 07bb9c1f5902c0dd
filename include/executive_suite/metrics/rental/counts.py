"""What happened to the nights of a period: both occupancies, average daily rate and revenue per available night."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from executive_suite.facts.fact import Qualifier, Why
from executive_suite.facts.measure import Measure, not_evaluable, qualified
from executive_suite.metrics.arithmetic import per_unit, ratio
from executive_suite.metrics.rental.nights import Key, Night, key

NO_NIGHTS = "no nights available"
NONE_SOLD = "no nights sold"
LET = "let as a whole"


@dataclass(frozen=True, slots=True)
class Nights:
    """What happened to the nights of a period.

    Attributes:
        inventory: Nights in the standard denominator.
        offered: Nights in the adjusted denominator.
        sold: Nights sold.
        revenue: Cents of the nights sold, and fees of no-shows.
        unpriced: Sold nights without a booking, so without a price.
        let: Nights under a long-term lease, in neither denominator.
    """

    inventory: int
    offered: int
    sold: int
    revenue: int = 0
    unpriced: int = 0
    let: int = 0

    def occupancy(self) -> Measure:
        """Standard occupancy.

        >>> Nights(inventory=31, offered=29, sold=10).occupancy().value
        Decimal('0.3225806452')
        """
        return self._noted(ratio(self.sold, self.inventory, otherwise=self._none(NO_NIGHTS)))

    def occupancy_adjusted(self) -> Measure:
        """Adjusted occupancy.

        >>> Nights(inventory=31, offered=29, sold=10).occupancy_adjusted().value
        Decimal('0.3448275862')
        """
        return self._noted(ratio(self.sold, self.offered, otherwise=self._none("no nights offered")))

    def adr(self) -> Measure:
        """Average daily rate, cents.

        >>> Nights(inventory=31, offered=29, sold=10, revenue=250_000).adr().value
        25000
        """
        return self._priced(per_unit(self.revenue, self.sold, otherwise=self._none(NONE_SOLD)))

    def revpar(self, *, adjusted: bool = False) -> Measure:
        """Revenue per available (or, adjusted, per offered) night, cents.

        >>> Nights(inventory=31, offered=29, sold=10, revenue=250_000).revpar().value
        Decimal('8064.52')
        """
        available = self.offered if adjusted else self.inventory
        return self._priced(per_unit(self.revenue, available, otherwise=self._none(NO_NIGHTS)))

    def _none(self, otherwise: str) -> str:
        """Why there is nothing to divide by."""
        return LET if self.let and not self.inventory else otherwise

    def _noted(self, measure: Measure) -> Measure:
        if not self.let or measure.value is None:
            return measure
        return qualified(measure, f"without {self.let} nights let under a lease")

    def _priced(self, measure: Measure) -> Measure:
        if not self.unpriced:
            return self._noted(measure)
        blank = Qualifier(Why.INPUT_BLANK, self.unpriced, self.sold)
        if self.unpriced == self.sold:
            return not_evaluable("the nights sold have neither booking nor lease, so no price", blank)
        note = f"{self.unpriced} of {self.sold} nights sold have neither booking nor lease and count as 0"
        return qualified(measure, note, blank)


def count_of(found: Sequence[Night], prices: Mapping[Key, int]) -> Nights:
    """Count nights, and add up what was charged for them."""
    return Nights(
        inventory=sum(night.inventory for night in found),
        offered=sum(night.offered for night in found),
        sold=sum(night.sold for night in found),
        revenue=sum(prices.get(key(night), 0) for night in found),
        unpriced=sum(night.sold and key(night) not in prices for night in found),
        let=sum(night.let for night in found),
    )
