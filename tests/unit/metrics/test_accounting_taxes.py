"""Lodging tax and information returns: thresholds and rates by date."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest
from finance_rows import CHART, fact_of, ledger, params, value_of
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.dataset.context import Context
from executive_suite.metrics.accounting.information_returns import reportable
from executive_suite.metrics.accounting.jurisdiction import Stay
from executive_suite.metrics.accounting.lodging_tax import lodging_tax
from typed_tables import Rows, context, typed

# San Diego's transient occupancy tax: 10.5 % through 2025-04-30, 11.75 % (zone 1) from 2025-05-01.
RATES = typed(
    "param",
    [
        {"param": "lodging_tax_rate_bp", "scope": "house", "valid_from": "2004-08-01", "valid_to": "2025-04-30",
         "value": "1050", "assumed": False},
        {"param": "lodging_tax_rate_bp", "scope": "house", "valid_from": "2025-05-01", "valid_to": None,
         "value": "1175", "assumed": False},
        {"param": "marketplace_collects_tax", "scope": "market", "valid_from": "2020-01-01", "valid_to": None,
         "value": "1", "assumed": False},
    ],
)  # fmt: skip
STAY = {"booking_id": "S1", "entity_id": "house", "channel_id": "direct", "service_start": "2025-04-30T23:00:00Z",
        "service_end": "2025-05-02T18:00:00Z", "status": "completed", "gross_cents": 20_000,
        "discount_cents": 0}  # fmt: skip


def stays(rows: Rows, report_date: str = "2025-06-01", remitted: int = 0) -> Context:
    chart = pd.concat(
        [CHART, typed("account", [{"account": "2200", "name": "Lodging tax payable", "type": "liability"}])],
        ignore_index=True,
    )
    chart["is_cash"] = chart["is_cash"].astype("boolean")
    paid = [("2025-05-20", "house", "operating", {"2200": remitted, "1010": -remitted})] if remitted else []
    paid.append(("2025-05-21", "house", "operating", {"1010": 1, "4100": -1}))
    return context(report_date, booking=typed("booking", rows), param=RATES, ledger=ledger(paid), account=chart)


# A rate of the whole group says nothing of who lets rooms: what an entity owes needs the rate of its own city.
def test_a_rate_of_the_group_taxes_nobody() -> None:
    data = stays([STAY])
    tables = {**data.tables, "param": RATES.assign(scope="group")}
    found = fact_of(Context(tables, data.report_date, data.zone), "accounting", "lodging_tax_liability")
    assert (found.value, found.status) == (None, "not_evaluable")
    assert "lodging_tax_rate_bp has no value for an entity" in found.reason


def test_each_night_is_taxed_at_its_own_rate() -> None:
    # Worked answer tot_change: 100 a night; the night of 2025-04-30 owes 10.50, that of 2025-05-01 owes 11.75.
    assert value_of(stays([STAY]), "accounting", "lodging_tax_liability") == 1050 + 1175
    assert lodging_tax({date(2025, 4, 30): 10_000}, {date(2025, 4, 30): Decimal(1050)}) == 1050


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"status": "cancelled"}, 0),
        # County of San Diego, Regulatory Code 22.202(b): a guaranteed no-show fee is taxed, here at 10.5 % of 200.
        ({"status": "no_show"}, 2100),
        ({"channel_id": "market"}, 0),  # the marketplace collects
        ({"discount_cents": 10_000}, 525 + 588),  # 50 a night: 5.25 and 5.875, rounded once: 11.13
        ({"entity_id": "boats"}, None),  # nothing of the house is recorded
        # A month or longer is exempt; a day less is not (30 nights of 31 from 1 May, at 11.75 %).
        ({"service_start": "2025-05-01T23:00:00Z", "service_end": "2025-06-01T18:00:00Z"}, 0),
        ({"service_start": "2025-05-01T23:00:00Z", "service_end": "2025-05-31T18:00:00Z"}, 2350),
    ],
)
def test_what_is_taxed(change: dict[str, object], expected: int | None) -> None:
    assert value_of(stays([STAY | change]), "accounting", "lodging_tax_accrued") == expected


def told(nights: int, **params: int) -> Context:
    """A stay of some nights from June 1, 2026, for 3,100.00, where the tax is 12 %."""
    rows = [
        {"param": name, "scope": "house", "valid_from": "2020-01-01", "value": str(value)}
        for name, value in params.items()
    ]
    rate = {"param": "lodging_tax_rate_bp", "scope": "house", "valid_from": "2020-01-01", "value": "1200"}
    leaves = date(2026, 6, 1) + timedelta(days=nights)
    stay = {"service_start": "2026-06-01T23:00:00Z", "service_end": f"{leaves}T18:00:00Z", "gross_cents": 310_000}
    data = stays([STAY | stay], "2026-09-01")
    return replace(data, tables={**data.tables, "param": typed("param", [rate, *rows])})


@pytest.mark.parametrize(
    ("nights", "params", "expected"),
    [
        # City of Avalon, FAQ 106: 12 % on rent for stays of thirty consecutive days or less; the default.
        (30, {}, 37_200),
        (31, {}, 0),
        (30, {"lodging_tax_exempt_from_nights": 31}, 37_200),
        # A city that exempts from the thirtieth day on.
        (29, {"lodging_tax_exempt_from_nights": 30}, 37_200),
        (30, {"lodging_tax_exempt_from_nights": 30}, 0),
        # City of San Diego, Municipal Code 35.0102: less than one month, June 1 to July 1.
        (30, {"lodging_tax_exempt_from_months": 1}, 0),
        (29, {"lodging_tax_exempt_from_months": 1}, 37_200),
    ],
)
def test_from_which_length_a_stay_is_exempt(nights: int, params: dict[str, int], expected: int) -> None:
    assert value_of(told(nights, **params), "accounting", "lodging_tax_accrued") == expected


def test_the_fact_says_which_convention_was_used() -> None:
    def reason(**params: int) -> str:
        return fact_of(told(3, **params), "accounting", "lodging_tax_accrued").reason

    assert reason() == "stays of 31 nights or longer exempt; no-show fees taxed"
    month = {"lodging_tax_exempt_from_months": 1, "lodging_tax_on_no_show_fees": 0}
    assert reason(**month) == "stays of 1 calendar month or longer exempt; no-show fees not taxed"


# County of San Diego, Regulatory Code 22.202(b): occupancy includes a guaranteed no-show fee paid; 8 % of 300.00.
@pytest.mark.parametrize(("taxed", "expected"), [({}, 2_400), ({"lodging_tax_on_no_show_fees": 0}, 0)])
def test_the_fee_of_a_no_show(taxed: dict[str, int], expected: int) -> None:
    rows = [
        {"param": name, "scope": "group", "valid_from": "2020-01-01", "value": str(value)}
        for name, value in taxed.items()
    ]
    rate = {"param": "lodging_tax_rate_bp", "scope": "house", "valid_from": "2020-01-01", "value": "800"}
    data = stays([STAY | {"status": "no_show", "gross_cents": 30_000}])
    data = replace(data, tables={**data.tables, "param": typed("param", [rate, *rows])})
    assert value_of(data, "accounting", "lodging_tax_accrued") == expected


def test_a_double_booked_stay_owes_nothing_until_it_is_resolved() -> None:
    first = STAY | {"asset_id": "H1", "booked_at": "2025-01-01T19:00:00Z"}
    second = first | {"booking_id": "S2", "booked_at": "2025-01-02T19:00:00Z"}
    assert value_of(stays([second, first]), "accounting", "lodging_tax_accrued") == 1050 + 1175
    later = {"service_start": "2025-05-02T18:00:00Z", "service_end": "2025-05-03T18:00:00Z"}
    assert value_of(stays([second | later, first]), "accounting", "lodging_tax_accrued") == 1050 + 1175 + 2350


def test_without_an_account_for_it_nothing_is_known_of_remittances() -> None:
    data = stays([STAY])
    data = replace(data, tables={**data.tables, "account": CHART})
    for metric_id in ("lodging_tax_remitted", "lodging_tax_liability"):
        found = fact_of(data, "accounting", metric_id)
        assert (found.value, found.status) == (None, "not_evaluable")
        assert "no lodging-tax account" in found.reason
    assert value_of(data, "accounting", "lodging_tax_accrued") == 1050 + 1175


def test_a_marketplace_counts_from_the_night_on_which_it_collects() -> None:
    # It collects from 1 May 2025: the night before is the owner's to remit, at 10.5 % of 100.
    rates = RATES.copy()
    rates.loc[rates["param"] == "marketplace_collects_tax", "valid_from"] = pd.Timestamp("2025-05-01")
    data = stays([STAY | {"channel_id": "market"}])
    late = replace(data, tables={**data.tables, "param": rates})
    assert value_of(late, "accounting", "lodging_tax_accrued") == 1050


def test_only_nights_before_the_report_date_count() -> None:
    data = stays([STAY | {"status": "confirmed"}], "2025-05-01")
    assert value_of(data, "accounting", "lodging_tax_accrued") == 1050


def test_what_was_remitted_is_taken_off() -> None:
    assert value_of(stays([STAY], remitted=1000), "accounting", "lodging_tax_liability") == 1225


@given(st.dates(date(2024, 1, 1), date(2027, 1, 1)), st.integers(1, 60), st.integers(0, 10**7))
def test_the_rent_of_all_nights_is_the_rent(arrives: date, nights: int, rent: int) -> None:
    stay = Stay(arrives, arrives + timedelta(days=nights), rent)
    assert sum(stay.rent_until(date.max).values()) == rent
    assert len(stay.nights) == nights


# P.L. 119-21 section 70433: payments from 2026 on are reported from 2,000 instead of 600 dollars.
THRESHOLDS = typed(
    "param",
    [
        {"param": "nec_1099_threshold_cents", "scope": "group", "valid_from": "2020-01-01", "valid_to": "2025-12-31",
         "value": "60000", "assumed": False},
        {"param": "nec_1099_threshold_cents", "scope": "group", "valid_from": "2026-01-01", "valid_to": None,
         "value": "200000", "assumed": False},
    ],
)  # fmt: skip
VENDOR = {"counterparty_id": "V1", "kind": "vendor", "name_hash": "h", "is_1099_vendor": True, "w9_on_file": False,
          "entity_type": "llc"}  # fmt: skip
BILL = {"invoice_id": "I1", "direction": "ap", "counterparty_id": "V1"}
PAID = {"payment_id": "P1", "invoice_id": "I1", "paid_on": "2025-12-31", "amount_cents": 60_000, "method": "check"}


def vendors(vendor: dict[str, object], *payments: dict[str, object], report_date: str = "2026-05-01") -> Context:
    return context(
        report_date,
        counterparty=typed("counterparty", [VENDOR | vendor]),
        invoice=typed("invoice", [BILL]),
        payment=typed("payment", [PAID | {"payment_id": f"P{n}"} | row for n, row in enumerate(payments)]),
        param=THRESHOLDS,
    )


@pytest.mark.parametrize(
    ("vendor", "payments", "year", "expected"),
    [
        ({}, [{}], "2025", 1),  # worked answer nec_2025: at the threshold counts
        ({}, [{"amount_cents": 59_999}], "2025", 0),
        ({}, [{"paid_on": "2026-01-01", "amount_cents": 200_000}], "2026", 1),  # worked answer nec_2026_at
        ({}, [{"paid_on": "2026-01-01", "amount_cents": 199_999}], "2026", 0),
        ({}, [{"paid_on": "2026-01-01", "amount_cents": 150_000}, {"paid_on": "2026-04-30", "amount_cents": 50_000}],
         "2026", 1),
        ({}, [{"method": "card"}], "2025", 0),  # on the processor's 1099-K
        ({"w9_on_file": True}, [{}], "2025", 0),
        ({"kind": "employee"}, [{}], "2025", 0),
        # 26 U.S.C. 6041A(a): whoever is paid for services; an agency that someone marked is one, an unmarked one not.
        ({"kind": "agency"}, [{}], "2025", 1),
        ({"kind": "agency", "is_1099_vendor": None}, [{}], "2025", 0),
        ({"is_1099_vendor": False}, [{}], "2025", 0),
        ({"is_1099_vendor": None, "entity_type": "s_corp"}, [{}], "2025", 0),
        ({"is_1099_vendor": None}, [{}], "2025", 1),  # nobody said, so it may have to be reported
    ],
)  # fmt: skip
def test_vendors_without_a_w9(
    vendor: dict[str, object], payments: list[dict[str, object]], year: str, expected: int
) -> None:
    assert value_of(vendors(vendor, *payments), "accounting", "nec_1099_vendors", year=year) == expected


# A payment that names no bill, or one that is not on record, was paid all the same; what came from a customer was not.
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"invoice_id": None, "counterparty_id": "V1"}, 60_000),
        ({"invoice_id": "unknown", "counterparty_id": "V1"}, 60_000),
        ({"invoice_id": None, "counterparty_id": None}, 0),
        ({"invoice_id": None, "counterparty_id": "V1", "method": "card"}, 0),
        ({"invoice_id": "SALE", "counterparty_id": "V1"}, 0),
    ],
)
def test_a_payment_on_account_counts(change: dict[str, object], expected: int) -> None:
    data = vendors({}, change, {"method": "card"})
    sale = {"invoice_id": "SALE", "direction": "ar", "counterparty_id": "V1"}
    data = replace(data, tables={**data.tables, "invoice": typed("invoice", [BILL, sale])})
    assert value_of(data, "accounting", "nec_1099_exposure", year="2025") == expected


def test_payments_without_bill_and_party_report_nobody() -> None:
    found = fact_of(vendors({}, {"invoice_id": None}), "accounting", "nec_1099_exposure")
    assert (found.status, found.reason) == ("not_evaluable", "no payment names a bill on record or a party")


def test_the_undivided_figure_is_the_running_years() -> None:
    data = vendors({}, {"paid_on": "2026-02-01", "amount_cents": 250_000})
    assert value_of(data, "accounting", "nec_1099_vendors") == 1
    assert value_of(data, "accounting", "nec_1099_exposure") == 250_000
    assert value_of(data, "accounting", "nec_1099_vendors", year="2026") == 1


def test_a_return_is_due_with_or_without_a_w9() -> None:
    data = vendors({"w9_on_file": True}, {})
    assert value_of(data, "accounting", "nec_1099_reportable", year="2025") == 1


def test_without_a_threshold_nothing_is_guessed() -> None:
    data = vendors({}, {})
    blind = context("2026-05-01", **{**data.tables, "param": params({"other": 1})})
    fact = fact_of(blind, "accounting", "nec_1099_vendors")
    assert fact.status == "not_evaluable"
    assert "nec_1099_threshold_cents" in fact.reason


@given(st.integers(0, 10**8), st.integers(1, 10**8))
def test_more_pay_never_leaves_the_threshold(paid: int, threshold: int) -> None:
    assert reportable(paid, Decimal(threshold)) == (paid - threshold >= 0)
