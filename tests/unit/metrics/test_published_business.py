"""Worked examples of accounting, finance and marketing texts, through the metric as it is reported."""

from __future__ import annotations

from decimal import Decimal

import pytest
from finance_rows import CHART, Transaction, ledger, params, value_of

from executive_suite.dataset.context import Context
from typed_tables import Rows, context, typed

CHANNELS = ("display", "social", "paid", "organic")


def invoices(direction: str, *rows: tuple[str, str, int]) -> Rows:
    return [
        {
            "invoice_id": f"I{number}",
            "direction": direction,
            "entity_id": "a",
            "counterparty_id": "c",
            "issued_on": issued,
            "due_on": due,
            "total_cents": cents,
            "tax_cents": 0,
            "status": "open",
        }
        for number, (issued, due, cents) in enumerate(rows)
    ]


def paid(number: int, day: str, cents: int) -> Rows:
    return [{"payment_id": "P", "invoice_id": f"I{number}", "paid_on": day, "amount_cents": cents, "method": "ach"}]


def close_to(value: object, text: str) -> bool:
    return isinstance(value, Decimal) and value.quantize(Decimal(text)) == Decimal(text)


def test_days_sales_outstanding() -> None:
    # Investopedia, "Days Sales Outstanding (DSO)": sales of 500,000 in July, 350,000 of them on credit and unpaid at
    # its end: 350,000 / 500,000 x 31 = 21.7 days.
    sales = invoices("ar", ("2026-07-01", "2026-07-01", 150_000_00), ("2026-07-02", "2026-08-31", 350_000_00))
    data = context(
        "2026-08-01",
        invoice=typed("invoice", sales),
        payment=typed("payment", paid(0, "2026-07-01", 150_000_00)),
        param=params({"burn_window_months": 1}),
    )
    assert close_to(value_of(data, "accounting", "dso_days"), "21.7")


def test_days_payables_outstanding() -> None:
    # By hand, the ratio as the Corporate Finance Institute states it: payables of 27.5 million over yearly purchases of
    # 75 million, times 365: 133.83 days.
    bought = invoices("ap", ("2025-06-15", "2025-07-31", 47_500_000_00), ("2025-07-02", "2026-08-31", 27_500_000_00))
    data = context(
        "2026-05-01",
        invoice=typed("invoice", bought),
        payment=typed("payment", paid(0, "2025-12-20", 47_500_000_00)),
        param=params({"burn_window_months": 12}),
    )
    assert close_to(value_of(data, "accounting", "dpo_days"), "133.83")


@pytest.mark.parametrize(
    ("due", "bucket"),
    [
        ("2026-05-01", "current"),
        ("2026-04-30", "1-30"),
        ("2026-04-01", "1-30"),
        ("2026-03-31", "31-60"),
        ("2026-03-02", "31-60"),
        ("2026-03-01", "61-90"),
        ("2026-01-31", "61-90"),
        ("2026-01-30", "90+"),
    ],
)
def test_ageing_at_the_edges_of_the_buckets(due: str, bucket: str) -> None:
    # The buckets of the definition, by the calendar: 31 January is 90 days before 1 May 2026, 30 January 91.
    data = context(
        "2026-05-01",
        invoice=typed("invoice", invoices("ar", ("2025-12-01", due, 700))),
        payment=typed("payment", [], ("payment_id", "invoice_id", "paid_on", "amount_cents", "method")),
        param=params({"burn_window_months": 6}),
    )
    assert value_of(data, "accounting", "ar_ageing", bucket=bucket) == 700


