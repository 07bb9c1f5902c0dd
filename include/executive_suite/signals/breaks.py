"""When a monthly series changed level or stopped: a step test against the months before, season taken out.

What came in the latest months is compared with what was to be expected in them: level, trend if it is beyond doubt, and
season, shrunk toward none as far as the spread within calendar months explains it (James and Stein). Where nothing is
negative, noise grows with the level (quasi-Poisson), so that a quiet season proves little. Noise is never below
``LEAST_NOISE`` of the level, and grows with the correlation of neighboring months. The limits were set by simulation:
``bench/signals.py`` measures the rate of false alarms on noise of several kinds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

YEAR = 12
RECENT = 12
"""Months within which a break is news."""
LEAST_BASE = 8
"""Months before a break without which there is no telling what was usual."""
MOST_BASE = 36
LIMIT = 4.4
"""Standard errors beyond which a step is no noise."""
LIMIT_OF_STOP = 3.5
"""The same where nothing came any more, which noise hardly ever does."""
LIMIT_OF_MANY = 2.8
"""The same where at least ``MANY`` were to be expected in two months or more, and none came."""
MANY = 9
LIMIT_OF_PLAIN = 4.0
"""The same where each month lies well outside everything that was seen before."""
LIMIT_OF_ONE = 5.0
"""The same where one month alone has to show it."""
LIMIT_OF_ONE_COUNT = 4.1
"""The same for counts."""
LEAST_RATIO = 1.3
"""How many times the old level, or the old level how many times the new one, a break has to be."""
LEAST_RATIO_OF_ONE = 1.8
MORE_OF_GROWTH = 0.3
"""What is added to it for more than three months of something that grows."""
LEAST_NOISE = 0.05
MOST_CORRELATION = 0.6
FEW = 20
"""Counts below which arrivals by chance (Poisson) are the least noise there is."""
LEAST_OF_COUNTS = 0.8
ONE_WAY = 0.8
"""Part of the difference between expected and actual months that has to point the same way."""
LEAST_AT_ENDS = 0.1
"""How much of the mean difference the first and the latest month must show."""
ALL_OF = 3
"""Months up to which every one of them must show it, and more than half of them beyond."""
LIMIT_OF_OLD = 7.0
"""Standard errors beyond which an older step ends what counts as usual."""
DOUBT_OF_GROWTH = 2.0
"""Standard errors up to which growth is taken for chance."""
UNSURE_GROWTH = 6.0
"""How much less sure growth is than a level; 3 if it were sure to follow a line, which it seldom does."""
PRIOR = 8.0
"""Months that the assumption of chance arrivals (Poisson) counts for in the noise of small counts."""
CHANCE = 1.0
"""Standard errors up to which neighboring months correlate by chance."""
LEAST_SEEN = 4
"""Months with anything in them (of counts: how many), before or after, without which nothing is usual."""


@dataclass(frozen=True, slots=True)
class Break:
    """A change of level.

    Attributes:
        onset: Index of the first month at the new level.
        before: What was usual in those months of the year, per month.
        after: What came instead, per month.
        errors: The size of the step in standard errors; negative for a fall.
    """

    onset: int
    before: float
    after: float
    errors: float

    @property
    def stopped(self) -> bool:
        """Whether nothing came any more."""
        return self.after == 0 and self.before > 0


@dataclass(frozen=True, slots=True)
class _Usual:
    """What was usual in some months.

    Attributes:
        level: At their end, per month.
        season: What each calendar month adds.
        kept: How much of the season was kept, 0 to 1.
        slope: Growth per month.
        grown: How much of the growth was kept, 0 to 1.
        noise: Variance per month; per unit expected if ``rooted``.
        freedom: Degrees of freedom of the noise.
        months: How many they are.
        rooted: Whether noise grows with the level.
        counted: Whether these are small counts.
    """

    level: float
    season: Numbers
    kept: float
    slope: float
    grown: float
    noise: float
    freedom: float
    months: int
    rooted: bool
    counted: bool

    def ahead(self, calendar: npt.NDArray[np.intp]) -> Numbers:
        """What to expect in the months that follow."""
        expected: Numbers = self.level + self.season[calendar] + self.slope * np.arange(len(calendar))
        return np.maximum(expected, 0) if self.rooted else expected

    def errors(self, expected: float, came: float, length: int) -> float:
        """How many standard errors lie between what was expected in some months and what came, as a normal value."""
        unsure = 1 + length / self.months * (1 + UNSURE_GROWTH * self.grown * (1 + length / self.months) ** 2)
        unsure += self.kept * YEAR / self.months
        if self.counted:
            expected = max(expected, length / self.months / 2)  # none yet in so many months is not none ever
        if self.rooted:
            skewed = self.counted or came > expected
            errors = math.copysign(
                math.sqrt(_deviance(expected, came, self.noise, skewed=skewed) / unsure), came - expected
            )
        else:
            errors = (came - expected) / math.sqrt(self.noise * length * unsure)
        return _normal(errors, self.freedom)


def find(values: Sequence[float], first_month: int = 1) -> Break | None:
    """The break of a series within its latest twelve months; None if all is noise, season, or too short to say.

    Args:
        values: One value per month, oldest first.
        first_month: The calendar month of the first value, 1 to 12.

    >>> find([20, 18, 22, 19, 21, 20, 23, 18, 20, 0, 0, 0]).onset
    9
    >>> find([20, 18, 22, 19, 21, 20, 23, 18, 20, 17, 24, 20]) is None
    True
    """
    given = np.asarray(values, dtype=np.float64)
    if len(given) <= LEAST_BASE or float(np.ptp(given)) == 0.0:
        return None
    calendar = (first_month - 1 + np.arange(len(given))) % YEAR
    steps = (_step(given, calendar, length) for length in range(1, min(RECENT, len(given) - LEAST_BASE) + 1))
    largest = max(filter(None, steps), key=lambda step: abs(step.errors), default=None)
    if largest is None:
        return None
    later = find(given[largest.onset :].tolist(), calendar[largest.onset] + 1)
    return replace(later, onset=largest.onset + later.onset) if later else largest


def _step(given: Numbers, calendar: npt.NDArray[np.intp], length: int) -> Break | None:
    """The break that begins ``length`` months before the end, if there is one."""
    onset = len(given) - length
    base, recent = slice(max(0, onset - MOST_BASE), onset), given[onset:]
    rooted = bool(given.min() >= 0)
    usual = _usual(given[base], calendar[base], rooted=rooted)
    if rooted and not _seen(given[base], usual) and not _seen(recent, usual):
        return None
    expected = usual.ahead(calendar[onset:])
    if not _all_moved(expected, recent):
        return None
    errors = usual.errors(float(expected.sum()), float(recent.sum()), length)
    if abs(errors) < _limit(usual, given[base], expected, recent):
        return None
    if recent.any() and (late := _late(recent - expected)):
        onset, expected, recent = onset + late, expected[late:], recent[late:]
    before, after = float(expected.mean()), float(recent.mean())
    least = LEAST_RATIO_OF_ONE if length == 1 else LEAST_RATIO + (length > ALL_OF) * MORE_OF_GROWTH * usual.grown
    if not _large(before, after, least) or (length == 1 and not _beyond(given[base], after)):
        return None
    if after == 0:
        while onset > LEAST_BASE and given[onset - 1] == 0:
            onset -= 1
    return Break(onset, before, after, errors)


def _seen(values: Numbers, usual: _Usual) -> bool:
    """Whether enough came to tell what is usual."""
    return bool((values.sum() if usual.counted else np.count_nonzero(values)) >= LEAST_SEEN)


def _limit(usual: _Usual, base: Numbers, expected: Numbers, recent: Numbers) -> float:
    """How many standard errors a step has to be, by how plainly it shows."""
    if not recent.any():
        many = usual.counted and len(recent) > 1 and expected.sum() >= MANY
        one_amount = len(recent) == 1 and not usual.counted
        return LIMIT_OF_MANY if many else LIMIT if one_amount else LIMIT_OF_STOP
    if len(recent) == 1:
        return LIMIT_OF_ONE_COUNT if usual.counted else LIMIT_OF_ONE
    plain = _beyond(base, float(recent.min())) and _beyond(base, float(recent.max()))
    return LIMIT_OF_PLAIN if plain else LIMIT


def _usual(base: Numbers, calendar: npt.NDArray[np.intp], *, rooted: bool) -> _Usual:
    level, season, kept = float(base.mean()), np.zeros(YEAR), 0.0
    if len(base) >= 2 * YEAR:
        season, kept = _season(base, calendar, level)
        if begin := _changed(base - season[calendar]):
            return _usual(base[begin:], calendar[begin:], rooted=rooted)
    rest = base - level - season[calendar]
    grown, slope, line = _trend(rest)
    rest, level = rest - line, level + float(line[-1]) + slope
    freedom = max(len(base) - 1 - (YEAR - 1) * kept - grown, 2.0)
    noise = max(float(rest @ rest) / freedom, (LEAST_NOISE * level) ** 2, 1e-9)
    counted = rooted and level < FEW and bool((base == np.rint(base)).all())
    if rooted:
        noise /= max(float(base.mean()), 1e-9)
    if counted:
        noise = max((noise * freedom + PRIOR) / (freedom + PRIOR), LEAST_OF_COUNTS)
        freedom += PRIOR
    correlation = _correlation(rest)
    noise *= (1 + correlation) / (1 - correlation)
    return _Usual(level, season, kept, slope, grown, noise, freedom, len(base), rooted, counted)


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
    found = float(rest[1:] @ rest[:-1]) / around + 1 / len(rest)
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


def _all_moved(expected: Numbers, recent: Numbers) -> bool:
    """Whether nearly all of the difference points one way, and the first and the latest month do."""
    moved = recent - expected
    whole = float(np.abs(moved).sum())
    total = float(moved.sum())
    if whole == 0 or total == 0:
        return False
    shown = moved / math.copysign(whole / len(moved), total) > LEAST_AT_ENDS
    if len(shown) > ALL_OF and not (shown[0] and shown[-1] and np.count_nonzero(shown) * 2 > len(shown)):
        return False
    return abs(total) / whole >= ONE_WAY and bool(shown.all() or len(shown) > ALL_OF)


def _late(moved: Numbers) -> int:
    """By how many months a step begins later, if the months before were rather as usual (least squares)."""
    left = [
        float(np.square(moved[:at]).sum() + np.square(moved[at:] - moved[at:].mean()).sum()) for at in range(len(moved))
    ]
    return int(np.argmin(left))


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


def _large(before: float, after: float, least: float) -> bool:
    if min(before, after) <= 0:
        return before != after
    return max(before, after) / min(before, after) >= least


def _beyond(base: Numbers, after: float) -> bool:
    """Whether one month lies well outside everything that was seen before."""
    low, high = float(base.min()), float(base.max())
    return after > high + (high - low) / 2 or after < low - (high - low) / 2 or (after == 0 and low > 0)
