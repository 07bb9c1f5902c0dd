"""A year beside the year before: sums of twelve months, and whose month stands beside which."""

from __future__ import annotations

from datetime import date

from executive_suite import metrics
from executive_suite.facts.fact import Fact
from executive_suite.facts.figures import Figures
from executive_suite.rendering import charts
from executive_suite.rendering.charts import Point
from executive_suite.reports import years
from executive_suite.reports.selection import Selection


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
    assert years.total(s, "maintenance_cost", "one") == 222
    assert years.total(s, "maintenance_cost", "one", back=12) == 78


def test_a_part_without_a_line_in_a_month_is_nothing_and_a_month_without_any_is_unknown() -> None:
    whole = [cost(month, 10) for month in MONTHS[12:]]
    s = selection(*whole, cost("2026-04", 3, category="roof"))
    assert years.total(s, "maintenance_cost", "one", category="roof") == 3
    assert years.total(selection(*whole[1:]), "maintenance_cost", "one") is None
    assert years.total(selection(cost("2025-05", None), *whole[1:]), "maintenance_cost", "one") is None


# Less upkeep is good news, more is bad: the registry says that lower is better.
def test_a_change_has_its_sign_and_its_tone() -> None:
    metrics.definitions()
    assert (years.change("maintenance_cost", 90, 100).raw, years.change("maintenance_cost", 90, 100).tone) == (
        -10,
        "good",
    )
    assert years.change("maintenance_cost", 20_000, 10_000).text == "+100 USD"
    assert years.change("maintenance_cost", 20_000, 10_000).tone == "bad"
    assert years.change("maintenance_cost", None, 100).text == "\u2013"


def test_a_column_stands_in_front_of_its_lighter_self_of_a_year_earlier() -> None:
    now = Point("Apr", 5, "5")
    pair = years.paired([(now, cost("2025-04", 7)), (Point("May", 6, "6"), cost("2025-05", None))])
    assert [(p.label, p.value, p.style) for p in pair] == [
        ("Apr", 7, "prior"),
        ("Apr", 5, "actual"),
        ("May", 6, "actual"),
    ]
    assert charts.columns(pair).count("<text") == 4  # two values and two months: the lighter column has no words


# The roof cost 30 last year and nothing this year: with twelve times 1 for locks that year makes 42 in both views.
def test_a_part_that_ended_keeps_its_row_so_that_both_years_add_up() -> None:
    before = [cost(month, 1, category="locks") for month in MONTHS[:12]] + [cost(MONTHS[3], 30, category="roof")]
    sums = [cost(month, 31 if month == MONTHS[3] else 1) for month in MONTHS[:12]]
    now = [cost(month, 2) for month in MONTHS[12:]] + [cost(month, 2, category="locks") for month in MONTHS[12:]]
    at = [
        Fact("maintenance_cost", "one", "2026-05-01", 24, "cents"),
        Fact("maintenance_cost", "one", "2026-05-01", 24, "cents", {"category": "locks"}),
    ]
    table = years.by_part(
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
        assert sum(int(str(row[column].raw)) for row in table.rows) == whole == table.total[column].raw


# The records of this owner begin in May 2025: a column of dashes tells nobody anything.
def test_without_a_year_before_there_is_no_column_for_it() -> None:
    now = [cost(month, 2) for month in MONTHS[12:]] + [cost(month, 2, category="locks") for month in MONTHS[12:]]
    at = [Fact("maintenance_cost", "one", "2026-05-01", 24, "cents", named) for named in ({}, {"category": "locks"})]
    table = years.by_part(
        selection(*now, *at), at[0], "category", title="T", head="C", name=str, total_name="All", empty=""
    )
    assert [column.title for column in table.columns] == ["C", "USD", "Share"]
    assert len(table.rows[0]) == len(table.total) == 3
