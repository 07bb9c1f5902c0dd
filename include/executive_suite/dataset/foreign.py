"""Amounts of other tables than the ledger in the reporting currency: at the rate of the row's own day, or refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from executive_suite.dataset.rates import Rates, no_rate
from executive_suite.dataset.rates import in_base as at_rate
from executive_suite.schema.quality import Fault, shown
from executive_suite.schema.tables import SOURCE_FILE, SOURCE_ROW, schema
from executive_suite.schema.typed import records

CURRENCY = "currency"

Frames = Mapping[str, pd.DataFrame]
LocalDay = Callable[[pd.Timestamp, Any], date]
"""The business day of an instant, by the entity whose it is."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How a table's amounts are converted.

    Attributes:
        days: Columns with the day of the rate; the first that is filled counts.
        owner: The table, and the column that refers to it, whose currency and entity a row has that states none.
        later: Columns that are converted on the last of ``days`` that is filled.
    """

    days: tuple[str, ...]
    owner: tuple[str, str] | None = None
    later: frozenset[str] = field(default_factory=frozenset)


RULES: Mapping[str, Rule] = {
    "invoice": Rule(("issued_on",)),
    "payment": Rule(("paid_on",), ("invoice", "invoice_id")),
    "booking": Rule(("booked_at",)),
    "client_contract": Rule(("start_on",)),
    "budget": Rule(("month",)),
    "asset": Rule(("acquired_on", "valued_on"), later=frozenset({"market_value_cents", "lien_cents", "insured_cents"})),
    "rev_schedule": Rule(("start_on",)),
    "opportunity": Rule(("created_at",)),
    "compliance_doc": Rule(("effective",)),
    "channel": Rule(("valid_from",)),
    "campaign_spend": Rule(("date",), ("campaign", "campaign_id")),
    "work_log": Rule(("date",), ("client_contract", "contract_id")),
    "lease": Rule(("start_on",), ("asset", "asset_id")),
    "maintenance": Rule(("opened_on",), ("asset", "asset_id")),
    "availability": Rule(("date",), ("asset", "asset_id")),
    "delivery": Rule(("planned_start",), ("booking", "booking_id")),
}
"""Every table with amounts that belong to an entity, by itself or by another row; others are in the base currency."""


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


def owned(tables: Frames, rates: Rates, local_day: LocalDay) -> dict[str, list[Owned]]:
    """Currency, entity and own day of every row of the tables that have a rule.

    A row without a currency has that of the row it refers to (a payment its invoice's), else its entity's base
    currency. Nothing is looked up if no table states a currency and all entities have the reporting currency.
    """
    there = [name for name in RULES if name in tables]
    if rates.single and not any(_states_currency(tables[name]) for name in there):
        return {}
    found: dict[str, list[Owned]] = {}
    for name in there:
        found[name] = list(_rows(name, tables[name], rates, local_day, _by_key(name, tables, found)))
    return found


def _states_currency(frame: pd.DataFrame) -> bool:
    return CURRENCY in frame.columns and bool(frame[CURRENCY].notna().any())


def _by_key(name: str, tables: Frames, found: Mapping[str, list[Owned]]) -> Mapping[Any, Owned]:
    """The rows that a table's rows belong to, by key; of several versions the last."""
    owner, key = RULES[name].owner or ("", "")
    if owner not in tables or key not in tables[owner].columns:
        return {}
    if owner in found:
        return dict(zip(tables[owner][key].tolist(), found[owner], strict=True))
    rows = records(tables[owner], key, "entity_id")
    return {value: Owned("", entity) for value, entity in rows}


def _rows(
    name: str, frame: pd.DataFrame, rates: Rates, local_day: LocalDay, owners: Mapping[Any, Owned]
) -> Iterator[Owned]:
    rule = RULES[name]
    reference = rule.owner[1] if rule.owner else ""
    for stated, entity, refers, *days in records(frame, CURRENCY, "entity_id", reference, *rule.days):
        owner = owners.get(refers)
        whose = owner.entity if owner and pd.isna(entity) else entity
        code = owner.currency if owner and owner.currency and pd.isna(stated) else rates.currency(stated, whose)
        dated = tuple(_day(value, whose, local_day) for value in days)
        if owner and owner.currency == code and name == SETTLING and owner.days[0]:
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
        if any(row.currency != rates.base for row in rows)
    }


def _converted(name: str, frame: pd.DataFrame, rows: list[Owned], rates: Rates, faults: list[Fault]) -> pd.DataFrame:
    money = [column for column in frame.columns if schema()[name].columns[column].money]
    amounts = {column: frame[column].tolist() for column in money}
    places = list(records(frame, SOURCE_FILE, SOURCE_ROW))
    for position, row in enumerate(rows):
        if row.currency == rates.base:
            continue
        for column in money:
            if pd.isna(amounts[column][position]):
                continue
            day = row.day(last=column in RULES[name].later)
            rate = rates.rate(row.currency, rates.base, day) if day else None
            if rate is None:
                faults.append(_refused(name, row.currency, day, places[position], rates.base))
                break
            amounts[column][position] = at_rate(int(amounts[column][position]), rate)
    changed = {column: pd.Series(amounts[column], index=frame.index, dtype=frame[column].dtype) for column in money}
    return frame.assign(**changed, **({CURRENCY: rates.base} if CURRENCY in frame.columns else {}))


def _refused(name: str, currency: str, day: date | None, place: tuple[Any, ...], base: str) -> Fault:
    file, row = place
    if day is not None:
        return no_rate(file, row, CURRENCY, currency, day, base)
    days = " or ".join(RULES[name].days)
    rule = f"must have {days}: its amounts are in {currency} and are converted to {base} at that day's rate"
    return Fault(str(file), rule, "fill the day", int(row), RULES[name].days[0], shown(""))


def places(tables: Frames, found: Mapping[str, list[Owned]]) -> dict[str, tuple[str, int]]:
    """Each currency with the file and row where it comes first."""
    first: dict[str, tuple[str, int]] = {}
    for name, rows in found.items():
        for row, (file, number) in zip(rows, records(tables[name], SOURCE_FILE, SOURCE_ROW), strict=True):
            first.setdefault(row.currency, (str(file), int(number)))
    return first
