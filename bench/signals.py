"""How often breaks are found where there are none and where there are, and how long it takes, next to a library.

    PYTHONPATH=include .venv/bin/python bench/signals.py [--series 300] [--rounds 5]

False alarms: series of pure noise, reported on at thirty successive report dates as the product does; an alarm is a
break that was not there a month before. Goal: at most one for fifty series, so half of that on average, or whoever
draws fifty others often finds two. Power: series with a planted break.
Time: 1,000 series of 60 months next to the named alternative, the local level with season of `statsmodels` (unobserved
components) on fewer series; and the signals of the sample next to computing its figures, in turn, round by round.
Goals: 2 s on one core, 0.5 s.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import date
from statistics import median

import numpy as np
import numpy.typing as npt
from statsmodels.tsa.statespace.structural import UnobservedComponents

from executive_suite import metrics
from executive_suite.dataset import snapshot
from executive_suite.folders import INCLUDE
from executive_suite.run import pipeline
from executive_suite.signals import breaks, declared, found
from executive_suite.sources import reading

AS_OF = date(2026, 5, 1)
CONFIG = INCLUDE / "config"
MONTHS, FIRST_REPORT = 60, 30
SEEDS = (9601, 9602, 9603)
"""None of them was used to set a limit."""
ALIKE = 3
"""Months by which the onset of one break may wander from report to report."""

Numbers = npt.NDArray[np.float64]
Made = Callable[[np.random.Generator, npt.NDArray[np.intp]], Numbers]
"""A series of months, by their index; its length is that of the index."""


def _seasonal(swing: float, month: npt.NDArray[np.intp]) -> Numbers:
    """Highest in July, lowest in January; the mean of a year is one."""
    wave: Numbers = 1 - swing * np.cos(2 * np.pi * month / 12)
    return wave


def _autoregressive(part: float, sd: float) -> Made:
    def made(rng: np.random.Generator, month: npt.NDArray[np.intp]) -> Numbers:
        steps, level = rng.normal(0, sd, len(month)), np.zeros(len(month))
        for at in range(1, len(month)):
            level[at] = part * level[at - 1] + steps[at]
        return np.maximum(100 + level, 0)

    return made


NOISE: dict[str, Made] = {
    "Gaussian, sd 10% of the level": lambda rng, m: np.maximum(rng.normal(100, 10, len(m)), 0),
    "Gaussian, sd 30% of the level": lambda rng, m: np.maximum(rng.normal(100, 30, len(m)), 0),
    "Gaussian around zero": lambda rng, m: rng.normal(0, 100, len(m)),
    "Poisson, 0.3 a month": lambda rng, m: rng.poisson(0.3, len(m)).astype(float),
    "Poisson, 1 a month": lambda rng, m: rng.poisson(1, len(m)).astype(float),
    "Regular, 2 a month": lambda rng, m: rng.choice([1, 2, 2, 2, 3], len(m)).astype(float),
    "Poisson, 3 a month": lambda rng, m: rng.poisson(3, len(m)).astype(float),
    "Poisson, 10 a month": lambda rng, m: rng.poisson(10, len(m)).astype(float),
    "Negative binomial, 8 a month, variance 24": lambda rng, m: rng.negative_binomial(4, 1 / 3, len(m)).astype(float),
    "Poisson, 30 a month": lambda rng, m: rng.poisson(30, len(m)).astype(float),
    "Negative binomial, 3 a month, variance 9": lambda rng, m: rng.negative_binomial(1.5, 1 / 3, len(m)).astype(float),
    "Counts, every other month none, else 5": lambda rng, m: (
        rng.binomial(1, 0.5, len(m)) * rng.poisson(5, len(m)) * 1.0
    ),
    "Poisson with a season, 1 to 19 a month": lambda rng, m: rng.poisson(10 * _seasonal(0.9, m)).astype(float),
    "Poisson with a season, 0.4 to 7.6 a month": lambda rng, m: rng.poisson(4 * _seasonal(0.9, m)).astype(float),
    "Money with a season, lognormal 0.25": lambda rng, m: 1e5 * _seasonal(0.7, m) * rng.lognormal(0, 0.25, len(m)),
    "Lognormal 0.3": lambda rng, m: 1000 * rng.lognormal(0, 0.3, len(m)),
    "Lognormal 0.8": lambda rng, m: 1000 * rng.lognormal(0, 0.8, len(m)),
    "Sparse amounts, three months in ten": lambda rng, m: rng.binomial(1, 0.3, len(m)) * rng.lognormal(7, 0.5, len(m)),
    "Sparse amounts, six months in ten": lambda rng, m: rng.binomial(1, 0.6, len(m)) * rng.lognormal(7, 0.5, len(m)),
    "Autoregressive 0.5, sd of steps 10% of the level": _autoregressive(0.5, 10),
    "Autoregressive 0.7, sd of steps 10% of the level": _autoregressive(0.7, 10),
    "Autoregressive 0.5, sd of steps 20% of the level": _autoregressive(0.5, 20),
    "Constant with rare outliers": lambda rng, m: 100.0 + 60 * rng.binomial(1, 0.02, len(m)),
    "Growth of 2% a month, sd 10%": lambda rng, m: rng.normal(100, 10, len(m)) * 1.02**m,
    "Growth by a fiftieth of the start a month, sd 10%": lambda rng, m: rng.normal(100, 10, len(m)) * (1 + 0.02 * m),
    "Uniform from zero": lambda rng, m: rng.uniform(0, 100, len(m)),
}
"""Months without any break."""


def _last(values: Numbers, months: int, times: float) -> Numbers:
    changed = values.copy()
    changed[-months:] = (
        np.floor(changed[-months:] * times) if (values == np.rint(values)).all() else (changed[-months:] * times)
    )
    return changed


def _planted(kind: str, months: int, times: float) -> Made:
    return lambda rng, m: _last(NOISE[kind](rng, m), months, times)


def _twice(kind: str, first: tuple[int, float], second: tuple[int, float]) -> Made:
    """Two steps of one series: months to the end and times the level, the earlier first."""
    return lambda rng, m: _last(_last(NOISE[kind](rng, m), *first), *second)


def _constant(months: int, times: float) -> Made:
    return lambda _, m: _last(np.full(len(m), 60_000.5), months, times)


def _varied(rng: np.random.Generator, month: npt.NDArray[np.intp]) -> Numbers:
    """Takings with a standard deviation of 40% of the level, never below zero."""
    return np.maximum(rng.normal(100, 40, len(month)), 0)


SEASON = "Poisson with a season, 1 to 19 a month"
SMALL_SEASON = "Poisson with a season, 0.4 to 7.6 a month"
PLANTED: dict[str, tuple[int, Made]] = {
    "10 a month stop for 1 month": (1, _planted("Poisson, 10 a month", 1, 0)),
    "10 a month stop for 2 months": (2, _planted("Poisson, 10 a month", 2, 0)),
    "2 every month stop for 2 months": (2, _planted("Regular, 2 a month", 2, 0)),
    "3 a month stop for 3 months": (3, _planted("Poisson, 3 a month", 3, 0)),
    "3 a month stop for 5 months": (5, _planted("Poisson, 3 a month", 5, 0)),
    "8 a month, variance 24, stop for 2 months": (2, _planted("Negative binomial, 8 a month, variance 24", 2, 0)),
    "8 a month, variance 24, stop for 3 months": (3, _planted("Negative binomial, 8 a month, variance 24", 3, 0)),
    "19 a month of a season stop for 2 months": (2, _planted(SEASON, 2, 0)),
    "7 a month of a season stop for 2 months": (2, _planted(SMALL_SEASON, 2, 0)),
    "7 a month of a season stop for 3 months": (3, _planted(SMALL_SEASON, 3, 0)),
    "19 a month of a season halve for 3 months": (3, _planted(SEASON, 3, 0.5)),
    "30 a month halve for 3 months": (3, _planted("Poisson, 30 a month", 3, 0.5)),
    "10 a month halve for 4 months, then stop for 2": (2, _twice("Poisson, 10 a month", (6, 0.5), (2, 0))),
    "Cost up by half for 3 months, sd 10%": (3, _planted("Gaussian, sd 10% of the level", 3, 1.5)),
    "Cost up by half for 2 months, sd 10%": (2, _planted("Gaussian, sd 10% of the level", 2, 1.5)),
    "Cost doubles for 1 month, sd 10%": (1, _planted("Gaussian, sd 10% of the level", 1, 2)),
    "Cost four times for 1 month, sd 30%": (1, _planted("Gaussian, sd 30% of the level", 1, 4)),
    "Cost doubles for 3 months, sd 30%": (3, _planted("Gaussian, sd 30% of the level", 3, 2)),
    "Cost up by half, 3 months later four times for 2, sd 30%": (
        2,
        _twice("Gaussian, sd 30% of the level", (5, 1.5), (2, 4)),
    ),
    "Cost doubles for 3 months, lognormal 0.3": (3, _planted("Lognormal 0.3", 3, 2)),
    "Money of a season doubles for 3 months": (3, _planted("Money with a season, lognormal 0.25", 3, 2)),
    "Money of a season halves for 3 months": (3, _planted("Money with a season, lognormal 0.25", 3, 0.5)),
    "Takings that vary by 40% fall by 60% for 6 months": (6, lambda rng, m: _last(_varied(rng, m), 6, 0.4)),
    "1 a month stop for 5 months": (5, _planted("Poisson, 1 a month", 5, 0)),
    "1 a month stop for 9 months": (9, _planted("Poisson, 1 a month", 9, 0)),
    "Cost of a season 2.3 times for 2 months": (2, _planted("Money with a season, lognormal 0.25", 2, 2.3)),
    "Cost of a season 2.3 times for 3 months": (3, _planted("Money with a season, lognormal 0.25", 3, 2.3)),
    "Constant halves for 1 month": (1, _constant(1, 0.5)),
    "Constant doubles for 1 month": (1, _constant(1, 2)),
    "Constant up by half for 3 months": (3, _constant(3, 1.5)),
}
"""Series whose last months are changed: how many those are, and how the series are made. The last month is July."""


def alarms(made: Made, series: int, seed: int) -> int:
    """How many breaks are found in some series of noise, over thirty report dates."""
    rng, count = np.random.default_rng(seed), 0
    for _ in range(series):
        values, last = made(rng, np.arange(MONTHS)), None
        for length in range(FIRST_REPORT + 1, MONTHS + 1):
            step = breaks.find(values[:length])
            count += step is not None and (last is None or abs(step.onset - last) > ALIKE)
            last = step.onset if step else None
    return count


def power(months: int, made: Made, series: int, seed: int, length: int = 31) -> tuple[float, float]:
    """How many of some planted breaks are found, and how many in their very month, as parts of one."""
    rng = np.random.default_rng(seed)
    steps = [breaks.find(made(rng, np.arange(length))) for _ in range(series)]
    onsets = [step.onset for step in steps if step]
    return len(onsets) / series, onsets.count(length - months) / series


def contenders() -> Iterator[tuple[str, int, Callable[[Numbers], object]]]:
    """The named alternative: name, how many series are enough to time it, and what it does."""
    yield (
        "statsmodels, local level with season",
        10,
        lambda values: UnobservedComponents(values, "local level", seasonal=12).fit(disp=False),
    )


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def speed(rounds: int) -> None:
    """Print how long 1,000 series take, and the sample."""
    rng = np.random.default_rng(3)
    kinds = list(NOISE.values())
    series = [kinds[at % len(kinds)](rng, np.arange(MONTHS)) for at in range(1000)]
    ours = median(_seconds(lambda: [breaks.find(values) for values in series]) for _ in range(rounds))
    print(f"1,000 series of {MONTHS} months: {ours:.2f} s (goal: at most 2)")
    for name, enough, work in contenders():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = _seconds(lambda work=work, enough=enough: [work(values) for values in series[:enough]])
        print(f"  {name}: {theirs * 1000 / enough:.2f} s for as many")
    frozen = pipeline.dataset(snapshot.read(reading.of(INCLUDE / "data", CONFIG)), AS_OF)
    wanted, computed, told = declared.shipped(), [], []
    for _ in range(rounds):
        context = pipeline.context_of(frozen, CONFIG)
        start = time.perf_counter()
        facts = metrics.compute_all(context)
        middle = time.perf_counter()
        signals = found.signals(context, facts, wanted)
        computed.append(middle - start)
        told.append(time.perf_counter() - middle)
    print(f"the sample's figures {median(computed):.2f} s, its {len(signals)} signals {median(told):.2f} s (goal: 0.5)")


def main() -> None:
    """Print false alarms, power and times."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--series", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    print("false alarms for 50 series over 30 months (goal: at most 1)")
    for kind, made in NOISE.items():
        hits = sum(alarms(made, given.series, seed) for seed in SEEDS)
        print(f"  {kind:<52}{hits * 50 / (given.series * len(SEEDS)):5.2f}")
    print("planted breaks found, and with the right first month")
    for kind, (months, made) in PLANTED.items():
        hits, right = np.mean([power(months, made, given.series, seed) for seed in SEEDS], axis=0)
        print(f"  {kind:<52}{hits:5.0%}{right:6.0%}")
    speed(given.rounds)


if __name__ == "__main__":
    main()
