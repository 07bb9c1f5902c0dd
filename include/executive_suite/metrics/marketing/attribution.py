"""Which channel earned a conversion: seven published models, all exact, whose credits add up to the conversions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise

Credits = Mapping[str, Fraction]

POSITION_ENDS = Fraction(2, 5)
HALF_LIFE_DAYS = 7
_DAY_SECONDS = 86_400
_DIGITS = 30
_START, _CONVERSION, _NOTHING = "\0start", "\0conversion", "\0nothing"


@dataclass(frozen=True, slots=True)
class Touch:
    """A contact of a visitor with a channel."""

    channel: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Journey:
    """The touches of a visitor up to a conversion, or all later touches when none follows.

    Attributes:
        touches: Oldest first, at least one.
        converted: Whether the journey ended in a conversion, by its last touch.
        value_cents: What the conversion was worth; 0 if no record states it.
        valued: Whether a record states what the conversion was worth.
    """

    touches: tuple[Touch, ...]
    converted: bool
    value_cents: int = 0
    valued: bool = True

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels touched, oldest first."""
        return tuple(touch.channel for touch in self.touches)


def _added(parts: Iterable[tuple[str, Fraction]]) -> dict[str, Fraction]:
    total: dict[str, Fraction] = {}
    for channel, part in parts:
        total[channel] = total.get(channel, Fraction(0)) + part
    return total


def _share(channels: Sequence[str], weights: Sequence[Fraction]) -> Credits:
    """One conversion, divided by weight."""
    whole = sum(weights, Fraction(0))
    return _added((channel, weight / whole) for channel, weight in zip(channels, weights, strict=True))


def last(journey: Journey) -> Credits:
    """All credit to the last touch."""
    return {journey.channels[-1]: Fraction(1)}


def first(journey: Journey) -> Credits:
    """All credit to the first touch."""
    return {journey.channels[0]: Fraction(1)}


def last_non_direct(journey: Journey, direct: frozenset[str]) -> Credits:
    """All credit to the last touch that is not direct; to the last touch when all are direct.

    Source: Google Analytics 4, paid and organic last click.
    """
    channels = [channel for channel in journey.channels if channel not in direct]
    return {(channels or journey.channels)[-1]: Fraction(1)}


def linear(journey: Journey) -> Credits:
    """The same credit to every touch."""
    return _share(journey.channels, [Fraction(1)] * len(journey.channels))


def position(journey: Journey) -> Credits:
    """40% each to the first and the last touch, 20% shared by those between; halves when there are only two.

    >>> from datetime import UTC
    >>> at = datetime(2026, 1, 1, tzinfo=UTC)
    >>> position(Journey(tuple(Touch(c, at) for c in "abc"), True)) == {
    ...     "a": Fraction(2, 5), "b": Fraction(1, 5), "c": Fraction(2, 5)}
    True
    """
    between = len(journey.channels) - 2
    if between <= 0:
        return linear(journey)
    inner = (1 - 2 * POSITION_ENDS) / between
    return _share(journey.channels, [POSITION_ENDS, *[inner] * between, POSITION_ENDS])


def time_decay(journey: Journey) -> Credits:
    """Weight halves with every seven days before the conversion.

    >>> from datetime import UTC
    >>> touches = (Touch("a", datetime(2026, 1, 1, tzinfo=UTC)), Touch("b", datetime(2026, 1, 8, tzinfo=UTC)))
    >>> time_decay(Journey(touches, True)) == {"a": Fraction(1, 3), "b": Fraction(2, 3)}
    True
    """
    end = journey.touches[-1].at
    with localcontext() as exact:
        exact.prec = _DIGITS
        ages = [Decimal(int((end - touch.at).total_seconds())) for touch in journey.touches]
        weights = [Fraction(Decimal(2) ** -(age / (HALF_LIFE_DAYS * _DAY_SECONDS))) for age in ages]
    return _share(journey.channels, weights)


