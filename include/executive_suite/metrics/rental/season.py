"""The season of a property: how each calendar month compares with the year around it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from executive_suite.dataset.context import Context
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_applicable
from executive_suite.metrics.arithmetic import per_unit, rounded
from executive_suite.metrics.cut import for_group_too
from executive_suite.metrics.frames import by_entity, complete_months_since, in_month
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rental.nights import nights
from executive_suite.metrics.rental.occupancy import NO_CALENDAR
from executive_suite.period import Month

YEAR = 12
NEEDED = 2 * YEAR

SEASONAL_INDEX = Definition(
    "seasonal_index",
    "Seasonal index",
    "index",
    "Nights sold in a month / the centred moving average of the twelve months around it, averaged by calendar month "
    "and scaled to a mean of 1. With a month of no nights the differences are taken instead (additive, in nights, mean "
    "0). Fewer than 24 complete months: no index, month means only. The undivided figure is the peak month's.",
    "Classical decomposition: Makridakis, Wheelwright and Hyndman, Forecasting, ch. 3; statsmodels seasonal_decompose",
)


@dataclass(frozen=True, slots=True)
class Season:
    """Seasonal factors by calendar month (1 to 12), and whether they are differences instead of ratios."""

    factors: Mapping[int, Fraction]
    additive: bool

    @property
    def peak(self) -> int:
        """The calendar month of the highest factor; the earliest of several."""
        return max(self.factors, key=lambda month: (self.factors[month], -month))

    @property
    def low(self) -> int:
        """The calendar month of the lowest factor; the earliest of several."""
        return min(self.factors, key=lambda month: (self.factors[month], month))


def decompose(values: Sequence[int], first_month: int) -> Season:
    """Seasonal factors of a monthly series by ratio (or difference) to the centred moving average.

    Args:
        values: One value a month, gapless, 24 or more.
        first_month: Calendar month of the first value, 1 to 12.

    Returns:
        Ratios with a mean of 1; differences with a mean of 0 when a value is not positive.

    Raises:
        ValueError: fewer than 24 values.

    >>> decompose([10] * 24, 1).factors[7]
    Fraction(1, 1)
    """
    if len(values) < NEEDED:
        msg = f"expected {NEEDED} months or more, got {len(values)}"
        raise ValueError(msg)
    additive = min(values) <= 0
    half = YEAR // 2
    against: dict[int, list[Fraction]] = {month: [] for month in range(1, YEAR + 1)}
    for centre in range(half, len(values) - half):
        around = sum(values[centre - half + 1 : centre + half])
        average = Fraction(values[centre - half] + values[centre + half] + 2 * around, 2 * YEAR)
        compared = values[centre] - average if additive else values[centre] / average
        against[(first_month - 1 + centre) % YEAR + 1].append(compared)
    means = {month: sum(seen, Fraction(0)) / len(seen) for month, seen in against.items()}
    mean = sum(means.values(), Fraction(0)) / YEAR
    return Season({m: value - mean if additive else value / mean for m, value in means.items()}, additive)


@metric(SEASONAL_INDEX, needs={"availability": ("asset_id", "date", "status")})
def seasonal_index(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    return for_group_too(context, _facts(context), ("seasonal_index",), NO_CALENDAR)


def _facts(context: Context) -> Iterable[Fact]:
    for entity_id, rows in by_entity(nights(context)):
        months = complete_months_since(context, rows["date"])
        if not months:
            continue
        sold = [int(rows.loc[in_month(rows["date"], month), "sold"].sum()) for month in months]
        listed = [bool(in_month(rows["date"], month).any()) for month in months]

        def fact(measure: Measure, of: str = entity_id, used: int = len(rows), **dimensions: str) -> Fact:
            return context.fact(
                "seasonal_index", measure, entity_id=of, inputs={"availability": used}, assumed=False, **dimensions
            )

        yield from (
            replace(fact(per_unit(*total, otherwise=""), month=f"{number:02d}", statistic="mean"), unit="nights")
            for number, total in _means(months, sold).items()
        )
        if not all(listed):
            gap = months[listed.index(False)]
            yield fact(not_applicable(f"the calendar has no nights in {gap}"))
            continue
        if len(months) < NEEDED:
            yield fact(not_applicable(f"{len(months)} complete months of history; {NEEDED} are needed"))
            continue
        season = decompose(sold, months[0].month)
        reason = f"peak in {date(1900, season.peak, 1):%B}, low in {date(1900, season.low, 1):%B}"
        unit = "nights" if season.additive else SEASONAL_INDEX.unit
        reason += "; additive, because a month had no nights" if season.additive else ""
        yield replace(fact(Measure(rounded(season.factors[season.peak], 4), reason=reason)), unit=unit)
        for number, factor in sorted(season.factors.items()):
            yield replace(fact(Measure(rounded(factor, 4)), month=f"{number:02d}"), unit=unit)


def _means(months: Sequence[Month], sold: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Nights sold and number of months by calendar month."""
    totals: dict[int, tuple[int, int]] = {}
    for month, count in zip(months, sold, strict=True):
        total, seen = totals.get(month.month, (0, 0))
        totals[month.month] = (total + count, seen + 1)
    return dict(sorted(totals.items()))
