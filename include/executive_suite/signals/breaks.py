"""When a monthly series changed level or stopped: a step test against the months before, season taken out.

What came in the latest months is compared with what was usual (``signals.usual``): level, trend if it is beyond doubt,
and season, shrunk toward none as far as the spread within calendar months explains it (James and Stein). The limits
were set by simulation: ``bench/signals.py`` measures the rate of false alarms on noise of several kinds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from executive_suite.signals.usual import LEAST_BASE, MOST_COUNT, YEAR, Calendar, Numbers, Usual, usual

RECENT = 12
"""Months within which a break is news."""
MOST_BASE = 36
LIMIT = 4.6
"""Standard errors beyond which a step is no noise."""
LIMIT_OF_STOP = 3.5
"""The same where nothing came any more, which noise hardly ever does."""
LIMIT_OF_STOP_AGAIN = 3.7
"""The same of counts that had empty months before."""
LIMIT_OF_MANY = 3.0
"""The same of counts where at least ``MANY`` were to be expected in two months or more, and so many empty months in
succession are as rare as ``RARE_OF_MANY``."""
LIMIT_OF_LATER_STOP = 2.8
"""The same for a stop that ends a fall: that something changed is beyond doubt by then, and this dates it."""
MANY = 8
RARE_OF_MANY = 0.0006
LIMIT_OF_SILENCE = 2.0
"""The same for amounts where so many empty months in succession are as rare as ``RARE``."""
RARE = 0.0004
RARE_OF_CHANCE = 0.0025
"""How rare so many empty months in succession have to be where there were empty ones before; the second for counts
that come by chance, whose sum proves it as well."""
LIMIT_OF_PLAIN = 4.0
"""The same where each month lies well outside everything that was seen before."""
LIMIT_OF_UNSEEN = 4.1
"""The same where ``WHOLE`` months or more are each further from what was expected than any month before, unless
neighboring months are alike.

