"""The accounts of the statements: the chart's, and those of the ledger that the chart lacks."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from executive_suite.metrics.book.book import chart
from executive_suite.metrics.book.lines import Flags, lines
from executive_suite.statements.cells import RETAINED

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

BALANCES = ("asset", "liability", "equity")
RESULTS = ("revenue", "expense")
INVESTED = ("fixed_asset", "accumulated_depreciation", "investment", "intangible")
BORROWED = ("debt", "loan", "mortgage")
"""Subtypes by which a payment without a recorded activity shows what it is for."""
CLEARING = ("clearing", "transfer", "transit", "in_transit", "cash_in_transit")
CLEARING_TERMS = re.compile(r"\bclearing\b|\btransfers?\b|\bin transit\b", re.IGNORECASE)


@dataclass(frozen=True)
class Accounts:
    """All accounts, in order of their ids; parallel columns.

    Attributes:
        ids: Account numbers, and ``retained_earnings`` where no account keeps earlier results.
        names: In words.
        types: asset, liability, equity, revenue or expense; blank for an account that the chart lacks.
        subtypes: Blank if none.
        cash: Which are cash.
        retained: Index of the account that keeps earlier results.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    types: tuple[str, ...]
    subtypes: tuple[str, ...]
    cash: Flags
    retained: int

    def of_type(self, *types: str) -> Flags:
        """Which accounts are of one of these types."""
        return _among(self.types, types)

    def of_subtype(self, *subtypes: str) -> Flags:
        """Which accounts are of one of these subtypes."""
        return _among(self.subtypes, subtypes)

    @cached_property
    def results(self) -> Flags:
        """Which accounts hold revenue or expenses."""
        return self.of_type(*RESULTS)

    @cached_property
    def unknown(self) -> Flags:
        """Which accounts the chart lacks."""
        return self.of_type("")

    @cached_property
    def clearing(self) -> Flags:
        """Which accounts, not cash themselves, hold money between two accounts, by subtype or name."""
        named = np.array([bool(CLEARING_TERMS.search(name)) for name in self.names], dtype=bool)
        found: Flags = (self.of_subtype(*CLEARING) | named) & self.of_type("asset", "liability") & ~self.cash
        return found

    def label(self, index: int) -> str:
        """The name of an account; its number if it has none."""
        return self.names[index] or self.ids[index]


def _among(values: tuple[str, ...], wanted: Collection[str]) -> Flags:
    return np.array([value in wanted for value in values], dtype=bool)


def accounts(context: Context) -> Accounts:
    """All accounts of the chart and of the ledger.

    Raises:
        MissingInputError: chart or ledger, or a column of theirs that no statement can do without, is absent.
    """
    charted = chart(context)
    posted = {str(name) for name in lines(context).accounts} - {""}
    kept = sorted(
        row.account for row in charted.values() if row.type == "equity" and row.text("subtype").lower() == RETAINED
    )
    ids = sorted(charted.keys() | posted) + ([] if kept else [RETAINED])
    rows = [charted.get(name) for name in ids]
    names = ["" if row is None else row.text("name") for row in rows]
    types = ["" if row is None else row.type for row in rows]
    if not kept:
        names[-1], types[-1] = "Retained earnings", "equity"
    return Accounts(
        tuple(ids),
        tuple(names),
        tuple(types),
        tuple("" if row is None else row.text("subtype").lower() for row in rows),
        np.array([row is not None and bool(row.is_cash) for row in rows], dtype=bool),
        ids.index(kept[0] if kept else RETAINED),
    )
