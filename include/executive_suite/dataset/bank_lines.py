"""Bank statement lines in the reporting currency: as the ledger has what they answer, else at the rate of their day.

A statement is in the currency of its account. A balance in another currency is left blank: books at the rates of many
days come to another amount by exchange differences, which no reconciliation should show as missing lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from executive_suite.dataset.rates import Rates, in_base, no_rate
from executive_suite.schema.quality import Fault, shown
from executive_suite.schema.tables import SOURCE_FILE, SOURCE_ROW
from executive_suite.schema.typed import records

TABLE, CURRENCY, BALANCE = "bank_line", "currency", "statement_balance_cents"


@dataclass(frozen=True, slots=True)
class _Posted:
    """What the ledger has of one transaction on one account: cents as booked and as converted."""

    currency: str
    day: date
    cents: int
    converted: int


def in_reporting_currency(
    lines: pd.DataFrame, ledger: pd.DataFrame | None, converted: pd.DataFrame | None, rates: Rates, faults: list[Fault]
) -> pd.DataFrame:
    """The statement lines with every amount in the reporting currency.

    The currency of a line is the one that it states, else that of the transaction that it answers, else the one in
    which the ledger (of its entity, if it names one) keeps its account, else its entity's.

    Args:
        lines: Rows of bank_line.
        ledger: The ledger as booked, or None.
        converted: The same lines in the reporting currency.
        rates: The known rates, and the reporting currency.
        faults: Receives a fault for each line whose currency nothing tells, or has no rate on its day.
    """
    stated = CURRENCY in lines.columns and bool(lines[CURRENCY].notna().any())
    if rates.single and not stated and ledger is converted:
        return lines
    answered, kept = _answered(lines, ledger, converted, rates), _kept(ledger, rates)
    columns = ("account", "date", "amount_cents", "matched_txn_id", CURRENCY, "entity_id", SOURCE_FILE, SOURCE_ROW)
    amounts: list[Any] = []
    foreign: list[bool] = []
    groups: dict[tuple[Any, Any], list[int]] = {}
    for place, (account, day, cents, txn, code, entity, file, row) in enumerate(records(lines, *columns)):
        match = answered.get((txn, account))
        found = _currency(rates, code, entity, match, _of(kept, account, entity))
        foreign.append(found != rates.base)
        amounts.append(cents)
        if not found:
            kept_in = " and ".join(sorted(_of(kept, account, entity))) or "no currency that the ledger tells"
            rule = f"must tell its currency; account {shown(account)} is kept in {kept_in}"
            faults.append(Fault(str(file), rule, "fill currency or entity_id", int(row), CURRENCY, shown("")))
        elif foreign[-1] and not pd.isna(cents):
            own = match if match is not None and match.currency == found else None
            on = own.day if own else day.date()
            rate = rates.rate(found, rates.base, on)
            if rate is None:
                faults.append(no_rate(file, int(row), CURRENCY, found, on, rates.base))
                continue
            amounts[-1] = in_base(int(cents), rate)
            if own:
                groups.setdefault((txn, account), []).append(place)
    if not any(foreign):
        return lines
    _as_booked(lines["amount_cents"].tolist(), amounts, groups, answered)
    changed: dict[str, Any] = {"amount_cents": pd.Series(amounts, index=lines.index, dtype=lines["amount_cents"].dtype)}
    if BALANCE in lines.columns:
        changed[BALANCE] = lines[BALANCE].astype("Int64").mask(pd.Series(foreign, index=lines.index))
    return lines.assign(**changed, **({CURRENCY: rates.base} if CURRENCY in lines.columns else {}))


def _currency(rates: Rates, stated: Any, entity: Any, match: _Posted | None, kept: frozenset[str]) -> str:
    """The code of a line's currency; blank if nothing tells it."""
    if not pd.isna(stated):
        return rates.currency(stated, entity)
    if match is not None and match.currency:
        return match.currency
    if kept:
        return next(iter(kept)) if len(kept) == 1 else ""
    return rates.currency(None, entity) if rates.single or not pd.isna(entity) else ""


def _of(kept: Mapping[Any, Mapping[Any, set[str]]], account: Any, entity: Any) -> frozenset[str]:
    """The currencies of an account in the books of an entity; in all books without one."""
    by_entity = kept.get(account, {})
    if not pd.isna(entity) and entity in by_entity:
        return frozenset(by_entity[entity])
    return frozenset().union(*by_entity.values())


def _lines(ledger: pd.DataFrame | None, rates: Rates, *columns: str) -> Iterator[tuple[Any, ...]]:
    """The ledger's lines with the code of their currency first."""
    if ledger is not None:
        for stated, entity, *cells in records(ledger, CURRENCY, "entity_id", *columns):
            yield (rates.currency(stated, entity), entity, *cells)


def _kept(ledger: pd.DataFrame | None, rates: Rates) -> Mapping[Any, Mapping[Any, set[str]]]:
    """The currencies of the lines of each account, by entity."""
    found: dict[Any, dict[Any, set[str]]] = {}
    for code, entity, account in _lines(_distinct(ledger, CURRENCY, "entity_id", "account"), rates, "account"):
        found.setdefault(account, {}).setdefault(entity, set()).add(code)
    return found


def _distinct(ledger: pd.DataFrame | None, *columns: str) -> pd.DataFrame | None:
    there = [] if ledger is None else [name for name in columns if name in ledger.columns]
    return None if ledger is None or "account" not in there else ledger[there].drop_duplicates()


def _answered(
    lines: pd.DataFrame, ledger: pd.DataFrame | None, converted: pd.DataFrame | None, rates: Rates
) -> Mapping[tuple[Any, Any], _Posted]:
    """What the ledger has of each transaction that statement lines name, by transaction and account."""
    if ledger is None or converted is None or not {"txn_id", "account", "date", "amount_cents"} <= set(ledger.columns):
        return {}
    if "matched_txn_id" not in lines.columns:
        return {}
    named = ledger["txn_id"].isin(lines["matched_txn_id"].dropna().tolist()).to_numpy(dtype=bool)
    found: dict[tuple[Any, Any], _Posted] = {}
    later = converted["amount_cents"][named].tolist()
    rows = _lines(ledger[named], rates, "txn_id", "account", "date", "amount_cents")
    for (code, _, txn, account, day, cents), other in zip(rows, later, strict=True):
        known = found.get((txn, account))
        if known is None:
            found[txn, account] = _Posted(code, day.date(), int(cents), int(other))
        else:
            one = code if code == known.currency else ""
            found[txn, account] = _Posted(one, known.day, known.cents + int(cents), known.converted + int(other))
    return found


def _as_booked(
    given: list[Any],
    amounts: list[Any],
    groups: Mapping[tuple[Any, Any], list[int]],
    answered: Mapping[tuple[Any, Any], _Posted],
) -> None:
    """Give the last line of what answers a transaction in full the cents that the ledger's own rounding left."""
    for key, places in groups.items():
        if sum(given[place] for place in places) == answered[key].cents:
            amounts[places[-1]] += answered[key].converted - sum(amounts[place] for place in places)
