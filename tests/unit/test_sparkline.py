"""Sparklines: what they mark, and that any values stay inside."""

from __future__ import annotations

import re
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.rendering import mail_html
from executive_suite.rendering.blocks import Chart
from executive_suite.rendering.sparkline import HIGH, WIDE, sparkline

_SVG = "{http://www.w3.org/2000/svg}"
_NUMBERS = st.integers(-(10**15), 10**15) | st.decimals(-(10**9), 10**9, places=2)


@given(st.lists(st.none() | _NUMBERS, max_size=20), st.none() | _NUMBERS)
def test_any_values_and_any_target_stay_inside(history: list[Decimal | int | None], aim: Decimal | int | None) -> None:
    drawn = sparkline(history, aim)
    known = [value for value in history[-13:] if value is not None]
    assert bool(drawn) == (len(known) > 1)
    if drawn:
        root = ET.fromstring(drawn)
        places = [(float(c.get("cx", "")), float(c.get("cy", ""))) for c in root.iter(f"{_SVG}circle")]
        for path in root.iter(f"{_SVG}path"):
            places += [(float(x), float(y)) for x, y in re.findall(r"([\d.-]+) ([\d.-]+)", path.get("d", ""))]
        assert all(0 <= x <= WIDE and 0 <= y <= HIGH for x, y in places)


@pytest.mark.parametrize(("count", "rings"), [(13, 1), (12, 0), (20, 1)])
def test_the_same_month_of_last_year_is_a_ring_if_there_is_one(count: int, rings: int) -> None:
    assert sparkline(list(range(count))).count('class="ring"') == rings


def test_a_higher_value_stands_higher_and_the_last_one_has_the_dot() -> None:
    places = re.findall(r"([\d.]+) ([\d.]+)", sparkline([1, 3, 2]).split('d="M')[1].split('"')[0])
    heights = [float(y) for _, y in places]
    assert heights[1] < heights[2] < heights[0]
    assert f'cx="{places[-1][0]}" cy="{places[-1][1]}"' in sparkline([1, 3, 2])


def test_the_typesetter_draws_it_for_mail() -> None:
    (part,) = mail_html.pictures([Chart("spark", "", sparkline([3, None, 1, 2], 2), "")])
    assert part.body.startswith(b"\x89PNG")
