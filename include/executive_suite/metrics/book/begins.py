"""When books begin: opening balances, and the first month that records cover."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import GROUP
from executive_suite.metrics.book.added import added
from executive_suite.metrics.book.kinds import UNCLASSIFIED, chart
from executive_suite.metrics.book.lines import lines, together
from executive_suite.metrics.book.months import as_month
from executive_suite.metrics.book.sums import Integers
from executive_suite.period import Month

_OPENING = re.compile(r"opening[ _]balance", re.IGNORECASE)
_NEVER = np.datetime64("9999-12-31")
WEEK = 7
AFTER = 3
"""Later months that a first month is compared with."""


@per_context
def opening(context: Context) -> Integers:
    """Places of the lines of opening balances: they begin the books and are no flow.

    Those of transactions on the first day of an entity's books that touch an account of equity, and of any transaction
    that touches an account of opening balances.
    """
    posted, days = lines(context), context.table("ledger")["date"].to_numpy()
    equity = {
        row.account
        for row in chart(context).values()
        if row.type == "equity" and row.text("subtype").lower() != UNCLASSIFIED
    }
    places = np.flatnonzero(posted.on(equity))
    if not len(places):
        return places
    named = {a for a in equity if any(_OPENING.search(chart(context)[a].text(c)) for c in ("name", "subtype"))}
    begun = first_days(context)
    chosen = days[places].astype("datetime64[D]") == begun[posted.entity[places], 0]
    chosen |= np.isin(posted.accounts, list(named))[posted.account[places]]
    places = places[chosen]
    return together(context, places) if "txn_id" in context.table("ledger").columns else places


@per_context
def first_days(context: Context) -> np.typing.NDArray[np.datetime64]:
    """The first day with a posting, by entity, then of the group: in its first month and in each of the three after.

    The end of time where a month has none.
    """
    cells, posted = added(context), lines(context)
    start = np.full(len(posted.entities) + 1, np.iinfo(np.int32).max, dtype=np.int32)
    np.minimum.at(start, cells.entity, cells.month.astype(np.int32))
    start[-1] = start.min()
    found = np.full((len(start), AFTER + 1), _NEVER)
    early = np.flatnonzero(posted.month <= (start + AFTER)[posted.entity])
    days = context.table("ledger")["date"].to_numpy()[early].astype("datetime64[D]")
    after = posted.month[early] - start[posted.entity[early]]
    np.minimum.at(found.reshape(-1), posted.entity[early] * np.int64(AFTER + 1) + after, days)
    within = (after := posted.month[early] - start[-1]) <= AFTER
    np.minimum.at(found[-1], after[within], days[within])
    return found


@per_context
def begun(context: Context) -> Mapping[str, Month]:
    """The first complete month of each entity with postings, and of the group.

    The month of the first posting, unless the books only begin in it: nothing but opening balances was posted in it,
    later than on its first day; or its first posting comes more than a week later in the month than that of each of
    the next three.
    """
    posted, days, cells = lines(context), first_days(context), added(context)
    begins = opening(context)
    found = {}
    for number, name in enumerate([*posted.entities.tolist(), GROUP]):
        own = days[number]
        if name == "" or own[0] == _NEVER:
            continue
        month = own[0].astype("datetime64[M]").astype(int)
        whole, here = name == GROUP, cells.month == month
        lines_in = cells.lines[here & (whole | (cells.entity == number))].sum()
        opened = posted.month[begins] == month
        opened &= whole | (posted.entity[begins] == number)
        found[name] = as_month(int(month) + _is_partial(own, only_opening=int(opened.sum()) == int(lines_in)))
    return found


def _is_partial(days: np.typing.NDArray[np.datetime64], *, only_opening: bool) -> bool:
    """Whether the first of some months is not covered from its beginning, by the first days with a posting."""
    known = days[days < _NEVER]
    number = (known - known.astype("datetime64[M]")).astype(int)
    late = len(known) == len(days) and number[0] > number[1:].max() + WEEK
    return bool(late or (only_opening and number[0] > 0))
