"""Attribution as facts: journeys read from touchpoints, credited under every model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact, MissingInputError
from executive_suite.facts.measure import Measure
from executive_suite.metrics.marketing import attribution, channels
from executive_suite.metrics.marketing.attribution import Credits, Journey, Touch
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rows import rows

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

COLUMNS = ("visitor_id", "at", "channel_id", "is_conversion")
PLACES = 10

Model = Callable[[Sequence[Journey], bool], Credits]


def journeys(context: Context) -> tuple[Journey, ...]:
    """Every visitor's touches, cut after each conversion; what follows the last one is a journey without.

    Raises:
        MissingInputError: touchpoint or a column of it is absent.
    """
    frame = context.table("touchpoint", *COLUMNS).sort_values(["visitor_id", "at", "is_conversion"], kind="stable")
    worth = _booking_values(context)
    found: list[Journey] = []
    touches: list[Touch] = []
    visitor = ""
    for row in rows(frame):
        if touches and row.text("visitor_id") != visitor:
            found.append(Journey(tuple(touches), converted=False))
            touches = []
        visitor = row.text("visitor_id")
        touches.append(Touch(row.text("channel_id"), pd.Timestamp(row.cells["at"]).to_pydatetime()))
        if row.flag("is_conversion"):
            value = row.whole("value_cents") if row.has("value_cents") else worth.get(row.text("booking_id"), 0)
            found.append(Journey(tuple(touches), converted=True, value_cents=value))
            touches = []
    if touches:
        found.append(Journey(tuple(touches), converted=False))
    return tuple(found)


def _booking_values(context: Context) -> dict[str, int]:
    """Net value of each booking, for conversions that name a booking and no value."""
    if not context.has("booking"):
        return {}
    frame = context.table("booking", "booking_id", "gross_cents", "discount_cents")
    net = frame["gross_cents"] - frame["discount_cents"]
    return {str(booking): int(cents) for booking, cents in zip(frame["booking_id"], net, strict=True)}


def models(context: Context) -> Mapping[str, Model]:
    """Every model by name; last non-direct only where the channel table says which channel is direct."""

    def single(model: Callable[[Journey], Credits]) -> Model:
        return lambda found, value: attribution.per_journey(found, model, value=value)

    known: dict[str, Model] = {
        "first": single(attribution.first),
        "last": single(attribution.last),
        "linear": single(attribution.linear),
        "markov": lambda found, value: attribution.markov(found, value=value),
        "position": single(attribution.position),
        "time_decay": single(attribution.time_decay),
    }
    try:
        direct = frozenset(c.channel_id for c in channels.channels(context) if c.type == "direct")
    except MissingInputError:
        return known
    return known | {"last_non_direct": single(lambda journey: attribution.last_non_direct(journey, direct))}


@metric(
    Definition(
        "attribution_conversions",
        "Attributed conversions",
        "conversions",
        "Credit of each channel under the models first, last, last non-direct (direct is skipped), linear, position "
        "(40/20/40), time decay (seven-day half-life) and Markov (removal effects applied to all conversions), "
        "over all recorded journeys. Under every model the credits add up to the conversions; the undivided figure is "
        "their number.",
        "Anderl et al. (2016), IJRM 33(3), 457-474; Google Analytics attribution models",
        "higher",
    ),
    Definition(
        "attribution_value",
        "Attributed value",
        "cents",
        "Value of conversions credited to each channel under the same models; the credits add up to the value.",
        "Anderl et al. (2016), IJRM 33(3), 457-474; Google Analytics attribution models",
        "higher",
    ),
    needs={"touchpoint": COLUMNS},
)
def _attribution(context: Context) -> Iterator[Fact]:
    found = journeys(context)
    inputs = {"touchpoint": len(context.table("touchpoint"))}
    conversions = sum(journey.converted for journey in found)
    value = sum(journey.value_cents for journey in found)
    none = "" if conversions else "no conversion is recorded"
    yield context.fact("attribution_conversions", Measure(conversions, reason=none), inputs=inputs)
    yield context.fact("attribution_value", Measure(value, reason=none), inputs=inputs)
    names = {channel for journey in found for channel in journey.channels}
    if context.has("channel"):
        names |= set(context.table("channel", "channel_id")["channel_id"])
    for name, model in sorted(models(context).items()):
        for metric_id, worth, places, total in (
            ("attribution_conversions", False, PLACES, conversions),
            ("attribution_value", True, 0, value),
        ):
            credit = attribution.rounded(model(found, worth), places, Fraction(total))
            for channel in sorted(names):
                amount = credit.get(channel, Decimal(0))
                share = Measure(int(amount) if places == 0 else amount, reason=none or f"n = {conversions}")
                yield context.fact(metric_id, share, inputs=inputs, channel=channel, model=name)
