"""Earlier forecasts against what came: errors by hand, ranges, and that nothing later than then was known."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from finance_rows import fact_of, facts_of, value_of
from hypothesis import given
from hypothesis import strategies as st
from test_forecast_path import books, group

from executive_suite.dataset import snapshot
from executive_suite.facts.earlier import Earlier
from executive_suite.facts.foreseen import Foreseen
from executive_suite.metrics.forecast.foresee import foresee
from executive_suite.metrics.forecast.record import band, coverage
from executive_suite.run import pipeline
from executive_suite.sources import reading
from group_data import INCLUDE


def made(day: date, ends: date, cents: int, moved: int = 1000_00) -> Foreseen:
    return Foreseen("cash", "week_4", day, day, ends, cents, moved)


# The books end April with 6,000, March with 6,500, February with 7,000. Foreseen were 6,100, 6,400 and 7,300: errors of
# -100, +100 and -300, bias -100, mean absolute error 500 / 3.
FORESEEN = (
    made(date(2026, 2, 1), date(2026, 2, 28), 7300_00),
    made(date(2026, 3, 1), date(2026, 3, 31), 6400_00),
    made(date(2026, 4, 1), date(2026, 4, 30), 6100_00),
)


def test_errors_are_what_came_less_what_was_foreseen() -> None:
    data = replace(group(), earlier=Earlier(FORESEEN, ()))
    about = {"of": "cash", "horizon": "week_4"}
    assert value_of(data, "forecast", "forecast_error", made_on="2026-02-01", **about) == -300_00
    assert value_of(data, "forecast", "forecast_bias", **about) == -100_00
    assert value_of(data, "forecast", "forecast_error_mean_absolute", **about) == 166_67
    assert fact_of(data, "forecast", "forecast_coverage", **about).status == "not_evaluable"  # three are too few


def test_money_of_owners_is_no_error() -> None:
    rows = [*books(), ("2026-04-15", "a", "financing", {"1010": -2000_00, "3010": 2000_00})]
    data = replace(group(rows=rows), earlier=Earlier(FORESEEN[2:], ()))
    about = {"of": "cash", "horizon": "week_4", "made_on": "2026-04-01"}
    assert value_of(data, "forecast", "forecast_error", **about) == -100_00


def test_a_forecast_whose_days_are_not_over_is_not_judged() -> None:
    ahead = made(date(2026, 4, 15), date(2026, 5, 12), 0)
    data = replace(group(), earlier=Earlier((ahead,), ()))
    assert facts_of(data, "forecast", "forecast_error")[0].status == "not_evaluable"


# Errors of -30%, +10% and -10% of what was foreseen to move: the range lies between 30% of it below and 10%
# above: May 1 +1,000, May 10 -1,500; by May 24 2,500 move, and the path is at 5,500.
def test_the_range_is_drawn_from_the_errors() -> None:
    data = replace(group(), earlier=Earlier(FORESEEN, ()))
    at = {"week": "2026-W21", "ends": "2026-05-24"}
    assert value_of(data, "forecast", "cash_path_low", **at) == 5500_00 - 750_00
    assert value_of(data, "forecast", "cash_path_high", **at) == 5500_00 + 250_00
    shown = {fact.dimensions.get("ends", "") for fact in facts_of(data, "forecast", "cash_path_low")}
    assert max(shown) <= "2026-07-01"  # 31 days of record reach 62 days ahead


def test_without_a_track_record_there_is_no_range() -> None:
    for name in ("cash_path_low", "cash_path_high", "forecast_bias"):
        assert fact_of(group(), "forecast", name).reason.startswith("no track record")


SHARES = st.lists(st.fractions(-1, 1), min_size=3, max_size=15)


@given(SHARES)
def test_a_range_holds_at_least_eight_in_ten_of_its_own_errors(errors: list[Fraction]) -> None:
    found = band(errors)
    assert found is not None
    assert found[0] <= 0 <= found[1]
    assert 10 * sum(found[0] <= error <= found[1] for error in errors) >= 8 * len(errors)


@given(SHARES)
def test_coverage_is_a_share(errors: list[Fraction]) -> None:
    share = coverage(errors)
    assert share is None or 0 <= share <= 1


@pytest.mark.parametrize("back", ["2025-11-01", "2026-02-01"])
def test_what_was_foreseen_is_as_known_then(back: str) -> None:
    """The lean dataset of a record foresees what the whole dataset of that date does."""
    given_ = snapshot.read(reading.of(INCLUDE / "data", INCLUDE / "config"))
    then = date.fromisoformat(back)
    whole = foresee(pipeline.dataset(given_, then).context)
    kept = pipeline.before(given_, date(2026, 5, 1), INCLUDE / "config").earlier.foreseen
    assert [one for one in kept if one.made_on == then] == list(whole)
    assert len(whole) == 9
