"""The side on which each account grows, where a ledger writes "100" for what adds to an account, debit or credit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from executive_suite.adopt import classify
from executive_suite.adopt.layouts.postings import Posting, among
from executive_suite.adopt.reading import Account
from executive_suite.adopt.sheet import Sheet

_TYPES = {"asset": 1, "expense": 1, "liability": -1, "equity": -1, "revenue": -1}
_SURE = frozenset(
    {"bank", "receivable", "payable", "credit_card", "undeposited", "retained_earnings", "opening_balance"}
)
"""Subtypes of accounts whose names hardly ever mislead."""


@dataclass(frozen=True, slots=True)
class _Tie:
    """Two accounts of one transaction of two lines: whether they grow on the same side."""

    one: str
    other: str
    same: bool
    row: int


def of(sheet: Sheet, groups: Sequence[Sequence[Posting]], known: Mapping[str, str]) -> Mapping[str, int]:
    """Account to 1 if a debit adds to it, -1 if a credit does.

    Two lines of one transaction tell of their accounts whether they grow on the same side; one of them whose type is
    known, or whose name says it, tells of all that are tied to it.

    Args:
        sheet: The ledger.
        groups: Lines that belong together, amounts as written.
        known: Account to its type, from a chart.

    Raises:
        NotReadableError: ties contradict one another, or nothing tells the side of an account.
    """
    ties = tuple(_ties(groups).values())
    sides = {account: _TYPES[kind] for account, kind in known.items() if kind in _TYPES}
    _settle(sheet, ties, groups, sides)
    accounts = list(dict.fromkeys(one.account for group in groups for one in group))
    near = _near(ties)
    for sure in (True, False):
        for account in accounts:
            if account in sides:
                continue
            told = ((named(name, sure=sure), sign) for name, sign in _tied(account, near).items())
            votes = {side * sign for side, sign in told if side}
            if len(votes) == 1:
                sides[account] = votes.pop()
                _settle(sheet, ties, groups, sides)
    for group in groups:
        for one in group:
            if one.account not in sides:
                msg = f"whether 100 on {one.account!r} is a debit or a credit is not in the file"
                raise sheet.refused(one.row.number, f"{msg}; bring the chart of accounts as well")
    return sides


def by_forms(sheet: Sheet, postings: Sequence[Posting]) -> tuple[Account, ...]:
    """Accounts whose names tell nothing, by the form of their transactions: a check is written on a bank's account.

    Args:
        sheet: The table, whose profile has the words.
        postings: Of each transaction the line on the account that its form is of.
    """
    found: dict[str, Account] = {}
    words = sheet.profile.words
    for one in postings:
        if classify.kind_of(Account(one.account)).type or one.account in sheet.upload.types:
            continue
        if among(one.kind, words.get("of_banks", ())):
            found[one.account] = Account(one.account, type="asset", subtype="bank", is_cash=True)
        elif among(one.kind, words.get("of_cards", ())):
            found[one.account] = Account(one.account, type="liability", subtype="credit_card")
    return tuple(found.values())


def of_type(kind: str) -> int:
    """The side of a type of account; 0 if it is none.

    >>> of_type("asset"), of_type("revenue"), of_type("")
    (1, -1, 0)
    """
    return _TYPES.get(kind, 0)


def named(account: str, *, sure: bool = False) -> int:
    """The side that an account's name tells; 0 if it tells none.

    Args:
        account: With its parents.
        sure: Whether only names count that hardly ever mislead.

    >>> named("Accounts Payable (A/P)"), named("Checking"), named("Vehicles:Fuel"), named("Zebra")
    (-1, 1, 1, 0)
    """
    kind = classify.kind_of(Account(account))
    kind = kind if kind.type else classify.kind_of(Account(account, word=account.rpartition(":")[2]))
    return 0 if sure and kind.subtype not in _SURE else of_type(kind.type)


def _settle(sheet: Sheet, ties: Sequence[_Tie], groups: Sequence[Sequence[Posting]], sides: dict[str, int]) -> None:
    """Everything that follows from the sides that are known."""
    size = -1
    while size != len(sides):
        size = len(sides)
        _spread(sheet, ties, sides)
        _infer(groups, sides)


def _ties(groups: Iterable[Sequence[Posting]]) -> Mapping[tuple[str, str, bool], _Tie]:
    found: dict[tuple[str, str, bool], _Tie] = {}
    for group in groups:
        if len(group) == 2 and group[0].account != group[1].account:  # noqa: PLR2004 - two lines
            one, other = group
            if one.amount and abs(one.amount) == abs(other.amount):
                tie = _Tie(one.account, other.account, one.amount == -other.amount, one.row.number)
                found.setdefault((tie.one, tie.other, tie.same), tie)
    return found


def _near(ties: Iterable[_Tie]) -> Mapping[str, Sequence[tuple[str, int]]]:
    near: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for tie in ties:
        sign = 1 if tie.same else -1
        near[tie.one].append((tie.other, sign))
        near[tie.other].append((tie.one, sign))
    return near


def _tied(account: str, near: Mapping[str, Sequence[tuple[str, int]]]) -> Mapping[str, int]:
    """Everything tied to an account, itself included: 1 if on the same side."""
    found = {account: 1}
    waiting = [account]
    while waiting:
        here = waiting.pop()
        for other, sign in near.get(here, ()):
            if other not in found:
                found[other] = found[here] * sign
                waiting.append(other)
    return found


def _spread(sheet: Sheet, ties: Sequence[_Tie], sides: dict[str, int]) -> None:
    """What is known of one account told of those tied to it."""
    size = -1
    while size != len(sides):
        size = len(sides)
        for tie in ties:
            for one, other in ((tie.one, tie.other), (tie.other, tie.one)):
                if one in sides:
                    sides.setdefault(other, sides[one] * (1 if tie.same else -1))
    for tie in ties:
        if tie.one in sides and (sides[tie.one] == sides[tie.other]) != tie.same:
            msg = f"the amounts on {tie.one!r} and {tie.other!r} contradict those of other rows"
            raise sheet.refused(tie.row, msg)


def _infer(groups: Sequence[Sequence[Posting]], sides: dict[str, int]) -> None:
    """The side of an account that alone is unknown in a transaction: the one that balances it."""
    changed = True
    while changed:
        changed = False
        for group in groups:
            unknown = {one.account for one in group if one.account not in sides}
            if len(unknown) != 1:
                continue
            account = unknown.pop()
            own = sum((one.amount for one in group if one.account == account), Decimal(0))
            rest = sum((one.amount * sides[one.account] for one in group if one.account != account), Decimal(0))
            if own and abs(own) == abs(rest):
                sides[account] = 1 if own == -rest else -1
                changed = True
