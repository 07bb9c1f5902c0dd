"""Amounts of other tables than the ledger in the reporting currency: at the rate of the row's own day, or refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from executive_suite.dataset.foreign_rules import RULES, Owner
from executive_suite.dataset.rates import Rates, no_rate
from executive_suite.dataset.rates import in_base as at_rate
from executive_suite.schema.quality import Fault, shown
from executive_suite.schema.tables import SOURCE_FILE, SOURCE_ROW, schema
from executive_suite.schema.typed import records

CURRENCY = "currency"

Frames = Mapping[str, pd.DataFrame]
LocalDay = Callable[[pd.Timestamp, Any], date]
"""The business day of an instant, by the entity whose it is."""


SETTLING = "payment"
"""The table whose rows close those they refer to, at their rate if the currency is the same."""


@dataclass(frozen=True, slots=True)
class Owned:
    """In which currency a row's amounts are, whose they are, and its days, in the order of its table's rule."""

    currency: str
    entity: Any
    days: tuple[date | None, ...] = ()

    def day(self, *, last: bool) -> date | None:
        """The first day that is filled, or the last."""
        return next((day for day in (reversed(self.days) if last else self.days) if day), None)


def owned(tables: Frames, rates: Rates, local_day: LocalDay, last_day: date) -> dict[str, list[Owned]]:
    """Currency, entity and own day of every row of the tables that have a rule.

    A row without a currency has that of the row it belongs to (a payment its invoice's), else its entity's base
    currency. Nothing is looked up if no table states a currency and all entities have the reporting currency.
    """
    there = [name for name in RULES if name in tables]
    if rates.single and not any(_states_currency(tables[name]) for name in there):
        return {}
    found: dict[str, list[Owned]] = {}
    for name in there:
        found[name] = list(_rows(name, tables, found, rates, local_day, last_day))
    return found


def _states_currency(frame: pd.DataFrame) -> bool:
    return CURRENCY in frame.columns and bool(frame[CURRENCY].notna().any())


def _owners(name: str, tables: Frames, found: Mapping[str, list[Owned]], local_day: LocalDay) -> list[Owned | None]:
    """What each row of a table belongs to; where all that are known are one entity's, the others are too."""
    frame, rule = tables[name], RULES[name]
    known: list[Owned | None] = [None] * len(frame)
    links = [(owner.column, _by_key(owner, tables, found, local_day)) for owner in rule.owners]
    links += [(schema()[name].key[0], _named(table, column, tables)) for table, column in rule.named_by]
    for column, by_key in links:
        if by_key and column in frame.columns:
            known = [one or by_key.get(value) for one, value in zip(known, frame[column].tolist(), strict=True)]
    whose = {one.entity for one in known if one and not pd.isna(one.entity)}
    alone = Owned("", whose.pop()) if len(whose) == 1 else None
    return [one or alone for one in known]


def _by_key(owner: Owner, tables: Frames, found: Mapping[str, list[Owned]], local_day: LocalDay) -> Mapping[Any, Owned]:
    """The rows that others belong to, by key; of several versions the last."""
    key = owner.key or owner.column
    if owner.table not in tables or key not in tables[owner.table].columns:
        return {}
    if owner.table in found:
        return dict(zip(tables[owner.table][key].tolist(), found[owner.table], strict=True))
    rows = records(tables[owner.table], key, "entity_id", owner.day)
    return {value: Owned("", entity, (_day(on, entity, local_day),)) for value, entity, on in rows}


def _named(table: str, column: str, tables: Frames) -> Mapping[Any, Owned]:
    """The entity of what some rows of a table name, by its key: that of the first of them."""
    if table not in tables or not {column, "entity_id"} <= set(tables[table].columns):
        return {}
    first = tables[table][[column, "entity_id"]].dropna().drop_duplicates(column)
    return {value: Owned("", entity) for value, entity in records(first, column, "entity_id")}


def _rows(
    name: str, tables: Frames, found: Mapping[str, list[Owned]], rates: Rates, local_day: LocalDay, last_day: date
) -> Iterator[Owned]:
    rule = RULES[name]
    rows = records(tables[name], CURRENCY, "entity_id", *rule.days)
    for (stated, entity, *days), owner in zip(rows, _owners(name, tables, found, local_day), strict=True):
        whose = owner.entity if owner and pd.isna(entity) else entity
        given = rule.into if pd.isna(stated) and rule.into else stated
        code = owner.currency if owner and owner.currency and pd.isna(given) else rates.currency(given, whose)
        dated = tuple(_day(value, whose, local_day) for value in days)
        if not rule.days:
            dated = (*(owner.days if owner else ()), last_day)
        elif owner and owner.currency == code and name == SETTLING and owner.days[0]:
            dated = owner.days
        yield Owned(code, whose, dated)


def _day(value: Any, entity: Any, local_day: LocalDay) -> date | None:
    if pd.isna(value):
        return None
    return local_day(value, entity) if value.tzinfo else value.date()


def in_base(
    tables: Frames, found: Mapping[str, list[Owned]], rates: Rates, faults: list[Fault]
) -> dict[str, pd.DataFrame]:
    """The tables with a row in another currency, every amount in the reporting currency to the cent.

    A payment of an invoice in the same currency is converted at the invoice's rate, so that what is paid in full is
    closed; the exchange difference is in the ledger.

    Args:
        tables: Typed rows without faulty cells.
        found: What ``owned`` says of them.
        rates: The known rates.
        faults: Receives a fault for every row whose currency has no rate on its day.
    """
    return {
        name: _converted(name, tables[name], rows, rates, faults)
        for name, rows in found.items()
        if any(row.currency != (RULES[name].into or rates.base) for row in rows)
    }


def _converted(name: str, frame: pd.DataFrame, rows: list[Owned], rates: Rates, faults: list[Fault]) -> pd.DataFrame:
    money = [column for column in frame.columns if schema()[name].columns[column].money]
    amounts = {column: frame[column].tolist() for column in money}
    places, target = list(records(frame, SOURCE_FILE, SOURCE_ROW)), RULES[name].into or rates.base
    for position, row in enumerate(rows):
        if row.currency == target:
            continue
        for column in money:
            if pd.isna(amounts[column][position]):
                continue
            day = row.day(last=column in RULES[name].later)
            rate = rates.rate(row.currency, target, day) if day else None
            if rate is None:
                faults.append(_refused(name, row.currency, day, places[position], target))
                break
            amounts[column][position] = at_rate(int(amounts[column][position]), rate)
    changed = {column: pd.Series(amounts[column], index=frame.index, dtype=frame[column].dtype) for column in money}
    return frame.assign(**changed, **({CURRENCY: target} if CURRENCY in frame.columns else {}))


def _refused(name: str, currency: str, day: date | None, place: tuple[Any, ...], target: str) -> Fault:
    file, row = place
    if day is not None:
        return no_rate(file, row, CURRENCY, currency, day, target)
    days = " or ".join(RULES[name].days)
    rule = f"must have {days}: its amounts are in {currency} and are converted to {target} at that day's rate"
    return Fault(str(file), rule, "fill the day", int(row), RULES[name].days[0], shown(""))


def places(tables: Frames, found: Mapping[str, list[Owned]]) -> dict[str, tuple[str, int]]:
    """Each currency with the file and row where it comes first."""
    first: dict[str, tuple[str, int]] = {}
    for name, rows in found.items():
        if RULES[name].into:
            continue
        for row, (file, number) in zip(rows, records(tables[name], SOURCE_FILE, SOURCE_ROW), strict=True):
            first.setdefault(row.currency, (str(file), int(number)))
    return first
