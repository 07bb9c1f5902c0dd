"""What is no event is no signal: noise of many kinds, season, growth, and the sample as it is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from executive_suite.period import Month
from executive_suite.signals import breaks
from planted import unplanted

Numbers = npt.NDArray[np.float64]
SERIES, MONTHS = 50, 60
TIME = np.arange(MONTHS)
SEASON = 1 - 0.9 * np.cos(2 * np.pi * TIME / 12)


def _autoregressive(rng: np.random.Generator) -> Numbers:
    values, steps = np.zeros(MONTHS), rng.normal(0, 10, MONTHS)
    for at in range(1, MONTHS):
        values[at] = 0.5 * values[at - 1] + steps[at]
    return 100 + values


NOISE: dict[str, Callable[[np.random.Generator], Numbers]] = {
    "gaussian 10%": lambda rng: np.maximum(rng.normal(100, 10, MONTHS), 0),
    "gaussian 30%": lambda rng: np.maximum(rng.normal(100, 30, MONTHS), 0),
    "poisson 0.3": lambda rng: rng.poisson(0.3, MONTHS).astype(float),
    "poisson 1": lambda rng: rng.poisson(1, MONTHS).astype(float),
    "poisson 10": lambda rng: rng.poisson(10, MONTHS).astype(float),
    "overdispersed counts": lambda rng: rng.negative_binomial(4, 1 / 3, MONTHS).astype(float),
    "seasonal poisson": lambda rng: rng.poisson(10 * SEASON).astype(float),
    "lognormal 0.3": lambda rng: 1000 * rng.lognormal(0, 0.3, MONTHS),
    "sparse amounts": lambda rng: rng.binomial(1, 0.3, MONTHS) * rng.lognormal(7, 0.5, MONTHS),
    "autoregressive": _autoregressive,
    "rare outliers": lambda rng: 100.0 + 60 * rng.binomial(1, 0.02, MONTHS),
    "linear growth": lambda rng: rng.normal(100, 10, MONTHS) * (1 + 0.02 * TIME),
}


# The limit: one alarm in thirty months for fifty series, so two for these hundred; every third report date is looked
# at, and an alarm that was there at the date before counts once.
@pytest.mark.parametrize("kind", NOISE)
def test_noise_is_quiet(kind: str) -> None:
    rng, alarms = np.random.default_rng(20260501), 0
    for _ in range(2 * SERIES):
        values, last = NOISE[kind](rng), None
        for length in range(31, MONTHS + 1, 3):
            step = breaks.find(values[:length])
            alarms += step is not None and (last is None or abs(step.onset - last) > 3)
            last = step.onset if step else None
    assert alarms <= 2


# A charter firm sells none in winter: no break in January, and one in July.
def test_a_season_is_no_break_and_a_lost_season_is() -> None:
    year = [0, 0, 0, 4, 6, 8, 10, 9, 6, 3, 0, 0]
    assert breaks.find([*year, *year, *year, 0, 0]) is None
    lost = breaks.find([*year, *year, *year[:5], 0, 0])
    assert lost is not None
    assert (lost.onset, lost.stopped) == (29, True)


# Scaling money does not change what is found: euros, cents and yen break in the same month.
@pytest.mark.parametrize("times", [0.01, 1.0, 137.5])
def test_the_unit_of_money_does_not_matter(times: float) -> None:
    rng = np.random.default_rng(7)
    values = rng.normal(100_000.5, 8_000, 36)
    values[-3:] *= 1.6
    found = breaks.find(values * times)
    assert found is not None
    assert found.onset == 33


def test_a_second_break_is_found_after_the_first() -> None:
    found = breaks.find([0.0] * 25 + [60_000.0] * 9 + [30_000.0] * 2)
    assert found is not None
    assert (found.onset, found.before, found.after) == (34, 60_000.0, 30_000.0)


DATES = [str((Month(2024, 1) + at).first) for at in range(0, 29, 4)]


# The sample lost its bookings in November 2025 and its cloud bill rose in January 2026; nothing else of its series did.
@pytest.mark.parametrize("day", DATES)
def test_the_sample_as_it_is_has_few_breaks(day: str) -> None:
    broken = [signal for signal in unplanted(day).signals if signal.kind == "break"]
    assert len(broken) <= 12
    assert [one.signal_id for one in broken if one.severity == "act" and one.since < "2025-08-01"] == []


# An amount of whole cents that varies by multiples of itself doubles in the same month as its logarithms step up.
def test_two_steps_are_told_apart_by_size() -> None:
    rng = np.random.default_rng(11)
    bill = rng.normal(35, 3.5, 34)
    bill[-4:] *= 1.4
    bill[-1] *= 4
    last = breaks.find(bill)
    assert last is not None
    assert last.onset == 33
    # A stop is told although bookings had halved before.
    sold = np.array([9, 11, 10, 12, 8, 10, 9, 11, 10, 10, 12, 9, 11, 10, 8, 12, 10, 9, 11, 10, 5, 4, 5, 5, 0, 0.0])
    stop = breaks.find(sold)
    assert stop is not None
    assert (stop.onset, stop.stopped) == (24, True)


# Two every month is regular: two months without one are no chance; of two a month by chance they are (e**-4, 1.8%).
def test_what_comes_regularly_is_missed_sooner_than_what_comes_by_chance() -> None:
    regular = [2, 2, 3, 2, 2, 1, 2, 2, 2, 3, 2, 2, 2, 1, 2, 2, 3, 2, 2, 2, 2, 3, 2, 1, 2, 2, 2, 3, 2, 2]
    by_chance = [2, 0, 4, 1, 3, 2, 0, 5, 1, 2, 3, 1, 2, 2, 4, 0, 1, 3, 2, 2, 1, 6, 0, 2, 3, 1, 2, 4, 1, 2]
    assert breaks.find([*regular, 0, 0]) is not None
    assert breaks.find([*by_chance, 0, 0]) is None
