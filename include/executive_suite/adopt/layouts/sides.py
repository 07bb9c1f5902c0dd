"""The side on which each account grows, where a ledger writes "100" for what adds to an account, debit or credit."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from executive_suite.adopt.layouts.postings import Posting
from executive_suite.adopt.sheet import Sheet

_TYPES = {"asset": 1, "expense": 1, "liability": -1, "equity": -1, "revenue": -1}
_DEBIT = (
    re.compile(
        r"\b(?:check(?:ing|s)?|chequing|cheque account|savings?|money market|petty cash|undeposited|(?:accounts?|trade) receivables?|"
        r"a/r|debtors?|inventory|accumulated depreciation|cost of (?:goods sold|sales)|cogs|bank account|expenses?|"
        r"caja|cuentas? (?:por|a) cobrar|inventario|gastos?|kasse|bankkonto|girokonto|forderungen|vorräte|aufwand|aufwendungen|"
        r"caisse|créances|stocks)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:bank|cash|prepaid\w*|equipment|furniture|vehicles?|buildings?|machinery|rent|utilities|supplies|wages|salary|salaries|"
        r"advertising|meals|travel|repairs|maintenance|insurance|fees|charges|fuel|postage|software|subscriptions|"
        r"banco|efectivo|alquiler|sueldos|suministros|miete|kosten|löhne|gehälter|bürobedarf|"
        r"banque|loyers?|frais|salaires|fournitures|achats)\b",
        re.IGNORECASE,
    ),
)
_CREDIT = (
    re.compile(
        r"\b(?:(?:accounts?|trade|sales tax|payroll|taxes) payables?|a/p|creditors?|credit cards?|visa|master ?card|amex|american express|"
        r"line of credit|mortgages?|retained earnings|opening balance equity|owner'?s? (?:capital|draws?|equity|investment|contributions?)|"
        r"sales|revenues?|income|common stock|payroll liabilit(?:y|ies)|deferred revenue|customer deposits?|"
        r"cuentas? (?:por|a) pagar|proveedores|tarjetas? de crédito|ventas|ingresos|capital social|"
        r"verbindlichkeiten|kreditkarte|erlöse|umsatzerlöse|eigenkapital|gewinnvortrag|"
        r"fournisseurs|carte de crédit|ventes|produits|capitaux propres)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:payables?|loans?|services?|equity|capital|drawings?|dividends|unearned|gift cards?|fees earned|"
        r"préstamos?|darlehen|umsätze|umsatz|einnahmen|privatentnahmen|dettes|emprunts?|chiffre d'affaires)\b",
        re.IGNORECASE,
    ),
)
"""Words of accounts that hardly ever are of the other side, and words that are so mostly."""


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
    ties = list(_ties(groups))
    sides = {account: _TYPES[kind] for account, kind in known.items() if kind in _TYPES}
    _spread(sheet, ties, sides)
    accounts = list(dict.fromkeys(one.account for group in groups for one in group))
    for account in accounts:
        if account in sides:
            continue
        for sure in (True, False):
            told = ((named(name, sure=sure), sign) for name, sign in _tied(account, ties).items())
            votes = {side * sign for side, sign in told if side}
            if len(votes) == 1:
                sides[account] = votes.pop()
                _spread(sheet, ties, sides)
            if votes:
                break
    _infer(groups, sides)
    for group in groups:
        for one in group:
            if one.account not in sides:
                msg = f"whether 100 on {one.account!r} is a debit or a credit cannot be told from the file"
                raise sheet.refused(one.row.number, f"{msg}; bring the chart of accounts as well")
    return sides


def of_type(kind: str) -> int:
    """The side of a type of account; 0 if it is none.

    >>> of_type("asset"), of_type("revenue"), of_type("")
    (1, -1, 0)
    """
    return _TYPES.get(kind, 0)


def named(account: str, *, sure: bool = False) -> int:
    """The side that an account's name tells; 0 if it tells none.

    Args:
        account: With its parents; the last part that tells a side counts.
        sure: Whether only words count that hardly ever are of the other side.

    >>> named("Accounts Payable (A/P)"), named("Checking"), named("Vehicles:Fuel"), named("Zebra")
    (-1, 1, 1, 0)
    """
    for debits, credits_ in list(zip(_DEBIT, _CREDIT, strict=True))[: 1 if sure else 2]:
        for part in reversed(account.split(":")):
            debit, credit = bool(debits.search(part)), bool(credits_.search(part))
            if debit != credit:
                return 1 if debit else -1
    return 0


def _ties(groups: Iterable[Sequence[Posting]]) -> Iterable[_Tie]:
    for group in groups:
        if len(group) == 2 and group[0].account != group[1].account:  # noqa: PLR2004 - two lines
            one, other = group
            if one.amount and abs(one.amount) == abs(other.amount):
                yield _Tie(one.account, other.account, one.amount == -other.amount, one.row.number)


def _tied(account: str, ties: Sequence[_Tie]) -> Mapping[str, int]:
    """Everything tied to an account, itself included: 1 if on the same side."""
    near: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for tie in ties:
        sign = 1 if tie.same else -1
        near[tie.one].append((tie.other, sign))
        near[tie.other].append((tie.one, sign))
    found = {account: 1}
    waiting = [account]
    while waiting:
        here = waiting.pop()
        for other, sign in near[here]:
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
