"""Exact arithmetic of the metrics: integers, decimals and fractions in, decimals of a stated precision out."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from executive_suite.facts.measure import Measure, not_applicable

Exact = int | Decimal | Fraction

RATIO = 10
"""Decimals of a ratio."""
WHOLE_BP = 10_000
"""Basis points of the whole."""
CENT_HUNDREDTH = 2
"""Decimals of an average in cents, of days and of multiples."""


def quotient(numerator: Exact, denominator: Exact, places: int) -> Decimal:
    """``numerator / denominator`` to ``places`` decimals, halves away from zero, rounded once.

    >>> quotient(2, 3, 10), quotient(-1, 8, 2)
    (Decimal('0.6666666667'), Decimal('-0.13'))
    """
    if not (isinstance(numerator, int) and isinstance(denominator, int)):
        exact_value = Fraction(numerator) / Fraction(denominator)
        numerator, denominator = exact_value.numerator, exact_value.denominator
    scaled = (2 * abs(numerator) * 10**places + abs(denominator)) // (2 * abs(denominator))
    return Decimal(-scaled if (numerator < 0) != (denominator < 0) else scaled).scaleb(-places)


def rounded(value: Exact, places: int) -> Decimal:
    """An exact number to ``places`` decimals, halves away from zero.

    >>> rounded(Fraction(250_000, 31), 2)
    Decimal('8064.52')
    """
    return quotient(value, 1, places)


def ceiling(numerator: Exact, denominator: Exact) -> int:
    """The smallest integer not below the exact quotient.

    >>> ceiling(Decimal(1682), Decimal(29))
    58
    """
    return math.ceil(Fraction(numerator) / Fraction(denominator))


def whole_cents(value: Exact) -> int:
    """An exact amount to the whole cent, halves away from zero.

    >>> whole_cents(Fraction(5, 2))
    3
    """
    return int(rounded(value, 0))


def amount(value: Exact) -> int | Decimal:
    """Cents: an integer when whole, else to a hundredth of a cent.

    >>> amount(Decimal("800000.00")), amount(Decimal("33.333"))
    (800000, Decimal('33.33'))
    """
    return _whole_or(rounded(value, CENT_HUNDREDTH))


def mean(cents: Sequence[int]) -> int | Decimal:
    """The mean of amounts in cents; whole means are integers.

    >>> mean([820_000, 900_000, 860_000, 700_000, 740_000, 780_000])
    800000
    """
    return _whole_or(quotient(sum(cents), len(cents), CENT_HUNDREDTH))


def median(values: Sequence[Exact]) -> Decimal:
    """The median to two places.

    >>> median([10, 20, 30, 41, 100, 50])
    Decimal('35.50')
    """
    return rounded(statistics.median([Fraction(value) for value in values]), CENT_HUNDREDTH)


def ratio(part: Exact, whole: Exact, otherwise: str) -> Measure:
    """``part / whole`` to ten places; not applicable unless ``whole`` is positive.

    Args:
        part: Numerator.
        whole: Denominator; a share of something negative (sales after larger refunds) has no meaning.
        otherwise: The reason when it is zero or negative ("no net revenue in the window").

    >>> ratio(10, 31, "no nights available").value
    Decimal('0.3225806452')
    >>> ratio(10, 0, "no nights available").reason
    'no nights available'
    """
    return Measure(quotient(part, whole, RATIO)) if whole > 0 else not_applicable(otherwise)


def per_unit(total: Exact, units: Exact, otherwise: str) -> Measure:
    """An average to two places (of a cent, a day, a job), not applicable unless ``units`` is positive.

    An exact whole one stays an integer.

    >>> per_unit(250_000, 10, "nothing sold").value
    25000
    >>> per_unit(250_000, 29, "nothing offered").value
    Decimal('8620.69')
    """
    if units <= 0:
        return not_applicable(otherwise)
    average = Fraction(total) / Fraction(units)
    return Measure(int(average) if average.denominator == 1 else rounded(average, CENT_HUNDREDTH))


def _whole_or(value: Decimal) -> int | Decimal:
    return int(value) if value == value.to_integral_value() else value
