"""Lines that wait to be classified: on an account of subtype ``unclassified``; nobody said yet what they were for.

Such a line may be a sale, a cost, a transfer, a loan or the owner's money. Cash is known all the same; revenue,
expenses and what follows from them are not, in the months of such lines: taken as they are, profit would be zero.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import GROUP, Fact, MissingInputError
from executive_suite.metrics.book.kinds import UNCLASSIFIED
from executive_suite.metrics.book.lines import lines
from executive_suite.metrics.book.months import as_month
from executive_suite.period import Month
from executive_suite.schema.tables import SOURCE_FILE, SOURCE_ROW

Needs = Literal["month", "all_before", "window", "nothing"]
"""Which lines must be classified for a figure: for one of a month, those of that month; or also all before; none where
it is about balances that do not depend on them. A figure at the report date needs all of them, unless its ``Window``
says which months it looks at."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The lines of one entity in one month that wait.

    Attributes:
        account: That of the first.
        first: The day of the first.
        origin: The file and row of the first; empty if the records do not say.
        count: How many.
        cents: Their sum, debits positive.
    """

    account: str
    first: date
    origin: str
    count: int
    cents: int


@per_context
def accounts(context: Context) -> Mapping[str, str]:
    """The accounts whose lines wait, with and without postings, and their names; none without a chart."""
    rows = context.rows("account") if context.has("account") else ()
    return {row.text("account"): row.text("name") for row in rows if row.text("subtype").lower() == UNCLASSIFIED}


@per_context
def waiting(context: Context) -> Mapping[tuple[str, Month], Waiting]:
    """Lines that wait by entity and month, in order of months; none without books."""
    if not context.has("ledger") or not accounts(context):
        return {}
    try:
        posted, ledger = lines(context), context.table("ledger")
    except MissingInputError:
        return {}  # figures that rest on the ledger say what it lacks
    places = np.flatnonzero(posted.on(list(accounts(context))))
    days = ledger["date"].to_numpy()[places].astype("datetime64[D]")
    in_order = np.lexsort((places, days))
    found: dict[tuple[str, Month], Waiting] = {}
    for place, day in zip(places[in_order].tolist(), days[in_order].tolist(), strict=True):
        key = str(posted.entities[posted.entity[place]]), as_month(int(posted.month[place]))
        cents, before = int(posted.cents[place]), found.get(key)
        if before is None:
            account = str(posted.accounts[posted.account[place]])
            found[key] = Waiting(account, day, _origin(context, place), 1, cents)
        else:
            found[key] = Waiting(before.account, before.first, before.origin, before.count + 1, before.cents + cents)
    return found


def _origin(context: Context, place: int) -> str:
    ledger = context.table("ledger")
    if SOURCE_FILE not in ledger.columns or SOURCE_ROW not in ledger.columns:
        return ""
    file, row = ledger[SOURCE_FILE].iloc[place], ledger[SOURCE_ROW].iloc[place]
    return f"{file} row {row}"


def months(context: Context, entity_id: str) -> tuple[Month, ...]:
    """The months of an entity, or of the group, with lines that wait, in order."""
    return tuple(sorted({month for whose, month in waiting(context) if entity_id in {GROUP, whose}}))


def why(context: Context, entity_id: str, within: Collection[Month]) -> str:
    """Why profit of some months cannot be known, and what to do, in words; empty if it can."""
    own = [one for (whose, month), one in waiting(context).items() if entity_id in {GROUP, whose} and month in within]
    if not own:
        return ""
    first, count = own[0], sum(one.count for one in own)
    named = accounts(context)[first.account]
    account = first.account if named in {"", first.account} else f"{first.account} ({named})"
    where = f", {first.origin}" if first.origin else ""
    since = f"{first.first.isoformat()}{where}"
    return (
        f"lines not classified yet: {count} on account {account}, the first on {since}; "
        f"give each the account it belongs to"
    )


def why_any(context: Context) -> str:
    """Why profit of some month of the group cannot be known, in words; empty if it can."""
    return why(context, GROUP, months(context, GROUP)) if waiting(context) else ""


def missing(context: Context, fact: Fact, needs: Needs) -> str:
    """Why a figure cannot be evaluated while lines wait, in words; empty if it can."""
    if needs == "nothing" or not waiting(context):
        return ""
    rests = any(one.table == "ledger" for one in fact.inputs) or (needs == "all_before" and fact.status == "ok")
    if not rests:
        return ""
    known = months(context, fact.entity_id)
    if fact.monthly:
        month = Month(int(fact.period[:4]), int(fact.period[5:]))
        known = tuple(one for one in known if (one <= month if needs == "all_before" else one == month))
    elif needs == "window":
        return ""
    return why(context, fact.entity_id, known)


def require(context: Context, within: Collection[Month] | None = None) -> None:
    """Refuse to say of the group what lines that wait may change.

    Args:
        context: The dataset.
        within: The months that matter; None for all.

    Raises:
        MissingInputError: such a line is in one of the months.
    """
    if waiting(context) and (reason := why(context, GROUP, months(context, GROUP) if within is None else within)):
        raise MissingInputError(reason)
