"""What the lines of one account prove of each other: numbers, corrections, signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from xml.etree.ElementTree import Element

from executive_suite.adopt.ofx.markup import row, words
from executive_suite.adopt.reading import BankLine
from executive_suite.adopt.refusing import refusal

SPENT = frozenset({"DEBIT", "CHECK", "FEE", "SRVCHG", "DIRECTDEBIT"})
RECEIVED = frozenset({"CREDIT", "DEP", "DIRECTDEP"})


def once(account: str, found: Sequence[Element], lines: Sequence[BankLine]) -> tuple[list[BankLine], int, list[str]]:
    """The lines without those that corrections replace and those that repeat another, and how many repeat.

    A bank's number should be unique in an account. Where one number stands for different lines (a purchase and its
    fee), numbers prove nothing there: every line stays, and those are known by their content.
    """
    remarks: list[str] = []
    corrected = {words(one, "CORRECTFITID"): row(one) for one in found if words(one, "CORRECTFITID")}
    deleting = {row(one) for one in found if words(one, "CORRECTACTION").upper() == "DELETE"}
    there = {words(one, "FITID") for one in found}
    for number, at in corrected.items():
        if at in deleting and number not in there:
            remarks.append(f"{account}: line {at} deletes a line of an earlier file (number {number}).")
    kept = [
        line
        for one, line in zip(found, lines, strict=True)
        if line.origin.row not in deleting and (words(one, "FITID") not in corrected or words(one, "CORRECTFITID"))
    ]
    contents: dict[str, set[tuple[object, ...]]] = {}
    for line in kept:
        contents.setdefault(line.number, set()).add((line.day, line.amount, line.text))
    shared = {number for number, own in contents.items() if number and len(own) > 1}
    if shared:
        remarks.append(f"{account}: the bank uses one number for several lines ({min(shared)}); all are kept.")
        return [replace(line, number="") if line.number in shared else line for line in kept], 0, remarks
    first = {line.number: line for line in reversed(kept) if line.number}
    once = [line for line in kept if not line.number or first[line.number] is line]
    return once, len(kept) - len(once), remarks


def signs_agree(file: str, found: Sequence[Element], lines: Sequence[BankLine]) -> None:
    """Refuse amounts whose signs say the opposite of their types: which of them is right would be a guess."""
    spent, received = (
        [line for one, line in zip(found, lines, strict=True) if line.amount and words(one, "TRNTYPE").upper() in kinds]
        for kinds in (SPENT, RECEIVED)
    )
    wrong = [line for line in spent if line.amount > 0], [line for line in received if line.amount < 0]
    for own, against in zip((spent, received), wrong, strict=True):
        alone = len(wrong[0]) + len(wrong[1]) == len(spent) + len(received)
        if against and len(against) == len(own) and (alone or len(own) > 1):
            what = "positive, and its type says spent" if own is spent else "negative, and its type says received"
            raise refusal(
                file, against[0].origin.row, f"the amount {against[0].amount} is {what}, as in every such line"
            )
