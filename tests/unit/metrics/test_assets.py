"""What an asset is worth in the books, and until when it is held: one number, whichever report asks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from finance_rows import facts_of, value_of
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.dataset.context import Context
from executive_suite.metrics.macrs import TABLES, Property
from typed_tables import context, typed

ASSET: dict[str, object] = {
    "asset_id": "A1",
    "entity_id": "a",
    "asset_class": "property",
    "name": "One",
    "acquired_on": "2025-03-20",
    "cost_cents": 1_000_000,
    "useful_life_months": 60,
    "salvage_cents": 100_000,
    "method": "macrs",
    "book_value_cents": 777_777,
    "market_value_cents": 1,
    "status": "in_use",
    "disposed_on": None,
}
LINES = ("opening", "additions", "depreciation", "disposals")


def register(day: str, *changes: dict[str, object], **tables: object) -> Context:
    rows = [ASSET | {"asset_id": f"A{number}"} | change for number, change in enumerate(changes)]
    return context(day, asset=typed("asset", rows), **tables)  # type: ignore[arg-type]


def roll_forward(data: Context) -> dict[str, object]:
    return {line: value_of(data, "accounting", "fixed_asset_closing", line=line) for line in LINES}


# IRS Publication 946, Table A-1, half-year convention: a 5-year property of 10,000.00 takes 20.00 % in its first year,
# 32.00 % in its second and 5.76 % in its sixth; a 7-year property 14.29 %, a 20-year property 3.750 %. The salvage
# value does not count. Table A-6 (27.5 years, mid-month): placed in service in March 2.879 %, then 3.636 %; Table A-7a
# (39 years) 2.033 %, then 2.564 %.
@pytest.mark.parametrize(
    ("life", "day", "left"),
    [
        (36, "2026-01-01", "66.67"),
        (60, "2026-01-01", "80.00"),
        (60, "2027-01-01", "48.00"),
        (60, "2030-01-01", "5.76"),
        (60, "2031-01-01", "0"),
        (60, "2040-01-01", "0"),
        (84, "2026-01-01", "85.71"),
        (120, "2026-01-01", "90.00"),
        (180, "2026-01-01", "95.00"),
        (240, "2026-01-01", "96.25"),
        (330, "2026-01-01", "97.121"),
        (330, "2027-01-01", "93.485"),
        (468, "2026-01-01", "97.967"),
        (468, "2027-01-01", "95.403"),
    ],
)
def test_macrs_by_the_tables_of_the_irs(life: int, day: str, left: str) -> None:
    data = register(day, {"useful_life_months": life})
    worth = int(Decimal(left) * 10_000)
    assert value_of(data, "accounting", "fixed_asset_closing") == worth
    if day == "2026-01-01":
        assert roll_forward(data) == {
            "opening": 0,
            "additions": 1_000_000,
            "depreciation": 1_000_000 - worth,
            "disposals": 0,
        }


# Our convention within a year: its share evenly over the months in service, of those that are over. March to December
# are ten months of 2,000.00; of 3,200.00 in 2026 four twelfths are over on May 1.
@pytest.mark.parametrize(("day", "worth"), [("2025-05-01", 960_000), ("2026-05-01", 800_000 - 106_667)])
def test_a_month_takes_its_part_of_the_years_share(day: str, worth: int) -> None:
    assert value_of(register(day, {}), "accounting", "fixed_asset_closing") == worth


# Publication 946, "sale or other disposition": half of the year's percentage under the half-year convention; under the
# mid-month convention the months to the middle of the month of disposal; nothing in the year of acquisition.
@pytest.mark.parametrize(
    ("life", "disposed_on", "at_disposal"),
    [
        (60, "2026-02-10", Decimal(1) - Decimal("0.20") - Decimal("0.16")),
        (60, "2030-02-10", Decimal(1) - Decimal("0.9424") - Decimal("0.0576")),
        (60, "2025-11-10", Decimal(1)),
        (330, "2026-04-02", Decimal(1) - Decimal("0.02879") - Decimal("0.03636") * Decimal("3.5") / 12),
    ],
)
def test_the_year_of_disposal(life: int, disposed_on: str, at_disposal: Decimal) -> None:
    year = int(disposed_on[:4])
    data = register(f"{year + 1}-01-01", {"useful_life_months": life, "disposed_on": disposed_on})
    assert roll_forward(data)["disposals"] == int((at_disposal * 1_000_000).to_integral_value())
    assert value_of(data, "accounting", "fixed_asset_closing") == 0


# What left in an earlier year is in no line of this year's; what leaves this year is a disposal, at its worth then.
@pytest.mark.parametrize(
    ("change", "opening", "disposals"),
    [
        ({"disposed_on": "2025-12-31"}, 0, 0),
        ({"disposed_on": "2026-01-31"}, 460_000, 450_000),
        ({"disposed_on": "2026-05-01"}, 460_000, 0),  # not before the report date
        ({"status": "lost"}, 0, 0),  # nobody says when
        ({"status": "scrapped", "disposed_on": "2026-01-31"}, 460_000, 450_000),
        ({"status": "Written_off"}, 0, 0),
        ({"status": "sold", "recorded_at": "2026-02-01T20:00:00Z"}, 460_000, 450_000),
        ({"status": "sold", "recorded_at": "2025-12-01T20:00:00Z"}, 0, 0),
    ],
)
def test_disposals_of_earlier_years_leave_the_register(change: dict[str, object], opening: int, disposals: int) -> None:
    # 6,000.00 over 60 months, 100.00 a month: 14 months before January 1, 2026, 15 before February 1.
    press = {"method": "straight_line", "acquired_on": "2024-11-01", "cost_cents": 600_000, "salvage_cents": 0}
    data = register("2026-05-01", press | change)
    found = roll_forward(data)
    assert (found["opening"], found["disposals"]) == (opening, disposals)
    held = disposals == 0 and opening > 0
    assert value_of(data, "organisation", "asset_count") == int(held)
    assert value_of(data, "accounting", "fixed_asset_closing") == (420_000 if held else 0)


def test_the_assets_of_an_entity_that_was_sold_leave_with_it() -> None:
    entity = typed("entity", [{"entity_id": "a", "kind": "business", "ended_on": "2026-02-28"}])
    assert value_of(register("2026-05-01", {}, entity=entity), "organisation", "asset_count") == 0


# A fiscal year from July: what was bought in August 2025 is an addition of the year that ends in June 2026.
def test_the_lines_are_those_of_the_fiscal_year() -> None:
    july = typed(
        "param", [{"param": "fiscal_year_first_month", "scope": "group", "valid_from": "2020-01-01", "value": "7"}]
    )
    bought = {"method": "straight_line", "acquired_on": "2025-08-01", "cost_cents": 600_000, "salvage_cents": 0}
    assert roll_forward(register("2026-05-01", bought, param=july)) == {
        "opening": 0,
        "additions": 600_000,
        "depreciation": 90_000,  # nine months of 100.00
        "disposals": 0,
    }


CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "method": st.sampled_from(["straight_line", "macrs", "none", None]),
        "useful_life_months": st.sampled_from([36, 60, 61, 330, 468, None]),
        "cost_cents": st.one_of(st.none(), st.integers(0, 10**9)),
        "acquired_on": st.one_of(st.none(), st.dates(date(2010, 1, 1), date(2026, 4, 30)).map(str)),
        "book_value_cents": st.one_of(st.none(), st.integers(0, 10**9)),
        "status": st.sampled_from(["in_use", "sold", "lost", "scrapped"]),
        "disposed_on": st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 6, 30)).map(str)),
    },
)


@given(st.lists(CHANGES, min_size=1, max_size=4))
def test_every_report_has_the_same_book_value_and_the_lines_add_up(changes: list[dict[str, object]]) -> None:
    data = register("2026-05-01", *changes)
    closing = value_of(data, "accounting", "fixed_asset_closing")
    assert (value_of(data, "organisation", "asset_book_value") or 0) == (closing or 0)
    lines = {line: int(str(cents or 0)) for line, cents in roll_forward(data).items()}  # unknown: no change in it
    if closing is not None:
        assert closing == lines["opening"] + lines["additions"] - lines["depreciation"] - lines["disposals"]
    by_cost = [f.value for f in facts_of(data, "rental", "property_value") if f.dimensions == {"approach": "cost"}]
    if by_cost and by_cost[0] is not None:
        assert by_cost[0] == closing


@given(
    st.sampled_from(sorted(TABLES)),
    st.dates(date(2000, 1, 1), date(2020, 12, 31)),
    st.integers(0, 600),
    st.integers(1, 12),
)
def test_what_is_taken_never_falls_and_ends_with_the_whole(
    key: tuple[int, int, int], placed: date, months: int, first_month: int
) -> None:
    life, _, quarter = key
    own = Property(life, placed, mid_quarter=quarter > 0, first_month=first_month)
    day = date(placed.year + months // 12, months % 12 + 1, 1)
    later = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    assert 0 <= own.taken(day) <= own.taken(later) <= 1
    assert own.taken(date(placed.year + 42, 1, 1)) == 1


@pytest.mark.parametrize("key", [key for key in TABLES if key[0] < 330])
def test_the_tables_are_those_of_the_statute(key: tuple[int, int, int]) -> None:
    # 26 U.S.C. 168(b): declining balance at 200% (150% from 15 years on), then straight line as soon as that is more;
    # 168(d): the first year begins in its middle, or in that of a quarter. The IRS rounds to two places, here and there
    # the other way so that a column comes to 100.
    life, _, quarter = key
    years = life // 12
    rate, left, time = Fraction(2 if years <= 10 else Fraction(3, 2), years), Fraction(100), Fraction(years)
    for number, percent in enumerate(TABLES[key]):
        part = (Fraction(9 - 2 * quarter, 8) if quarter else Fraction(1, 2)) if number == 0 else min(Fraction(1), time)
        taken = min(left, max(left * rate, left / time) * part) if time >= 1 else left
        assert abs(percent - taken) < Fraction(15, 1000)
        left, time = left - taken, time - part
    assert sum(TABLES[key]) == 100


def bought(day: str, cents: int, **more: object) -> dict[str, object]:
    return {"acquired_on": day, "cost_cents": cents, "salvage_cents": None} | more


# IRS Publication 946, chapter 4, "Mid-quarter convention", example: a machine for $4,000 in January, furniture for
# $1,000 in September and a computer for $5,000 in October, all of 2024: the $5,000 are more than 40% of $10,000.
# Depreciation of the first year: 7-year, first quarter, 25.00%: $1,000; 7-year, third quarter, 10.71%: $107; 5-year,
# fourth quarter, 5.00%: $250.
EXAMPLE = (
    bought("2024-01-15", 400_000, useful_life_months=84),
    bought("2024-09-15", 100_000, useful_life_months=84),
    bought("2024-10-15", 500_000, useful_life_months=60),
)


def test_the_mid_quarter_convention_of_a_year_with_late_purchases() -> None:
    data = register("2025-01-01", *EXAMPLE)
    assert roll_forward(data)["depreciation"] == 100_000 + 10_710 + 25_000
    reasons = {f.reason for f in facts_of(data, "accounting", "fixed_asset_closing") if not f.dimensions}
    assert reasons == {"3 of 3 assets have a book value; MACRS (IRS Pub. 946), mid-quarter"}
    # The second year of the tables: 21.43%, 25.51% and 38.00%.
    second = 400_000 * 2143 + 100_000 * 2551 + 500_000 * 3800
    closing = value_of(register("2026-01-01", *EXAMPLE), "accounting", "fixed_asset_closing")
    assert closing == 1_000_000 - 135_710 - second // 10_000


@pytest.mark.parametrize(
    "changes",
    [
        # Exactly 40% is not more; the computer stays out where it left within the year, or is another taxpayer's.
        [*EXAMPLE[:2], bought("2024-10-15", 333_333)],
        [*EXAMPLE[:2], bought("2024-10-15", 500_000, disposed_on="2024-12-30")],
        [*EXAMPLE[:2], bought("2024-10-15", 500_000, entity_id="b")],
        # Buildings, and what is not under MACRS, do not count.
        [*EXAMPLE[:2], bought("2024-10-15", 90_000_000, useful_life_months=468)],
        [*EXAMPLE[:2], bought("2024-10-15", 500_000, method="straight_line")],
    ],
)
def test_a_year_keeps_the_half_year_convention(changes: list[dict[str, object]]) -> None:
    machine = facts_of(register("2025-01-01", *changes), "organisation", "asset_book_value")
    worth = {f.value for f in machine if f.dimensions.get("asset") == "A0"}
    assert worth == {400_000 - 57_160}  # 14.29%


def test_quarters_are_those_of_the_fiscal_year() -> None:
    # A year from July: October is in its second quarter, May in its fourth, and its first year ends in June.
    july = typed(
        "param", [{"param": "fiscal_year_first_month", "scope": "group", "valid_from": "2020-01-01", "value": "7"}]
    )
    late = register("2026-07-01", bought("2026-05-15", 500_000), bought("2025-10-15", 400_000), param=july)
    worth = {
        f.dimensions["asset"]: f.value
        for f in facts_of(late, "organisation", "asset_book_value")
        if "asset" in f.dimensions
    }
    assert worth == {"A0": 500_000 - 25_000, "A1": 400_000 - 100_000}  # 5.00% and 25.00%


# Publication 946, "Mid-quarter convention used" on a disposition: 12.5%, 37.5%, 62.5% or 87.5% of the year's share, by
# the quarter of the disposal.
@pytest.mark.parametrize(
    ("disposed_on", "part"), [("2025-02-10", 125), ("2025-05-10", 375), ("2025-08-10", 625), ("2025-12-10", 875)]
)
def test_the_year_of_disposal_by_quarter(disposed_on: str, part: int) -> None:
    data = register("2026-01-01", bought("2024-11-15", 1_000_000, disposed_on=disposed_on))
    assert roll_forward(data)["disposals"] == 950_000 - 380_000 * part // 1000
