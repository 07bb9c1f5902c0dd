"""Variants: a person stays in a group; a comparison has intervals, and names no winner by chance."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from executive_suite.mailing import variants_results as variants
from executive_suite.mailing.variants_plan import Arm, assign

ARMS = (Arm(name="a"), Arm(name="b"))


@given(st.text(min_size=1), st.text())
def test_a_person_stays_in_a_group(subject: str, experiment: str) -> None:
    first = assign("key", experiment, subject, ARMS).name
    assert first in {"a", "b"}
    assert assign("key", experiment, subject, ARMS).name == first


def test_groups_are_as_large_as_their_weights() -> None:
    """Of 8,000 people one in four: 2,000 expected, standard deviation sqrt(8000 * 1/4 * 3/4) = 38.7."""
    arms = (Arm(name="a", weight=1), Arm(name="b", weight=3))
    counted = Counter(assign("key", "subject line", f"person-{n}", arms).name for n in range(8000))
    assert abs(counted["a"] - 2000) < 4 * 38.7


def test_another_experiment_and_another_key_divide_anew() -> None:
    people = [f"person-{n}" for n in range(200)]
    groups = [
        [assign(key, experiment, person, ARMS).name for person in people]
        for key, experiment in (("key", "one"), ("key", "two"), ("other", "one"))
    ]
    assert groups[0] != groups[1]
    assert groups[0] != groups[2]


# Newcombe, Two-sided confidence intervals for the single proportion, Statist. Med. 17 (1998), table I, method 3
@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_is_as_published(successes: int, trials: int, low: float, high: float) -> None:
    interval = variants.wilson(successes, trials)
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


# Newcombe, Interval estimation for the difference ..., Statist. Med. 17 (1998), table II, method 10: p1 - p2
@pytest.mark.parametrize(
    ("one", "two", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 20), 0.6791, 1.0000),
    ],
)
def test_newcombe_is_as_published(one: tuple[int, int], two: tuple[int, int], low: float, high: float) -> None:
    interval = variants.newcombe(two, one)
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


trials = st.integers(1, 2000)


@given(st.data(), trials, trials)
def test_intervals_agree_with_statsmodels(data: st.DataObject, n1: int, n2: int) -> None:
    x1, x2 = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
    low, high = proportion_confint(x1, n1, method="wilson")
    interval = variants.wilson(x1, n1)
    assert (interval.low, interval.high) == (pytest.approx(low, abs=1e-9), pytest.approx(high, abs=1e-9))
    low, high = confint_proportions_2indep(x2, n2, x1, n1, method="newcomb", compare="diff")
    difference = variants.newcombe((x1, n1), (x2, n2))
    assert (difference.low, difference.high) == (pytest.approx(low, abs=1e-9), pytest.approx(high, abs=1e-9))


@given(st.data(), trials, trials)
def test_a_swap_turns_the_sign(data: st.DataObject, n1: int, n2: int) -> None:
    first = (data.draw(st.integers(0, n1)), n1)
    second = (data.draw(st.integers(0, n2)), n2)
    one, two = variants.newcombe(first, second), variants.newcombe(second, first)
    assert (one.low, one.high) == (pytest.approx(-two.high), pytest.approx(-two.low))


def test_more_successes_than_trials_are_refused() -> None:
    with pytest.raises(ValueError, match="3 successes of 2"):
        variants.wilson(3, 2)


def test_a_clear_difference_has_a_winner() -> None:
    found = variants.compare("clicked", ("a", 100, 1000), ("b", 200, 1000))
    assert (found.verdict, found.weak) == ("b", False)
    assert variants.compare("clicked", ("a", 200, 1000), ("b", 100, 1000)).verdict == "a"


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (("a", 0, 4), ("b", 4, 4), "the smaller group has 4 mails; 100 are needed"),
        (("a", 1, 1000), ("b", 60, 1000), "a group has 1 events of one kind"),
        (("a", 100, 1000), ("b", 105, 1000), "includes 0"),
        (("a", 0, 0), ("b", 5, 10), "a group has no mails"),
    ],
)
def test_small_numbers_and_small_differences_have_no_winner(
    first: tuple[str, int, int], second: tuple[str, int, int], reason: str
) -> None:
    found = variants.compare("clicked", first, second)
    assert found.verdict == "no winner"
    assert reason in found.reason


def test_opens_never_name_a_winner() -> None:
    found = variants.compare("opened", ("a", 100, 1000), ("b", 200, 1000))
    assert (found.verdict, found.weak) == ("no winner", True)
    assert "weak evidence" in found.reason
