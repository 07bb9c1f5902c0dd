"""Small exact arithmetic that the financial metrics share: means, quotients, roundings."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext

from executive_suite.metrics.definition import Measure, not_applicable

CENT_HUNDREDTH = Decimal("0.01")
RATIO = Decimal("0.0000000001")


def quotient(numerator: Decimal | int, denominator: Decimal | int, places: Decimal) -> Decimal:
    """``numerator / denominator`` rounded half up once, from the exact quotient.

    >>> quotient(2, 3, RATIO)
    Decimal('0.6666666667')
    """
    with localcontext() as exact:
        exact.prec = 60
        return (Decimal(numerator) / Decimal(denominator)).quantize(places, ROUND_HALF_UP)


def amount(value: Decimal) -> int | Decimal:
    """Cents: an integer when whole, else to a hundredth of a cent.

    >>> amount(Decimal("800000.00")), amount(Decimal("33.333"))
    (800000, Decimal('33.33'))
    """
    rounded = value.quantize(CENT_HUNDREDTH, ROUND_HALF_UP)
    return int(rounded) if rounded == rounded.to_integral_value() else rounded


def mean(cents: list[int]) -> int | Decimal:
    """The mean of amounts in cents; whole means are integers.

    >>> mean([820_000, 900_000, 860_000, 700_000, 740_000, 780_000])
    800000
    """
    return amount(quotient(sum(cents), len(cents), CENT_HUNDREDTH))


def ratio(numerator: Decimal | int, denominator: Decimal | int, otherwise: str) -> Measure:
    """A fraction to ten places; not applicable, with the reason ``otherwise``, when the denominator is zero.

    >>> ratio(1, 4, "no sales").value
    Decimal('0.2500000000')
    >>> ratio(1, 0, "no sales").reason
    'no sales'
    """
    return Measure(quotient(numerator, denominator, RATIO)) if denominator else not_applicable(otherwise)
