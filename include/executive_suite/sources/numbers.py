"""Amounts as exports write them, with separators, signs and brackets, as exact text that the schema can read."""

from __future__ import annotations

import re
from decimal import Decimal

from executive_suite.schema.cells import CellError, decimal_text

CENTS = Decimal(100)

_WITH_COMMA = re.compile(
    r"""(?P<open>\()?(?P<sign>[+-]?)(?P<whole>\d{1,3}(?:[.\ '\u2019\u00a0\u202f]\d{3})+|\d+)
    (?:,(?P<part>\d+))?(?P<end>-|\))?""",
    re.ASCII | re.VERBOSE,
)
_MISTAKABLE = re.compile(r"[+-]?\d{1,3}\.\d\d0", re.ASCII)


def with_point(text: str) -> str:
    """A number with a decimal comma, rewritten with a point and without thousands separators.

    Raises:
        CellError: not a number with a decimal comma.

    >>> with_point("1.234,50"), with_point("-7"), with_point("1'234,5-")
    ('1234.50', '-7', '-1234.5')
    """
    found = _WITH_COMMA.fullmatch(text)
    if not found or bool(found["open"]) != (found["end"] == ")") or (found["sign"] and found["end"]):
        rule = "must be a number with a decimal comma"
        raise CellError(rule, "write 1.234,50, or correct `decimal` in sources.yaml")
    whole = re.sub(r"\D", "", found["whole"])
    sign = "-" if found["end"] else found["sign"].removeprefix("+")
    return f"{sign}{whole}{'.' if found['part'] else ''}{found['part'] or ''}"


def cents_text(text: str) -> str:
    """An amount in a currency's main unit as text of whole cents, exactly; brackets or a trailing minus mean negative.

    Raises:
        CellError: not a number, or more than two decimals.

    >>> cents_text("1,234.5"), cents_text("(0.07)"), cents_text("0.07-")
    ('123450', '-7', '-7')
    """
    sign, inner = "", text
    if text.startswith("(") and text.endswith(")"):
        sign, inner = "-", text[1:-1].strip()
    elif text.endswith("-"):
        sign, inner = "-", text[:-1].strip()
    if sign and inner.startswith(("-", "+")):
        rule = "must be an amount with one sign"
        raise CellError(rule, "write a leading minus or brackets, not both")
    number = Decimal(decimal_text(inner)) * CENTS
    if number != number.to_integral_value() or _MISTAKABLE.fullmatch(inner):
        rule = "must be an amount with at most two decimals"
        advice = "round it to the cent in the source; if the point separates thousands, state `decimal` in sources.yaml"
        raise CellError(rule, advice)
    whole = int(number)
    return str(-whole if sign else whole)