Of months that are all alike, three after 28 others are the three furthest on one side once in 4,500 times.
"""
UNSEEN_AFTER = 18
DEEP = 3
LIMIT_OF_DEEP = 3.3
"""The same of such months that together have less than a third (one ``DEEP``th) of what was expected, after
``UNSEEN_AFTER`` months or more."""
UNHEARD_OF = 4
"""How many times the largest of the amounts before it a bill has to be to be a break whatever they vary by."""
UNHEARD_OF_ALL = 2
"""The same of each of ``WHOLE`` months or more, after ``UNSEEN_AFTER`` months."""
MOST_UNHEARD_OF = 2
"""Months for which that is news."""
MOST_RARE = 0.5
"""How many a month come at most of what seldom comes."""
RARE_RISE = 0.0004
"""How rare as many of that in one month have to be."""
LIMIT_OF_RARE = 2.5
"""Standard errors that such a month has to be off as well."""
WHOLE = 3
LIMIT_OF_ONE = 5.0
"""The same where one month alone has to show it."""
LIMIT_OF_ONE_COUNT = 4.1
"""The same for counts."""
LIMIT_OF_CLUSTERS = 5.0
"""The same for rises of what comes in clusters, counts or sparse amounts, which have long tails."""
CLUSTERED = 1.15
"""Variance of counts as a multiple of their mean from which they do."""
UNSURE_CORRELATION = 1.2
"""What the correlation of neighboring months adds to the limit for several months of amounts, as a multiple of itself:
few months do not tell how much they are alike."""
PART_OF_LOGGED = 0.95
"""How much of a limit holds for rises of several months in logarithms: their tails are those of the normal
distribution."""
LEAST_RATIO = 1.3
"""How many times the old level, or the old level how many times the new one, a break has to be."""
LEAST_RATIO_OF_ONE = 1.8
MORE_OF_GROWTH = 0.4
"""What is added to it for more than three months of something that grows."""
ONE_WAY = 0.8
"""Part of the difference between expected and actual months that has to point the same way."""
LEAST_AT_ENDS = 0.1
"""How much of the mean difference the first and the latest month must show."""
ALL_OF = 3
"""Months up to which every one of them must show it, and more than half of them beyond."""
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
    whole = float(given.max()) < MOST_COUNT and bool((given == np.rint(given)).all())
    steps = (
        _step(given, calendar, length, whole=whole) for length in range(1, min(RECENT, len(given) - LEAST_BASE) + 1)
    )
    largest = max(filter(None, steps), key=lambda step: abs(step.errors), default=None)
    if largest is None:
        return None
    later = find(given[largest.onset :].tolist(), calendar[largest.onset] + 1)
    return replace(later, onset=largest.onset + later.onset) if later else largest


def _step(given: Numbers, calendar: Calendar, length: int, *, whole: bool) -> Break | None:
    """The break that begins ``length`` months before the end, if there is one; a larger one within it instead."""
    onset = len(given) - length
    before, recent = slice(max(0, onset - MOST_BASE), onset), given[onset:]
    base, rooted = given[before], bool(given.min() >= 0)
    known = usual(base, calendar[before], rooted=rooted, whole=whole)
    if rooted and not _seen(base, known) and not _seen(recent, known):
        return None
    expected = known.ahead(calendar[onset:])
    if not _all_moved(expected, recent):
        return None
    errors = known.errors(expected, recent)
    if abs(errors) < _limit(known, base, expected, recent):
        return None
    late = _late(known.left(expected, recent)) if recent.any() else 0
    expected, recent = expected[late:], recent[late:]
    if again := _again(known, expected, recent):
        expected, recent = _at_level(expected, recent, again), recent[again:]
        length -= again
    usually, came = float(expected.mean()), float(recent.mean())
    least = LEAST_RATIO_OF_ONE if length == 1 else LEAST_RATIO + (length > ALL_OF) * MORE_OF_GROWTH * known.grown
    if not _large(usually, came, least) or (length == 1 and not _beyond(base, came)):
        return None
    onset += late + again
    while came == 0 and onset > LEAST_BASE and given[onset - 1] == 0:
        onset -= 1
    return Break(onset, usually, came, errors)


def _at_level(expected: Numbers, recent: Numbers, at: int) -> Numbers:
    """What would be expected of the later of some months if the earlier of them were the new level."""
    return np.asarray(expected[at:] * (recent[:at].sum() / expected[:at].sum()), dtype=np.float64)


def _again(known: Usual, expected: Numbers, recent: Numbers) -> int:
    """By how many months a second step the same way comes later, if it is the larger one or a stop; else 0."""
    if not (known.rooted or known.logged):
        return 0
    left, found, most = known.left(expected, recent), 0, 1.0
    for at in range(1, len(left)):
        first, second = float(left[:at].mean()), float(left[at:].mean())
        stop = not recent[at:].any()
        if (
            recent[:at].any()
            and expected[:at].any()
            and first * (second - first) > 0
            and (stop or abs(second - first) > abs(first))
        ):
            errors = known.errors(_at_level(expected, recent, at), recent[at:]) / math.sqrt(len(left) / at)
            beyond = abs(errors) / (LIMIT_OF_LATER_STOP if stop else LIMIT)
            if beyond > most:
                found, most = at, beyond
    return found


def _seen(values: Numbers, known: Usual) -> bool:
    """Whether enough came to tell what is usual."""
    return bool((values.sum() if known.counted else np.count_nonzero(values)) >= LEAST_SEEN)


def _limit(known: Usual, base: Numbers, expected: Numbers, recent: Numbers) -> float:
    """How many standard errors a step has to be, by how plainly it shows."""
    if not recent.any():
        return _limit_of_stop(known, base, expected)
    rises = recent.sum() > expected.sum()
    unheard_of = rises and _unheard_of(known, base, expected, recent)
    if unheard_of or (len(recent) == 1 and not known.counted):
        return LIMIT_OF_RARE if unheard_of else LIMIT_OF_ONE
    clustered = known.noise > CLUSTERED if known.counted else known.rooted and not known.even
    if clustered and rises:
        return LIMIT_OF_CLUSTERS
    if len(recent) == 1:
        return LIMIT_OF_ONE_COUNT
    part = PART_OF_LOGGED if known.logged and rises else 1.0
    return part * _limit_of_several(known, base, expected, recent, clustered=clustered)


def _limit_of_several(known: Usual, base: Numbers, expected: Numbers, recent: Numbers, *, clustered: bool) -> float:
    part = 1.0 if known.counted else 1 + UNSURE_CORRELATION * known.correlation
    if len(recent) >= WHOLE and known.months >= UNSEEN_AFTER and known.unseen(expected, recent):
        if recent.sum() * DEEP <= expected.sum() and not (known.counted and clustered):
            return part * LIMIT_OF_DEEP
        if known.months >= 2 * YEAR:
            return part * LIMIT_OF_UNSEEN
    plain = _beyond(base, float(recent.min())) and _beyond(base, float(recent.max()))
    return part * (LIMIT_OF_PLAIN if plain else LIMIT)


def _unheard_of(known: Usual, base: Numbers, expected: Numbers, recent: Numbers) -> bool:
    """Whether one month has more than ever comes by chance of what seldom comes, or a bill is many times the largest.

    Of counts, by the chance of as many after those that were seen (negative binomial, which a rate that is not known
    makes of arrivals by chance); of amounts, by the largest of at least ``LEAST_SEEN``.
    """
    if len(recent) >= WHOLE:
        most = max(float(base.max()), 1.0 if known.counted else 0.0)
        return known.rooted and known.months >= UNSEEN_AFTER and bool(recent.min() > UNHEARD_OF_ALL * most)
    if known.counted:
        rate, months = float(expected.sum()), known.months
        if len(recent) > 1 or rate > MOST_RARE:
            return False
        size, term, left = rate * months + 0.5, 1.0, 1.0
        for count in range(int(recent[0])):
            term = (months / (months + 1)) ** size if not count else term * (size + count - 1) / count / (months + 1)
            left -= term
        return left < RARE_RISE
    few = len(recent) <= MOST_UNHEARD_OF and np.count_nonzero(base) >= LEAST_SEEN
    return bool(few and known.rooted and recent.min() > UNHEARD_OF * base.max())


def _limit_of_stop(known: Usual, base: Numbers, expected: Numbers) -> float:
    length, chance = len(expected), _chance_of_silence(known, base, expected)
    by_chance = known.counted and known.noise <= CLUSTERED
    if chance > (RARE_OF_CHANCE if by_chance else RARE):
        return math.inf
    if known.counted:
        if length > 1 and expected.sum() >= MANY and chance <= RARE_OF_MANY:
            return LIMIT_OF_MANY
        return LIMIT_OF_STOP_AGAIN if chance else LIMIT_OF_STOP
    if chance:
        return LIMIT_OF_SILENCE
    return LIMIT_OF_ONE if length == 1 else LIMIT_OF_STOP


def _chance_of_silence(known: Usual, base: Numbers, expected: Numbers) -> float:
    """How likely so many empty months in succession are; 0 where no such month was empty before (beta-binomial).

    Each is compared with the earlier months of which at least half as much was to be expected.
    """
    seen, chance = base[-known.months :], 1.0
    fitted = seen if known.logged else seen - known.rest
    for at, ahead in enumerate(expected):
        like = seen[fitted >= ahead / 2]
        chance *= (len(like) - np.count_nonzero(like) + at) / max(len(like) + at, 1)
    return chance


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


def _large(before: float, after: float, least: float) -> bool:
    if min(before, after) <= 0:
        return before != after
    return max(before, after) / min(before, after) >= least


def _beyond(base: Numbers, after: float) -> bool:
    """Whether one month lies well outside everything that was seen before."""
    low, high = float(base.min()), float(base.max())
    return after > high + (high - low) / 2 or after < low - (high - low) / 2 or (after == 0 and low > 0)
