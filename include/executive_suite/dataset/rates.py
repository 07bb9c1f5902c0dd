"""Currencies and exchange rates: what a cell's currency is, and what it is worth in the reporting currency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import pandas as pd

from executive_suite.dataset.reporting_currency import DEFAULT, base_currency
from executive_suite.schema.quality import Fault, shown
from executive_suite.schema.typed import records

RATE = "fx_"
CODE_LENGTH = 3

DOLLARS = (
    *("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "BBD", "BMD", "BSD", "BZD", "FJD", "GYD", "JMD", "KYD", "LRD"),
    *("NAD", "SBD", "SRD", "TTD", "XCD", "MXN", "ARS", "CLP", "COP", "CUP", "DOP", "UYU"),
)
SIGNS: Mapping[str, tuple[str, ...]] = {
    "$": DOLLARS,
    "£": ("GBP", "EGP", "FKP", "GIP", "SHP", "SSP", "SYP", "LBP", "SDG"),
    "¥": ("JPY", "CNY"),
    "€": ("EUR",),
}
"""A currency's sign to the currencies that are written with it (Unicode CLDR, narrow symbols)."""
USUAL = {"£": "GBP", "€": "EUR"}
"""What a sign means outside the countries of its other currencies; ``$`` and ``¥`` have no such meaning."""

Frames = Mapping[str, pd.DataFrame]


@dataclass(frozen=True, slots=True)
class Rates:
    """Exchange rates: the parameters ``fx_<CUR>``, units of the reporting currency for one unit of ``CUR``.

    Attributes:
        base: The reporting currency; blank if no entity states one.
        rows: ``(currency, first day, last day, rate)``, by first day.
        bases: Entity id to its own base currency, where it states one.
    """

    base: str
    rows: tuple[tuple[str, date, date, Decimal], ...]
    bases: Mapping[str, str] = field(default_factory=dict)

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
        return cls(base_currency(frames.get("entity")), tuple(found), _bases(frames.get("entity")))

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

    @property
    def single(self) -> bool:
        """Whether every entity keeps its books in the reporting currency."""
        return set(self.bases.values()) <= {self.base}

    def currency(self, stated: Any, entity: Any = None) -> str:
        """The code of a cell's currency; a sign that may mean several stays as it is.

        Args:
            stated: A code in any case, a sign, or a blank: the entity's base currency.
            entity: Whose amount it is; blank if unknown.

        >>> rates = Rates("CAD", (), {"uk": "GBP"})
        >>> rates.currency("$"), rates.currency(None, "uk"), rates.currency("eur"), rates.currency("¥")
        ('CAD', 'GBP', 'EUR', '¥')
        """
        own = self.bases.get(str(entity), self.base)
        if pd.isna(stated):
            return own
        word = str(stated).strip()
        if word not in SIGNS:
            return word.upper() if _is_code(word) else word
        meant = [code for code in (own, self.base) if code in SIGNS[word]]
        default = DEFAULT if not own and word == "$" else USUAL.get(word, word)
        return meant[0] if meant else default


def _is_code(word: str) -> bool:
    return len(word) == CODE_LENGTH and word.isascii() and word.isalpha()


def _bases(entities: pd.DataFrame | None) -> dict[str, str]:
    if entities is None or not {"entity_id", "base_currency"} <= set(entities.columns):
        return {}
    rows = records(entities.dropna(subset=["entity_id", "base_currency"]), "entity_id", "base_currency")
    return {str(entity): str(code) for entity, code in rows}


def in_base(cents: int, rate: Decimal) -> int:
    """An amount in cents at a rate, half to even."""
    return int((Decimal(cents) * rate).quantize(Decimal(1), ROUND_HALF_EVEN))


def no_rate(file: object, row: int, column: str, currency: str, day: date, target: str) -> Fault:
    """The fault of an amount whose currency is unknown on its day."""
    if currency in SIGNS:
        rule = f"must be a currency; several are written {currency}, and no base currency here is one of them"
        advice = f"write its code, or state `symbols: {{{currency}: …}}` in sources.yaml"
    elif not _is_code(currency):
        rule = f"must be the code of a currency; {currency} is none"
        advice = "write the code; in a journal state the price of other units, and `symbols` for a currency's sign"
    else:
        rule = f"must be a currency with a rate to {target} on {day.isoformat()}"
        advice = f"add the parameter {RATE}{currency} valid on that day, or correct the currency"
    return Fault(str(file), rule, advice, int(row), column, shown(currency))
