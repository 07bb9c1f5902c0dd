"""Exact rates and averages as facts hold them: integers and fractions in, decimals of a stated precision out."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from executive_suite.metrics.definition import Measure, not_applicable

Exact = int | Fraction


def rounded(value: Exact, places: int) -> Decimal:
    """An exact number to ``places`` decimals, halves away from zero.

    >>> rounded(Fraction(250_000, 31), 2), rounded(Fraction(-1, 8), 2)
    (Decimal('8064.52'), Decimal('-0.13'))
    """
    scaled = abs(Fraction(value)) * 10**places + Fraction(1, 2)
    whole = scaled.numerator // scaled.denominator
    return Decimal(-whole if value < 0 else whole).scaleb(-places)


def whole_cents(value: Exact) -> int:
    """An exact amount to the whole cent, halves away from zero.

    >>> whole_cents(Fraction(5, 2))
    3
    """
    return int(rounded(value, 0))


def exact(text: object) -> Fraction:
    """The exact value of a number column's decimal text.

    >>> exact("2.50")
    Fraction(5, 2)
    """
    return Fraction(Decimal(str(text)))


def ratio(part: Exact, whole: Exact, *, otherwise: str) -> Measure:
    """``part / whole`` to ten places; not applicable, with ``otherwise`` as the reason, when ``whole`` is zero.

    >>> ratio(10, 31, otherwise="no nights available").value
    Decimal('0.3225806452')
    >>> ratio(10, 0, otherwise="no nights available").reason
    'no nights available'
    """
    if whole == 0:
        return not_applicable(otherwise)
    return Measure(rounded(Fraction(part) / Fraction(whole), 10))


def per_unit(total: Exact, units: Exact, *, otherwise: str) -> Measure:
    """An average to two places (of a cent, a day, a job); a whole one stays an integer.

    >>> per_unit(250_000, 10, otherwise="nothing sold").value
    25000
    >>> per_unit(250_000, 29, otherwise="nothing offered").value
    Decimal('8620.69')
    """
    if units == 0:
        return not_applicable(otherwise)
    average = Fraction(total) / Fraction(units)
    return Measure(int(average) if average.denominator == 1 else rounded(average, 2))


def qualified(measure: Measure, reason: str) -> Measure:
    """The same measure with something to say about it; a reason that it already has stays in front."""
    return Measure(measure.value, measure.status, "; ".join(part for part in (measure.reason, reason) if part))
