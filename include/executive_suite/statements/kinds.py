"""What each ledger line is in a statement of cash flows, by transaction; millions of them, block by block."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from executive_suite.metrics.book.lines import Flags, lines, transactions
from executive_suite.metrics.book.sums import Integers, Numbers, sums_by
from executive_suite.schema import keys
from executive_suite.statements.accounts import BORROWED, INVESTED

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context
    from executive_suite.metrics.book.lines import Lines
    from executive_suite.statements.accounts import Accounts

Small = npt.NDArray[np.int8]


class Kind(IntEnum):
    """What a line is in a statement of cash flows."""

    PLAIN = 0
    """Cash itself, or a line of a transaction without cash that touches results or only working capital."""
    APART = 1
    """A line of a transaction without cash or results that touches long-term money: a vessel against its loan."""
    OPERATING = 2
    """A line of a transaction with cash, as the following."""
    INVESTING = 3
    FINANCING = 4
    CLEARING = 5
    """Operating by its record, but on a clearing account."""


ACTIVITIES = {"operating": Kind.OPERATING, "investing": Kind.INVESTING, "financing": Kind.FINANCING}
_NONE = 0
_LOW, _HIGH = -1, 9
"""Below and above every kind."""


@dataclass(frozen=True)
class _Traits:
    """What decides, by account as the ledger's lines number them, and by activity.

    Attributes:
        cash: Which accounts are cash.
        results: Which hold revenue or expenses.
        lasting: Which hold long-term money: equity, and accounts ever paid from as investing or financing.
        clearing: Which hold money between two accounts.
        usual: The kind of a payment on the account that no record classifies.
        activity: The kind of each activity; 0 for none.
    """

    cash: Flags
    results: Flags
    lasting: Flags
    clearing: Flags
    usual: Small
    activity: Small


def kinds(context: Context, accounts: Accounts, number: Numbers) -> Small:
    """The kind of each line.

    A transaction is what one entity books under one id; where that does not sum to zero, it is all lines of the id.
    A line of a transaction with cash has its own activity. If that is blank or noncash it has the cash's, if those
    lines agree on one, else the one that the account's type or subtype shows.

    Args:
        context: The dataset.
        accounts: All accounts.
        number: Index into ``accounts`` of each of the ledger's ``Lines.accounts``.
    """
    posted, txn = lines(context), transactions(context)
    traits = _traits(posted, accounts, number)
    found: Small = np.empty(len(posted.cents), dtype=np.int8)
    for block in keys.blocks(txn):
        found[block] = _of_block(posted, traits, block, _units(posted, block, txn[block]))
    return found


def _traits(posted: Lines, accounts: Accounts, number: Numbers) -> _Traits:
    activity: Small = np.array([ACTIVITIES.get(str(name), _NONE) for name in posted.activities], dtype=np.int8)
    usual: Small = np.full(len(accounts.ids), Kind.OPERATING, dtype=np.int8)
    usual[accounts.of_subtype(*INVESTED)] = Kind.INVESTING
    usual[accounts.of_subtype(*BORROWED) | accounts.of_type("equity")] = Kind.FINANCING
    lasting = accounts.of_type("equity")[number]
    for start in range(0, len(posted.cents), keys.BLOCK):
        block = slice(start, start + keys.BLOCK)
        lasting[posted.account[block][activity[posted.activity[block]] >= Kind.INVESTING]] = True
    cash, results = accounts.cash[number], accounts.results[number]
    return _Traits(cash, results, lasting & ~cash & ~results, accounts.clearing[number], usual[number], activity)


def _units(posted: Lines, block: slice, txn: Numbers) -> Numbers:
    """The transaction of each line of a block, dense from 0."""
    entity = posted.entity[block]
    own = txn - (txn.min() if len(txn) else 0)
    crosses = np.concatenate([[False], (own[1:] == own[:-1]) & (entity[1:] != entity[:-1])])
    if not crosses.any():
        return np.unique(own, return_inverse=True)[1] if len(own) and own.max() >= 2 * len(own) else own
    parts = len(posted.entities)
    part, names = _numbered(own.astype(np.int64) * parts + entity)
    open_ = np.zeros(int(own.max()) + 1, dtype=bool)
    open_[names[sums_by(part, posted.cents[block], len(names)) != 0] // parts] = True
    return _numbered(own.astype(np.int64) * parts + np.where(open_[own], 0, entity))[0]


def _numbered(values: Integers) -> tuple[Integers, Integers]:
    names, place = np.unique(values, return_inverse=True)
    return place.astype(np.int64), names


def _of_block(posted: Lines, traits: _Traits, block: slice, unit: Numbers) -> Small:
    account = posted.account[block]
    recorded = traits.activity[posted.activity[block]]
    cash = traits.cash[account]
    size = int(unit.max()) + 1 if len(unit) else 0
    paid = _touched(unit, cash, size)[unit]
    apart = ~paid & ~_touched(unit, traits.results[account], size)[unit]
    apart &= _touched(unit, traits.lasting[account], size)[unit]
    kind: Small = np.where(paid, recorded, np.where(apart, np.int8(Kind.APART), np.int8(Kind.PLAIN))).astype(np.int8)
    if (silent := paid & ~cash & (recorded == _NONE)).any():
        kind[silent] = np.where(
            (agreed := _agreed(unit, cash, recorded, size)[unit[silent]]) != _NONE,
            agreed,
            traits.usual[account[silent]],
        )
    kind[traits.clearing[account] & (kind == Kind.OPERATING)] = Kind.CLEARING
    kind[cash] = Kind.PLAIN
    return kind


def _touched(unit: Numbers, lines_: Flags, size: int) -> Flags:
    """Which transactions have one of the lines."""
    found = np.zeros(size, dtype=bool)
    found[unit[lines_]] = True
    return found


def _agreed(unit: Numbers, cash: Flags, recorded: Small, size: int) -> Small:
    """The one activity of each transaction's cash lines; 0 if they have none or several."""
    stated = cash & (recorded != _NONE)
    low, high = np.full(size, _HIGH, dtype=np.int8), np.full(size, _LOW, dtype=np.int8)
    np.minimum.at(low, unit[stated], recorded[stated])
    np.maximum.at(high, unit[stated], recorded[stated])
    return np.where(low == high, low, np.int8(_NONE))
