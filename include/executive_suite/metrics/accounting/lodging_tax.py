"""Lodging tax: what nights sold owe the city, at the rate valid on each night."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd

from executive_suite.dataset.parameters import optional_param, param, scopes
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.book.book import LEDGER_COLUMNS
from executive_suite.metrics.frames import local_days_of
from executive_suite.metrics.registry import metric

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

RATE = "lodging_tax_rate_bp"
SOLD = ("confirmed", "completed")
TAX_SUBTYPES = ("lodging_tax", "occupancy_tax")
TAX_TERMS = r"lodging tax|occupancy tax|\btot\b"
WHOLE_BP = 10_000

LIABILITY = Definition(
    "lodging_tax_liability",
    "Lodging tax liability",
    "cents",
    "Rent of each night sold before the report date times the rate valid on that night (param lodging_tax_rate_bp by "
    "entity), less what was remitted (debits on lodging-tax accounts). Stays of a month or longer are exempt; "
    "bookings of a marketplace that collects the tax itself (param marketplace_collects_tax by channel) are left out.",
    "San Diego Municipal Code 35.0101 ff., Transient Occupancy Tax",
    "lower",
)
ACCRUED = Definition(
    "lodging_tax_accrued",
    "Lodging tax accrued",
    "cents",
    "Lodging tax of all nights sold before the report date, before remittances.",
    "San Diego Municipal Code 35.0101 ff., Transient Occupancy Tax",
)
REMITTED = Definition(
    "lodging_tax_remitted",
    "Lodging tax remitted",
    "cents",
    "Debits on lodging-tax accounts before the report date.",
    "San Diego Municipal Code 35.0101 ff., Transient Occupancy Tax",
)


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay: first night, day of departure, rent without tax in cents."""

    arrives: date
    leaves: date
    rent_cents: int

    @property
    def nights(self) -> tuple[date, ...]:
        """The nights spent; a stay within one day counts as one night."""
        count = max(1, (self.leaves - self.arrives).days)
        return tuple(self.arrives + timedelta(days=n) for n in range(count))

    @property
    def month_or_longer(self) -> bool:
        """Whether the stay reaches the same day of the next month."""
        return self.leaves >= (pd.Timestamp(self.arrives) + pd.DateOffset(months=1)).date()

    def rent_until(self, day: date) -> Mapping[date, int]:
        """Rent by night, cents, for nights before ``day``; running totals are rounded, so that nothing is lost."""
        nights = self.nights
        whole = len(nights)
        shares = [self.rent_cents * n // whole for n in range(whole + 1)]
        return {night: shares[n + 1] - shares[n] for n, night in enumerate(nights) if night < day}


def lodging_tax(rent: Mapping[date, int], rates_bp: Mapping[date, Decimal]) -> int:
    """Tax of the nights, each at its own rate, cents; rounded half up once.

    Args:
        rent: Rent by night, cents.
        rates_bp: Rate by night, basis points.

    Source: San Diego raised its transient occupancy tax from 10.5 % to 11.75 % (zone 1) on 1 May 2025.

    >>> before, after = date(2025, 4, 30), date(2025, 5, 1)
    >>> lodging_tax({before: 10_000}, {before: Decimal(1050)}), lodging_tax({after: 10_000}, {after: Decimal(1175)})
    (1050, 1175)
    """
    exact = sum((cents * rates_bp[night] for night, cents in rent.items()), Decimal(0)) / WHOLE_BP
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@metric(
    LIABILITY,
    ACCRUED,
    REMITTED,
    needs={
        "booking": ("booking_id", "entity_id", "service_start", "service_end", "status", "gross_cents"),
        "param": ("param", "scope", "value"),
    },
)
def lodging_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    taxed = tuple(scope for scope in scopes(context, RATE) if scope != GROUP)
    if not taxed:
        msg = f"param {RATE} has no value for an entity on {context.report_date.isoformat()}"
        raise MissingInputError(msg)
    bookings = context.table("booking")
    sold = bookings[bookings["entity_id"].isin(taxed) & bookings["status"].isin(SOLD)]
    owed: dict[str, tuple[int, int]] = {}
    sold = sold.assign(
        arrives=local_days_of(context, sold, "service_start"), leaves=local_days_of(context, sold, "service_end")
    )
    for row in sold.to_dict("records"):
        tax = _of_booking(context, row)
        if tax is not None:
            cents, count = owed.get(str(row["entity_id"]), (0, 0))
            owed[str(row["entity_id"])] = (cents + tax, count + 1)
    try:
        debits, reason = _remitted(context)
        lacking = None
    except MissingInputError as missing:
        debits, reason, lacking = _NOTHING, "", not_evaluable(str(missing))
    for entity in (GROUP, *taxed):
        own = debits if entity == GROUP else debits[debits["entity_id"] == entity]
        accrued, count = (
            (sum(tax for tax, _ in owed.values()), sum(n for _, n in owed.values()))
            if entity == GROUP
            else owed.get(entity, (0, 0))
        )
        remitted = int(own["amount_cents"].sum())
        inputs = {"booking": count, "ledger": len(own)}
        for metric_id, cents in (
            ("lodging_tax_accrued", accrued),
            ("lodging_tax_remitted", remitted),
            ("lodging_tax_liability", accrued - remitted),
        ):
            told = lacking if lacking and metric_id != "lodging_tax_accrued" else Measure(cents, reason=reason)
            yield context.fact(metric_id, told, inputs=inputs, entity_id=entity)


_NOTHING = pd.DataFrame({"entity_id": [], "amount_cents": []})


def _remitted(context: Context) -> tuple[pd.DataFrame, str]:
    """Debits on lodging-tax accounts, and why there may be none to see."""
    if not (context.has("ledger") and context.has("account")):
        return _NOTHING, "without ledger and chart nothing is known to be remitted"
    accounts = _tax_accounts(context.table("account", "account", "type", "name"))
    ledger = context.table("ledger", *LEDGER_COLUMNS)
    debits = ledger[ledger["account"].isin(accounts) & (ledger["amount_cents"] > 0)]
    return debits, "" if accounts else "the chart has no lodging-tax account, so nothing is known to be remitted"


def _of_booking(context: Context, row: Mapping[Any, Any]) -> int | None:
    """The tax of one booking's nights before the report date; None when exempt, collected elsewhere or not begun."""
    start, end = row["arrives"], row["leaves"]
    if not isinstance(start, pd.Timestamp) or not isinstance(end, pd.Timestamp):
        return None
    discount = row.get("discount_cents")
    stay = Stay(
        start.date(),
        end.date(),
        int(str(row["gross_cents"])) - int(str(discount if discount is not None else 0)),
    )
    rent = stay.rent_until(context.report_date)
    rent = {night: cents for night, cents in rent.items() if not _collected_by_marketplace(context, row, night)}
    if not rent or stay.month_or_longer:
        return None
    entity = str(row["entity_id"])
    return lodging_tax(rent, {night: param(context, RATE, entity, on=night).value for night in rent})


def _collected_by_marketplace(context: Context, row: Mapping[Any, Any], night: date) -> bool:
    channel = row.get("channel_id")
    collects = optional_param(context, "marketplace_collects_tax", "" if pd.isna(channel) else str(channel), on=night)
    return collects is not None and bool(collects.value)


def _tax_accounts(accounts: pd.DataFrame) -> set[str]:
    subtype = accounts["subtype"].fillna("") if "subtype" in accounts.columns else pd.Series("", index=accounts.index)
    name = accounts["name"].fillna("")
    chosen = subtype.isin(TAX_SUBTYPES) | name.str.contains(TAX_TERMS, case=False, regex=True)
    return set(accounts.loc[(accounts["type"] == "liability") & chosen, "account"])
