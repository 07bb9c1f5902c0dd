"""How one file writes amounts and days, decided over the whole file: what stays ambiguous is refused, never guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from executive_suite.adopt import days
from executive_suite.adopt.days import Figures, Order
from executive_suite.schema.cells import CellError
from executive_suite.sources import numbers

Cell = tuple[int, str]
"""A row's number, as a spreadsheet counts, and the text of one of its cells."""

_SIGN = re.compile(r"[A-Za-z]{0,3}[^\w\s.,'()+\-\u2212\u2013\u2019/%\"#&*]|[A-Z]{3}(?![A-Za-z])|kr\.?|z\u0142|Fr\.")
_AMERICAN = re.compile(r"\b(?:P?LLC|P?\.?L\.L\.C\.?)(?!\w)")
"""Limited liability companies of the United States, where the month comes first."""
_SEPARATED = re.compile(r"\d([.,])(?=\d)")
_GROUP = 3
_GROUPED_FROM = 4
CODES = {
    "€": "EUR",
    "£": "GBP",
    "CHF": "CHF",
    "Fr.": "CHF",
    "US$": "USD",
    "CA$": "CAD",
    "C$": "CAD",
    "A$": "AUD",
    "AU$": "AUD",
    "NZ$": "NZD",
    "MX$": "MXN",
    "R$": "BRL",
    "₹": "INR",
    "zł": "PLN",
    "₪": "ILS",
}
"""Signs of one currency; a bare dollar, krone or yen sign is that of several."""


class StyleError(ValueError):
    """A cell that cannot be read, or only by guessing.

    Attributes:
        row: Where it is.
    """

    def __init__(self, row: int, message: str) -> None:
        """Args are the row and the message without it."""
        super().__init__(message)
        self.row = row


class OpenOrderError(StyleError):
    """Days that may be read month first or day first."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a file writes.

    Attributes:
        decimal: Its decimal mark.
        order: Which of two figures is the month; empty if no day depends on it.
        credit: The sign of an amount marked CR; 0 where the mark has no meaning.
        presumed: Whether the order of its days follows only from the legal form of its company.
    """

    decimal: str = "."
    order: Order = ""
    credit: numbers.Side = 0
    presumed: bool = False

    def amount(self, row: int, text: str) -> Decimal:
        """An amount; its currency sign is passed over (``currency_of`` tells it).

        Raises:
            StyleError: it is no amount.

        >>> Style().amount(1, "$(1,234.50)"), Style(",").amount(2, "1.234,50- €")
        (Decimal('-1234.50'), Decimal('-1234.50'))
        """
        try:
            return Decimal(numbers.exact(_unsigned(text), self.decimal, credit=self.credit))
        except CellError:
            msg = f"{text!r} is no amount"
            raise StyleError(row, msg) from None

    def day(self, row: int, text: str) -> date:
        """A day.

        Raises:
            StyleError: it is no day.
        """
        found = days.read(text)
        if isinstance(found, Figures):
            found = found.on(self.order or "mdy")
        if found is None:
            msg = f"{text!r} is no day"
            raise StyleError(row, msg)
        return found


def decided(
    amounts: Sequence[Cell],
    dated: Sequence[Cell],
    *,
    within: tuple[date | None, date] | None = None,
    order: Order = "",
    shown: Sequence[str] = (),
    credit: numbers.Side = 0,
) -> Style:
    """How a file writes, from all its amounts and days.

    Args:
        amounts: Every cell with an amount.
        dated: Every cell with a day.
        within: The period that the title states: days lie in it.
        order: Of the days, if the program has only one or somebody said it.
        shown: Texts that may write out a day with the month's name ("November 30, 2026"), or name a company whose legal
            form exists in one country ("LLC").
        credit: The sign of an amount marked CR.

    Raises:
        StyleError: two ways in one file, or what both ways could mean differs.
    """
    mark = decimal_mark(amounts)
    try:
        return Style(mark, day_order(dated, within=within, order=order, shown=shown), credit)
    except OpenOrderError:
        if any(_AMERICAN.search(text) for text in shown):
            return Style(mark, "mdy", credit, presumed=True)
        raise


