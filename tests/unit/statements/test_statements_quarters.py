"""The statements of a quarter are the sum of its three months, whenever the fiscal year begins."""

from __future__ import annotations

from datetime import date

import pytest

from executive_suite.dataset.group import quarter_before
from executive_suite.facts.statements import FinancialStatements
from executive_suite.statements.carried import carried, of_quarters
from executive_suite.statements.cells import Statement
from statement_books import CHART, IDS, books, entities, fiscal_year, transactions

FLOWS = (Statement.INCOME, Statement.CASH_DIRECT, Statement.CASH_INDIRECT)
_STOCKS = ("cash_opening", "cash_closing")


def _by_key(found: FinancialStatements) -> dict[tuple[str, str, str], dict[str, int]]:
    return {(row.statement, row.entity_id, row.line): dict(row.amounts) for row in found.rows}


@pytest.mark.parametrize(("seed", "first_month"), [(3, 1), (4, 7), (5, 2)])
def test_a_quarter_adds_up_its_months(seed: int, first_month: int) -> None:
    """Of each unit and line; what is open at the end of a quarter is what is open at the end of its last month."""
    made = books(
        "2026-05-01",
        CHART,
        transactions(seed, 120),
        entity=entities(*IDS[:-1], group=IDS[-1]),
        param=fiscal_year(first_month),
    )
    monthly, quarterly = _by_key(carried(made)), _by_key(of_quarters(made))
    latest = quarter_before(date(2026, 5, 1), first_month)
    assert latest.name in {period.name for period in of_quarters(made).periods}
    compared = 0
    for quarter in (latest, latest.back(1)):
        months = [str(month) for month in quarter.months]
        for key in monthly.keys() | quarterly.keys():
            statement, _, line = key
            by_month = [monthly.get(key, {}).get(month, 0) for month in months]
            if statement in FLOWS and line not in _STOCKS:
                expected = sum(by_month)
            elif statement == Statement.BALANCE_SHEET or line == "cash_closing":
                expected = by_month[-1]
            else:
                continue
            assert quarterly.get(key, {}).get(quarter.name, 0) == expected, key
            compared += expected != 0
    assert compared > 50


def test_last_years_quarter_is_older_than_the_thirteen_months() -> None:
    """100 earned in January 2025: the months of a report at April 1, 2026 begin in March 2025."""
    sale = ("2025-01-15", "co", "operating", {"1010": 100, "4000": -100})
    found = of_quarters(books("2026-04-01", CHART, [sale]))
    assert found.amount(Statement.INCOME, "total_revenue", "2025-Q1") == 100
    assert [period.name for period in found.periods] == ["2026-Q1", "2025-Q4", "2025-Q1"]
