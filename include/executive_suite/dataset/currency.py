"""One reporting currency: amounts and cloud bills in others are converted at the rate of their day, or refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal, localcontext
from typing import Any

import numpy as np
import pandas as pd

from executive_suite.dataset import bank_lines, foreign
from executive_suite.dataset.asof import Then
from executive_suite.dataset.rates import Rates, in_base, no_rate
from executive_suite.dataset.reporting_currency import CLOUD_CURRENCY
from executive_suite.schema import keys
from executive_suite.schema.keys import Flags, Numbers
from executive_suite.schema.quality import Fault, shown
from executive_suite.schema.tables import SOURCE_FILE, SOURCE_ROW
from executive_suite.schema.typed import records

DIGITS = 200
"""More digits than any cost times a rate has."""
Frames = Mapping[str, pd.DataFrame]
COSTS = ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost")


def converted(frames: Frames, rates: Rates, then: Then, faults: list[Fault]) -> dict[str, pd.DataFrame]:
    """Those of the tables that have amounts in another currency, converted; cloud bills in US dollars.

    Args:
        frames: Typed rows without faulty cells.
        rates: The known rates, and the reporting currency; without one, the only currency of all rows.
        then: The point of view of the run: the business day of an instant, and the last day that the report covers.
        faults: Receives what has no rate.
    """
    owned = foreign.owned(frames, rates, then.local_day, then.report_date - timedelta(days=1))
    if not rates.base:
        places = foreign.places(frames, owned)
        places |= first_places(frames["ledger"], rates) if "ledger" in frames else {}
        faults.extend(mixed(places))
        rates = replace(rates, base=next(filter(None, places), ""))
    changed = foreign.in_base(frames, owned, rates, faults)
    if "ledger" in frames:
        changed["ledger"] = ledger_in_base(frames["ledger"], rates, faults)
    if bank_lines.TABLE in frames:
        booked = frames.get("ledger")
        changed[bank_lines.TABLE] = bank_lines.in_reporting_currency(
            frames[bank_lines.TABLE], booked, changed.get("ledger", booked), rates, faults
        )
    if "focus_cost" in frames:
        changed["focus_cost"] = bill_in_dollars(frames["focus_cost"], rates, faults)
    return changed


def currencies(ledger: pd.DataFrame, rates: Rates) -> tuple[Numbers, Numbers, list[str]]:
    """A number per line for its currency and entity; of each number the first line and the code of the currency.

    A blank currency is the entity's base currency.
    """
    there = [name for name in ("currency", "entity_id") if name in ledger.columns]
    pairs = np.zeros(len(ledger), dtype=np.int64)
    for name in there:
        numbers, words = keys.codes(ledger[name])
        pairs = pairs * (len(words if words is not None else ()) + 1) + numbers + 1
    of, distinct = pd.factorize(pairs)
    first = np.empty(len(distinct), dtype=np.int64)
    first[of[::-1]] = np.arange(len(of))[::-1]
    named = records(ledger.iloc[first], "currency", "entity_id")
    return of, first, [rates.currency(stated, entity) for stated, entity in named]


def ledger_in_base(ledger: pd.DataFrame, rates: Rates, faults: list[Fault]) -> pd.DataFrame:
    """The ledger with every amount in the reporting currency, to the cent, each transaction still at zero.

    A line is rounded half to even; the rounding difference of a transaction goes to its largest line (the first of
    several), so that the trial balance stays zero.

    Args:
        ledger: Balanced lines; a blank currency, or a ledger without the column, is in the entity's base currency.
        rates: The known rates, and the reporting currency.
        faults: Receives a fault for every line whose currency has no rate on its date.
    """
    if not {"amount_cents", "date", "txn_id"} <= set(ledger.columns) or _plain(ledger, rates):
        return ledger
    of, _, codes = currencies(ledger, rates)
    foreign = np.array([code != rates.base for code in codes])[of]
    amounts = ledger["amount_cents"].to_numpy(dtype=np.int64, copy=True)
    before = len(faults)
    rows = records(ledger[foreign], "date", "amount_cents", SOURCE_FILE, SOURCE_ROW)
    for position, (day, amount, file, row) in zip(np.flatnonzero(foreign), rows, strict=True):
        code = codes[of[position]]
        rate = rates.rate(code, rates.base, day.date())
        if rate is None:
            faults.append(no_rate(file, row, "currency", code, day.date(), rates.base))
        else:
            amounts[position] = in_base(int(amount), rate)
    if len(faults) > before:
        return ledger
    _settle(amounts, ledger["txn_id"], foreign)
    return ledger.assign(amount_cents=amounts, currency=rates.base)


def _plain(ledger: pd.DataFrame, rates: Rates) -> bool:
    """Whether every line states the reporting currency, or nothing where every entity has that."""
    if "currency" not in ledger.columns:
        return rates.single
    other = ledger["currency"] != rates.base
    return not (other & ledger["currency"].notna() if rates.single else other).any()


def first_places(ledger: pd.DataFrame, rates: Rates) -> dict[str, tuple[str, int]]:
    """Each currency of the ledger with the file and row where it comes first."""
    _, first, codes = currencies(ledger, rates)
    found: dict[str, tuple[str, int]] = {}
    for code, (file, row) in zip(codes, records(ledger.iloc[first], SOURCE_FILE, SOURCE_ROW), strict=True):
        found.setdefault(code, (str(file), int(row)))
    return found


def mixed(places: Mapping[str, tuple[str, int]]) -> Iterator[Fault]:
    """The first row of each currency, if there are several and no reporting currency is stated."""
    stated = {code: place for code, place in places.items() if code}
    if len(stated) < 2:  # noqa: PLR2004 - one currency needs no rate
        return
    for code, (file, row) in stated.items():
        rule = "must be the one reporting currency, which no entity of kind group states"
        advice = "add an entity of kind group with the base_currency of the reports"
        yield Fault(file, rule, advice, row, "currency", shown(code))


def _settle(amounts: np.ndarray[Any, np.dtype[np.int64]], txns: pd.Series[Any], foreign: Flags) -> None:
    """Add the rounding difference of each converted transaction to its largest line."""
    touched = txns.isin(txns[foreign]).to_numpy(dtype=bool)
    positions = np.flatnonzero(touched)
    for lines in pd.Series(positions).groupby(txns.to_numpy()[touched]).indices.values():
        chosen = positions[lines]
        rest = int(amounts[chosen].sum())
        if rest:
            amounts[chosen[np.abs(amounts[chosen]).argmax()]] -= rest


def bill_in_dollars(bill: pd.DataFrame, rates: Rates, faults: list[Fault]) -> pd.DataFrame:
    """The cloud bill with every cost in US dollars, decimals kept; a currency without a rate is a fault."""
    if not {"BillingCurrency", "ChargePeriodStart"} <= set(bill.columns):
        return bill
    foreign = bill["BillingCurrency"].notna() & (bill["BillingCurrency"] != CLOUD_CURRENCY)
    if not foreign.any():
        return bill
    days = [instant.date() for instant in bill["ChargePeriodStart"]]
    files, numbers = bill[SOURCE_FILE].tolist(), bill[SOURCE_ROW].tolist()
    given = bill["BillingCurrency"].tolist()
    found: dict[int, Decimal] = {}
    for position in np.flatnonzero(foreign):
        rate = rates.rate(given[position], CLOUD_CURRENCY, days[position])
        if rate is None:
            place = files[position], numbers[position], "BillingCurrency"
            faults.append(no_rate(*place, given[position], days[position], CLOUD_CURRENCY))
        else:
            found[int(position)] = rate
    changed = {
        column: [
            value if pd.isna(value) or position not in found else _converted(value, found[position])
            for position, value in enumerate(bill[column].tolist())
        ]
        for column in COSTS
        if column in bill.columns
    }
    texts = {column: pd.Series(values, index=bill.index, dtype="str") for column, values in changed.items()}
    return bill.assign(**texts, BillingCurrency=CLOUD_CURRENCY)


def _converted(cost: str, rate: Decimal) -> str:
    """A cost times a rate, unrounded.

    >>> _converted("123456789.0123456789012345", Decimal("1.08251"))
    '133643208.673754320867375358595'
    """
    with localcontext() as unrounded:
        unrounded.prec = DIGITS
        return format(Decimal(cost) * rate, "f")
