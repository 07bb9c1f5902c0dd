"""Figures by month: sums of twelve months, the year before, and which month is compared with which."""

from __future__ import annotations

from datetime import date

from executive_suite import metrics
from executive_suite.facts.fact import Fact
from executive_suite.facts.figures import Figures
from executive_suite.reports import months, pictures
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.setting import tidy


def selection(*facts: Fact) -> Selection:
    metrics.definitions()
    return Selection(Figures(date(2026, 5, 1), "", "UTC", "0" * 64, facts))


def cost(month: str, cents: int | None, **dimensions: str) -> Fact:
    status = "ok" if cents is not None else "not_evaluable"
    return Fact("maintenance_cost", "one", month, cents, "cents", dimensions, status)  # type: ignore[arg-type]


MONTHS = [f"{year}-{month:02d}" for year in (2024, 2025, 2026) for month in range(1, 13)][4:28]


# 1 to 24 from May 2024 to April 2026: the later twelve sum to 222, the earlier to 78 (n (n + 1) / 2).
def test_twelve_months_and_the_twelve_before() -> None:
    s = selection(*(cost(month, number) for number, month in enumerate(MONTHS, start=1)))
    assert months.total(s, "maintenance_cost", "one") == 222
    assert months.total(s, "maintenance_cost", "one", back=12) == 78


def test_a_part_without_a_line_in_a_month_is_nothing_and_a_month_without_any_is_unknown() -> None:
    whole = [cost(month, 10) for month in MONTHS[12:]]
    s = selection(*whole, cost("2026-04", 3, category="roof"))
    assert months.total(s, "maintenance_cost", "one", category="roof") == 3
    assert months.total(selection(*whole[1:]), "maintenance_cost", "one") is None
    assert months.total(selection(cost("2025-05", None), *whole[1:]), "maintenance_cost", "one") is None


# More upkeep is to be watched; that it fell may just mean that nothing was repaired.
def test_a_change_has_its_sign_and_its_verdict() -> None:
    metrics.definitions()
    fell, rose = cells.change("maintenance_cost", 90, 100), cells.change("maintenance_cost", 20_000, 10_000)
    assert (fell.value, fell.tone) == (-10, "neutral")
    assert (rose.text, rose.tone) == ("+$100", "watch")
    assert cells.change("maintenance_cost", None, 100).text == "\u2013"


def test_a_column_has_its_lighter_self_of_a_year_earlier_behind_it() -> None:
    s = selection(cost("2025-04", 700), cost("2026-03", 600), cost("2026-04", 500))
    chart = pictures.by_month(
        s, "c", "Upkeep", s.months("maintenance_cost", 12, "one"), instead="", with_year_before=True
    )
    assert chart.svg.count('class="prior prior"') == 1
    assert chart.svg.count("<text") == 4  # two values and two months: the lighter column has no words
    assert chart.alt == "Upkeep by month: Mar 2026 $6, Apr 2026 $5 (a year earlier $7)."
    assert chart.title == "Upkeep, USD, latest 2 complete months, actual (lighter: a year earlier)"


# The roof cost 30 last year and nothing this year: with twelve times 1 for locks that year makes 42 in both views.
def test_a_part_that_ended_keeps_its_row_so_that_both_years_add_up() -> None:
    before = [cost(month, 1, category="locks") for month in MONTHS[:12]] + [cost(MONTHS[3], 30, category="roof")]
    sums = [cost(month, 31 if month == MONTHS[3] else 1) for month in MONTHS[:12]]
    now = [cost(month, 2) for month in MONTHS[12:]] + [cost(month, 2, category="locks") for month in MONTHS[12:]]
    at = [
        Fact("maintenance_cost", "one", "2026-05-01", 24, "cents"),
        Fact("maintenance_cost", "one", "2026-05-01", 24, "cents", {"category": "locks"}),
    ]
    table = months.by_part(
        selection(*before, *sums, *now, *at),
        at[0],
        "category",
        title="T",
        head="Category",
        name=str.capitalize,
        total_name="All",
        empty="",
    )
    assert [row[0].text for row in table.rows] == ["Locks", "Roof"]
    for column, whole in ((1, 24), (3, 42), (4, -18)):
        assert sum(int(str(row[column].value)) for row in table.rows) == whole == table.total[column].value


# The records of this owner begin in May 2025: a column of dashes tells nobody anything.
def test_without_a_year_before_there_is_no_column_for_it() -> None:
    now = [cost(month, 2) for month in MONTHS[12:]] + [cost(month, 2, category="locks") for month in MONTHS[12:]]
    at = [Fact("maintenance_cost", "one", "2026-05-01", 24, "cents", named) for named in ({}, {"category": "locks"})]
    table = months.by_part(
        selection(*now, *at), at[0], "category", title="T", head="C", name=str, total_name="All", empty=""
    )
    shown = tidy(table)
    assert [column.title for column in shown.columns] == ["C", "Amount, USD", "Share, %"]
    assert len(shown.rows[0]) == 3
