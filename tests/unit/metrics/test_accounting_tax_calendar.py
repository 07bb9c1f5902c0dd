"""The tax calendar: when the next return of each kind is due, and what the books show as owed on it."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from finance_rows import CHART, ledger, params

from executive_suite.dataset.context import Context
from executive_suite.metrics.accounting.legal_holidays import legal_holidays
from executive_suite.metrics.accounting.tax_calendar import next_estimate, next_return
from executive_suite.period import Month
from typed_tables import context, facts_of, typed

TAXES = typed(
    "account",
    [
        {"account": "2200", "name": "Sales tax", "type": "liability", "subtype": "sales_tax", "is_cash": False},
        {"account": "2210", "name": "City of Avalon TOT", "type": "liability", "subtype": None, "is_cash": False},
        {"account": "2220", "name": "Form 941", "type": "liability", "subtype": "payroll_tax", "is_cash": False},
    ],
)
FILING = {
    "sales_tax_filing_months@shop": 3,
    "sales_tax_due_day@shop": 31,
    "lodging_tax_filing_months@house": 1,
    "lodging_tax_due_day@house": 31,
}


@pytest.mark.parametrize(
    ("on", "due"),
    [
        # IRS Publication 509 (2026), employer's calendar: Form 941 of the four quarters.
        ("2026-02-03", "2026-04-30"),
        ("2026-04-30", "2026-04-30"),
        ("2026-05-01", "2026-07-31"),
        ("2026-08-01", "2026-11-02"),
        ("2026-11-03", "2027-02-01"),
    ],
)
def test_quarterly_returns(on: str, due: str) -> None:
    assert next_return(date.fromisoformat(on), 3, 31).isoformat() == due


@pytest.mark.parametrize(
    ("on", "others", "corporation"),
    [
        # IRS Publication 509 (2026), general calendar: Form 1040-ES and deposits of corporations.
        ("2026-01-10", "2026-01-15", "2026-04-15"),
        ("2026-01-16", "2026-04-15", "2026-04-15"),
        ("2026-04-16", "2026-06-15", "2026-06-15"),
        ("2026-06-16", "2026-09-15", "2026-09-15"),
        ("2026-09-16", "2027-01-15", "2026-12-15"),
        ("2026-12-16", "2027-01-15", "2027-04-15"),
    ],
)
def test_estimated_tax(on: str, others: str, corporation: str) -> None:
    day, year = date.fromisoformat(on), Month(2026, 1)
    assert next_estimate(day, year, corporation=False).isoformat() == others
    assert next_estimate(day, year, corporation=True).isoformat() == corporation


@pytest.mark.parametrize(
    ("year", "due"),
    [
        # IRS Publication 509 of each year, general calendar: Form 1040 and the first installment on the 15th, but for
        # weekends and Emancipation Day.
        (2010, "2010-04-15"),
        (2011, "2011-04-18"),
        (2012, "2012-04-17"),
        (2015, "2015-04-15"),
        (2016, "2016-04-18"),
        (2017, "2017-04-18"),
        (2018, "2018-04-17"),
        (2019, "2019-04-15"),
        (2022, "2022-04-18"),
        (2023, "2023-04-18"),
        (2024, "2024-04-15"),
        (2025, "2025-04-15"),
    ],
)
def test_emancipation_day_moves_the_first_installment(year: int, due: str) -> None:
    assert next_estimate(date(year, 3, 20), Month(year, 1), corporation=False).isoformat() == due


# Office of Personnel Management, federal holidays by year: the days on which they are observed.
@pytest.mark.parametrize(
    ("year", "observed"),
    [
        (2021, "0101 0118 0215 0531 0618 0705 0906 1011 1111 1125 1224 1231"),
        (2022, "0117 0221 0530 0620 0704 0905 1010 1111 1124 1226"),
        (2023, "0102 0116 0220 0529 0619 0704 0904 1009 1110 1123 1225"),
        (2026, "0101 0119 0216 0525 0619 0703 0907 1012 1111 1126 1225"),
    ],
)
def test_federal_holidays(year: int, observed: str) -> None:
    days = sorted(legal_holidays(year, district=False))
    assert " ".join(f"{day:%m%d}" for day in days) == observed


def test_a_return_due_on_a_holiday_is_due_on_the_next_business_day() -> None:
    # January 20, 2025 and January 15, 2029 (Martin Luther King, Jr.); November 11, 2024 is a Monday.
    assert next_return(date(2025, 1, 2), 1, 20, federal=False).isoformat() == "2025-01-21"
    assert next_estimate(date(2029, 1, 2), Month(2028, 1), corporation=False).isoformat() == "2029-01-16"
    assert next_return(date(2024, 11, 1), 1, 11, federal=False).isoformat() == "2024-11-12"
    # The District's own day counts for the IRS alone: April 16, 2026 is a Thursday.
    assert [next_return(date(2026, 4, 1), 1, 16, federal=own).day for own in (True, False)] == [17, 16]


def test_a_fiscal_year_moves_the_installments_of_a_corporation() -> None:
    # 26 U.S.C. 6655(i): months 4, 6, 9 and 12 of a year from July are October, December, March and June.
    dues = {next_estimate(date(2026, month, 1), Month(2025, 7), corporation=True).isoformat() for month in (1, 4)}
    assert dues == {"2026-03-16", "2026-06-15"}


def made(rows: dict[str, object], report_date: str = "2026-05-01") -> Context:
    posted = ledger(
        [
            ("2026-03-10", "shop", "operating", {"1010": 108_000, "4100": -100_000, "2200": -8_000}),
            ("2026-04-10", "shop", "operating", {"1010": -3_000, "2200": 3_000}),
            ("2026-04-11", "shop", "operating", {"2220": -1_500, "6100": 1_500}),
            ("2026-04-12", "house", "operating", {"1010": 11_200, "4100": -10_000, "2210": -1_200}),
        ]
    )
    entity = typed("entity", [{"entity_id": "shop", "tax_form": "1120"}, {"entity_id": "house", "tax_form": "1065"}])
    chart = pd.concat([CHART, TAXES], ignore_index=True)
    chart["is_cash"] = chart["is_cash"].astype("boolean")
    return context(report_date, ledger=posted, account=chart, entity=entity, param=params(rows))


def due(at: Context) -> dict[tuple[str, str], tuple[str, object, str]]:
    found = facts_of(at, "accounting", "tax_due")
    return {(f.dimensions["kind"], f.entity_id): (f.dimensions["due"], f.value, f.reason) for f in found}


def test_what_the_books_owe_comes_with_its_day() -> None:
    found = due(made(FILING))
    assert found["sales", "shop"] == ("2026-07-31", 5_000, "")
    assert found["lodging", "house"] == ("2026-06-01", 1_200, "")  # May 31 is a Sunday
    assert found["payroll", "shop"] == ("2026-07-31", 1_500, "")
    assert found["income", "group"] == ("2026-06-15", None, "the chart has no liability account for income tax")
    assert found["nec_1099", "group"] == ("2027-02-01", None, "table counterparty is absent")
    assert len(found) == 5


@pytest.mark.parametrize(
    ("stated", "reason"),
    [
        ({"x": 1}, "param sales_tax_filing_months (scope shop) has no value on 2026-05-01"),
        (
            FILING | {"sales_tax_filing_months@shop": 0},
            "param sales_tax_filing_months is 0, expected a whole number from 1 to 12",
        ),
    ],
)
def test_an_unknown_day_hides_no_amount(stated: dict[str, object], reason: str) -> None:
    assert due(made(stated))["sales", "shop"] == ("", 5_000, f"due day not known: {reason}")
