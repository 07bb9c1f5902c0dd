"""What a report date foresees, to be held against what comes: cash, revenue and net burn by horizon."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import MissingInputError
from executive_suite.facts.foreseen import Foreseen, Horizon
from executive_suite.metrics.finance.window import window
from executive_suite.metrics.forecast.base import base
from executive_suite.metrics.forecast.path import spans
from executive_suite.metrics.forecast.unsold import expected_revenue, unsold
from executive_suite.period import Month, months_later

WEEKS: dict[Horizon, int] = {"week_4": 4, "week_8": 8, "week_13": 13}
MONTHS: dict[Horizon, int] = {"month_3": 3, "month_6": 6}
FLOWS: dict[Horizon, int] = {"month_1": 1, "month_3": 3}
"""Revenue and net burn: the next whole month, and the next three."""
OPERATING = ("lease", "contract", "receivable", "booking", "takings", "payable", "run_rate", "tax")

TABLES: Mapping[str, tuple[str, ...]] = {
    "account": ("account", "name", "type", "subtype", "cost_behaviour", "is_cash"),
    "asset": ("asset_id", "entity_id", "asset_class"),
    "booking": (
        "booking_id",
        "entity_id",
        "asset_id",
        "customer_id",
        "booked_at",
        "cancelled_at",
        "service_start",
        "service_end",
        "status",
        "gross_cents",
        "discount_cents",
        "platform_fee_cents",
        "variable_cost_cents",
        "deposit_cents",
    ),
    "budget": ("entity_id", "month", "account", "amount_cents", "version"),
    "client_contract": (
        "contract_id",
        "valid_from",
        "valid_to",
        "client_id",
        "billing_model",
        "mrr_cents",
        "start_on",
        "end_on",
        "auto_renew",
        "status",
    ),
    "entity": ("entity_id", "kind", "tax_form", "base_currency", "timezone", "ended_on"),
    "invoice": (
        "invoice_id",
        "direction",
        "entity_id",
        "counterparty_id",
        "issued_on",
        "due_on",
        "total_cents",
        "status",
        "booking_id",
        "contract_id",
    ),
    "lease": (
        "lease_id",
        "asset_id",
        "start_on",
        "end_on",
        "rent_cents",
        "security_deposit_cents",
        "status",
    ),
    "ledger": (
        "txn_id",
        "line",
        "date",
        "entity_id",
        "account",
        "amount_cents",
        "currency",
        "activity",
        "counterparty_id",
        "contract_id",
    ),
    "param": ("param", "scope", "valid_from", "valid_to", "value"),
    "payment": ("payment_id", "invoice_id", "paid_on", "amount_cents", "is_refund"),
}
"""What a forecast reads; nothing else has to be known again as it was then."""


def foresee(context: Context) -> tuple[Foreseen, ...]:
    """The forecasts of a report date: the base case and the sales not made yet that the records support.

    Nothing where the books are too short or missing.
    """
    try:
        if window(context).missing:
            return ()
        return (*_cash(context), *_flows(context))
    except MissingInputError:
        return ()


def _cash(context: Context) -> Iterator[Foreseen]:
    first, made = context.report_date, base(context)
    weeks = spans(first)
    ends: dict[Horizon, date] = {name: weeks[number - 1].ends for name, number in WEEKS.items()}
    ends |= {name: months_later(first, number) - timedelta(days=1) for name, number in MONTHS.items()}
    for name, day in ends.items():
        yield Foreseen(
            "cash", name, first, first, day, made.closing(day) + unsold_by(context, day), moved_by(context, day)
        )


def moved_by(context: Context, day: date) -> int:
    """Receipts and payments by the end of a day, added up, with sales not made yet that the records support."""
    return sum(abs(item.cents) for item in base(context).items if item.day <= day) + unsold_by(context, day)


def unsold_by(context: Context, day: date) -> int:
    """What sales not made yet bring by the end of a day: each month's part spread evenly over its days, cents."""
    found = 0
    for (_, month), cents in unsold(context).items():
        starts = max(month.first, context.report_date)
        days = ((month + 1).first - starts).days
        found += cents * min(max(0, (day - starts).days + 1), days) // days
    return found


def _flows(context: Context) -> Iterator[Foreseen]:
    """Over whole months: the first is that of the report date if it begins with it, else the next."""
    first = context.report_date
    begin = Month.of(first) if first.day == 1 else Month.of(first) + 1
    revenue = expected_revenue(context)
    for name, count in FLOWS.items():
        months = tuple(begin + number for number in range(count))
        ends = (months[-1] + 1).first - timedelta(days=1)
        earned = sum(revenue.get(month, 0) for month in months)
        sold = sum(cents for (_, month), cents in unsold(context).items() if month in months)
        moves = [
            item.cents for item in base(context).items if item.kind in OPERATING and months[0].first <= item.day <= ends
        ]
        moved = sum(map(abs, moves)) + sold
        yield Foreseen("revenue", name, first, months[0].first, ends, earned, moved)
        yield Foreseen("net_burn", name, first, months[0].first, ends, -sum(moves) - sold, moved)
