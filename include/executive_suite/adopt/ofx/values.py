"""Amounts and days of OFX (specification 2.3, sections 3.2.8 and 3.2.9), as banks write them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element

from executive_suite.adopt.ofx.markup import row, words
from executive_suite.adopt.refusing import refusal
from executive_suite.schema.cells import CellError
from executive_suite.sources.numbers import exact

AMOUNTS = frozenset({"TRNAMT", "BALAMT"})

_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?=\D|\d{4}|$)")
_MARKS = re.compile(r"[.,]")
_DOUBTFUL = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
"""A thousand and more, or a number with three decimals."""


def decimal_mark(file: str, root: Element) -> str:
    """The decimal mark of all amounts of a file (either is allowed: OFX 3.2.9.1), by those that have only one reading.

    Raises:
        NotReadableError: they contradict each other, or ``1,234`` is all there is.
    """
    proof: dict[str, int] = {}
    doubtful = 0
    for element in root.iter():
        text = (element.text or "").strip()
        marks = _MARKS.findall(text) if element.tag in AMOUNTS else []
        if not marks:
            continue
        if _DOUBTFUL.fullmatch(text):
            doubtful = doubtful or row(element)
        elif len(marks) > 1 and len(set(marks)) == 1:  # several groups
            proof.setdefault("," if marks[0] == "." else ".", row(element))
        else:
            proof.setdefault(marks[-1], row(element))
    if len(proof) > 1:
        raise refusal(
            file, max(proof.values()), f"amounts have another decimal mark than in line {min(proof.values())}"
        )
    if doubtful and not proof:
        raise refusal(file, doubtful, "no amount shows whether a comma or a point marks the cents")
    return next(iter(proof), ".")


def amount(file: str, element: Element, tag: str, mark: str) -> Decimal:
    """An amount in the main unit, in whole cents."""
    text = words(element, tag)
    try:
        found = Decimal(exact(text, mark))
    except CellError as wrong:
        raise refusal(file, row(element), f'{tag} {wrong.rule}, and is "{text}"') from None
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
