"""The amount of each row of a statement as its customer sees it: money received is positive, or nobody can say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from executive_suite.adopt.bank import evidence, signs
from executive_suite.adopt.bank.signs import Proof, Step
from executive_suite.adopt.sheet import Row, Sheet

_ZERO = Decimal(0)
LEAST_AGAINST = 2
"""Rows whose words contradict their signs, and none that agrees, that leave a statement open."""


@dataclass(frozen=True, slots=True)
class Item:
    """One row that the bank has booked.

    Attributes:
        row: Its row of the table.
        day: As booked.
        amount: As written; credit less debit.
        balance: After it; None if not stated.
        text: What the bank writes.
    """

    row: Row
    day: date
    amount: Decimal
    balance: Decimal | None
    text: str


@dataclass(frozen=True, slots=True)
class Signed:
    """Rows with amounts as the customer sees them, oldest first.

    Attributes:
        items: The rows.
        breaks: Rows before which something is missing.
    """

    items: tuple[Item, ...]
    breaks: tuple[int, ...] = ()


def written(sheet: Sheet, rows: Sequence[Row]) -> tuple[tuple[Decimal, ...], ...]:
    """What each row's amount may be, the likeliest reading of all rows first."""
    if not rows:
        return ((),)
    side = evidence.direction(sheet.profile, rows)
    plain = [sheet.amount(row, "amount") for row in rows]
    debits, credits_ = ([sheet.amount(row, role) or _ZERO for row in rows] for role in ("debit", "credit"))
    if any(amount is not None for amount in plain) and not _doubled(plain, debits, credits_):
        amounts = tuple(amount or _ZERO for amount in plain)
        if side is not None and all(amount >= 0 for amount in amounts):
            outs = [evidence.word_of(sheet.profile, row.cells[side], "out") for row in rows]
            amounts = tuple(-amount if out else amount for amount, out in zip(amounts, outs, strict=True))
        fees = tuple(sheet.amount(row, "fee") or _ZERO for row in rows)
        return (tuple(a - fee for a, fee in zip(amounts, fees, strict=True)), amounts) if any(fees) else (amounts,)
    debits, credits_ = _magnitudes(debits), _magnitudes(credits_)
    return (tuple(credit - debit for credit, debit in zip(credits_, debits, strict=True)),)


def _magnitudes(column: Sequence[Decimal]) -> list[Decimal]:
    """A column of one side with most amounts positive: some banks write money paid as negative there, some credits."""
    turned = sum(amount < 0 for amount in column) > sum(amount > 0 for amount in column)
    return [-amount if turned else amount for amount in column]


def _doubled(plain: Sequence[Decimal | None], debits: Sequence[Decimal], credits_: Sequence[Decimal]) -> bool:
    """Whether columns for both sides say what the column of amounts leaves blank."""
    return any(
        amount is None and (debit or credit) for amount, debit, credit in zip(plain, debits, credits_, strict=True)
    )


def runs(sheet: Sheet, rows: Sequence[Row], days: Sequence[date]) -> bool | None:
    """Whether each row's balance follows from the one before it, as the columns say it; None with fewer than two."""
    balances = [sheet.amount(row, "balance") for row in rows]
    if sum(balance is not None for balance in balances) <= 1:
        return None
    amounts = written(sheet, rows)[0]
    steps = [
        Step(row.number, day, amount, balance)
        for row, day, amount, balance in zip(rows, days, amounts, balances, strict=True)
    ]
    proof = signs.proven(steps)
    return proof is not None and not proof.breaks and (proof.sign > 0 or not _has_sides(sheet, rows))


def _has_sides(sheet: Sheet, rows: Sequence[Row]) -> bool:
    """Whether columns of their own say what was paid and what was received."""
    return any(sheet.amount(row, role) is not None for row in rows for role in ("debit", "credit"))


