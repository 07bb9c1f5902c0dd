"""Whom a ledger line between entities of the group is with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from executive_suite.dataset.group import affiliates
from executive_suite.metrics.book.kinds import chart
from executive_suite.metrics.book.lines import books, lines
from executive_suite.metrics.book.named import between_entities, on_cash
from executive_suite.metrics.book.on_account import RESULTS

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context
    from executive_suite.metrics.book.sums import Integers


def parties(context: Context, places: Integers) -> pd.Series[str]:
    """The other entity of each line: as the line names it, else another line of its transaction; blank if none does.

    In a group of two with books it is the other one; in a larger one, the one that booked the same amount with it and
    got no answer from it by name.
    """
    ledger, posted = context.table("ledger"), lines(context)
    ours = affiliates(context).union(posted.entities[np.unique(posted.entity)])
    party = pd.Series("", index=range(len(places)), dtype=object)
    if "counterparty_id" in ledger.columns:
        named = pd.Series(ledger["counterparty_id"].iloc[places].astype(object).to_numpy())
        party = named.where(named.isin(list(ours)), "")
    settled = between_entities(context).settled
    told = pd.Series([settled.get(place, "") for place in places.tolist()], dtype=object) if settled else party
    party = party.where(party != "", told)
    if "txn_id" in ledger.columns:
        of = pd.Series(books(context, places))
        known = party[party != ""].groupby(of).first().astype(object)
        other = known.reindex(of).set_axis(party.index)
        party = party.where(party != "", other.where(other.notna(), ""))
    own = sorted(set(posted.entities[np.unique(posted.entity)]))
    if len(own) == len(("one", "other")):
        entity = pd.Series(posted.entities[posted.entity[places]])
        return party.where(party != "", entity.map(dict(zip(own, reversed(own), strict=True))))
    if "txn_id" in ledger.columns and (party == "").any() and (party != "").any():
        of = pd.Series(books(context, places))
        told = of.map(_named_by_others(context, places, party, of))
        party = party.where(party != "", told.where(told.notna(), ""))
    return party


def _named_by_others(
    context: Context, places: Integers, party: pd.Series[str], of: pd.Series[int]
) -> Mapping[int, str]:
    """The other entity of transactions that name none, by their number: it booked the opposite amount with this one."""
    posted, charted = lines(context), chart(context)
    types = np.array([charted[name].type if name in charted else "" for name in posted.accounts], dtype=object)
    table = pd.DataFrame({"of": of, "party": party, "entity": posted.entities[posted.entity[places]]})
    table["cents"], table["result"] = posted.cents[places], np.isin(types, RESULTS)[posted.account[places]]
    table = table[~on_cash(context, places)]
    # What is owed shows the amount; where nothing is, the charge that was paid at once.
    table = table[~table["result"] | ~table["of"].isin(table.loc[~table["result"], "of"])]
    sums = table.groupby(["of", "entity", "party"], sort=False)["cents"].sum().reset_index()
    counted = Counter(zip(sums["entity"], sums["party"], sums["cents"], strict=True))
    found: dict[int, str] = {}
    for number, entity, cents in sums.loc[sums["party"] == "", ["of", "entity", "cents"]].itertuples(index=False):
        for other in sorted({one for one, with_, amount in counted if (with_, amount) == (entity, -cents)}):
            if counted[other, entity, -cents] > counted[entity, other, cents]:
                counted[entity, other, cents] += 1
                found[number] = other
                break
    return found
