"""Bills that one entity of the group pays for another: the money left the group, whatever it is booked against.

The payer claims the amount from the other, who owes it and books the expense without cash. A transfer is answered with
cash. So what of an entity's payments to another the other's books answer without cash was paid to somebody outside; the
same holds of what was received for another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.metrics.book.kinds import chart
from executive_suite.metrics.book.lines import books, lines, together
from executive_suite.metrics.book.named import NOTHING, between_entities, cash_of
from executive_suite.metrics.book.on_account import RESULTS
from executive_suite.metrics.book.parties import parties
from executive_suite.metrics.book.sums import Flags, Integers, among, merged

_OUTSIDE, _CASH, _BOOKED = 2, 1, 0
"""How a transaction moves cash: to or from somebody outside, whom it names; with nobody named outside; not at all."""


@dataclass(frozen=True)
class Bills:
    """What was paid, or received, for another entity.

    Attributes:
        of: Numbers of the transactions, as ``lines.books``, ascending.
        cents: What of the lines between entities of each is for the other, debits positive.
        expenses: Places of the lines on which the other entity booked it, those between entities aside.
        outside: Lines on revenue and expenses that name another entity although somebody outside was paid, or paid:
            those of ``expenses``, and the payer's own where the other entity booked nothing.
    """

    of: Integers
    cents: Integers
    expenses: Integers
    outside: Integers


@per_context
def bills(context: Context) -> Bills:
    """What entities of the group paid or received for each other."""
    between = between_entities(context).lines
    if not len(between) or "txn_id" not in context.table("ledger").columns:
        return Bills(NOTHING, NOTHING, NOTHING, NOTHING)
    units = _units(context, between)
    left = units["cents"].to_numpy(dtype=np.int64, copy=True)
    for_other = np.zeros(len(units), dtype=np.int64)
    answers: list[Integers] = []
    # What moves cash, or does not, on both sides belongs together; what remains of a payment is a bill.
    for ours, theirs in ((_OUTSIDE, _BOOKED), (_CASH, _CASH), (_BOOKED, _BOOKED), (_CASH, _BOOKED)):
        for one, other in _equal(units, left, ours, theirs):
            if ours != theirs:
                for_other[one] += left[one]
                answers.append(other)
            left[one] = left[other] = 0
    for ours, theirs in ((_CASH, _CASH), (_BOOKED, _BOOKED), (_CASH, _BOOKED)):
        taken = _in_part(units, left, ours, theirs)
        for place, cents in taken.items():
            left[place] -= cents
            if ours != theirs and units["moves"].iloc[place] == ours:
                for_other[place] += cents
            elif ours != theirs:
                answers.append(np.array([place]))
    outside = (units["moves"] == _OUTSIDE).to_numpy()
    for_other[outside] = units["cents"].to_numpy()[outside]
    sums = pd.Series(for_other).groupby(units["of"].to_numpy()).sum()
    sums = sums[sums != 0]
    answered = units["of"].to_numpy()[np.concatenate(answers)] if answers else NOTHING
    booked = between[among(books(context, between), answered)]
    around = together(context, booked) if len(booked) else NOTHING
    named = booked[_on_results(context, booked)]
    answering = around[~np.isin(around, between) | np.isin(around, named)]
    alone = between[among(books(context, between), units["of"].to_numpy()[outside & (left != 0)])]
    bought = merged(named, alone[_on_results(context, alone)])
    return Bills(sums.index.to_numpy(dtype=np.int64), sums.to_numpy(dtype=np.int64), answering, bought)


def _on_results(context: Context, places: Integers) -> Flags:
    posted, results = lines(context), {row.account for row in chart(context).values() if row.type in RESULTS}
    return np.asarray(np.isin(posted.accounts, list(results))[posted.account[places]])


def _units(context: Context, between: Integers) -> pd.DataFrame:
    """One row for each transaction, book and other entity, in order of the day: what is booked with it.

    ``pair`` names the two; ``half`` is on which side of it the book is, and ``owed`` the amount as both sides state
    it: what the first of the two gave. Lines that name nobody are the sides of one another by their sign.
    """
    ledger, posted = context.table("ledger"), lines(context)
    paid = cash_of(context, between)
    named = "counterparty_id" in ledger.columns
    to_others = paid[~among(paid, between_entities(context).cash)] if named else NOTHING
    to_others = to_others[ledger["counterparty_id"].iloc[to_others].notna().to_numpy(dtype=bool)] if named else NOTHING
    of = books(context, between)
    table = pd.DataFrame(
        {
            "of": of,
            "entity": posted.entities[posted.entity[between]],
            "party": parties(context, between).to_numpy(),
            "cents": posted.cents[between],
            "day": ledger["date"].to_numpy()[between],
            "moves": among(of, books(context, paid)).astype(np.int8) + among(of, books(context, to_others)),
        }
    )
    # What is booked without cash shows in what is owed: an expense that names the other entity would cancel it out.
    by = table[(table["moves"] > _BOOKED) | ~_on_results(context, between)].groupby(
        ["of", "entity", "party"], sort=False
    )
    found = by.agg({"cents": "sum", "day": "min", "moves": "max"}).reset_index()
    found = found[found["cents"] != 0].sort_values(["day", "of"], kind="stable").reset_index(drop=True)
    known = found["party"] != ""
    first = found["entity"] < found["party"]
    found["half"] = np.where(known, first, found["cents"] > 0)
    found["pair"] = np.where(
        known, found[["entity", "party"]].min(axis=1) + "\0" + found[["entity", "party"]].max(axis=1), ""
    )
    found["owed"] = np.where(known, np.where(first, found["cents"], -found["cents"]), found["cents"].abs())
    return found


def _equal(units: pd.DataFrame, left: Integers, ours: int, theirs: int) -> Iterable[tuple[Integers, Integers]]:
    """Places of equal amounts on both sides of a pair, the earliest first; those of ``ours`` come first."""
    whole = left == units["cents"].to_numpy()
    for half in (True, False) if ours != theirs else (True,):
        both = [
            np.flatnonzero(whole & (left != 0) & (units["moves"] == moves) & (units["half"] == side))
            for moves, side in ((ours, half), (theirs, not half))
        ]
        if not all(map(len, both)):
            continue
        sides = []
        for places in both:
            own = units.iloc[places][["pair", "owed"]].assign(place=places)
            sides.append(own.assign(number=own.groupby(["pair", "owed"]).cumcount()))
        met = sides[0].merge(sides[1], on=["pair", "owed", "number"])
        yield met["place_x"].to_numpy(dtype=np.int64), met["place_y"].to_numpy(dtype=np.int64)


def _in_part(units: pd.DataFrame, left: Integers, ours: int, theirs: int) -> Mapping[int, int]:
    """What of the amounts of ``ours`` the other side answers by ``theirs``, in order of the day: cents by place."""
    open_: dict[tuple[str, bool, bool], dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    moves, pairs = units["moves"].to_numpy(), units["pair"].to_numpy()
    halves, signs = units["half"].to_numpy(dtype=bool), units["owed"].to_numpy() > 0
    for place in np.flatnonzero(left).tolist():
        if moves[place] in (ours, theirs):
            open_[pairs[place], bool(signs[place]), bool(halves[place])][int(moves[place])].append(place)
    found: dict[int, int] = {}
    for (pair, sign, half), side in list(open_.items()):
        other = open_.get((pair, sign, not half), {})
        if half or ours != theirs:
            found |= _consumed(left, side.get(ours, []), other.get(theirs, []))
    return found


def _consumed(left: Integers, one: list[int], other: list[int]) -> dict[int, int]:
    """What two lists of amounts have in common, cents by place: from the first of each on, as far as both go."""
    most = min(sum(abs(int(left[place])) for place in places) for places in (one, other))
    found = {}
    for places in (one, other):
        rest = most
        for place in places:
            part = min(rest, abs(int(left[place])))
            if part:
                found[place] = part if left[place] > 0 else -part
            rest -= part
    return found
