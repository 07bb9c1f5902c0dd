"""Attribution: six models against worked examples, and credits that always add up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.metrics.marketing import attribution
from executive_suite.metrics.marketing.attribution import Journey, Touch
from executive_suite.metrics.marketing.journeys import journeys
from group_data import fact, facts_of, without
from typed_tables import context, typed

START = datetime(2026, 1, 1, tzinfo=UTC)


def _journey(path: str, *, converted: bool = True, value: int = 0) -> Journey:
    touches = tuple(Touch(channel, START + timedelta(days=day)) for day, channel in enumerate(path))
    return Journey(touches, converted, value)


def test_markov_applies_removal_effects_to_all_conversions_together() -> None:
    # The test example of the metric's definition: four conversions, 2.4 and 1.6 by the global convention (2.6 and 1.4
    # journey by journey). Removing A leaves 1/4 of the conversions, removing B 1/2: effects 3/4 and 1/2, so 3 : 2.
    paths = [_journey("A"), _journey("A"), _journey("B"), _journey("AB")]
    assert attribution.removal_effects(paths) == {"A": Fraction(3, 4), "B": Fraction(1, 2)}
    assert attribution.markov(paths) == {"A": Fraction(12, 5), "B": Fraction(8, 5)}


def test_markov_with_journeys_that_do_not_convert() -> None:
    # Worked by hand: C1>C2>C3 converts, C1 and C2>C3 do not. Start goes to C1 2/3 and to C2 1/3; C1 goes to C2 1/2 and
    # to nothing 1/2; C2 goes to C3; C3 converts 1/2. P = (2/3 * 1/2 + 1/3) * 1/2 = 1/3. Without C1: 1/6, effect 1/2.
    # Without C2 or C3 nothing converts, effect 1.
    paths = [_journey("abc"), _journey("a", converted=False), _journey("bc", converted=False)]
    assert attribution.removal_effects(paths) == {"a": Fraction(1, 2), "b": Fraction(1), "c": Fraction(1)}


PATHS = st.lists(
    st.builds(
        lambda path, converted, value: _journey(path, converted=converted, value=value),
        st.text("abcd", min_size=1, max_size=5),
        st.booleans(),
        st.integers(0, 10_000),
    ),
    max_size=8,
)


@given(PATHS)
def test_markov_agrees_with_the_absorbing_chain_solved_in_floating_point(paths: list[Journey]) -> None:
    # Kemeny and Snell, Finite Markov Chains: absorption B = (I - Q)^-1 R. Steps are counted here independently.
    channels = sorted({c for j in paths for c in j.channels})
    effects = attribution.removal_effects(paths)

    def conversion(kept: list[str]) -> float:
        states = ["start", *kept]
        q, r = np.zeros((len(states), len(states))), np.zeros(len(states))
        for row, here in enumerate(states):
            out = []
            for journey in paths:
                path = ["start", *journey.channels, "won" if journey.converted else "lost"]
                out += [path[i + 1] for i in range(len(path) - 1) if path[i] == here]
            for there in out:
                if there in kept:
                    q[row, states.index(there)] += 1 / len(out)
                elif there == "won":
                    r[row] += 1 / len(out)
        return float(np.linalg.solve(np.eye(len(states)) - q, r)[0])

    base = conversion(channels) if paths else 0.0
    for channel in channels:
        expected = 1 - conversion([c for c in channels if c != channel]) / base if base else 0.0
        assert float(effects[channel]) == pytest.approx(expected, abs=1e-9)


@given(PATHS, st.booleans())
def test_under_every_model_the_credits_add_up(paths: list[Journey], value: bool) -> None:
    total = sum(j.value_cents if value else 1 for j in paths if j.converted)
    for model in (
        attribution.first,
        attribution.last,
        attribution.linear,
        attribution.position,
        attribution.time_decay,
    ):
        credit = attribution.per_journey(paths, model, value=value)
        assert sum(credit.values()) == total
        assert sum(attribution.rounded(credit, 10, Fraction(total)).values()) == total
    assert sum(attribution.markov(paths, value=value).values()) in (total, 0)


def test_position_and_decay_on_a_worked_journey() -> None:
    # Google Analytics, position-based model: 40 % first, 40 % last, 20 % between; time decay: half-life seven days.
    assert attribution.position(_journey("abcd")) == {
        "a": Fraction(2, 5),
        "b": Fraction(1, 10),
        "c": Fraction(1, 10),
        "d": Fraction(2, 5),
    }
    assert attribution.position(_journey("ab")) == {"a": Fraction(1, 2), "b": Fraction(1, 2)}
    assert attribution.position(_journey("a")) == {"a": Fraction(1)}
    week = Journey((Touch("a", START), Touch("b", START + timedelta(days=14))), converted=True)
    assert attribution.time_decay(week) == {"a": Fraction(1, 5), "b": Fraction(4, 5)}


def test_direct_is_skipped_by_last_non_direct_only() -> None:
    direct = frozenset("d")
    assert attribution.last(_journey("ad")) == {"d": Fraction(1)}
    assert attribution.last_non_direct(_journey("add"), direct) == {"a": Fraction(1)}
    assert attribution.last_non_direct(_journey("dd"), direct) == {"d": Fraction(1)}


def _touch(visitor: str, day: int, channel: str, **more: object) -> dict[str, object]:
    return {
        "visitor_id": visitor,
        "at": START + timedelta(days=day),
        "channel_id": channel,
        "is_conversion": False,
        "booking_id": None,
        "value_cents": None,
        **more,
    }


TOUCHES = [
    _touch("v1", 0, "organic"),
    _touch("v1", 2, "direct", is_conversion=True, value_cents=90_00),
    _touch("v1", 5, "email", is_conversion=True, booking_id="B"),
    _touch("v1", 9, "email"),
    _touch("v2", 1, "organic"),
]


def test_a_journey_ends_with_its_conversion() -> None:
    sold = {"booking_id": "B", "status": "confirmed", "gross_cents": 50_00, "discount_cents": 5_00}
    booking = typed("booking", [sold])
    run = context("2026-05-01", touchpoint=typed("touchpoint", TOUCHES), booking=booking)
    assert [(j.channels, j.converted, j.value_cents) for j in journeys(run)] == [
        (("organic", "direct"), True, 9000),
        (("email",), True, 4500),
        (("email",), False, 0),
        (("organic",), False, 0),
    ]
    assert fact(run, "marketing", "attribution_conversions").value == 2
    assert fact(run, "marketing", "attribution_value").value == 13500
    linear = {
        f.dimensions["channel"]: f.value
        for f in facts_of(run, "marketing", "attribution_conversions")
        if f.dimensions.get("model") == "linear"
    }
    assert linear == {"organic": Decimal("0.5"), "direct": Decimal("0.5"), "email": 1}


def test_without_conversions_every_credit_is_zero_and_said() -> None:
    seen = [{**TOUCHES[0], "is_conversion": False, "booking_id": None, "value_cents": None}]
    run = context("2026-05-01", touchpoint=typed("touchpoint", seen, tuple(TOUCHES[0])))
    total = fact(run, "marketing", "attribution_conversions")
    assert (total.value, total.reason) == (0, "no conversion is recorded")
    assert fact(without(run, "touchpoint"), "marketing", "attribution_conversions").status == "not_evaluable"


def test_visits_that_no_one_recorded_are_not_visits_of_no_one() -> None:
    run = context("2026-05-01", touchpoint=typed("touchpoint", [], tuple(TOUCHES[0])))
    for metric_id in ("attribution_conversions", "attribution_value", "channel_visits"):
        found = fact(run, "marketing", metric_id)
        assert (found.value, found.status) == (None, "not_evaluable")


def test_a_conversion_without_a_value_is_not_worth_nothing() -> None:
    unvalued = [{**touch, "booking_id": None, "value_cents": None} for touch in TOUCHES]
    run = context("2026-05-01", touchpoint=typed("touchpoint", unvalued))
    assert fact(run, "marketing", "attribution_conversions").value == 2
    worth = fact(run, "marketing", "attribution_value")
    assert (worth.value, worth.status) == (None, "not_evaluable")
    sold = {"booking_id": "B", "status": "completed", "gross_cents": 50_00, "discount_cents": 5_00}
    known = typed("booking", [sold])
    one = context(
        "2026-05-01", touchpoint=typed("touchpoint", [{**t, "value_cents": None} for t in TOUCHES]), booking=known
    )
    found = fact(one, "marketing", "attribution_value")
    assert (found.value, found.reason) == (4500, "1 of 2 conversions state no value")