def test_depreciation_of_a_press_bought_in_october() -> None:
    # OpenStax, Principles of Accounting 1, 11.3: $58,000 less $10,000 over five years is $9,600 a year; three months of
    # it, October to December, are $2,400.
    press = {
        "asset_id": "P",
        "entity_id": "a",
        "asset_class": "equipment",
        "name": "press",
        "acquired_on": "2018-10-01",
        "cost_cents": 58_000_00,
        "useful_life_months": 60,
        "salvage_cents": 10_000_00,
        "method": "straight_line",
        "status": "in_use",
    }
    data = context("2019-01-01", asset=typed("asset", [press]))
    assert value_of(data, "accounting", "fixed_asset_closing", line="depreciation") == 2_400_00
    assert value_of(data, "accounting", "fixed_asset_closing") == 55_600_00


def income_property() -> Context:
    rows: list[Transaction] = [("2025-04-30", "a", "financing", {"1010": 1_000_00, "3010": -1_000_00})]
    months = [f"2025-{month:02d}" for month in range(5, 13)] + [f"2026-{month:02d}" for month in range(1, 5)]
    for month in months:
        rows += [
            (f"{month}-05", "a", "operating", {"1010": 12_000_00, "4100": -12_000_00}),
            (f"{month}-06", "a", "operating", {"6100": 5_000_00, "1010": -5_000_00}),
            (f"{month}-07", "a", "financing", {"7100": 3_000_00, "2500": 1_000_00, "1010": -4_000_00}),
        ]
    house = {
        "asset_id": "H",
        "entity_id": "a",
        "asset_class": "property",
        "name": "house",
        "acquired_on": "2020-01-01",
        "cost_cents": 900_000_00,
        "market_value_cents": 1_200_000_00,
        "lien_cents": 800_000_00,
        "status": "in_use",
    }
    return context(
        "2026-05-01",
        ledger=ledger(rows),
        account=CHART,
        asset=typed("asset", [house]),
        param=params({"burn_window_months": 6, "cash_invested_cents@a": 240_000_00}),
    )


def test_the_ratios_of_an_income_property() -> None:
    # The formulas of the Appraisal Institute and the OCC, by hand: income of 144,000 less 60,000 is 84,000 a year; over
    # 1,200,000 it is 7 %; over debt service of 48,000 it is 1.75; 36,000 left over on 240,000 of cash are 15 %.
    data = income_property()
    expected = {
        "net_operating_income": Decimal(84_000_00),
        "cap_rate": Decimal("0.07"),
        "property_debt_service_cover": Decimal("1.75"),
        "cash_on_cash_return": Decimal("0.15"),
        "property_equity": Decimal(400_000_00),
    }
    assert {name: Decimal(str(value_of(data, "rental", name))) for name in expected} == expected
    assert value_of(data, "finance", "debt_service_cover") == Decimal("1.75")


def journey(*days: int) -> Context:
    touches = [
        {
            "visitor_id": "v",
            "at": f"2026-03-{day:02d}T12:00:00Z",
            "channel_id": channel,
            "is_conversion": day == days[-1],
            "value_cents": 300_00 if day == days[-1] else None,
            "booking_id": None,
        }
        for day, channel in zip(days, CHANNELS, strict=False)
    ]
    return context("2026-05-01", touchpoint=typed("touchpoint", touches))


def test_time_decay_halves_in_a_week() -> None:
    # Google Analytics, attribution models: with a half-life of seven days a click eight days before a conversion gets
    # half the credit of a click one day before it.
    data = journey(1, 8)
    first, last = (
        value_of(data, "marketing", "attribution_conversions", model="time_decay", channel=channel)
        for channel in CHANNELS[:2]
    )
    assert close_to(first, "0.3333")
    assert close_to(last, "0.6667")


def test_position_credits_the_ends_and_shares_the_middle() -> None:
    # Google Analytics, position-based: 40 % to the first and the last touch, 20 % to those between.
    data = journey(1, 2, 3, 4)
    credit = [
        value_of(data, "marketing", "attribution_conversions", model="position", channel=channel)
        for channel in CHANNELS
    ]
    assert credit == [Decimal(text) for text in ("0.4", "0.1", "0.1", "0.4")]
