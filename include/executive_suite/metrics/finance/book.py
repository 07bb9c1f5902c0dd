"""The ledger of a run, added up once: every ledger figure is taken from this small table of sums."""

from __future__ import annotations

import functools
import math
import weakref
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from executive_suite.facts import GROUP
from executive_suite.period import Month, last_complete_month

if TYPE_CHECKING:
    from executive_suite.metrics.context import Context

T = TypeVar("T")
Integers = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]

LEDGER_COLUMNS = ("date", "entity_id", "account", "amount_cents")
ACCOUNT_COLUMNS = ("account", "type", "is_cash")
NEEDS: Mapping[str, tuple[str, ...]] = {"ledger": LEDGER_COLUMNS, "account": ACCOUNT_COLUMNS}
NEEDS_ACTIVITY: Mapping[str, tuple[str, ...]] = {"ledger": (*LEDGER_COLUMNS, "activity"), "account": ACCOUNT_COLUMNS}

DENSE = 1 << 22
"""Places that may be counted in memory however few lines there are."""

_EPOCH_YEAR = 1970
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
            lines, and the account's type, subtype, function, cost_behaviour and is_cash.
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


@functools.cache
def as_month(index: int) -> Month:
    """The month that many months after January 1970.

    >>> str(as_month(675))
    '2026-04'
    """
    return Month(_EPOCH_YEAR + index // 12, index % 12 + 1)


def as_index(month: Month) -> int:
    """Months since January 1970.

    >>> as_index(Month(2026, 4))
    675
    """
    return (month.year - _EPOCH_YEAR) * 12 + month.month - 1


def month_index(dates: pd.Series[Any]) -> Integers:
    """Months since January 1970 of a column of dates; of dates in order only the first of each month is looked for."""
    days = dates.to_numpy()
    if not len(days) or not (days[1:] >= days[:-1]).all():
        return days.astype("datetime64[M]").astype(np.int64)
    first, last = days[[0, -1]].astype("datetime64[M]").astype(np.int64)
    months = np.arange(first, last + 2)
    begins = np.searchsorted(days, months.astype("datetime64[M]").astype(days.dtype))
    return np.repeat(months[:-1], np.diff(begins))


def codes(column: pd.Series[Any]) -> tuple[Integers, Texts]:
    """A column of text as numbers and the texts that they stand for; a blank is the text ``""``."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        numbers, names = column.cat.codes.to_numpy(), column.cat.categories
    else:
        numbers, names = pd.factorize(column)
    texts = np.append(np.asarray(names, dtype=object), "")
    found = numbers.astype(np.int64)
    if len(found) and found.min() < 0:
        found[found < 0] = len(names)
    return found, texts


def sums_by(key: Integers, amounts: Integers, size: int) -> Integers:
    """Exact integer sums of ``amounts`` by ``key`` in 0..size-1."""
    sums = np.zeros(size, dtype=np.int64)
    np.add.at(sums, key, amounts)
    return sums


def totals(key: Integers, amounts: Integers, size: int) -> tuple[Integers, Integers, Integers]:
    """The keys that occur, in order, with the exact sum of their amounts and how many there are.

    Args:
        key: In 0..size-1, one an amount.
        amounts: Integers.
        size: How many keys there could be; when they are few, places are counted instead of keys looked up.
    """
    if size > max(DENSE, len(key)):
        place, used = pd.factorize(key, sort=True)
        return used, sums_by(place, amounts, len(used)), np.bincount(place, minlength=len(used))
    counts = np.bincount(key, minlength=size)
    used = np.flatnonzero(counts)
    return used, sums_by(key, amounts, size)[used], counts[used]


def netted(txn: Integers, cell: Integers, cents: Integers, size: int) -> tuple[Integers, Integers]:
    """The lines of each transaction added up within each cell: the cells, in no order, and the exact sums.

    Lines that stand together are added in one pass; only transactions whose lines do not are looked up.

    Args:
        txn: Number of its transaction, by line.
        cell: In 0..size-1, by line.
        cents: By line.
        size: How many cells there could be.
    """
    if not len(txn):
        return cell, cents
    begins = np.concatenate([[True], (txn[1:] != txn[:-1]) | (cell[1:] != cell[:-1])])
    if begins.all():
        sums = cents
    else:
        starts = np.flatnonzero(begins)
        txn, cell, sums = txn[starts], cell[starts], np.add.reduceat(cents, starts)
    if (txn[1:] > txn[:-1]).all():
        return cell, sums
    again = np.bincount(txn)[txn] > 1
    if not again.any():
        return cell, sums
    place, keys = pd.factorize(txn[again] * size + cell[again])
    rest = sums_by(place, sums[again], len(keys))
    return np.concatenate([cell[~again], keys % size]), np.concatenate([sums[~again], rest])


def once(function: Callable[[Context], T]) -> Callable[[Context], T]:
    """Remember what a function of a context gave, for as long as that context lives."""
    known: dict[int, T] = {}

    @functools.wraps(function)
    def remembered(context: Context) -> T:
        if id(context) not in known:
            known[id(context)] = function(context)
            weakref.finalize(context, known.pop, id(context), None)
        return known[id(context)]

    return remembered


@dataclass(frozen=True)
class Lines:
    """The ledger's lines as numbers: what sums are made from, without touching a text twice.

    Attributes:
        entity: Index into ``entities``, by line.
        account: Index into ``accounts``, by line.
        activity: Index into ``activities``, by line.
        month: Months since 1970-01, by line.
        cents: Debit-positive, by line.
    """

    entity: Integers
    account: Integers
    activity: Integers
    month: Integers
    cents: Integers
    entities: Texts
    accounts: Texts
    activities: Texts


@once
def lines(context: Context) -> Lines:
    """The ledger's lines as numbers.

    Raises:
        MissingInputError: ledger or a column is absent.
    """
    ledger = context.table("ledger", *LEDGER_COLUMNS)
    entity, entities = codes(ledger["entity_id"])
    account, accounts = codes(ledger["account"])
    if "activity" in ledger.columns:
        activity, activities = codes(ledger["activity"])
    else:
        activity, activities = np.zeros(len(ledger), dtype=np.int64), np.array([""], dtype=object)
    return Lines(
        entity,
        account,
        activity,
        month_index(ledger["date"]),
        ledger["amount_cents"].to_numpy(dtype=np.int64),
        entities,
        accounts,
        activities,
    )


@once
def transactions(context: Context) -> Integers:
    """A number for each ledger line, the same for the lines of one transaction; numbers are dense from 0.

    Raises:
        MissingInputError: ledger or its txn_id is absent.
    """
    column = context.table("ledger", "txn_id")["txn_id"]
    if isinstance(column.dtype, pd.CategoricalDtype) or len(column) < 2:  # noqa: PLR2004 - nothing to compare
        return codes(column)[0]
    text = pa.chunked_array([pa.array(column, type=pa.large_string())]).combine_chunks()
    before, after = text.slice(0, len(text) - 1), text.slice(1)
    if pc.all(pc.less_equal(before, after)).as_py():
        starts = pc.not_equal(before, after).to_numpy(zero_copy_only=False)
        return np.concatenate([[0], np.cumsum(starts, dtype=np.int64)])
    return codes(column)[0]


@once
def book(context: Context) -> Book:
    """The book of a run's ledger; worked out on the first call for a context.

    Raises:
        MissingInputError: ledger, account or one of their columns is absent.
    """
    charted = context.table("account", *ACCOUNT_COLUMNS)
    all_lines = lines(context)
    month = all_lines.month
    first = int(month.min()) if len(month) else 0
    months = int(month.max()) - first + 1 if len(month) else 1
    shape = (len(all_lines.entities), months, len(all_lines.accounts), len(all_lines.activities))
    key = (all_lines.entity * months + (month - first)) * shape[2] + all_lines.account
    key *= shape[3]
    key += all_lines.activity
    used, cents, counts = totals(key, all_lines.cents, math.prod(shape))
    where = np.unravel_index(used, shape)
    cells = pd.DataFrame(
        {
            "entity_id": all_lines.entities[where[0]],
            "month": where[1].astype(np.int64) + first,
            "account": all_lines.accounts[where[2]],
            "activity": all_lines.activities[where[3]],
            "cents": cents,
            "lines": counts,
        }
    )
    known = charted.drop_duplicates("account").set_index("account")
    for attribute in _ATTRIBUTES:
        column = known[attribute] if attribute in known.columns else pd.Series(dtype="str")
        cells[attribute] = cells["account"].map(column).astype("str").fillna("")
    cells["is_cash"] = cells["account"].isin(cash_accounts(charted))
    return Book(cells, len(month))


def cash_accounts(charted: pd.DataFrame) -> set[str]:
    """The accounts that are cash."""
    return set(charted.loc[charted["is_cash"].astype("boolean").fillna(value=False), "account"])
