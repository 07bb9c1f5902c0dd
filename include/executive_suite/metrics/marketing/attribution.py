"""Which channel earned a conversion: six published models, every one exact, credits that add up to the conversions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class Touch:
    """A contact of a visitor with a channel."""

    channel: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Journey:
    """The touches of a visitor up to a conversion, or up to nothing.

    Attributes:
        touches: Oldest first, at least one.
        converted: Whether the journey ended in a conversion, by its last touch.
        value_cents: What the conversion was worth.
    """

    touches: tuple[Touch, ...]
    converted: bool
    value_cents: int = 0

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels touched, oldest first."""
        return tuple(touch.channel for touch in self.touches)


def _share(weights: Sequence[tuple[str, Fraction]]) -> Credits:
    """The weights as shares of one conversion."""
    total = sum((weight for _, weight in weights), Fraction(0))
    shares: dict[str, Fraction] = {}
    for channel, weight in weights:
        shares[channel] = shares.get(channel, Fraction(0)) + weight / total
    return shares


def last(journey: Journey) -> Credits:
    """All to the last touch."""
    return {journey.channels[-1]: Fraction(1)}


def first(journey: Journey) -> Credits:
    """All to the first touch."""
    return {journey.channels[0]: Fraction(1)}


def last_non_direct(journey: Journey, direct: frozenset[str]) -> Credits:
    """All to the last touch that is not direct; to the last touch when every one is.

    Source: Google Analytics 4, paid and organic last click.
    """
    channels = [channel for channel in journey.channels if channel not in direct]
    return {(channels or journey.channels)[-1]: Fraction(1)}


def linear(journey: Journey) -> Credits:
    """The same to every touch."""
    return _share([(channel, Fraction(1)) for channel in journey.channels])


def position(journey: Journey) -> Credits:
    """40 % to the first and the last touch, 20 % shared by those between; halves when there are only two.

    >>> from datetime import UTC
    >>> at = datetime(2026, 1, 1, tzinfo=UTC)
    >>> position(Journey(tuple(Touch(c, at) for c in "abc"), True)) == {
    ...     "a": Fraction(2, 5), "b": Fraction(1, 5), "c": Fraction(2, 5)}
    True
    """
    channels = journey.channels
    between = len(channels) - 2
    if between <= 0:
        return linear(journey)
    inner = (1 - 2 * POSITION_ENDS) / between
    weights = [inner] * len(channels)
    weights[0] = weights[-1] = POSITION_ENDS
    return _share(list(zip(channels, weights, strict=True)))


def time_decay(journey: Journey) -> Credits:
    """Weight halves with every seven days before the conversion.

    >>> from datetime import UTC
    >>> touches = (Touch("a", datetime(2026, 1, 1, tzinfo=UTC)), Touch("b", datetime(2026, 1, 8, tzinfo=UTC)))
    >>> time_decay(Journey(touches, True)) == {"a": Fraction(1, 3), "b": Fraction(2, 3)}
    True
    """
    end = journey.touches[-1].at
    weights = []
    with localcontext() as exact:
        exact.prec = _DIGITS
        for touch in journey.touches:
            age = Decimal(int((end - touch.at).total_seconds())) / (HALF_LIFE_DAYS * _DAY_SECONDS)
            weights.append((touch.channel, Fraction(Decimal(2) ** -age)))
    return _share(weights)


def per_journey(journeys: Sequence[Journey], model: Callable[[Journey], Credits], *, value: bool = False) -> Credits:
    """Credits of a model that looks at one converting journey at a time, in conversions or in cents."""
    total: dict[str, Fraction] = {}
    for journey in journeys:
        if journey.converted:
            worth = journey.value_cents if value else 1
            for channel, share in model(journey).items():
                total[channel] = total.get(channel, Fraction(0)) + share * worth
    return total


def markov(journeys: Sequence[Journey], *, value: bool = False) -> Credits:
    """Credits by removal effect in a first-order Markov chain, solved exactly.

    The removal effect of a channel is the share of conversions that would be lost if every path through it ended in
    nothing. The shares of all channels' effects are applied to all conversions together (not journey by journey).

    Source: Anderl, Becker, von Wangenheim and Schumann (2016), Mapping the customer journey, IJRM 33(3), 457-474.
    """
    converting = [journey for journey in journeys if journey.converted]
    total = sum(journey.value_cents for journey in converting) if value else len(converting)
    effects = removal_effects(journeys)
    whole = sum(effects.values(), Fraction(0))
    if not converting or not whole:
        return {}
    return {channel: effect / whole * total for channel, effect in effects.items()}


def removal_effects(journeys: Sequence[Journey]) -> Credits:
    """The share of conversions lost without each channel, from 0 to 1."""
    steps = _transitions(journeys)
    channels = sorted({channel for journey in journeys for channel in journey.channels})
    base = _conversion(steps, channels)
    if not base:
        return dict.fromkeys(channels, Fraction(0))
    return {c: 1 - _conversion(steps, [other for other in channels if other != c]) / base for c in channels}


_START, _CONVERSION, _NOTHING = "\0start", "\0conversion", "\0nothing"


def _transitions(journeys: Sequence[Journey]) -> dict[str, dict[str, Fraction]]:
    """Probability of each step, from the counts of the journeys."""
    counts: dict[str, dict[str, int]] = {}
    for journey in journeys:
        path = (_START, *journey.channels, _CONVERSION if journey.converted else _NOTHING)
        for here, there in pairwise(path):
            row = counts.setdefault(here, {})
            row[there] = row.get(there, 0) + 1
    return {here: {there: Fraction(n, sum(row.values())) for there, n in row.items()} for here, row in counts.items()}


def _conversion(steps: Mapping[str, Mapping[str, Fraction]], channels: Sequence[str]) -> Fraction:
    """Probability that a journey which uses only ``channels`` converts: the absorbing chain's linear system, solved.

    For each channel c: p(c) - sum over d of step(c, d) p(d) = step(c, conversion); steps to other channels are lost.
    """
    size = len(channels)
    rows = []
    for index, channel in enumerate(channels):
        own = steps.get(channel, {})
        row = [-own.get(other, Fraction(0)) for other in channels]
        row[index] += 1
        rows.append([*row, own.get(_CONVERSION, Fraction(0))])
    for pivot in range(size):
        best = next((r for r in range(pivot, size) if rows[r][pivot]), None)
        if best is None:  # a channel that only ever leads to itself never converts
            continue
        rows[pivot], rows[best] = rows[best], rows[pivot]
        lead = rows[pivot][pivot]
        rows[pivot] = [cell / lead for cell in rows[pivot]]
        for other in range(size):
            factor = rows[other][pivot]
            if other != pivot and factor:
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[pivot], strict=True)]
    start = steps.get(_START, {})
    return sum((start.get(c, Fraction(0)) * rows[i][-1] for i, c in enumerate(channels)), Fraction(0))


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
