"""Columns of money: the title names the currency, decimals are alike, and nothing but plain amounts is touched."""

from __future__ import annotations

from decimal import Decimal

from executive_suite.reports.tables.money import evened

from executive_suite import formats
from executive_suite.rendering.blocks import Cell, Column, Table


def money(cents: int, sign: str = "") -> Cell:
    return Cell(f"{sign}{formats.money(cents)}", cents, "money")


def texts(cells: list[Cell], *, title: str = "Cash, USD", total: Cell | None = None) -> list[str]:
    rows = tuple((cell,) for cell in cells)
    table = evened(Table(title, (Column("Cash", "right"),), rows, (total,) if total else ()))
    return [row[0].text for row in (*table.rows, *([table.total] if table.total else []))]


# 2,156.44 stands as "2,156 USD" alone and 924.19 as "924.19 USD": one column needs one kind.
def test_a_column_with_a_large_amount_has_no_cents() -> None:
    assert texts([money(92_419), money(215_644)], total=money(308_063)) == ["924", "2,156", "3,081"]


def test_a_column_of_small_amounts_keeps_its_cents() -> None:
    assert texts([money(500), money(1_250)]) == ["5.00", "12.50"]
    assert texts([money(500), money(1_200)]) == ["5", "12"]


def test_the_currency_stays_where_the_title_does_not_name_it() -> None:
    assert texts([money(92_419), money(215_644)], title="Cash") == ["924 USD", "2,156 USD"]


def test_signs_and_missing_values_stay() -> None:
    cells = [money(250_049, "+"), money(-300_000), Cell("n/a"), Cell("ahead"), money(0)]
    assert texts(cells) == ["+2,500", "\u22123,000", "n/a", "ahead", "0"]


# 37 cents beside 25,000 USD: a cost that is small, not one that is none.
def test_what_is_not_zero_never_becomes_a_zero() -> None:
    assert texts([money(37), money(2_500_000)]) == ["0.37", "25,000"]


def test_a_column_of_mixed_kinds_is_left_alone() -> None:
    cells = [money(92_419), Cell("3", 3, "number")]
    assert texts(cells) == ["924.19 USD", "3"]
    assert texts([money(92_419), Cell("14.05 USD/nm", 1405, "money")]) == ["924.19 USD", "14.05 USD/nm"]


def test_raw_numbers_stay_for_the_workbook() -> None:
    table = evened(Table("Cash, USD", (Column("Cash"),), ((money(215_644),),)))
    assert table.rows[0][0].raw == 215_644


def share(text: str) -> Cell:
    ratio = Decimal(text)
    return Cell(formats.share(ratio), ratio, "ratio")


def test_shares_of_a_column_have_the_same_decimals() -> None:
    assert texts([share("0.2"), share("0.313"), Cell("n/a")], title="Share") == ["20.0 %", "31.3 %", "n/a"]
    assert texts([share("0.2"), share("1")], title="Share") == ["20 %", "100 %"]
