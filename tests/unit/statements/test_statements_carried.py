"""The statements that travel with the figures hold every cell, and their lines foot."""

from __future__ import annotations

from datetime import date

import pytest

from executive_suite.facts.figures import Figures
from executive_suite.statements.carried import carried
from executive_suite.statements.report import statements
from statement_books import CHART, IDS, Accounts, books, cells_of, entities, transactions
from typed_tables import context


@pytest.mark.parametrize("seed", [3, 4])
def test_they_are_the_cells_that_the_command_prints(seed: int) -> None:
    made = books("2026-05-01", CHART, transactions(seed, 120), entity=entities(*IDS[:-1], group=IDS[-1]))
    found = carried(made)
    rows = {
        (row.statement, row.entity_id, period, row.line): cents
        for row in found.rows
        for period, cents in row.amounts.items()
    }
    assert rows == cells_of(made)
    assert len(found.rows) == len({(row.statement, row.entity_id, row.line) for row in found.rows})


@pytest.mark.parametrize("seed", [5, 6])
def test_lines_add_up_to_the_subtotal_that_follows_them(seed: int) -> None:
    found = carried(books("2026-05-01", CHART, transactions(seed, 120), entity=entities(*IDS[:-1], group=IDS[-1])))
    subtotals = 0
    for statement, entity in dict.fromkeys((row.statement, row.entity_id) for row in found.rows):
        own = found.of(statement, entity)
        for place, total in enumerate(own):
            parts = [row for row in own[:place] if row.part == total.line]
            assert all(row.part != total.line for row in own[place:])
            for period, cents in total.amounts.items() if parts else ():
                assert sum(row.amounts.get(period, 0) for row in parts) == cents, (statement, total.line, period)
                subtotals += 1
    assert subtotals > 100


def test_a_line_of_one_month_stands_among_its_kind() -> None:
    """Cash, land and stock of one part stay in the order of the chart though no month has all of them."""
    chart: Accounts = {
        "1000": ("Cash", "asset", "cash"),
        "1400": ("Land", "asset"),
        "1500": ("Equipment", "asset"),
        "3000": ("Common stock", "equity"),
    }
    found = carried(
        books(
            "2026-05-01",
            chart,
            [
                ("2026-02-01", "co", "financing", {"1000": 500, "3000": -500}),
                ("2026-03-01", "co", "investing", {"1500": 500, "1000": -500}),
                ("2026-04-01", "co", "investing", {"1400": 500, "1500": -500}),
            ],
        )
    )
    assert [row.line for row in found.of("balance_sheet")] == [
        "1000",
        "1400",
        "1500",
        "total_assets",
        "total_liabilities",
        "3000",
        "total_equity",
    ]
    assert found.amount("balance_sheet", "1400", "2026-04") == 500
    assert found.amount("balance_sheet", "1400", "2026-03") is None


def test_they_survive_the_journey_to_a_lane() -> None:
    found = carried(books("2026-05-01", CHART, transactions(7, 40)))
    figures = Figures(date(2026, 5, 1), "2026-05-01T07:00:00+00:00", "UTC", "0" * 64, (), statements=found)
    assert Figures.from_json(figures.to_json()).statements == found


def test_without_a_ledger_they_say_what_is_missing() -> None:
    found = carried(context("2026-05-01"))
    assert not found.rows
    assert found.missing == statements(context("2026-05-01")).missing != ()
