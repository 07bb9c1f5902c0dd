"""Runway as a distribution: simulated with a recorded seed, and in closed form for Normal months."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import NormalDist, fmean, stdev
from typing import Any

import numpy as np
import numpy.typing as npt

from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import optional_param, param
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.book.book import NEEDS_ACTIVITY, book
from executive_suite.metrics.finance.burn import run_rate
from executive_suite.metrics.finance.window import SIZE
from executive_suite.metrics.registry import metric
from executive_suite.period import last_complete_month

MIN_OBSERVATIONS = 6
BLOCK = 1_000
LEVELS = {"runway_p10_months": 0.10, "runway_p50_months": 0.50, "runway_p90_months": 0.90}
PARAMETERS = ("monte_carlo_seed", "monte_carlo_runs", "monte_carlo_horizon_months")


@dataclass(frozen=True)
class Simulation:
    """Simulated runways.

    Attributes:
        months: Months until cash falls below zero, one per path, with a fraction within the month; inf if beyond the
            horizon.
        horizon: Months simulated.
    """

    months: npt.NDArray[np.float64]
    horizon: int

    def percentile(self, level: float) -> float:
        """The runway that a share ``level`` of the paths does not exceed; inf if beyond the horizon."""
        return float(np.quantile(self.months, level, method="inverted_cdf"))

    def gone_by(self, month: int) -> Decimal:
        """Share of paths out of cash by the end of that month from now (1 is the first), to three places."""
        return Decimal(int((self.months <= month).sum())) / len(self.months)


def simulate(cash: int, mean: float, deviation: float, *, seed: int, runs: int, horizon: int) -> Simulation:
    """Runways of ``runs`` paths of independent Normal monthly burns, drawn with PCG64 from ``seed``.

    Paths are drawn in blocks that fit the processor's cache; the draws are the same for any size of the block.

    >>> simulate(1_000, 100, 0, seed=1, runs=10, horizon=24).percentile(0.5)
    10.0
    """
    dice = np.random.Generator(np.random.PCG64(seed))
    sizes = (min(BLOCK, runs - start) for start in range(0, runs, BLOCK))
    blocks = [_runways(cash, dice.normal(mean, deviation, (size, horizon))) for size in sizes]
    return Simulation(np.concatenate(blocks), horizon)


def _runways(cash: int, burns: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Months until cash falls below zero on each path of monthly burns; inf if it never does."""
    burned = np.cumsum(burns, axis=1)
    over = burned >= cash
    first, paths = over.argmax(axis=1), np.arange(len(burns))
    before, step = np.where(first > 0, burned[paths, first - 1], 0.0), burns[paths, first]
    months = first + np.divide(cash - before, step, out=np.ones(len(burns)), where=step > 0)
    return np.where(over.any(axis=1), months, np.inf)


def normal_runway(cash: int, mean: float, deviation: float, level: float) -> float:
    """The runway m with P(burn of m months >= cash) = ``level``, for independent Normal months with positive mean.

    Solves mean x m - z x deviation x sqrt(m) = cash for m, where z is the Normal quantile of ``level``.

    >>> round(normal_runway(1_000, 100, 30, 0.5), 9)
    10.0
    """
    spread = NormalDist().inv_cdf(level) * deviation
    root = (spread + math.sqrt(spread * spread + 4 * mean * cash)) / (2 * mean)
    return root * root


@metric(
    "runway_p10_months",
    "runway_p50_months",
    "runway_p90_months",
    "cash_out_probability",
    needs={**NEEDS_ACTIVITY, "param": ("param", "value")},
)
def _scenarios(context: Context) -> Iterator[Fact]:
    size, net, cash = param(context, SIZE), run_rate(context)["net_burn"], book(context).at_hand()
    months = book(context).complete(GROUP, context)[-max(size.whole, MIN_OBSERVATIONS) :]
    burned = net.over(GROUP, months)
    inputs = {"ledger": (cash, burned)}
    observed = [net[GROUP, month].cents for month in months]
    names = (*LEVELS, "cash_out_probability")
    refused = _refused(observed, cash.cents)
    if refused is not None:
        yield from context.facts(dict.fromkeys(names, refused), inputs=inputs, assumed=size.assumed)
        return
    mean, deviation = fmean(observed), stdev(observed)
    closed = {name: _rounded(normal_runway(cash.cents, mean, deviation, level)) for name, level in LEVELS.items()}
    yield from context.facts(closed, inputs=inputs, assumed=size.assumed, method="normal_closed_form")
    given = {name: optional_param(context, name) for name in PARAMETERS}
    absent = [name for name, value in given.items() if value is None]
    if absent:
        missing = not_evaluable(f"param {', '.join(absent)} has no value")
        yield from context.facts(dict.fromkeys(names, missing), inputs=inputs)
        return
    known = [value for value in given.values() if value is not None]
    seed, runs, horizon = (value.whole for value in known)
    found = simulate(cash.cents, mean, deviation, seed=seed, runs=runs, horizon=horizon)
    how = f"seed {seed}, {runs:,} runs, {len(observed)} months observed"
    about: dict[str, Any] = {
        "inputs": inputs | {"param": (*known, size)},
        "assumed": size.assumed or any(value.assumed for value in known),
    }
    yield from context.facts({name: _simulated(found, level, how) for name, level in LEVELS.items()}, **about)
    last = last_complete_month(context.report_date)
    for ahead in range(1, horizon + 1):
        gone = Measure(found.gone_by(ahead).quantize(Decimal("0.001")), reason=how)
        yield context.fact("cash_out_probability", gone, **about, month=str(last + ahead))
        if gone.value == 1:
            break


def _refused(observed: Sequence[int], cash: int) -> Measure | None:
    if len(observed) < MIN_OBSERVATIONS:
        return not_evaluable(f"{len(observed)} complete months observed, {MIN_OBSERVATIONS} needed")
    if sum(observed) <= 0:
        return not_applicable("cash generative")
    return Measure(Decimal(0), reason="no cash left") if cash <= 0 else None


def _simulated(found: Simulation, level: float, how: str) -> Measure:
    months = found.percentile(level)
    if math.isfinite(months):
        return _rounded(months, how)
    return not_applicable(f"beyond the horizon of {found.horizon} months; {how}")


def _rounded(months: float, how: str = "") -> Measure:
    return Measure(Decimal(months).quantize(Decimal("0.01")), reason=how)
