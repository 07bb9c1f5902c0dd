"""The ledger of a run, added up once: every ledger figure is taken from this small table of sums."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import GROUP, MissingInputError
from executive_suite.metrics.book.lines import LEDGER_COLUMNS, codes, lines, transactions
from executive_suite.metrics.book.months import as_index, as_month, month_index
from executive_suite.metrics.book.sums import Integers, Numbers, netted, sums_by, totals
from executive_suite.period import Month, last_complete_month

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

__all__ = [
    "ACCOUNT_COLUMNS",
    "LEDGER_COLUMNS",
    "NEEDS",
    "NEEDS_ACTIVITY",
    "Book",
    "Integers",
    "Monthly",
    "Numbers",
    "Sum",
    "as_index",
    "as_month",
    "book",
    "cash_accounts",
    "codes",
    "lines",
    "month_index",
    "netted",
    "sums_by",
    "totals",
    "transactions",
]

ACCOUNT_COLUMNS = ("account", "type", "is_cash")
NEEDS: Mapping[str, tuple[str, ...]] = {"ledger": LEDGER_COLUMNS, "account": ACCOUNT_COLUMNS}
NEEDS_ACTIVITY: Mapping[str, tuple[str, ...]] = {"ledger": (*LEDGER_COLUMNS, "activity"), "account": ACCOUNT_COLUMNS}

_ATTRIBUTES = ("type", "subtype", "function", "cost_behaviour")


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount and the number of ledger lines behind it.

    Attributes:
        cents: Debit-positive.
        lines: Ledger lines added up.
    """

    cents: int = 0
    lines: int = 0

    def __neg__(self) -> Sum:
        return Sum(-self.cents, self.lines)

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.cents + other.cents, self.lines + other.lines)


Monthly = Mapping[tuple[str, Month], Sum]