def signed(sheet: Sheet, readings: Sequence[Sequence[Item]], *, card: bool) -> Signed:
    """The rows of one account with amounts as its customer sees them.

    Args:
        sheet: The table.
        readings: The rows in the file's order, once for each way in which their amounts may be read.
        card: Whether it is a credit card.

    Raises:
        NotReadableError: nothing says whether a positive amount is money received.
    """
    proofs = [(proof, items) for items in readings if (proof := signs.proven(_steps(items))) is not None]
    clean = next(((proof, items) for proof, items in proofs if not proof.breaks), None)
    if found := clean or next(iter(proofs), None):
        return _proven(sheet, *found, card=card)
    items = readings[0]
    sign = _unproven(sheet, items, card=card)
    upward = signs.upward(_steps(items))
    if len(items) == 1 and _has_sides(sheet, [items[0].row]):  # nothing contradicts its balance
        return Signed((replace(items[0], amount=sign * items[0].amount),))
    return Signed(_in_order([replace(item, amount=sign * item.amount, balance=None) for item in items], upward))


def _proven(sheet: Sheet, proof: Proof, items: Sequence[Item], *, card: bool) -> Signed:
    thanks = [item for item in items if card and evidence.thanked(sheet.profile, item.text)]
    owed = card and bool(thanks) and all(proof.sign * item.amount < 0 for item in thanks)
    if card and not thanks and "positive" in sheet.profile.words.get("charges", ()):
        owed = proof.sign > 0
    turn = -1 if owed else 1
    made = [
        replace(
            item, amount=turn * proof.sign * item.amount, balance=None if item.balance is None else turn * item.balance
        )
        for item in items
    ]
    agree, against = evidence.leaning(sheet.profile, ((item.text, item.amount > 0) for item in made if item.amount))
    if not agree and against >= LEAST_AGAINST:
        # The balance may be what is owed on a card, of which nothing else says that it is one.
        row = made[0].row.number
        raise sheet.refused(row, "the balance says which amounts are money received, and the words say the opposite")
    return Signed(_in_order(made, proof.upward), proof.breaks)


def _unproven(sheet: Sheet, items: Sequence[Item], *, card: bool) -> int:
    """The sign by columns or words; 1 if a positive amount is money received."""
    rows = [item.row for item in items]
    sides = _has_sides(sheet, rows)
    thanks = [item for item in items if card and evidence.thanked(sheet.profile, item.text)]
    paid = {item.amount > 0 for item in thanks}
    if len(paid) > 1:
        raise sheet.refused(
            thanks[-1].row.number, "two payments to the card with different signs; one sign was looked for"
        )
    charges = sheet.profile.words.get("charges", ())
    if charges:
        sign = -1 if "positive" in charges else 1
        if paid and paid != {sign > 0}:
            msg = "a payment to the card has the sign of charges; another layout of this card was looked for"
            raise sheet.refused(thanks[0].row.number, msg)
        return sign
    if sides and paid - {True}:
        raise sheet.refused(thanks[0].row.number, "a payment to the card is on the side of charges")
    if paid:
        return 1 if paid.pop() else -1
    if sides:
        return 1
    if (column := evidence.direction(sheet.profile, rows)) is not None:
        return _agreeing(sheet, items, column)
    agree, against = evidence.leaning(sheet.profile, ((item.text, item.amount > 0) for item in items))
    lean = agree - against
    positive = [item for item in items if item.amount > 0]
    if (
        lean < 0
        or (lean == 0 and len(positive) == len(items))
        or (card and lean <= 0 and len(positive) * 2 > len(items))
    ):
        first = (positive or items)[0]
        msg = (
            f"{first.amount} may be money in or out: a balance after each row, columns for both sides, "
            "or words that say which were looked for"
        )
        raise sheet.refused(first.row.number, msg)
    return 1


def _agreeing(sheet: Sheet, items: Sequence[Item], column: int) -> int:
    """The sign that agrees with a column of sides in every row; without sides of its own, amounts already have it."""
    agree = {
        (item.amount < 0) == (evidence.word_of(sheet.profile, item.row.cells[column], "out") != "")
        for item in items
        if item.amount
    }
    if len(agree) > 1:
        name = sheet.header[column]
        raise sheet.refused(
            items[0].row.number, f"amounts agree with the column {name!r} in some rows and not in others"
        )
    return 1 if agree != {False} else -1


def _steps(items: Sequence[Item]) -> list[Step]:
    return [Step(item.row.number, item.day, item.amount, item.balance) for item in items]


def _in_order(items: Sequence[Item], upward: bool) -> tuple[Item, ...]:  # noqa: FBT001 - one of two orders
    return tuple(sorted(reversed(items) if upward else items, key=lambda item: item.day))
