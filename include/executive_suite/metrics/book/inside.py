"""What of the cash lines is no flow: transfers between own accounts, and for the group between its entities."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import GROUP
from executive_suite.metrics.book.amounts import MonthlySums, Sum
from executive_suite.metrics.book.begins import opening
from executive_suite.metrics.book.bills import bills
from executive_suite.metrics.book.elimination import counted, eliminated
from executive_suite.metrics.book.kinds import cash_accounts, financial_accounts
from executive_suite.metrics.book.lines import books, lines, together
from executive_suite.metrics.book.months import as_month
from executive_suite.metrics.book.named import NOTHING, cash_of, on_cash
from executive_suite.metrics.book.sums import Flags, Integers, among, merged, sums_by
from executive_suite.metrics.book.transfers import in_transit, within_one


@dataclass(frozen=True)
class Parts:
    """The part of some ledger lines that does not count.

    Attributes:
        lines: Places of the lines, ascending.
        cents: The part of each, debits positive; a line with other counter lines may count in part.
    """

    lines: Integers
    cents: Integers

    def taken_from(self, cents: Integers, places: Integers) -> Integers:
        """The amounts of some lines without the parts that do not count.

        Args:
            cents: By line.
            places: Where the lines are in the ledger, ascending.
        """
        first, last = np.searchsorted(self.lines, places[[0, -1]]) if len(places) else (0, 0)
        inside = slice(first, last + 1)
        if not len(self.lines[inside]):
            return cents
        at = np.searchsorted(places, self.lines[inside])
        here = at < len(places)
        here[here] = places[at[here]] == self.lines[inside][here]
        left = cents.copy()
        left[at[here]] -= self.cents[inside][here]
        return left

    def monthly(self, context: Context, activity: str, leavers: Collection[str] = ()) -> MonthlySums:
        """The parts on lines of one activity, by entity and month; the group's without those of some entities."""
        posted, found = lines(context), MonthlySums()
        chosen = posted.activities[posted.activity[self.lines]] == activity
        places, cents = self.lines[chosen], self.cents[chosen]
        size = len(posted.entities)
        number, keys = pd.factorize(posted.month[places].astype(np.int64) * size + posted.entity[places])
        for key, total in zip(keys.tolist(), sums_by(number, cents, len(keys)).tolist(), strict=True):
            entity = str(posted.entities[key % size])
            for whose in {entity, *([] if entity in leavers else [GROUP])}:
                found[whose, as_month(key // size)] += Sum(total)
        return found


@dataclass(frozen=True)
class Inside:
    """What of the cash lines is no flow, for entities on their own and for the group."""

    own: Parts
    group: Parts


@per_context
def inside(context: Context) -> Inside:
    """What of the cash lines is no flow.

    Opening balances begin the books; money on its way between own accounts, through an account in transit, is still
    ours. For the group the same holds of money between its entities, and of that of an entity that has left.
    """
    return _without(context, NOTHING)


@per_context
def inside_or_lent(context: Context) -> Inside:
    """As ``inside``, and of cash lines of activity investing what was lent, or put into securities or deposits."""
    posted = lines(context)
    invested = np.flatnonzero(posted.on(cash_accounts(context), "investing"))
    if not len(invested):
        return inside(context)
    around, financial = together(context, invested), np.isin(posted.accounts, list(financial_accounts(context)))
    return _without(context, around[financial[posted.account[around]]])


@per_context
def between_entities(context: Context) -> Inside:
    """Of lines on other accounts than cash, those between entities of the group: they do not count for the group."""
    gone = eliminated(context)
    places = merged(gone.lines, gone.left)
    own = Parts(NOTHING, NOTHING)
    return Inside(own, Parts(places, lines(context).cents[places]) if len(places) else own)


def answering_flows(context: Context) -> Flags:
    """Which ledger lines on accounts other than cash may answer a flow of the group.

    Not those between its entities, of opening balances, or of money on its way between own accounts.
    """
    found = counted(context)
    found[opening(context)] = found[in_transit(context)] = False
    return found


def billed_flows(context: Context) -> Integers:
    """Places of the lines on which an entity booked what another paid for it: they answer that payment."""
    return bills(context).expenses


def between_entities_paid(context: Context) -> Parts:
    """What entities of the group paid each other: parts of their cash lines."""
    return parts(context, *_kept(context))


def _kept(context: Context) -> tuple[Integers, Parts]:
    """Cash lines between entities, and the lines that others pay for: what was paid for another to outsiders aside."""
    gone, found = eliminated(context), bills(context)
    cents = lines(context).cents[gone.lines]
    if not len(found.of):
        return gone.cash, Parts(gone.lines, cents)
    of = books(context, gone.lines)
    # A bill is taken from the first line of its transaction: only their sum matters.
    first = np.flatnonzero(~pd.Series(of).duplicated().to_numpy() & among(of, found.of))
    cents = cents.copy()
    cents[first] -= found.cents[np.searchsorted(found.of, of[first])]
    return gone.cash[~among(books(context, gone.cash), found.of)], Parts(gone.lines, cents)


def _without(context: Context, lent: Integers) -> Inside:
    """What of the cash lines is no flow, what they pay for on the lines at some places included."""
    gone, begun, cents = eliminated(context), opening(context), lines(context).cents
    counter = merged(in_transit(context), lent)
    own = parts(context, begun, Parts(counter, cents[counter]))
    cash, paid = _kept(context)
    between = np.concatenate([cash, gone.left, within_one(context)])
    if not len(between) and not len(gone.lines):
        return Inside(own, own)
    rest = counter[~among(counter, paid.lines)]
    places = np.concatenate([paid.lines, rest])
    order = np.argsort(places, kind="stable")
    both = Parts(places[order], np.concatenate([paid.cents, cents[rest]])[order])
    return Inside(own, parts(context, merged(begun, between), both))


def parts(context: Context, whole: Integers, counter: Parts) -> Parts:
    """The parts of cash lines that do not count.

    Args:
        context: The dataset.
        whole: Places of lines that do not count; those of other accounts are ignored.
        counter: Lines on other accounts: the cash of their transaction counts without what was paid for them.
    """
    whole = whole[on_cash(context, whole)]
    rest_lines, rest = _shares(context, whole, counter) if len(counter.lines) else (NOTHING, NOTHING)
    places = np.concatenate([whole, rest_lines])
    order = np.argsort(places, kind="stable")
    return Parts(places[order], np.concatenate([lines(context).cents[whole], rest])[order])


def _shares(context: Context, whole: Integers, counter: Parts) -> tuple[Integers, Integers]:
    """A cash line of each transaction of the counter lines, and the part of it that was paid for them.

    Of several cash lines, the one with that amount or activity.
    """
    posted, cash = lines(context), cash_of(context, counter.lines)
    counted = among(cash, whole)
    owed = pd.DataFrame({"of": books(context, counter.lines), "cents": counter.cents})
    owed["activity"] = posted.activity[counter.lines]
    wanted = -owed.groupby("of")["cents"].sum()
    named = owed.groupby("of")["activity"].first()
    given = pd.Series(posted.cents[cash[counted]]).groupby(books(context, cash[counted])).sum()
    wanted = wanted.sub(given.reindex(wanted.index).fillna(0).astype(np.int64))
    free = cash[~counted]
    of = books(context, free)
    choice = pd.DataFrame({"of": of, "place": free, "wanted": wanted.reindex(of).to_numpy(dtype=np.int64)})
    choice["other_amount"] = posted.cents[free] != choice["wanted"].to_numpy()
    choice["other_activity"] = posted.activity[free] != named.reindex(of).to_numpy()
    choice = choice[choice["wanted"] != 0].sort_values(["of", "other_amount", "other_activity", "place"])
    chosen = choice.drop_duplicates("of")
    return chosen["place"].to_numpy(dtype=np.int64), chosen["wanted"].to_numpy(dtype=np.int64)
