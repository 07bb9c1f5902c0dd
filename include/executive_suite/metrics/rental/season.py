"""The season of a property: how each calendar month compares with the year around it."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from operator import attrgetter

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_applicable
from executive_suite.metrics.arithmetic import per_unit, rounded
from executive_suite.metrics.cut import YEAR, Cut, cut
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rental.counts import LET
from executive_suite.metrics.rental.nights import nights
from executive_suite.metrics.rental.occupancy import NO_CALENDAR
from executive_suite.period import Month

PLACES = 4
NEEDED = 2 * YEAR


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
    """Seasonal factors of a monthly series by ratio (or difference) to the centered moving average.

    Args:
        values: One value per month, without gaps, 24 or more.
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


@metric("seasonal_index", needs={"availability": ("asset_id", "date", "status")}, otherwise=NO_CALENDAR)
def _facts(context: Context) -> Iterator[Fact]:
    for unit in cut(context, "availability", nights(context)).by_entity():
        # A unit that only ever had tenants has no season, and takes none from the others.
        for_guests = frozenset(night.asset_id for night in unit.rows if not night.let)
        if for_guests:
            yield from _of_unit(replace(unit, rows=tuple(n for n in unit.rows if n.asset_id in for_guests)))
        else:
            yield _fact(unit, not_applicable(LET))


def _of_unit(unit: Cut) -> Iterator[Fact]:
    months = [(months[0], here) for here, months in unit.windows(attrgetter("row.date")) if here.period]
    if not months:
        return
    let = [str(month) for month, here in months if any(night.let for night in here.rows)]
    for number, (total, count) in _by_calendar_month(months, let).items():
        mean = per_unit(total, count, otherwise="")
        yield _fact(unit, mean, "nights", month=f"{number:02d}", statistic="mean")
    gap = next((month for month, here in months if not here.rows), None)
    if gap is not None:
        yield _fact(unit, not_applicable(f"the calendar has no nights in {gap}"))
    elif let:
        told = f"let under a lease in {len(let)} of {len(months)} months, last in {let[-1]}"
        yield _fact(unit, not_applicable(f"{told}: the season of stays needs {NEEDED} months in a row"))
    elif len(months) < NEEDED:
        have = "1 complete month" if len(months) == 1 else f"{len(months)} complete months"
        yield _fact(unit, not_applicable(f"{have} of history; {NEEDED} are needed"))
    else:
        sold = [sum(night.sold for night in here.rows) for _, here in months]
        yield from _indices(unit, decompose(sold, months[0][0].month))


def _indices(unit: Cut, season: Season) -> Iterator[Fact]:
    measured = "nights" if season.additive else ""
    reason = f"peak in {month_name[season.peak]}, low in {month_name[season.low]}"
    reason += "; additive, because a month had no nights" if season.additive else ""
    yield _fact(unit, Measure(rounded(season.factors[season.peak], PLACES), reason=reason), measured)
    for number, factor in season.factors.items():
        yield _fact(unit, Measure(rounded(factor, PLACES)), measured, month=f"{number:02d}")


def _fact(unit: Cut, measure: Measure, measured: str = "", **dimensions: str) -> Fact:
    fact = replace(unit, dimensions=dimensions).fact("seasonal_index", measure, assumed=False)
    return replace(fact, unit=measured or fact.unit)


def _by_calendar_month(months: Sequence[tuple[Month, Cut]], let: Collection[str]) -> dict[int, tuple[int, int]]:
    """Nights sold and number of months by calendar month; months in which a unit had a tenant are left out."""
    found: dict[int, tuple[int, int]] = {}
    for month, here in months:
        if str(month) not in let:
            total, count = found.get(month.month, (0, 0))
            found[month.month] = total + sum(night.sold for night in here.rows), count + 1
    return dict(sorted(found.items()))
