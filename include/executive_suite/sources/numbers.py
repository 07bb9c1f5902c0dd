"""Amounts as exports write them, with separators, signs, brackets and sides, as exact text that the schema can read."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from executive_suite.schema.cells import CellError, decimal_text

CENTS = Decimal(100)

Side = Literal[-1, 0, 1]
"""The sign of an amount marked CR: minus in books, plus on a bank's statement, 0 where the mark has no meaning."""

_MINUS = "-\u2212\u2013"
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009\u2007", " ") | {"\u2019": "'"})
_SIDE = re.compile(r"(?P<before>[CD]R\b\.?)?\s*(?P<rest>.*?)\s*(?P<after>[CD]R\.?)?", re.ASCII | re.IGNORECASE)
_FORMS = {
    ".": re.compile(
        r"(\d+|\d{1,3}(?P<mark>[, '])(?:\d{3}(?P=mark))*\d{3}|\d{1,2}(?:,\d\d)+,\d{3})?(\.\d*)?([eE][+-]?\d{1,2})?",
        re.ASCII,
    ),
    ",": re.compile(r"(\d+|\d{1,3}(?P<mark>[. '])(?:\d{3}(?P=mark))*\d{3})?(,\d*)?", re.ASCII),
}
"""Digits by decimal separator: groups of three with one separator throughout; with points also lakhs and crores."""
_MISTAKABLE = re.compile(r"\d{1,3}[.,]\d\d0", re.ASCII)
_RULES = {".": "must be a decimal number", ",": "must be a number with a decimal comma"}
_ADVICE = {
    ".": "write 1234.50; a currency sign needs `symbol`, and a decimal comma `decimal`, in sources.yaml",
    ",": "write 1.234,50; a currency sign needs `symbol`, and a decimal point `decimal`, in sources.yaml",
}


def exact(text: str, decimal: str = ".", symbol: str = "", credit: Side = 0) -> str:
    """A number as exact text with a point and a leading minus, without separators and signs of currency.

    Negative are a leading or trailing minus, brackets, and a mark CR or DR on the side that is negative.

    Args:
        text: Trimmed, not blank.
        decimal: Its decimal separator.
        symbol: Currency sign or code that it may have, once, before or after the digits.
        credit: The sign of an amount marked CR.

    Raises:
        CellError: not such a number, or one with two signs.

    >>> exact("$(1,234.50)", symbol="$"), exact("1.234,50-", ","), exact("12,34,567"), exact("1'234.50 CR", credit=-1)
    ('-1234.50', '-1234.50', '1234567', '-1234.50')
    """
    negative, digits = _peeled(text, decimal or ".", symbol, credit)
    return f"{'-' if negative else ''}{_plain(digits, decimal or '.')}"


def cents_text(text: str, decimal: str = ".", symbol: str = "", credit: Side = 0) -> str:
    """An amount in a currency's main unit as text of whole cents, exactly; arguments as ``exact`` has them.

    Raises:
        CellError: not a number, or more than two decimals.

    >>> cents_text("1,234.5"), cents_text("(0.07)"), cents_text("0.07-")
    ('123450', '-7', '-7')
    """
    negative, digits = _peeled(text, decimal or ".", symbol, credit)
    number = Decimal(_plain(digits, decimal or ".")) * CENTS
    if number != number.to_integral_value() or _MISTAKABLE.fullmatch(digits):
        rule = "must be an amount with at most two decimals"
        mark = "comma" if decimal == "," else "point"
        advice = (
            f"round it to the cent in the source; if the {mark} separates thousands, state `decimal` in sources.yaml"
        )
        raise CellError(rule, advice)
    whole = int(number)
    return str(-whole if negative else whole)


def _peeled(text: str, decimal: str, symbol: str, credit: Side) -> tuple[bool, str]:
    """Whether a number is negative, and its digits with their separators."""
    signs: list[bool] = []
    rest = text.translate(_SPACES).strip()
    found = _SIDE.fullmatch(rest)
    if found and (side := found["before"] or found["after"]):
        if not credit or (found["before"] and found["after"]):
            rule = "must be an amount with a sign; CR and DR are read in books and on bank statements only"
            raise CellError(rule, "write a leading minus, or remove the mark")
        signs.append((side[0] in "cC") == (credit < 0))
        rest = found["rest"]
    sign_of_currency = symbol
    while rest:
        if sign_of_currency and (rest.startswith(sign_of_currency) or rest.endswith(sign_of_currency)):
            rest = rest.removeprefix(symbol) if rest.startswith(symbol) else rest.removesuffix(symbol)
            sign_of_currency = ""
        elif rest[0] == "(" and rest[-1] == ")":
            signs.append(True)
            rest = rest[1:-1]
        elif rest[0] in f"+{_MINUS}":
            signs.append(rest[0] != "+")
            rest = rest[1:]
        elif rest[-1] in f"+{_MINUS}":
            signs.append(rest[-1] != "+")
            rest = rest[:-1]
        else:
            break
        rest = rest.strip()
    if len(signs) > 1:
        rule = f"{_RULES[decimal]} and one sign"
        raise CellError(rule, "write a leading minus, brackets, or CR and DR, one of them")
    return any(signs), rest


def _plain(digits: str, decimal: str) -> str:
    found = _FORMS[decimal].fullmatch(digits)
    if not found or not any(letter.isdigit() for letter in digits):
        raise CellError(_RULES[decimal], _ADVICE[decimal])
    kept = re.sub(r"[, ']" if decimal == "." else r"[. ']", "", digits)
    return decimal_text(kept.replace(",", "."))
