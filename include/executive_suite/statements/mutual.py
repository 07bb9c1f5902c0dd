"""What one entity of the group books with another and the other does not: eliminations that do not pair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from executive_suite.statements.cells import Line, Statement
from executive_suite.statements.kinds import Kind
from executive_suite.statements.ties import difference, money

if TYPE_CHECKING:
    from executive_suite.metrics.book.sums import Integers
    from executive_suite.statements.accounts import Accounts
    from executive_suite.statements.periods import Period
    from executive_suite.statements.sums import Sums
    from executive_suite.statements.worksheet import Worksheet

_TYPES = ("asset", "liability", "equity", "revenue", "expense", "")
_IN_CASH = (Kind.OPERATING, Kind.INVESTING, Kind.FINANCING)


@dataclass(frozen=True)
class _Side:
    """What one entity booked with the other.

    Attributes:
        whose: Its name.
        balances: By account, at the end of the period, debit-positive.
        flows: By account, in the period.
        paid: Of these, the lines of transactions with cash, in all.
        apart: Of these, the lines of transactions between long-term accounts, in all.
    """

    whose: str
    balances: Integers
    flows: Integers
    paid: int
    apart: int


def unpaired(sheet: Worksheet, periods: Iterable[Period]) -> Mapping[Period, Mapping[Statement, list[Line]]]:
    """The differences of the group by period and statement: one line for each pair of entities."""
    found: dict[Period, dict[Statement, list[Line]]] = {period: {} for period in periods}
    for one, other in sheet.pairs:
        ours, theirs = sheet.booked(one, other), sheet.booked(other, one)
        for period, own in found.items():
            for statement, line in _of_pair(sheet.accounts, _side(one, ours, period), _side(other, theirs, period)):
                own.setdefault(statement, []).append(line)
    return found


def _side(whose: str, sums: Sums, period: Period) -> _Side:
    return _Side(
        whose,
        sums.balances(period.end),
        sums.flows(period),
        int(sums.flows(period, *_IN_CASH).sum()),
        int(sums.flows(period, Kind.APART).sum()),
    )


def _of_pair(accounts: Accounts, one: _Side, other: _Side) -> Iterator[tuple[Statement, Line]]:
    """What elimination takes out of a statement on one side only.

    Both sides may be right and still meet on different statements: a dividend is revenue of one and equity of the
    other, a fee may be capitalized. So a statement's rest counts only if debits of one side lack credits of the other.
    """
    results = accounts.results
    whole = _both(one.balances, other.balances)
    if sum(whole):
        yield Statement.TRIAL_BALANCE, _line(one, other, whole, 1)
        yield Statement.BALANCE_SHEET, _line(one, other, whole, -1)
    elif _unanswered(accounts, one.balances, other.balances):
        rest = _both(one.balances[~results], other.balances[~results])
        if sum(rest):
            yield Statement.BALANCE_SHEET, _line(one, other, rest, -1)
    if _unanswered(accounts, one.flows, other.flows):
        rest = _both(one.flows[results], other.flows[results])
        if sum(rest):
            yield Statement.INCOME, _line(one, other, rest, 1)
    paid = one.paid, other.paid
    if sum(paid):
        yield Statement.CASH_DIRECT, _line(one, other, paid, -1)
    moved = int(one.flows.sum()) - one.apart, int(other.flows.sum()) - other.apart
    if sum(moved):
        yield Statement.CASH_INDIRECT, _line(one, other, moved, -1)


def _both(one: Integers, other: Integers) -> tuple[int, int]:
    return int(one.sum()), int(other.sum())


def _unanswered(accounts: Accounts, one: Integers, other: Integers) -> bool:
    """Whether debits of one side, added up by type of account, differ from the credits of the other."""
    ours = [int(one[accounts.of_type(type_)].sum()) for type_ in _TYPES]
    theirs = [int(other[accounts.of_type(type_)].sum()) for type_ in _TYPES]
    debits = sum(cents for cents in ours if cents > 0) + sum(cents for cents in theirs if cents < 0)
    return bool(debits) or bool(sum(ours) + sum(theirs) - debits)


def _line(one: _Side, other: _Side, cents: tuple[int, int], sign: int) -> Line:
    reason = (
        f"{one.whose} books {_amount(cents[0])} with {other.whose}, {other.whose} {_amount(cents[1])} with {one.whose}"
    )
    return difference(f"{one.whose} and {other.whose} differ", sign * sum(cents), reason)


def _amount(cents: int) -> str:
    return f"{money(abs(cents))}{' debit' if cents > 0 else ' credit' if cents < 0 else ''}"
