"""The consolidation worksheet: sums of the ledger by column (entities, parent, elimination, group), account and day."""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from executive_suite.dataset.group import affiliates
from executive_suite.facts.fact import GROUP
from executive_suite.metrics.book.lines import Flags, codes, lines
from executive_suite.metrics.book.sums import Numbers, totals
from executive_suite.schema.keys import BLOCK
from executive_suite.statements.accounts import Accounts, accounts
from executive_suite.statements.cells import ELIMINATION, PARENT
from executive_suite.statements.kinds import Kind, kinds
from executive_suite.statements.periods import Period
from executive_suite.statements.sums import Sums, Table

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context


@dataclass(frozen=True)
class Worksheet:
    """All columns.

    Attributes:
        accounts: All accounts.
        own: What each entity booked, ``parent`` last.
        mutual: Lines of one entity with another, by both.
        eliminated: All of these, turned.
    """

    accounts: Accounts
    own: Mapping[str, Sums]
    mutual: Mapping[tuple[str, str], Table]
    eliminated: Sums

    @cached_property
    def columns(self) -> Mapping[str, Sums]:
        """Every column by its name: the entities, ``parent``, ``elimination``, ``group``."""
        found = dict(self.own) | ({ELIMINATION: self.eliminated} if self.mutual else {})
        return found | {GROUP: functools.reduce(operator.add, self.own.values(), self.eliminated)}

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Entities that booked something with each other, each pair once."""
        return tuple(sorted({(min(pair), max(pair)) for pair in self.mutual}))

    def booked(self, entity: str, other: str) -> Sums:
        """What an entity booked with another one; added up on each call, as there may be many pairs."""
        known = self.mutual.get((entity, other)) or self.mutual[other, entity].where(np.zeros(0, dtype=np.intp))
        return known.sums()


def parent_of(context: Context) -> str:
    """The id of the group's own entity."""
    rows = context.rows("entity", "entity_id") if context.has("entity") else ()
    return next((row.entity_id for row in rows if row.text("kind") == GROUP), GROUP)


def worksheet(context: Context, periods: tuple[Period, ...]) -> Worksheet:
    """The sums of the ledger at the days where the periods and their fiscal years begin or end.

    A line is mutual if its counterparty is another entity of the group and its account is not cash.

    Raises:
        MissingInputError: ledger or chart, or a column that no statement can do without, is absent.
    """
    cuts = sorted({day for one in periods for day in (one.first, one.end, one.fiscal_first)})
    at, charted, posted = {day: index for index, day in enumerate(cuts)}, accounts(context), lines(context)
    place = {name: index for index, name in enumerate(charted.ids)}
    number = np.array([place.get(str(name), 0) for name in posted.accounts], dtype=np.int64)
    parent = parent_of(context)
    partner, partners = _partners(context, charted.cash[number])
    columns = (_since(context, cuts), posted.entity, partner, posted.account, kinds(context, charted, number))
    shape = (len(cuts) + 1, len(posted.entities), len(partners), len(posted.accounts), len(Kind))
    (cut, entity, other, account, kind), cents, _ = totals(columns, shape, posted.cents)
    table = Table(at, cut, number[account], _settled(charted, number[account], kind), cents, len(charted.ids))
    named = [PARENT if name == parent else str(name) for name in posted.entities]
    own = {named[index]: table.where(entity == index).sums() for index in np.unique(entity)}
    pair = np.where(other > 0, entity.astype(np.int64) * len(partners) + other, 0)
    return Worksheet(
        charted,
        {name: own[name] for name in sorted(own, key=lambda name: (name == PARENT, name))},
        {
            (named[key // len(partners)], PARENT if (name := partners[key % len(partners)]) == parent else name): (
                table.where(pair == key)
            )
            for key in np.unique(pair[pair > 0]).tolist()
        },
        -table.where(pair > 0).sums(),
    )


def _since(context: Context, cuts: list[date]) -> Numbers:
    """By line, how many of the cuts are on or before its day."""
    days = context.table("ledger", "date")["date"].to_numpy()
    marks = np.array(cuts, dtype="datetime64[D]")
    found = np.empty(len(days), dtype=np.int16)
    for start in range(0, len(days), BLOCK):
        block = days[start : start + BLOCK].astype("datetime64[D]")
        first = block.min()
        every = np.searchsorted(marks, np.arange(first, block.max() + 1), side="right").astype(np.int16)
        found[start : start + BLOCK] = every[(block - first).astype(np.int64)]
    return found


def _partners(context: Context, cash: Flags) -> tuple[Numbers, list[str]]:
    """By line, the other entity of the group that it is booked with, as index; 0 for none."""
    posted = lines(context)
    ours = sorted(affiliates(context) | {str(name) for name in posted.entities} - {""})
    frame = context.table("ledger")
    if "counterparty_id" not in frame.columns or not ours:
        return np.zeros(len(posted.cents), dtype=np.int8), [""]
    party, parties = codes(frame["counterparty_id"])
    place = {name: index + 1 for index, name in enumerate(ours)}
    number = np.array([place.get(str(name), 0) for name in parties], dtype=np.int16)
    itself = np.array([place.get(str(name), 0) for name in posted.entities], dtype=np.int16)
    found = np.empty(len(posted.cents), dtype=np.int16)
    for start in range(0, len(found), BLOCK):
        block = slice(start, start + BLOCK)
        other = number[party[block]]
        other[(other == itself[posted.entity[block]]) | cash[posted.account[block]]] = 0
        found[block] = other
    return found, ["", *ours]


def _settled(accounts: Accounts, account: Numbers, kind: Numbers) -> Numbers:
    """The kinds, with those of clearing accounts decided.

    An account that money only ever enters from cash and leaves to cash holds transfers under way: not operating, but a
    claim given and returned. One that sales fill (a card processor's) is working capital.
    """
    filled = np.zeros(len(accounts.ids), dtype=bool)
    filled[account[(kind == Kind.PLAIN) | (kind == Kind.APART)]] = True
    on_transfer = kind == Kind.CLEARING
    return np.where(on_transfer, np.where(filled[account], Kind.OPERATING, Kind.INVESTING), kind)
