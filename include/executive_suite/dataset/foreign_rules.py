"""How each table's amounts are converted: whose they are, and the day of the rate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from executive_suite.dataset.reporting_currency import CLOUD_CURRENCY, IN_CLOUD_CURRENCY


@dataclass(frozen=True, slots=True)
class Owner:
    """What a row belongs to: its currency, entity and day are the row's too where that states none.

    Attributes:
        table: Where the owner is.
        column: The row's column that refers to it.
        key: The owner's column that is referred to; the same name if blank.
        day: The owner's day, where its table has no rule of its own.
    """

    table: str
    column: str
    key: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """How a table's amounts are converted.

    Attributes:
        days: Columns with the day of the rate; the first that is filled counts. Without any, the owner's day counts,
            else the last day that the report covers.
        owners: What a row may belong to; the first that is known counts.
        named_by: Tables, and the column of each that names a row: they show whose it is.
        later: Columns that are converted on the last of ``days`` that is filled.
        into: The currency of the table's figures, if it is not the reporting currency; also that of a blank.
    """

    days: tuple[str, ...] = ()
    owners: tuple[Owner, ...] = ()
    named_by: tuple[tuple[str, str], ...] = ()
    later: frozenset[str] = field(default_factory=frozenset)
    into: str = ""

    @property
    def related(self) -> frozenset[str]:
        """The tables that say in which currency, whose and when."""
        return frozenset({owner.table for owner in self.owners} | {table for table, _ in self.named_by})


_SOLD = "contract_or_booking_id"
_CAMPAIGN, _CHANNEL = Owner("campaign", "campaign_id", day="started_at"), Owner("channel", "channel_id")
_BOOKING, _ASSET = Owner("booking", "booking_id"), Owner("asset", "asset_id")
RULES: Mapping[str, Rule] = {
    "invoice": Rule(("issued_on",)),
    "payment": Rule(("paid_on",), (Owner("invoice", "invoice_id"),)),
    "booking": Rule(("booked_at",)),
    "client_contract": Rule(
        ("start_on",), named_by=(("invoice", "contract_id"), ("rev_schedule", _SOLD), ("ledger", "contract_id"))
    ),
    "budget": Rule(("month",)),
    "asset": Rule(("acquired_on", "valued_on"), later=frozenset({"market_value_cents", "lien_cents", "insured_cents"})),
    "rev_schedule": Rule(
        ("start_on",), (Owner("booking", _SOLD, "booking_id"), Owner("client_contract", _SOLD, "contract_id"))
    ),
    "opportunity": Rule(("created_at",)),
    "compliance_doc": Rule(("effective",)),
    "channel": Rule(("valid_from",)),
    "campaign_spend": Rule(("date",), (_CAMPAIGN,)),
    "campaign_scenario": Rule(owners=(_CAMPAIGN,)),
    "touchpoint": Rule(("at",), (_BOOKING, _CAMPAIGN, _CHANNEL)),
    "work_log": Rule(("date",), (Owner("client_contract", "contract_id"),)),
    "lease": Rule(("start_on",), (_ASSET,)),
    "maintenance": Rule(("opened_on",), (_ASSET,)),
    "availability": Rule(("date",), (_ASSET,)),
    "delivery": Rule(("planned_start",), (_BOOKING,), named_by=(("ledger", "project_id"),)),
    "delivery_crew": Rule(owners=(Owner("delivery", "delivery_id"),)),
    "deployment_option": Rule(),
    **{name: Rule(("opened_on",), into=CLOUD_CURRENCY) for name in IN_CLOUD_CURRENCY},
}
"""Every table with amounts but the ledger and bank lines, owners before what they own."""
