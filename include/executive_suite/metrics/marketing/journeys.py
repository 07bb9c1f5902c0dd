"""Attribution as facts: journeys read from touchpoints, credited under every model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import partial

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_evaluable, qualified
from executive_suite.metrics.accounting.refunds import price_cents
from executive_suite.metrics.between import of_group
from executive_suite.metrics.bookings import sales
from executive_suite.metrics.cut import cut, grouped
from executive_suite.metrics.marketing import attribution, channels
from executive_suite.metrics.marketing.attribution import Credits, Journey, Touch
from executive_suite.metrics.registry import metric

COLUMNS = ("visitor_id", "at", "channel_id", "is_conversion")
PLACES = 10

Model = Callable[..., Credits]
"""Journeys to the credit of each channel, in conversions, or in cents with ``value=True``."""


@per_context
def journeys(context: Context) -> tuple[Journey, ...]:
    """Every visitor's touches, cut after each conversion; what follows the last one is a journey without."""
    booked = _booking_values(context)
    found: list[Journey] = []
    for rows in grouped(context.rows("touchpoint", *COLUMNS), lambda row: row.visitor_id).values():
        touches: list[Touch] = []
        for row in sorted(rows, key=lambda row: (row.at, row.is_conversion)):
            touches.append(Touch(row.channel_id, row.at))
            if row.is_conversion:
                stated = row.get("value_cents")
                value = booked.get(row.get("booking_id")) if stated is None else stated
                known = value is not None
                found.append(Journey(tuple(touches), converted=True, value_cents=value or 0, valued=known))
                touches = []
        if touches:
            found.append(Journey(tuple(touches), converted=False))
    return tuple(found)


def _booking_values(context: Context) -> Mapping[str | None, int]:
    """Net value of each booking, for conversions that name one and no value; one that is no sale is worth nothing.

    A sale to an entity of the group is none of the group.
    """
    if not context.has("booking"):
        return {}
    sold = of_group(context, sales(context, "gross_cents", "discount_cents"))
    every = dict.fromkeys((row.booking_id for row in context.rows("booking", "booking_id")), 0)
    return every | {booking.booking_id: price_cents(context, booking) for booking in sold}


def models(context: Context) -> Mapping[str, Model]:
    """Every model by name; last non-direct only where the channel table shows which channel is direct."""
    known: dict[str, Model] = {
        "first": partial(attribution.per_journey, model=attribution.first),
        "last": partial(attribution.per_journey, model=attribution.last),
        "linear": partial(attribution.per_journey, model=attribution.linear),
        "markov": attribution.markov,
        "position": partial(attribution.per_journey, model=attribution.position),
        "time_decay": partial(attribution.per_journey, model=attribution.time_decay),
    }
    try:
        direct = frozenset(c.channel_id for c in channels.channels(context) if c.type == "direct")
    except MissingInputError:
        return known
    last_non_direct = partial(attribution.last_non_direct, direct=direct)
    return known | {"last_non_direct": partial(attribution.per_journey, model=last_non_direct)}


def worth(found: Sequence[Journey], value: Measure) -> Measure:
    """A value of journeys with the number of their conversions whose worth no record states; none if all lack it."""
    converted = [journey for journey in found if journey.converted]
    blank = sum(not journey.valued for journey in converted)
    if not blank:
        return value
    if blank == len(converted):
        return not_evaluable("no conversion states its value (touchpoint.value_cents, or a booking on record)")
    return qualified(value, f"{blank} of {len(converted)} conversions state no value")


@metric("attribution_conversions", "attribution_value", needs={"touchpoint": COLUMNS})
def _attribution(context: Context) -> Iterator[Fact]:
    found, touches = journeys(context), cut(context, "touchpoint", context.rows("touchpoint"))
    conversions = sum(journey.converted for journey in found)
    value = sum(journey.value_cents for journey in found)
    none = "" if conversions else "no conversion is recorded"
    yield touches.fact("attribution_conversions", Measure(conversions, reason=none))
    yield touches.fact("attribution_value", worth(found, Measure(value, reason=none)))
    names = {channel for journey in found for channel in journey.channels}
    if context.has("channel"):
        names |= {row.channel_id for row in context.rows("channel", "channel_id")}
    reason = none or f"n = {conversions}"
    for name, model in models(context).items():
        counted = attribution.rounded(model(found), PLACES, Fraction(conversions))
        valued = attribution.rounded(model(found, value=True), 0, Fraction(value))
        for channel in names:
            own = replace(touches, dimensions={"channel": channel, "model": name})
            credit, cents = counted.get(channel, Decimal(0)), int(valued.get(channel, 0))
            yield own.fact("attribution_conversions", Measure(credit, reason=reason), assumed=False)
            yield own.fact("attribution_value", worth(found, Measure(cents, reason=reason)), assumed=False)
