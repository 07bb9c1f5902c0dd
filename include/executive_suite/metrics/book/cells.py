"""Sums of the ledger by entity, month, account and activity, and queries on them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

import numpy as np
import numpy.typing as npt

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import GROUP, MissingInputError
from executive_suite.metrics.book.amounts import NOTHING, MonthlySums, Part, Sum
from executive_suite.metrics.book.months import as_index, as_month
from executive_suite.metrics.book.sums import Integers, sums_by
from executive_suite.period import Month, last_complete_month

Mask = npt.NDArray[np.bool_]
"""Which cells of a book count; masks combine with ``&``, ``|`` and ``~``."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One of the things that divide the cells.

    Attributes:
        names: The name of each number; ``""`` for a blank.
        of: By cell, the place of its name among ``names``.
    """

    names: tuple[str, ...]
    of: Integers

    def among(self, wanted: Collection[str]) -> Mask:
        """Which cells have one of these names."""
        return self.where([name in wanted for name in self.names])

    def where(self, wanted: list[bool]) -> Mask:
        """Which cells have a name that is wanted, by place."""
        return np.array(wanted, dtype=bool)[self.of]


@dataclass(frozen=True)
class Book:
    """The ledger as sums: one cell for each entity, month, account and activity with postings.

    A mask chooses cells: ``sums.of_type("expense") & sums.having("function", "cogs")``.

    Attributes:
        entity: Whose.
        account: On which account.
        activity: operating, investing, financing, noncash.
        month: Months since January 1970, by cell.
        cents: Debit-positive, by cell.
        lines: Ledger lines behind it, by cell.
        eliminated: Whether it is between entities of the group, by cell: the group's sums leave it out.
        chart: Type, subtype, function and cost_behaviour where the chart has that column: by place of the account,
            blank where the cell is blank or the account is not in the chart.
        marked_as_cash: Accounts of the chart, with and without postings.
        of_unknown_level: Of these, those of which nobody says what they held before their first line.
        rows: Lines of the ledger.
        begun: The first complete month of each entity with postings, and of the group.
        ended: The last day of each entity that no longer belongs to the group.
        silent: Attributes that the chart has a column for and states of no account.
    """

    entity: Axis
    account: Axis
    activity: Axis
    month: Integers
    cents: Integers
    lines: Integers
    eliminated: Mask
    chart: Mapping[str, tuple[str, ...]]
    marked_as_cash: frozenset[str]
    of_unknown_level: frozenset[str]
    rows: int
    begun: Mapping[str, Month]
    ended: Mapping[str, date]
    silent: frozenset[str] = frozenset()

    @functools.cached_property
    def entities(self) -> tuple[str, ...]:
        """The group, then every other entity with postings, in order of id."""
        return (GROUP, *sorted({self.entity.names[place] for place in set(self.entity.of.tolist())} - {GROUP}))

    @functools.cached_property
    def accounts(self) -> tuple[str, ...]:
        """Every account with postings, in order."""
        return tuple(sorted({self.account.names[place] for place in set(self.account.of.tolist())}))

    def first_month(self, entity_id: str = GROUP) -> Month | None:
        """The month of the first posting; None if there is none."""
        return self._first_months.get(entity_id)

    @functools.cached_property
    def _first_months(self) -> Mapping[str, Month]:
        found = {name: self.month[self.owned_by(name)] for name in self.entities}
        return {name: as_month(int(months.min())) for name, months in found.items() if len(months)}

    @functools.cached_property
    def last_month(self) -> Month | None:
        """The month of the last posting of all; None if there is none."""
        return as_month(int(self.month.max())) if len(self.month) else None

    def months(self, entity_id: str, last: Month) -> tuple[Month, ...]:
        """Every month from the first posting to ``last``; none if nothing was posted by then."""
        first = self.first_month(entity_id)
        return () if first is None else tuple(map(as_month, range(as_index(first), as_index(last) + 1)))

    def last_of(self, entity_id: str, last: Month) -> Month:
        """The last month of an entity by ``last``: of one that has left the group, that of its last day in it."""
        return min(last, Month.of(self.ended[entity_id])) if entity_id in self.ended else last

    def complete(self, entity_id: str, context: Context) -> tuple[Month, ...]:
        """The complete months at the report date that the entity's books cover, oldest first.

        Of an entity that has left the group, those that ended by its last day.
        """
        last = last_complete_month(context.report_date)
        if entity_id in self.ended:
            last = min(last, last_complete_month(self.ended[entity_id] + timedelta(days=1)))
        return tuple(month for month in self.months(entity_id, last) if month >= self.begun[entity_id])

    @functools.cached_property
    def booked(self) -> Book:
        """The same books before elimination: the group's sums are those of all entities."""
        return replace(self, eliminated=np.zeros_like(self.eliminated)) if self.eliminated.any() else self

    @functools.cached_property
    def going_on(self) -> Mask:
        """Which cells are of the entities that still belong to the group: those that count in its run rates."""
        return ~self.entity.among(self.ended) if self.ended else np.ones(len(self.cents), dtype=bool)

    def monthly(self, chosen: Mask) -> MonthlySums:
        """Sums of the chosen cells by entity and month, the group's among them; a missing key is zero."""
        months = self.month[chosen]
        first, span = (int(months.min()), int(np.ptp(months)) + 1) if len(months) else (0, 1)
        place, size = self.entity.of[chosen] * span + months - first, len(self.entity.names) * span
        counted = ~self.eliminated[chosen]

        def added(by: Integers) -> tuple[Integers, Integers]:
            """By entity and month as booked, and by month for the group."""
            own = sums_by(place, by[chosen], size).reshape(-1, span)
            whole = own if counted.all() else sums_by(place[counted], by[chosen][counted], size).reshape(-1, span)
            return own, whole.sum(axis=0)

        (cents, of_group), (lines, behind) = added(self.cents), added(self.lines)
        owners = ((name, cents[n], lines[n]) for n, name in enumerate(self.entity.names) if name != GROUP)
        return MonthlySums(
            {
                (name, as_month(first + at)): Sum(
                    int(own[at]), int(count[at]), (Part("cells", partial(self._of_month, chosen, name, first + at)),)
                )
                for name, own, count in (*owners, (GROUP, of_group, behind))
                for at in np.flatnonzero(count).tolist()
            }
        )

    def total(self, chosen: Mask, entity_id: str = GROUP) -> Sum:
        """The sum of the chosen cells that count in the figures of one entity, or of the group."""
        here = chosen & self.counted(entity_id)
        behind = Part("cells", lambda _: np.flatnonzero(here))
        return Sum(int(self.cents[here].sum()), int(self.lines[here].sum()), (behind,))

    def by(self, column: str, chosen: Mask, entity_id: str = GROUP) -> Iterator[tuple[str, Sum]]:
        """The sums of the chosen cells that count for one entity, or for the group, in order of what divides them.

        Args:
            column: ``account``, or an attribute that the chart gives it.
            chosen: Which cells.
            entity_id: Whose.
        """
        here = chosen & self.counted(entity_id)
        names = self.account.names if column == "account" else self._attribute(column)
        cents, lines = (sums_by(self.account.of[here], by[here], len(names)) for by in (self.cents, self.lines))
        found: dict[str, Sum] = {}
        for place, (name, amount, count) in enumerate(zip(names, cents.tolist(), lines.tolist(), strict=True)):
            if count:
                part = Part("cells", partial(self._of_account, here, place))
                found[name] = found.get(name, NOTHING) + Sum(amount, count, (part,))
        yield from sorted(found.items())

    def _of_month(self, chosen: Mask, entity_id: str, month: int, _: Context) -> Integers:
        return np.flatnonzero(chosen & self.counted(entity_id) & (self.month == month))

    def _of_account(self, chosen: Mask, account: int, _: Context) -> Integers:
        return np.flatnonzero(chosen & (self.account.of == account))

    def counted(self, entity_id: str) -> Mask:
        """Which cells count in the figures of an entity: its own, as booked; for the group, all but eliminated ones."""
        return ~self.eliminated if entity_id == GROUP else self.owned_by(entity_id)

    def owned_by(self, *entities: str) -> Mask:
        """Which cells are of one of these entities; all of them if the group is among them."""
        return np.ones(len(self.cents), dtype=bool) if GROUP in entities else self.entity.among(entities)

    def of_type(self, *types: str) -> Mask:
        """Which cells are on accounts of these types (asset, liability, equity, revenue, expense)."""
        return self.having("type", *types)

    def having(self, attribute: str, *values: str) -> Mask:
        """Which cells are on accounts with one of these values in the chart.

        Args:
            attribute: ``subtype``, ``function`` or ``cost_behaviour``.
            values: ``""`` for a blank.

        Raises:
            MissingInputError: the chart has no such column, or nothing in it. Taken as blank, it would move figures
                silently.
        """
        return self.where(attribute, values.__contains__)

    def where(self, attribute: str, test: Callable[[str], bool]) -> Mask:
        """Which cells are on accounts whose value in the chart passes a test; as ``having``."""
        return self.account.where(list(map(test, self._attribute(attribute))))

    def on(self, accounts: Collection[str]) -> Mask:
        """Which cells are on one of these accounts."""
        return self.account.among(accounts)

    @property
    def cash_accounts(self) -> frozenset[str]:
        """The accounts that are cash, with and without postings.

        Raises:
            MissingInputError: no account is marked as cash. Taken as zero, unknown cash would look like none.
        """
        if not self.marked_as_cash:
            msg = "no account is marked as cash"
            raise MissingInputError(msg)
        return self.marked_as_cash

    @property
    def cash(self) -> Mask:
        """Which cells are on cash accounts; raises as ``cash_accounts``."""
        return self.on(self.cash_accounts)

    def held(self, entity_id: str = GROUP) -> Sum:
        """Cash of an entity, or of the group.

        Raises:
            MissingInputError: as ``cash``; or a part of it is on accounts of which only the changes are known.
        """
        self.require_level(entity_id)
        return self.total(self.cash, entity_id)

    def require_level(self, entity_id: str = GROUP) -> None:
        """Refuse cash of which only the changes are known.

        Raises:
            MissingInputError: no balance of an account of it is stated.
        """
        unknown = self.on(self.of_unknown_level) & (self.entity.among((entity_id,)) | (entity_id == GROUP))
        if unknown.any():
            names = sorted({self.account.names[place] for place in self.account.of[unknown]})
            msg = f"no balance of {', '.join(names)} is stated, so that only the changes of its cash are known"
            raise MissingInputError(msg)

    def at_hand(self, entity_id: str = GROUP) -> Sum:
        """Cash of an entity, or of those still in the group: what lasts; raises as ``held``."""
        if entity_id != GROUP:
            return self.held(entity_id)
        self.require_level()
        return self.total(self.cash & self.going_on, entity_id)

    def in_activity(self, activity: str) -> Mask:
        """Which cells are of that activity (operating, investing, financing, noncash)."""
        return self.activity.among((activity,))

    def within(self, months: Iterable[Month]) -> Mask:
        """Which cells lie in these months."""
        return np.isin(self.month, [as_index(month) for month in months])

    def since(self, month: Month) -> Mask:
        """Which cells lie in a month or later."""
        return self.month >= as_index(month)

    def _attribute(self, name: str) -> tuple[str, ...]:
        if name not in self.chart:
            msg = f"column account.{name} is absent"
            raise MissingInputError(msg)
        if name in self.silent:
            msg = f"column account.{name} is blank"
            raise MissingInputError(msg)
        return self.chart[name]
