"""Runway as a distribution: simulated with a recorded seed, beside the closed form for Normal months."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import NormalDist, fmean, stdev
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from executive_suite.dataset.parameters import optional_param, param
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.book.book import NEEDS_ACTIVITY, Sum, book
from executive_suite.metrics.finance.burn import burn, window
from executive_suite.metrics.finance.cash import balance
from executive_suite.metrics.registry import metric
from executive_suite.period import last_complete_month

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

MIN_OBSERVATIONS = 6
LEVELS = {"runway_p10_months": 0.10, "runway_p50_months": 0.50, "runway_p90_months": 0.90}
CLOSED_FORM = "normal_closed_form"
THOUSANDTH = Decimal("0.001")
PARAMETERS = ("monte_carlo_seed", "monte_carlo_runs", "monte_carlo_horizon_months")


def _percentile(level: int, words: str) -> Definition:
    return Definition(
        f"runway_p{level}_months",
        f"Runway, P{level}",
        "months",
        f"{words} Monthly net burn is drawn from the Normal distribution with the mean and standard deviation of the "
        "latest complete months (param burn_window_months, at least six), params monte_carlo_seed and "
        "monte_carlo_runs recorded in the reason; beside it the closed form, where cash C lasts m months with "
        "C = m x mean - z x deviation x sqrt(m).",
        "NumPy PCG64; Normal sums in closed form",
        "higher",
    )


P10 = _percentile(10, "One path in ten runs out of cash by then.")
P50 = _percentile(50, "Half of all paths run out of cash by then.")
P90 = _percentile(90, "Nine paths in ten run out of cash by then.")
PROBABILITY = Definition(
    "cash_out_probability",
    "Probability that cash is gone",
    "ratio",
    "Share of simulated paths whose cash has fallen below zero by the end of a month.",
    "NumPy PCG64",
    "lower",
)


@dataclass(frozen=True)
class Simulation:
    """Simulated runways.

    Attributes:
        months: Months until cash falls below zero, one a path, a fraction within the month; inf when beyond the
            horizon.
        horizon: Months simulated.
    """

    months: npt.NDArray[np.float64]
    horizon: int

    def percentile(self, level: float) -> float:
        """The runway that a share ``level`` of the paths does not exceed; inf when beyond the horizon."""
        return float(np.quantile(self.months, level, method="inverted_cdf"))

    def gone_by(self, month: int) -> Decimal:
        """Share of paths out of cash by the end of that month from now (1 is the first), to three places."""
        return Decimal(int((self.months <= month).sum())) / len(self.months)


def simulate(  # noqa: PLR0913 - a simulation has that many inputs
    cash: int, mean: float, deviation: float, *, seed: int, runs: int, horizon: int
) -> Simulation:
    """Runways of ``runs`` paths of independent Normal monthly burns, drawn with PCG64 from ``seed``.

    >>> simulate(1_000, 100, 0, seed=1, runs=10, horizon=24).percentile(0.5)
    10.0
    """
    draws = np.random.Generator(np.random.PCG64(seed)).normal(mean, deviation, (runs, horizon))
    burned = np.cumsum(draws, axis=1)
    over = burned >= cash
    first = over.argmax(axis=1)
    rows = np.arange(runs)
    before = np.where(first > 0, burned[rows, first - 1], 0.0)
    step = draws[rows, first]
    months = first + np.divide(cash - before, step, out=np.ones(runs), where=step > 0)
    return Simulation(np.where(over.any(axis=1), months, np.inf), horizon)


def normal_runway(cash: int, mean: float, deviation: float, level: float) -> float:
    """The runway m with P(burn of m months >= cash) = ``level``, for independent Normal months with positive mean.

    Solves mean x m - z x deviation x sqrt(m) = cash for m, where z is the Normal quantile of ``level``.

    >>> round(normal_runway(1_000, 100, 30, 0.5), 9)
    10.0
    """
    spread = NormalDist().inv_cdf(level) * deviation
    root = (spread + math.sqrt(spread * spread + 4 * mean * cash)) / (2 * mean)
    return root * root


@metric(P10, P50, P90, PROBABILITY, needs={**NEEDS_ACTIVITY, "param": ("param", "value")})
def scenario_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    sums = book(context)
    size = param(context, "burn_window_months")
    complete = sums.complete(GROUP, context)
    months = window(complete, max(size.whole, MIN_OBSERVATIONS)) or complete
    net = burn(context).net
    cells = [net.get((GROUP, month), Sum()) for month in months]
    cash = balance(sums, GROUP)
    inputs = {"ledger": cash.lines + sum(cell.lines for cell in cells)}
    refused = _refused([cell.cents for cell in cells], cash.cents)
    if refused is not None:
        for metric_id in (*LEVELS, "cash_out_probability"):
            yield context.fact(metric_id, refused, inputs=inputs, assumed=size.assumed)
        return
    observed = [float(cell.cents) for cell in cells]
    mean, deviation = fmean(observed), stdev(observed)
    for metric_id, level in LEVELS.items():
        exact = Measure(_rounded(normal_runway(cash.cents, mean, deviation, level)))
        yield context.fact(metric_id, exact, inputs=inputs, assumed=size.assumed, method=CLOSED_FORM)
    given = {name: optional_param(context, name) for name in PARAMETERS}
    absent = [name for name, value in given.items() if value is None]
    if absent:
        for metric_id in (*LEVELS, "cash_out_probability"):
            yield context.fact(metric_id, not_evaluable(f"param {', '.join(absent)} has no value"), inputs=inputs)
        return
    seed, runs, horizon = (value.whole for value in given.values() if value is not None)
    marked = size.assumed or any(value.assumed for value in given.values() if value is not None)
    found = simulate(cash.cents, mean, deviation, seed=seed, runs=runs, horizon=horizon)
    how = f"seed {seed}, {runs:,} runs, {len(observed)} months observed"
    inputs["param"] = len(given) + 1
    for metric_id, level in LEVELS.items():
        simulated = found.percentile(level)
        measure = (
            Measure(_rounded(simulated), reason=how)
            if math.isfinite(simulated)
            else not_applicable(f"beyond the horizon of {horizon} months; {how}")
        )
        yield context.fact(metric_id, measure, inputs=inputs, assumed=marked)
    last = last_complete_month(context.report_date)
    for ahead in range(1, horizon + 1):
        gone = Measure(found.gone_by(ahead).quantize(THOUSANDTH), reason=how)
        yield context.fact("cash_out_probability", gone, inputs=inputs, assumed=marked, month=str(last + ahead))
        if gone.value == 1:
            break


def _refused(observed: Sequence[int], cash: int) -> Measure | None:
    if len(observed) < MIN_OBSERVATIONS:
        return not_evaluable(f"{len(observed)} complete months observed, {MIN_OBSERVATIONS} needed")
    if sum(observed) <= 0:
        return not_applicable("cash generative")
    return Measure(Decimal(0), reason="no cash left") if cash <= 0 else None


def _rounded(months: float) -> Decimal:
    return Decimal(months).quantize(Decimal("0.01"))