def per_journey(journeys: Sequence[Journey], model: Callable[[Journey], Credits], *, value: bool = False) -> Credits:
    """Credits of a model that looks at one converting journey at a time, in conversions or in cents."""
    return _added(
        (channel, share * (journey.value_cents if value else 1))
        for journey in journeys
        if journey.converted
        for channel, share in model(journey).items()
    )


def markov(journeys: Sequence[Journey], *, value: bool = False) -> Credits:
    """Credits by removal effect in a first-order Markov chain, solved exactly.

    The removal effect of a channel is the share of conversions that would be lost if every path through it ended in
    nothing. The shares of all channels' effects are applied to all conversions together (not journey by journey).

    Source: Anderl, Becker, von Wangenheim and Schumann (2016), Mapping the customer journey, IJRM 33(3), 457-474.
    """
    total = sum(journey.value_cents if value else 1 for journey in journeys if journey.converted)
    effects = removal_effects(journeys)
    whole = sum(effects.values(), Fraction(0))
    return {channel: effect / whole * total for channel, effect in effects.items()} if whole else {}


def removal_effects(journeys: Sequence[Journey]) -> Credits:
    """The share of conversions lost without each channel, from 0 to 1."""
    steps = _transitions(journeys)
    channels = sorted({channel for journey in journeys for channel in journey.channels})
    base = _conversion(steps, channels)
    if not base:
        return dict.fromkeys(channels, Fraction(0))
    return {c: 1 - _conversion(steps, [other for other in channels if other != c]) / base for c in channels}


def _transitions(journeys: Sequence[Journey]) -> Mapping[tuple[str, str], Fraction]:
    """Probability of each step, from the counts of the journeys."""
    ends = {True: _CONVERSION, False: _NOTHING}
    paths = ((_START, *journey.channels, ends[journey.converted]) for journey in journeys)
    counts = Counter(step for path in paths for step in pairwise(path))
    starts: Counter[str] = Counter()
    for (here, _), count in counts.items():
        starts[here] += count
    return {(here, there): Fraction(count, starts[here]) for (here, there), count in counts.items()}


def _conversion(steps: Mapping[tuple[str, str], Fraction], channels: Sequence[str]) -> Fraction:
    """Probability that a journey which uses only ``channels`` converts: the absorbing chain's linear system, solved.

    For each channel c: p(c) - sum over d of step(c, d) p(d) = step(c, conversion); steps to other channels are lost.
    """
    none = Fraction(0)
    rows = [
        [(c == d) - steps.get((c, d), none) for d in channels] + [steps.get((c, _CONVERSION), none)] for c in channels
    ]
    for pivot in range(len(rows)):
        best = next((row for row in range(pivot, len(rows)) if rows[row][pivot]), None)
        if best is None:  # a channel that only ever leads to itself never converts
            continue
        rows[pivot], rows[best] = rows[best], rows[pivot]
        lead = rows[pivot][pivot]
        rows[pivot] = [cell / lead for cell in rows[pivot]]
        for other, row in enumerate(rows):
            if other != pivot and (factor := row[pivot]):
                rows[other] = [a - factor * b for a, b in zip(row, rows[pivot], strict=True)]
    return sum((steps.get((_START, c), none) * row[-1] for c, row in zip(channels, rows, strict=True)), none)


def rounded(credit: Credits, places: int, total: Fraction) -> dict[str, Decimal]:
    """Credits at so many decimal places that still add up to ``total``: largest remainders get the last units.

    >>> thirds = {"a": Fraction(1, 3), "b": Fraction(1, 3), "c": Fraction(1, 3)}
    >>> [str(v) for v in rounded(thirds, 2, Fraction(1)).values()]
    ['0.34', '0.33', '0.33']
    """
    unit = 10**places
    floors = {channel: int(share * unit // 1) for channel, share in credit.items()}
    missing = int(total * unit) - sum(floors.values())
    by_remainder = sorted(credit, key=lambda channel: (floors[channel] - credit[channel] * unit, channel))
    for channel in by_remainder[:missing]:
        floors[channel] += 1
    return {channel: Decimal(floors[channel]).scaleb(-places) for channel in credit}
