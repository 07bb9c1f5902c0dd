"""Entries that only close books: profit carried to equity at a year's end, and balances closed and opened again.

They are no activity. Taken as they are, a year's profit would vanish in its last month, and cash for a night.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

from executive_suite.adopt.classify import Kind
from executive_suite.adopt.postings import Transaction

RETAINED = "retained_earnings"
_PROFIT = frozenset({"revenue", "expense"})
_DAY = timedelta(days=1)
_SEVERAL = 3


def closings(told: Sequence[Transaction], kinds: Mapping[str, Kind]) -> list[Transaction]:
    """The entries of a file that close its books.

    Args:
        told: All entries of the file.
        kinds: The chart.
    """
    found = [one for one in told if _carries_profit(one, kinds) and (_empties(one, told, kinds) or _of_all(one, kinds))]
    balances = [one for one in told if not _touches_profit(one, kinds) and _touches_equity(one, kinds)]
    there: dict[tuple[object, ...], list[Transaction]] = defaultdict(list)
    for one in balances:
        there[one.money[1]].append(one)
    for one in balances:
        reverse = tuple(sorted((line.account, -line.cents, line.currency) for line in one.lines))
        again = next((other for other in there[reverse] if one.day <= other.day <= one.day + _DAY), None)
        if again is not None and _empties(one, told, kinds, but=again):
            found += [one, again]
    return found


def _carries_profit(one: Transaction, kinds: Mapping[str, Kind]) -> bool:
    """Whether an entry moves revenue and expenses to retained earnings, and nothing else."""
    own = [kinds[line.account] for line in one.lines]
    equity = [kind for kind in own if kind.type not in _PROFIT]
    return len(equity) < len(own) and bool(equity) and all(kind.subtype == RETAINED for kind in equity)


def _touches_profit(one: Transaction, kinds: Mapping[str, Kind]) -> bool:
    return any(kinds[line.account].type in _PROFIT for line in one.lines)


def _touches_equity(one: Transaction, kinds: Mapping[str, Kind]) -> bool:
    return any(kinds[line.account].type == "equity" for line in one.lines)


def _of_all(one: Transaction, kinds: Mapping[str, Kind]) -> bool:
    """Whether it is about revenue and expenses alike, on several accounts: no correction of an earlier year is."""
    own = {line.account for line in one.lines if kinds[line.account].type in _PROFIT}
    return len(own) >= _SEVERAL and {kinds[account].type for account in own} == _PROFIT


def _empties(
    one: Transaction, told: Sequence[Transaction], kinds: Mapping[str, Kind], but: Transaction | None = None
) -> bool:
    """Whether nothing is left at the end of its day on any of its accounts that are not equity."""
    own = {line.money[::2] for line in one.lines if kinds[line.account].type != "equity"}
    left: Counter[tuple[str, ...]] = Counter()
    for other in told:
        if other.day <= one.day and other is not but:
            for line in other.lines:
                left[line.account, line.currency] += line.cents
    return bool(own) and not any(left[account, currency] for account, currency in own)