def decimal_mark(cells: Iterable[Cell]) -> str:
    """The decimal mark of amounts.

    A mark before other than three digits, or after another mark, is decimal; one that occurs twice in an amount parts
    thousands. If every amount has one mark before three digits, nothing says whether it parts thousands.

    Raises:
        StyleError: both marks are decimal somewhere, or nothing says.

    >>> decimal_mark([(1, "1.234,50")]), decimal_mark([(1, "1,234"), (2, "500")])
    (',', '.')
    """
    proofs: dict[str, Cell] = {}
    groups: dict[str, Cell] = {}
    plain = large = False
    for row, text in cells:
        digits = _unsigned(text).strip("()+- ")
        marks = _SEPARATED.findall(digits)
        if not marks:
            whole = sum(letter.isdigit() for letter in digits)
            if digits[-1:] and digits[-1] in ".,":
                proofs.setdefault(digits[-1], (row, text))
            plain, large = plain or 0 < whole < _GROUPED_FROM, large or (whole >= _GROUPED_FROM and digits.isdigit())
            continue
        last = marks[-1]
        tail = len(digits) - digits.rindex(last) - 1
        if len(set(marks)) > 1 or (len(marks) == 1 and (tail != _GROUP or re.match(r"0[.,]", digits))):
            proofs.setdefault(last, (row, text))
        elif len(marks) > 1:
            proofs.setdefault("." if last == "," else ",", (row, text))
        else:
            groups.setdefault(last, (row, text))
    if len(proofs) > 1:
        (_, first), (row, second) = sorted(proofs.values())
        msg = f"amounts in two styles, {first!r} and {second!r}: one decimal mark was looked for"
        raise StyleError(row, msg)
    if proofs:
        return next(iter(proofs))
    if not groups:
        return "."
    mark, (row, text) = next(iter(groups.items()))
    if len(groups) > 1 or not plain or large:
        msg = f"{text!r} may be thousands or three decimals: an amount that shows the decimal mark was looked for"
        raise StyleError(row, msg)
    return "." if mark == "," else ","


def day_order(
    cells: Iterable[Cell],
    *,
    within: tuple[date | None, date] | None = None,
    order: Order = "",
    shown: Sequence[str] = (),
) -> Order:
    """Which of two figures is the month; arguments as ``decided`` has them.

    A day of its own decides (13/02), then the stated period, then how the file writes out a day, then what is known of
    the program or was said.

    Raises:
        StyleError: days in two orders.
        OpenOrderError: nothing says, and it makes a difference.
    """
    open_days = [(row, text, found) for row, text in cells if isinstance(found := days.read(text), Figures)]
    left: list[Order] = ["mdy", "dmy"]
    for row, text, found in open_days:
        fitting = [one for one in left if found.fits(one)]
        if not fitting:
            what = "no day" if not (found.fits("mdy") or found.fits("dmy")) else "a day in another order than the rest"
            msg = f"{text!r} is {what}"
            raise StyleError(row, msg)
        left = fitting
    differing = [cell for cell in open_days if cell[2].first != cell[2].second]
    if len(left) == 1 or not differing:
        return left[0] if len(left) == 1 else ""
    if within and len(fit := [one for one in left if all(_inside(cell[2], one, within) for cell in open_days)]) == 1:
        return fit[0]
    stated = {written for text in shown if (written := days.order_of(text))}
    if len(stated) == 1:
        return stated.pop()
    if order:
        return order
    row, text, _ = differing[0]
    msg = f"{text!r} may be a day and a month or a month and a day: a day after the 12th, or a period, was looked for"
    raise OpenOrderError(row, msg)


@lru_cache(maxsize=1 << 16)
def currency_of(text: str) -> str:
    """The sign or code of an amount, as a code where it is that of one currency; empty if there is none.

    >>> currency_of("1.234,50 €"), currency_of("-$5.00"), currency_of("CA$100"), currency_of("12.00")
    ('EUR', '$', 'CAD', '')
    """
    found = _SIGN.search(text)
    if not found or not _is_sign(found[0]):
        return ""
    return CODES.get(found[0], found[0])


def _inside(found: Figures, order: Order, within: tuple[date | None, date]) -> bool:
    on = found.on(order)
    return on is not None and (within[0] or date.min) <= on <= within[1]


def _is_sign(text: str) -> bool:
    return text.isalpha() or text.endswith(".") or unicodedata.category(text[-1]) == "Sc"


def _unsigned(text: str) -> str:
    """An amount without its currency sign."""
    found = _SIGN.search(text)
    if not found or not _is_sign(found[0]):
        return text
    return f"{text[: found.start()]}{text[found.end() :]}".strip()
