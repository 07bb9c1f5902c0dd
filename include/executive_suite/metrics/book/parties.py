"""Whom a ledger line between entities of the group is with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from executive_suite.dataset.group import affiliates
from executive_suite.metrics.book.lines import books, lines

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context
    from executive_suite.metrics.book.sums import Integers


def parties(context: Context, places: Integers) -> pd.Series[str]:
    """The other entity of each line: as the line names it, else another line of its transaction; blank if none does.

    In a group of two with books it is the other one.
    """
    ledger, posted = context.table("ledger"), lines(context)
    ours = affiliates(context).union(posted.entities[np.unique(posted.entity)])
    party = pd.Series("", index=range(len(places)), dtype=object)
    if "counterparty_id" in ledger.columns:
        named = pd.Series(ledger["counterparty_id"].iloc[places].astype(object).to_numpy())
        party = named.where(named.isin(list(ours)), "")
    if "txn_id" in ledger.columns:
        of = pd.Series(books(context, places))
        known = party[party != ""].groupby(of).first().astype(object)
        other = known.reindex(of).set_axis(party.index)
        party = party.where(party != "", other.where(other.notna(), ""))
    own = sorted(set(posted.entities[np.unique(posted.entity)]))
    if len(own) == len(("one", "other")):
        entity = pd.Series(posted.entities[posted.entity[places]])
        party = party.where(party != "", entity.map(dict(zip(own, reversed(own), strict=True))))
    return party
