"""Receivables and payables by party and age, tied to the ledger's accounts of subtype receivable and payable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from executive_suite.dataset.group import affiliates
from executive_suite.facts.fact import GROUP
from executive_suite.formats import series
from executive_suite.statements.cells import ELIMINATION, PARENT, Cell, Line, Statement, subtotal
from executive_suite.statements.documents import BUCKETS, Open, documents
from executive_suite.statements.ties import difference, money
from executive_suite.statements.worksheet import parent_of

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context
    from executive_suite.statements.periods import Period
    from executive_suite.statements.worksheet import Worksheet

_DIRECTIONS = (
    (Statement.RECEIVABLES, "ar", "receivable", 1, "total_receivables"),
    (Statement.PAYABLES, "ap", "payable", -1, "total_payables"),
)

_Items = dict[tuple[str, str], int]
"""Cents by party and age."""


def open_items(context: Context, periods: tuple[Period, ...], sheet: Worksheet | None) -> Iterator[Cell]:
    """The cells of receivables and payables at the end of each period; none of before an aging that states them.

    Args:
        context: The dataset.
        periods: Which ends.
        sheet: The ledger's sums; without them nothing is tied.

    Raises:
        MissingInputError: an input that an open balance cannot do without is absent.
    """
    parent, ours = parent_of(context), affiliates(context)
    for statement, direction, subtype, sign, total in _DIRECTIONS:
        known = documents(context, direction)
        for period in periods:
            if known.known_from is not None and period.last < known.known_from:
                continue
            columns = _columns(known.open(period.last), parent, ours)
            booked = _booked(sheet, subtype, sign, period)
            for column in sorted({*columns, *booked}, key=_place):
                items = columns.get(column, {})
                lines = [*_listed(items), subtotal(total, sum(items.values()))]
                if sheet is not None and column != ELIMINATION:
                    lines += _untied(sheet, subtype, lines[-1], booked.get(column, 0))
                for line in lines:
                    yield Cell(statement, column, period.name, line.line, line.label, line.amount_cents, line.reason)


def _columns(items: Iterator[Open], parent: str, ours: frozenset[str]) -> Mapping[str, _Items]:
    """What is open by column; documents between entities of the group are eliminated."""
    found: dict[str, _Items] = {}
    for one in items:
        column = PARENT if one.entity_id in {parent, ""} else one.entity_id
        mutual = one.party in ours and one.party != one.entity_id
        for name, cents in ((column, one.cents), (ELIMINATION, -one.cents if mutual else 0), (GROUP, one.cents)):
            if cents and not (mutual and name == GROUP):
                own = found.setdefault(name, {})
                own[one.party, one.bucket] = own.get((one.party, one.bucket), 0) + cents
    return found


def _booked(sheet: Worksheet | None, subtype: str, sign: int, period: Period) -> Mapping[str, int]:
    """By column, the balance of the accounts of a subtype at the end of a period, where it is not zero."""
    if sheet is None:
        return {}
    chosen = sheet.accounts.of_subtype(subtype)
    balances = {name: sign * int(sums.balances(period.end)[chosen].sum()) for name, sums in sheet.columns.items()}
    return {name: cents for name, cents in balances.items() if cents}


def _place(column: str) -> tuple[int, str]:
    """Entities, then parent, elimination and group."""
    last = (PARENT, ELIMINATION, GROUP)
    return (last.index(column) + 1 if column in last else 0), column


def _listed(items: _Items) -> Iterator[Line]:
    ages = tuple(BUCKETS)
    for party, bucket in sorted(items, key=lambda key: (key[0], ages.index(key[1]))):
        if cents := items[party, bucket]:
            yield Line(f"{party}:{bucket}", f"{party}, {BUCKETS[bucket]}", cents)


def _untied(sheet: Worksheet, subtype: str, documents_: Line, booked: int) -> Iterator[Line]:
    if booked == documents_.amount_cents:
        return
    chosen = sheet.accounts.of_subtype(subtype)
    names = [name for name, own in zip(sheet.accounts.ids, chosen, strict=True) if own]
    accounts = f"account{'s'[: len(names) != 1]} {series(names)}" if names else f"no account of subtype {subtype}"
    reason = f"{accounts} {money(booked)}, documents {money(documents_.amount_cents)}"
    yield difference("Does not tie", booked - documents_.amount_cents, reason)
