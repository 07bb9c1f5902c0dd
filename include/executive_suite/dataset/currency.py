"""One reporting currency: ledger lines and cloud bills in others are converted at the day's rate, or refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import Any

import numpy as np
import pandas as pd

from executive_suite.dataset.reporting_currency import base_currency
from executive_suite.schema.quality import Fault, shown
from executive_suite.schema.tables import SOURCE_FILE, SOURCE_ROW
from executive_suite.schema.typed import records

RATE = "fx_"
DIGITS = 200
"""More digits than any cost times a rate has."""
CLOUD_CURRENCY = "USD"
COSTS = ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost")

Frames = Mapping[str, pd.DataFrame]


@dataclass(frozen=True, slots=True)
class Rates:
    """Exchange rates: the parameters ``fx_<CUR>``, units of the reporting currency for one unit of ``CUR``.

    Attributes:
        base: The reporting currency; blank if no entity states one.
        rows: ``(currency, first day, last day, rate)``, by first day.
    """

    base: str
    rows: tuple[tuple[str, date, date, Decimal], ...]

    @classmethod
    def of(cls, frames: Frames) -> Rates:
        """The rates known to a dataset."""
        found: list[tuple[str, date, date, Decimal]] = []
        params = frames.get("param")
        if params is not None and {"param", "valid_from", "value"} <= set(params.columns):
            rates = params[params["param"].str.startswith(RATE, na=False)].sort_values("valid_from")
            for name, first, last, value in records(rates, "param", "valid_from", "valid_to", "value"):
                end = date.max if pd.isna(last) else last.date()
                found.append((name.removeprefix(RATE), first.date(), end, Decimal(value)))
        return cls(base_currency(frames.get("entity")), tuple(found))

    def rate(self, currency: str, target: str, day: date) -> Decimal | None:
        """Units of ``target`` for one unit of ``currency`` on a day; None if no rate is known."""
        if currency == target:
            return Decimal(1)
        one, other = self._to_base(currency, day), self._to_base(target, day)
        return one / other if one is not None and other else None

    def _to_base(self, currency: str, day: date) -> Decimal | None:
        if currency == self.base:
            return Decimal(1)
        valid = [rate for name, first, last, rate in self.rows if name == currency and first <= day <= last]
        return valid[-1] if valid else None


def converted(frames: Frames, rates: Rates, faults: list[Fault]) -> dict[str, pd.DataFrame]:
    """Those of the tables whose amounts may be in any currency, converted; ``faults`` receives what has no rate."""
    ways = {"ledger": ledger_in_base, "focus_cost": bill_in_dollars}
    return {name: way(frames[name], rates, faults) for name, way in ways.items() if name in frames}


def ledger_in_base(ledger: pd.DataFrame, rates: Rates, faults: list[Fault]) -> pd.DataFrame:
    """The ledger with every amount in the reporting currency, to the cent, each transaction still at zero.

    A line is rounded half to even; the rounding difference of a transaction goes to its largest line (the first of
    several), so that the trial balance stays zero.

    Args:
        ledger: Balanced lines.
        rates: The known rates.
        faults: Receives a fault for every line whose currency has no rate on its date.
    """
    if not {"currency", "amount_cents", "date", "txn_id"} <= set(ledger.columns):
        return ledger
    if not rates.base:
        faults.extend(_mixed(ledger))
        return ledger
    foreign = ledger["currency"].notna() & (ledger["currency"] != rates.base)
    if not foreign.any():
        return ledger
    amounts = ledger["amount_cents"].to_numpy(dtype=np.int64, copy=True)
    before = len(faults)
    lines = ledger[foreign]
    rows = records(lines, "currency", "date", "amount_cents", SOURCE_FILE, SOURCE_ROW)
    for position, (code, day, amount, file, row) in zip(np.flatnonzero(foreign), rows, strict=True):
        rate = rates.rate(code, rates.base, day.date())
        if rate is None:
            faults.append(_no_rate(file, row, "currency", code, day.date(), rates.base))
        else:
            amounts[position] = int((Decimal(amount) * rate).quantize(Decimal(1), ROUND_HALF_EVEN))
    if len(faults) > before:
        return ledger
    _settle(amounts, ledger["txn_id"], foreign)
    return ledger.assign(amount_cents=amounts, currency=rates.base)


def _mixed(ledger: pd.DataFrame) -> Iterator[Fault]:
    """The first line of each currency, if there are several and no reporting currency is stated."""
    first = ledger[ledger["currency"].notna()].drop_duplicates("currency")
    if len(first) < 2:  # noqa: PLR2004 - one currency needs no rate
        return
    for code, file, row in records(first, "currency", SOURCE_FILE, SOURCE_ROW):
        rule = "must be the one reporting currency, which no entity of kind group states"
        advice = "add an entity of kind group with the base_currency of the reports"
        yield Fault(str(file), rule, advice, int(row), "currency", shown(code))


def _settle(amounts: np.ndarray[Any, np.dtype[np.int64]], txns: pd.Series[Any], foreign: pd.Series[Any]) -> None:
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
            faults.append(_no_rate(*place, given[position], days[position], CLOUD_CURRENCY))
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


def _no_rate(file: str, row: int, column: str, currency: str, day: date, target: str) -> Fault:
    rule = f"must be a currency with a rate to {target} on {day.isoformat()}"
    advice = f"add the parameter {RATE}{currency} valid on that day, or correct the currency"
    return Fault(str(file), rule, advice, int(row), column, shown(currency))
