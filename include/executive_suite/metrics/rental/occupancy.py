"""Occupancy by both of its denominators, average daily rate and revenue per available night."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import param
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_evaluable, qualified
from executive_suite.metrics.arithmetic import per_unit, ratio, rounded
from executive_suite.metrics.cut import for_group_too
from executive_suite.metrics.frames import by_entity, by_month, complete_months_since
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rental.nights import lease_nights, nights, stay_nights
from executive_suite.period import complete_months

TRAILING_MONTHS = 12
NO_NIGHTS = "no nights available"
NONE_SOLD = "no nights sold"
NO_CALENDAR = "table availability has no complete month of a property's nights"

STR = "STR/CoStar total room inventory methodology; USALI, 12th edition"
ADJUSTED = "Key Data and AirDNA, adjusted occupancy"

OCCUPANCY = Definition(
    "occupancy",
    "Occupancy",
    "ratio",
    "Nights sold / nights in the inventory. Out-of-order and owner nights stay in; only units out of order for six "
    "consecutive months or longer, and closures of the whole property for thirty days or longer, leave it. A night is "
    "sold when the calendar says booked or a paid stay covers it; free nights are not sold. Stays are split by night "
    "across months. At the report date: the latest twelve complete months. No nights: n/a.",
    STR,
    "higher",
)
OCCUPANCY_ADJUSTED = Definition(
    "occupancy_adjusted",
    "Adjusted occupancy",
    "ratio",
    "Nights sold / nights actually offered: owner and out-of-order nights are taken out. No nights offered: n/a.",
    ADJUSTED,
    "higher",
)
TARGET = Definition(
    "occupancy_target",
    "Occupancy target",
    "ratio",
    "The occupancy that the owner set (parameter occupancy_target of the entity), valid at the report date.",
    "The group's parameters",
)
ADR = Definition(
    "adr",
    "Average daily rate (ADR)",
    "cents",
    "Revenue of the nights sold / nights sold. Revenue is gross less discount, before lodging tax and platform fees, "
    "with a cleaning fee where the booking's gross has it; a night under a lease counts with its month's rent by day. "
    "No nights sold: n/a.",
    STR,
    "higher",
)
REVPAR = Definition(
    "revpar",
    "Revenue per available night (RevPAR)",
    "cents",
    "Revenue of the nights sold / nights in the inventory, which is occupancy times ADR; with basis adjusted, / nights "
    "offered. Nothing sold: 0. No nights: n/a.",
    STR,
    "higher",
)


@dataclass(frozen=True, slots=True)
class Nights:
    """What happened to the nights of a period.

    Attributes:
        inventory: Nights in the standard denominator.
        offered: Nights in the adjusted denominator.
        sold: Nights sold.
        revenue: Cents of the nights sold.
        unpriced: Sold nights without a booking, so without a price.
    """

    inventory: int
    offered: int
    sold: int
    revenue: int = 0
    unpriced: int = 0

    def occupancy(self) -> Measure:
        """Standard occupancy.

        >>> Nights(inventory=31, offered=29, sold=10).occupancy().value
        Decimal('0.3225806452')
        """
        return ratio(self.sold, self.inventory, otherwise=NO_NIGHTS)

    def occupancy_adjusted(self) -> Measure:
        """Adjusted occupancy.

        >>> Nights(inventory=31, offered=29, sold=10).occupancy_adjusted().value
        Decimal('0.3448275862')
        """
        return ratio(self.sold, self.offered, otherwise="no nights offered")

    def adr(self) -> Measure:
        """Average daily rate, cents.

        >>> Nights(inventory=31, offered=29, sold=10, revenue=250_000).adr().value
        25000
        """
        return self._priced(per_unit(self.revenue, self.sold, otherwise=NONE_SOLD))

    def revpar(self, *, adjusted: bool = False) -> Measure:
        """Revenue per available (or, adjusted, per offered) night, cents.

        >>> Nights(inventory=31, offered=29, sold=10, revenue=250_000).revpar().value
        Decimal('8064.52')
        """
        return self._priced(per_unit(self.revenue, self.offered if adjusted else self.inventory, otherwise=NO_NIGHTS))

    def _priced(self, measure: Measure) -> Measure:
        if self.sold and self.unpriced == self.sold:
            return not_evaluable("the nights sold have neither booking nor lease, so no price")
        if self.unpriced:
            return qualified(
                measure, f"{self.unpriced} of {self.sold} nights sold have neither booking nor lease and count as 0"
            )
        return measure


def tally(rows: pd.DataFrame) -> Nights:
    """Count the nights of ``rows`` and, where they have a column ``cents``, add up the prices of nights sold."""
    sold = rows["sold"].to_numpy(dtype=bool)
    counts = (int(rows["inventory"].to_numpy().sum()), int(rows["offered"].to_numpy().sum()), int(sold.sum()))
    if "cents" not in rows.columns:
        return Nights(*counts)
    paid = rows["cents"].to_numpy(dtype=np.float64, na_value=np.nan)[sold]
    unpriced = np.isnan(paid)
    return Nights(*counts, revenue=int(paid[~unpriced].astype(np.int64).sum()), unpriced=int(unpriced.sum()))


def _periods(context: Context, rows: pd.DataFrame) -> Iterable[tuple[str, pd.DataFrame]]:
    """Each complete month of the calendar, then the latest twelve of them together."""
    known = dict(by_month(rows, "date", complete_months_since(context, rows["date"])))
    for month, here in known.items():
        yield str(month), here
    latest = [known[month] for month in complete_months(context.report_date, TRAILING_MONTHS) if month in known]
    if latest:
        yield "", pd.concat(latest)


@metric(OCCUPANCY, OCCUPANCY_ADJUSTED, needs={"availability": ("asset_id", "date", "status")})
def occupancy(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    return for_group_too(context, _occupancy(context), ("occupancy", "occupancy_adjusted"), NO_CALENDAR)


def _occupancy(context: Context) -> Iterable[Fact]:
    for entity_id, rows in by_entity(nights(context)):
        for period, here in _periods(context, rows):
            count = tally(here)
            inputs = {"availability": len(here)}
            if context.has("booking"):
                inputs["booking"] = len(context.tables["booking"])
            for metric_id, measure in (
                ("occupancy", count.occupancy()),
                ("occupancy_adjusted", count.occupancy_adjusted()),
            ):
                yield context.fact(
                    metric_id,
                    measure,
                    entity_id=entity_id,
                    period=period,
                    inputs=inputs,
                    assumed=False,
                )


@metric(
    ADR,
    REVPAR,
    needs={
        "availability": ("asset_id", "date", "status"),
        "booking": ("booking_id", "entity_id", "asset_id", "service_start", "service_end", "status", "gross_cents"),
    },
)
def rates(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    return for_group_too(context, _rates(context), ("adr", "revpar"), NO_CALENDAR)


def _rates(context: Context) -> Iterable[Fact]:
    stays = stay_nights(context)
    priced = stays.groupby(["asset_id", "date"])["cents"].sum().reset_index()
    booking = context.tables["booking"]
    calendar = nights(context)
    known = pd.MultiIndex.from_frame(priced[["asset_id", "date"]])
    rest = calendar[calendar["sold"] & ~pd.MultiIndex.from_frame(calendar[["asset_id", "date"]]).isin(known)]
    priced = pd.concat([priced, lease_nights(context, rest)])
    calendar = calendar.merge(priced, how="left", on=["asset_id", "date"])
    assumed = set(booking.loc[booking["assumed"].fillna(value=False), "booking_id"]) if "assumed" in booking else set()
    slept = calendar[["entity_id", "asset_id", "date"]].merge(stays, on=["asset_id", "date"])
    for entity_id, rows in by_entity(calendar):
        own = slept if entity_id == GROUP else slept[slept["entity_id"] == entity_id]
        stayed = {period: set(there["booking_id"]) for period, there in _periods(context, own)}
        for period, here in _periods(context, rows):
            count, used = tally(here), stayed.get(period, set())
            for metric_id, measure, basis in (
                ("adr", count.adr(), {}),
                ("revpar", count.revpar(), {}),
                ("revpar", count.revpar(adjusted=True), {"basis": "adjusted"}),
            ):
                yield context.fact(
                    metric_id,
                    measure,
                    entity_id=entity_id,
                    period=period,
                    inputs={"availability": len(here), "booking": len(used)},
                    assumed=not used.isdisjoint(assumed),
                    **basis,
                )


@metric(TARGET, needs={"availability": ("asset_id",), "param": ("param", "scope", "value")})
def occupancy_target(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    frame = nights(context)
    for entity_id in sorted(frame["entity_id"].dropna().unique()):
        try:
            measure = Measure(rounded(Fraction(param(context, "occupancy_target", str(entity_id)).value), 10))
        except MissingInputError as missing:
            measure = not_evaluable(str(missing))
        yield context.fact("occupancy_target", measure, entity_id=str(entity_id), inputs={"param": 1})
    if frame["entity_id"].isna().all():
        yield context.fact("occupancy_target", not_evaluable("no entity owns a calendar"), inputs={"param": 0})