@dataclass(frozen=True)
class Book:
    """Sums of the ledger by entity, month, account and activity.

    Attributes:
        cells: Columns entity_id, month (months since 1970-01), account, activity, cents (int64, debit-positive),
            lines, and the account's type and is_cash; its subtype, function and cost_behaviour where the chart has
            that column.
        rows: Lines of the ledger.
    """

    cells: pd.DataFrame
    rows: int

    @functools.cached_property
    def entities(self) -> tuple[str, ...]:
        """The group, then every other entity with postings, in order of id."""
        return (GROUP, *sorted(set(self.cells["entity_id"]) - {GROUP}))

    def first_month(self, entity_id: str = GROUP) -> Month | None:
        """The month of the first posting; None when there is none."""
        first = self._first_months.get(entity_id)
        return None if first is None else as_month(first)

    @functools.cached_property
    def _first_months(self) -> Mapping[str, int]:
        firsts = self.cells.groupby("entity_id", observed=True)["month"].min()
        found = {str(entity): int(month) for entity, month in firsts.items()}
        return found | {GROUP: min(found.values())} if found else {}

    def months(self, entity_id: str, last: Month) -> tuple[Month, ...]:
        """Every month from the first posting to ``last``; none when nothing was posted by then."""
        first = self.first_month(entity_id)
        if first is None:
            return ()
        return tuple(as_month(index) for index in range(as_index(first), as_index(last) + 1))

    def complete(self, entity_id: str, context: Context) -> tuple[Month, ...]:
        """The complete months at the report date since the entity's first posting, oldest first."""
        return self.months(entity_id, last_complete_month(context.report_date))

    def monthly(self, chosen: pd.Series[bool]) -> Monthly:
        """Sums of the chosen cells by entity and month, the group's among them; a missing key is zero."""
        cells = self.cells.loc[chosen, ["entity_id", "month", "cents", "lines"]]
        own = cells[cells["entity_id"] != GROUP].groupby(["entity_id", "month"], observed=True)[["cents", "lines"]]
        group = cells.groupby("month")[["cents", "lines"]].sum()
        sums = {(str(key[0]), as_month(int(key[1]))): Sum(int(c), int(n)) for key, c, n in _rows(own.sum())}
        sums |= {(GROUP, as_month(int(key))): Sum(int(c), int(n)) for key, c, n in _rows(group)}
        return sums

    def total(self, chosen: pd.Series[bool], entity_id: str = GROUP) -> Sum:
        """The sum of the chosen cells of one entity, or of everything for the group."""
        here = chosen.to_numpy() & self._is(entity_id)
        cents, lines_behind = self._amounts
        return Sum(int(cents[here].sum()), int(lines_behind[here].sum()))

    def by(self, column: str, chosen: pd.Series[bool], entity_id: str = GROUP) -> Iterator[tuple[str, Sum]]:
        """The sums of the chosen cells of one entity, or of everything for the group, by what a column says."""
        here = self.cells[chosen.to_numpy() & self._is(entity_id)]
        sums = here.groupby(column, observed=True)[["cents", "lines"]].sum()
        yield from ((str(key), Sum(int(cents), int(count))) for key, cents, count in _rows(sums))

    @functools.cached_property
    def _amounts(self) -> tuple[Integers, Integers]:
        return self.cells["cents"].to_numpy(), self.cells["lines"].to_numpy()

    def of_type(self, *types: str) -> pd.Series[bool]:
        """Which cells are on accounts of these types (asset, liability, equity, revenue, expense)."""
        if types not in self._by_type:
            self._by_type[types] = self.cells["type"].isin(types)
        return self._by_type[types]

    @functools.cached_property
    def _by_type(self) -> dict[tuple[str, ...], pd.Series[bool]]:
        return {}

    def attribute(self, name: str) -> pd.Series[str]:
        """What the chart says of each cell's account: its subtype, function or cost_behaviour; blank where it is blank.

        Raises:
            MissingInputError: the chart has no such column. Taken as blank, it would move figures without a word.
        """
        if name not in self.cells.columns:
            msg = f"column account.{name} is absent"
            raise MissingInputError(msg)
        return self.cells[name]

    @property
    def cash(self) -> pd.Series[bool]:
        """Which cells are on cash accounts."""
        return self.cells["is_cash"]

    def in_activity(self, activity: str) -> pd.Series[bool]:
        """Which cells are of that activity (operating, investing, financing, noncash)."""
        return self.cells["activity"] == activity

    def _is(self, entity_id: str) -> npt.NDArray[np.bool_]:
        if entity_id not in self._by_entity:
            own = self.cells["entity_id"].to_numpy() == entity_id
            self._by_entity[entity_id] = own | (entity_id == GROUP)
        return self._by_entity[entity_id]

    @functools.cached_property
    def _by_entity(self) -> dict[str, npt.NDArray[np.bool_]]:
        return {}


def _rows(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    return zip(frame.index, frame["cents"], frame["lines"], strict=True)


@per_context
def book(context: Context) -> Book:
    """The book of a run's ledger; worked out on the first call for a context.

    Raises:
        MissingInputError: ledger, account or one of their columns is absent.
    """
    charted = context.table("account", *ACCOUNT_COLUMNS)
    posted = lines(context)
    first = int(posted.month.min()) if len(posted.month) else 0
    months = int(posted.month.max()) - first + 1 if len(posted.month) else 1
    shape = (len(posted.entities), months, len(posted.accounts), len(posted.activities))
    by = (posted.entity, posted.month - np.int32(first), posted.account, posted.activity)
    (entity, month, account, activity), cents, counts = totals(by, shape, posted.cents)
    cells = pd.DataFrame(
        {
            "entity_id": posted.entities[entity],
            "month": month + first,
            "account": posted.accounts[account],
            "activity": posted.activities[activity],
            "cents": cents,
            "lines": counts,
        }
    )
    known = charted.drop_duplicates("account").set_index("account")
    for attribute in _ATTRIBUTES:
        if attribute in known.columns:
            cells[attribute] = cells["account"].map(known[attribute]).astype("str").fillna("")
    cells["is_cash"] = cells["account"].isin(cash_accounts(charted))
    return Book(cells, len(posted.cents))


def cash_accounts(charted: pd.DataFrame) -> set[str]:
    """The accounts that are cash."""
    return set(charted.loc[charted["is_cash"].astype("boolean").fillna(value=False), "account"])
