"""What was usual in the months before: level, growth and season, and how far months strayed from it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Calendar = npt.NDArray[np.intp]

YEAR = 12
LEAST_BASE = 8
"""Months before a break without which there is no telling what was usual."""
LIMIT_OF_OLD = 7.0
"""Standard errors beyond which an older step ends what counts as usual."""
LEAST_NOISE = 0.05
MOST_CORRELATION = 0.75
MOST_ALIKE = 0.05
"""Correlation of neighboring months up to which they are taken for independent."""
CHANCE = 1.0
"""Standard errors up to which neighboring months correlate by chance."""
FEW = 20
"""Counts below which arrivals by chance (Poisson) are the noise that is assumed."""
PRIOR = 8.0
"""Months that this assumption counts for in the noise of small counts."""
MOST_COUNT = 1000
"""What no month of small counts reaches: cents of an account that seldom has any are none."""
LEAST_OF_COUNTS = 0.3
"""How much less than chance arrivals counts may vary: two or three bookings every month do."""
DOUBT_OF_GROWTH = 2.0
"""Standard errors up to which growth is taken for chance."""
UNSURE_GROWTH = 6.0
"""How much less sure growth is than a level; 3 if it were sure to follow a line, which it seldom does."""
LIKELIER = 1.5
"""Log-likelihood by which multiples have to explain the months better than amounts do."""
LEAST_SKEW = -0.4
"""Skewness of logarithms below which they have a long tail down, so that they are no measure of a fall."""
MOST_VARIED = 0.33
"""Spread, as a part of the level, up to which amounts are about as likely above the level as below."""
LEAST_LEFT = math.log(0.25)
"""How little one month may say for a fall in logarithms: a quarter of what was expected."""
TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Usual:
    """What was usual in some months; in logarithms if ``logged``.

    Attributes:
        level: At their end, per month.
        season: What each calendar month adds.
        kept: How much of the season was kept, 0 to 1.
        slope: Growth per month.
        grown: How much of the growth was kept, 0 to 1.
        noise: Variance per month; per unit expected if ``rooted``.
        freedom: Degrees of freedom of the noise.
        correlation: Of neighboring months, as far as it is beyond chance.
        months: How many they are.
        rest: What is left of each of them.
        rooted: Whether noise grows with the level.
        counted: Whether these are small counts.
        logged: Whether months vary by multiples of what was expected.
        even: Whether months are about as likely above the level as below.
    """

    level: float
    season: Numbers
    kept: float
    slope: float
    grown: float
    noise: float
    freedom: float
    correlation: float
    months: int
    rest: Numbers
    rooted: bool
    counted: bool
    logged: bool
    even: bool

    def ahead(self, calendar: Calendar) -> Numbers:
        """What to expect in the months that follow."""
        expected: Numbers = self.level + self.season[calendar] + self.slope * np.arange(len(calendar))
        if self.logged:
            return np.asarray(np.exp(expected + self._lift), dtype=np.float64)
        return np.maximum(expected, 0) if self.rooted else expected

    @property
    def _lift(self) -> float:
        """From the mean of logarithms to that of amounts."""
        return min(self.noise, 1.0) / 2

    def left(self, ahead: Numbers, recent: Numbers) -> Numbers:
        """By how much months differ from what was expected of them."""
        if self.logged:
            middle = np.log(ahead) - self._lift
            return np.maximum(np.log(np.maximum(recent, TINY)) - middle, LEAST_LEFT)
        return recent - ahead

    def unseen(self, ahead: Numbers, recent: Numbers) -> bool:
        """Whether every month is further from what was expected than any was before, all on one side.

        Nothing can be said where neighboring months are alike: then one that is far off brings others.
        """
        left = self.left(ahead, recent)
        return not self.alike and bool((left > self.rest.max()).all() or (left < self.rest.min()).all())

    @property
    def alike(self) -> bool:
        """Whether neighboring months are alike, by more than chance would make of it now and then."""
        return float(self.rest[1:] @ self.rest[:-1]) > MOST_ALIKE * float(self.rest @ self.rest)

    def errors(self, ahead: Numbers, recent: Numbers) -> float:
        """How many standard errors lie between what was expected in some months and what came, as a normal value."""
        length = len(recent)
        unsure = 1 + length / self.months * (1 + UNSURE_GROWTH * self.grown * (1 + length / self.months) ** 2)
        unsure += self.kept * YEAR / self.months
        if self.rooted:
            expected, came = float(ahead.sum()), float(recent.sum())
            if self.counted:
                expected = max(expected, length / self.months / 2)  # none yet in so many months is not none ever
            skewed = self.counted or (came > expected and (self.alike or not self.even))
            errors = math.copysign(
                math.sqrt(_deviance(expected, came, self.noise, skewed=skewed) / unsure), came - expected
            )
        else:
            errors = float(self.left(ahead, recent).sum()) / math.sqrt(self.noise * length * unsure)
        return _normal(errors, self.freedom)


def usual(base: Numbers, calendar: Calendar, *, rooted: bool, whole: bool) -> Usual:
    """What was usual in some months: in logarithms where multiples explain them better than amounts (Box and Cox).

    Args:
        base: One value per month.
        calendar: The calendar month of each, 0 to 11.
        rooted: Whether nothing of the series is negative.
        whole: Whether all of the series may be small counts.
    """
    found = _usual(base, calendar, rooted=rooted, whole=whole)
    if not rooted or found.counted or base.min() <= 0:
        return found
    logs = np.log(base)
    logged = _usual(logs, calendar, rooted=False, whole=False, logged=True)
    likelier = len(base) * math.log(found.noise * float(base.mean()) / logged.noise) / 2 - float(logs.sum())
    return logged if (likelier > LIKELIER or not found.even) and _skewness(logged.rest) > LEAST_SKEW else found


def _usual(base: Numbers, calendar: Calendar, *, rooted: bool, whole: bool, logged: bool = False) -> Usual:
    level, season, kept = float(base.mean()), np.zeros(YEAR), 0.0
    if len(base) >= 2 * YEAR:
        season, kept = _season(base, calendar, level)
        if begin := _changed(base - season[calendar]):
            return _usual(base[begin:], calendar[begin:], rooted=rooted, whole=whole, logged=logged)
    rest = base - level - season[calendar]
    grown, slope, line = _trend(rest)
    rest, level = rest - line, level + float(line[-1]) + slope
    freedom = max(len(base) - 1 - (YEAR - 1) * kept - grown, 2.0)
    correlation, least = _correlation(rest), (LEAST_NOISE * (1 if logged else level)) ** 2
    noise = max(float(rest @ rest) / freedom, TINY)
    if noise < least:
        noise, correlation = least, 0.0  # what is taken for noise without being seen has no neighbors
    counted = rooted and whole and level < FEW
    mean = max(float(base.mean()), TINY)
    even = bool(base.min() > 0) and noise < (MOST_VARIED * mean) ** 2
    if rooted:
        noise /= mean
    if counted:
        noise = max((noise * freedom + PRIOR) / (freedom + PRIOR), LEAST_OF_COUNTS)
        freedom += PRIOR
    noise *= (1 + correlation) / (1 - correlation)
    return Usual(
        level=level,
        season=season,
        kept=kept,
        slope=slope,
        grown=grown,
        noise=noise,
        freedom=freedom,
        correlation=correlation,
        months=len(base),
        rest=rest,
        rooted=rooted,
        counted=counted,
        logged=logged,
        even=even,
    )


def _changed(base: Numbers) -> int:
    """The month in which the level last changed beyond doubt, so that the months before are no measure any more."""
    months, sums = len(base), np.cumsum(base - base.mean())
    split = np.arange(LEAST_BASE, months - LEAST_BASE + 1)
    between = sums[split - 1] ** 2 * months / (split * (months - split))
    most = int(np.argmax(between))
    around = float(np.square(base - base.mean()).sum())
    within = around - float(between[most])
    line = _trend(base - base.mean())[2]
    grown = float(np.square(base - base.mean() - line).sum())
    within = max(within, 1e-9 * float(base @ base))  # what is left of a constant by rounding is no step
    beyond = float(between[most]) * (months - 2) > LIMIT_OF_OLD**2 * within
    return int(split[most]) if beyond and within < max(grown / 2, 1e-9 * around) else 0


def _correlation(rest: Numbers) -> float:
    """Of neighboring months, as far as it is beyond chance."""
    around = float(rest @ rest)
    if around <= 0:
        return 0.0
    found = float(rest[1:] @ rest[:-1]) / around
    found += (1 + 3 * found) / len(rest)  # estimated from few months, it is too low (Kendall, 1954)
    return min(found, MOST_CORRELATION) if found > CHANCE / math.sqrt(len(rest)) else 0.0


def _season(base: Numbers, calendar: npt.NDArray[np.intp], level: float) -> tuple[Numbers, float]:
    """What each calendar month adds, shrunk; and by how much of itself it was kept, 0 to 1."""
    counts = np.bincount(calendar, minlength=YEAR)
    means = np.bincount(calendar, base, minlength=YEAR) / counts
    within = base - means[calendar]
    noise = float(within @ within) / (len(base) - YEAR)
    between = float(np.mean(np.square(means - level)))
    kept = max(0.0, 1 - noise * float(np.mean(1 / counts)) / between) if between > 0 else 0.0
    return (means - level) * kept, kept


def _trend(rest: Numbers) -> tuple[float, float, Numbers]:
    """By how much of itself growth was kept, 0 to 1; growth per month; and its line."""
    time = np.arange(len(rest)) - (len(rest) - 1) / 2
    spread = float(time @ time)
    slope = float(time @ rest) / spread
    line = np.asarray(slope * time, dtype=np.float64)
    left = rest - line
    correlation = _correlation(left)
    noise = float(left @ left) / max(len(rest) - 2, 1) * (1 + correlation) / (1 - correlation)
    kept = max(0.0, 1 - DOUBT_OF_GROWTH**2 * noise / (slope * slope * spread)) if slope else 0.0
    return kept, slope * kept, line * kept


def _skewness(rest: Numbers) -> float:
    spread = float(np.mean(np.square(rest)))
    return float(np.mean(rest**3)) / max(float(spread**1.5), TINY**3)


def _deviance(expected: float, came: float, noise: float, *, skewed: bool) -> float:
    """How unlikely a sum is, as its deviance: negative binomial, or Poisson with its variance scaled (quasi-Poisson).

    The first has the longer tail above and the shorter one below. Where nothing was usual, all that came counts.
    """
    if expected <= 0:
        return 2 * came / noise
    if noise <= 1 or not skewed:
        log = came * math.log(came / expected) if came > 0 else 0.0
        return max(2 * (log - came + expected) / noise, 0.0)
    size = expected / (noise - 1)
    log = came * math.log(came / expected) if came > 0 else 0.0
    return max(2 * (log - (came + size) * math.log((came + size) / (expected + size))), 0.0)


def _normal(errors: float, freedom: float) -> float:
    """A value of Student's t as one of the normal distribution (Wallace 1959)."""
    root = math.sqrt(freedom * math.log1p(errors * errors / freedom))
    return math.copysign(root * (8 * freedom + 1) / (8 * freedom + 3), errors)
