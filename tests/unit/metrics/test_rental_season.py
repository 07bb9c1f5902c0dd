from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.tsa.seasonal import seasonal_decompose

from executive_suite.metrics.rental.season import decompose
from typed_tables import computed, context, typed

series = st.lists(st.integers(1, 31), min_size=24, max_size=60)


# Another program: statsmodels.tsa.seasonal.seasonal_decompose, two-sided filter, period 12.
@pytest.mark.parametrize("model", ["multiplicative", "additive"])
@given(values=series, first=st.integers(1, 12))
def test_factors_agree_with_statsmodels(model: str, values: list[int], first: int) -> None:
    if model == "additive":
        values = [0, *values[1:]]
    season = decompose(values, first)
    theirs = seasonal_decompose(np.array(values, dtype=float), model=model, period=12).seasonal
    ours = [float(season.factors[(first - 1 + n) % 12 + 1]) for n in range(12)]
    assert season.additive == (model == "additive")
    np.testing.assert_allclose(ours, theirs[:12], rtol=1e-9, atol=1e-9)


@given(values=series)
def test_ratios_have_a_mean_of_one_and_differences_of_zero(values: list[int]) -> None:
    assert sum(decompose(values, 1).factors.values()) == 12
    assert sum(decompose([*values[:-1], 0], 1).factors.values()) == 0


@given(values=series, times=st.integers(2, 9))
def test_a_season_does_not_depend_on_scale(values: list[int], times: int) -> None:
    assert decompose(values, 3).factors == decompose([value * times for value in values], 3).factors


def test_a_pattern_that_repeats_is_its_own_season() -> None:
    pattern = [6, 8, 10, 12, 14, 16, 18, 16, 14, 12, 10, 8]  # mean 12, no trend
    season = decompose(pattern * 3, 1)
    assert season.factors == {month: Fraction(value, 12) for month, value in enumerate(pattern, 1)}
    assert (season.peak, season.low) == (7, 1)


def test_too_short_a_history_is_refused() -> None:
    with pytest.raises(ValueError, match="expected 24 months or more, got 23"):
        decompose([1] * 23, 1)


def test_below_two_years_there_are_month_means_and_no_index() -> None:
    nights = [
        {"asset_id": "H1", "date": f"2026-{month:02d}-{day:02d}", "status": "booked" if day <= month else "available"}
        for month in (1, 2, 3)
        for day in range(1, 29)
    ]
    data = context(
        "2026-04-01",
        asset=typed("asset", [{"asset_id": "H1", "entity_id": "homes", "asset_class": "property"}]),
        availability=typed("availability", nights),
    )
    found = [f for f in computed(data, "rental") if f.metric_id == "seasonal_index" and f.entity_id == "homes"]
    (undivided,) = [f for f in found if not f.dimensions]
    assert undivided.status == "not_applicable"
    assert undivided.reason == "3 complete months of history; 24 are needed"
    means = {f.dimensions["month"]: (f.value, f.unit) for f in found if f.dimensions}
    assert means == {"01": (1, "nights"), "02": (2, "nights"), "03": (3, "nights")}


# Every winter a tenant takes the house for four months. Those months are full and no season of guests: the peak that
# they would make is none, and the months between give no index.
def test_months_under_a_lease_make_no_season() -> None:
    days = [date(2023, 5, 1) + timedelta(days=n) for n in range(3 * 365 + 1)]
    winters = [(f"{year}-12-01", f"{year + 1}-03-31") for year in (2023, 2024, 2025)]
    let = {day for day in days for first, last in winters if first <= day.isoformat() <= last}
    nights = [
        {"asset_id": "H1", "date": day.isoformat(), "status": "booked" if day in let or day.day <= 10 else "available"}
        for day in days
    ]
    leases = [
        {"lease_id": first, "asset_id": "H1", "unit": "A", "kind": "long_term", "start_on": first, "end_on": last,
         "rent_cents": 1, "status": "ended"}
        for first, last in winters
    ]  # fmt: skip
    data = context(
        "2026-05-01",
        asset=typed("asset", [{"asset_id": "H1", "entity_id": "homes", "asset_class": "property"}]),
        availability=typed("availability", nights),
        lease=typed("lease", leases),
    )
    found = [f for f in computed(data, "rental") if f.metric_id == "seasonal_index" and f.entity_id == "homes"]
    (undivided,) = [f for f in found if not f.dimensions]
    assert undivided.status == "not_applicable"
    assert undivided.reason.startswith("let under a lease in 12 of 36 months, last in 2026-03")
    means = {f.dimensions["month"]: f.value for f in found if f.dimensions}
    assert means == {f"{month:02d}": 10 for month in range(4, 12)}
