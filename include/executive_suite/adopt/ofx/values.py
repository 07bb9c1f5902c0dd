"""Amounts and days of OFX (specification 2.3, sections 3.2.8 and 3.2.9), as banks write them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element

from executive_suite.adopt.ofx.markup import row, words
from executive_suite.adopt.refusing import refusal
from executive_suite.adopt.style import Style, StyleError, decimal_mark

AMOUNTS = frozenset({"TRNAMT", "BALAMT"})

_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?=\D|\d{4}|$)")


def style(file: str, root: Element) -> Style:
    """How all amounts of a file are written; either decimal mark is allowed (3.2.9.1).

    Raises:
        NotReadableError: they contradict each other, or nothing says whether ``1,234`` is thousands.
    """
    cells = [(row(one), text) for one in root.iter() if one.tag in AMOUNTS and (text := (one.text or "").strip())]
    try:
        return Style(decimal_mark(cells))
    except StyleError as wrong:
        raise refusal(file, wrong.row, str(wrong)) from None


def amount(file: str, element: Element, tag: str, written: Style) -> Decimal:
    """An amount in the main unit, in whole cents."""
    text = words(element, tag)
    try:
        found = written.amount(row(element), text)
    except StyleError:
        raise refusal(file, row(element), f'{tag} must be an amount, and is "{text}"') from None
    if found * 100 % 1:
        raise refusal(file, row(element), f'{tag} must be in whole cents, and is "{text}"')
    return found


def day(file: str, element: Element, tag: str) -> date:
    """The calendar day as the bank writes it: in the zone of the stamp, which is the bank's own, not moved to another.

    ``20250131235959[-5:EST]`` is January 31; as an instant it would be February 1 in Greenwich.
    """
    found = stated(element, tag)
    if found is None:
        text = words(element, tag)
        raise refusal(file, row(element), f'{tag} must be a day such as 20250131, and is "{text}"')
    return found


def stated(element: Element, tag: str) -> date | None:
    """A day, or None if there is none, as in ``00000000``."""
    found = _DAY.match(words(element, tag))
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
