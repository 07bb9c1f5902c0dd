"""Charts: proportions, and words that stand neither on each other nor beyond the edge, read from the finished SVG."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Tone
from executive_suite.rendering.charts import Drawing, Due, Event, Level, Path, Point, Since, Stage, Step, lettering
from executive_suite.rendering.charts.sheet import spread
from executive_suite.rendering.charts.svg import Style
from executive_suite.rendering.glyphs import spelled
from executive_suite.rendering.typesetter import STACK, compiler, literal
from picture_words import SVG, faults, layouts, marks_outside

_NASTY = (
    "",
    " ",
    "\u682a\u5f0f\u4f1a\u793e\u9f8d\u9b5a\u8239\u8236\u5de5\u696d\u6a2a\u6d5c\u652f\u5e97",
    "\u0634\u0631\u0643\u0629 \u0627\u0644\u064a\u062e\u0648\u062a \u0627\u0644\u0630\u0647\u0628\u064a\u0629",
    "\u202e\u05d9\u05d0\u05db\u05d8\u05d4 \u05d6\u05d4\u05d1",
    '\U0001f6a4\U0001f6a4\U0001f6a4 tours <&> "charters"',
    "Donaudampfschifffahrtselektrizit\u00e4tenhauptbetriebswerkbauunterbeamtengesellschaft",
    "A name of a business that goes on and on, as lawyers like them, LLC, in liquidation, Delaware",
    "WWWWWWWWWWWW",
)
_words = st.sampled_from(_NASTY) | st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=50)
_numbers = st.sampled_from((0, 1, -1, 10**15, -(10**15))) | st.integers(-(10**9), 10**9)
_styles: st.SearchStrategy[Style] = st.sampled_from(("actual", "prior", "plan", "forecast"))
_tones: st.SearchStrategy[Tone] = st.sampled_from(("act", "watch", "fine", "neutral"))
_points = st.lists(st.builds(Point, _words, _numbers, _words, _styles, _tones), min_size=1, max_size=26)
_levels = st.lists(st.builds(Level, _numbers, _words), max_size=5)


def _check(drawing: Drawing) -> None:
    for svg in layouts(drawing):
        assert not faults(svg)
        assert not marks_outside(svg)


@given(_points, _levels, _words)
def test_words_of_columns_keep_clear(points: list[Point], levels: list[Level], words: str) -> None:
    _check(charts.columns(points, levels=levels, since=Since(0, words), tall=True))


@given(_points)
def test_words_of_bars_keep_clear(points: list[Point]) -> None:
    _check(charts.bars(points))


@given(_points, st.lists(_words, min_size=1, max_size=9), _levels, st.lists(st.tuples(_numbers, _numbers), max_size=3))
def test_words_of_lines_keep_clear(
    points: list[Point], names: list[str], levels: list[Level], band: list[tuple[int, int]]
) -> None:
    _check(charts.lines([(name, points) for name in names], levels=levels, band=band[: len(points)]))


@given(st.lists(st.tuples(_words, st.integers(-400, 400), _words), min_size=1, max_size=15), _words)
def test_words_of_timelines_keep_clear(rows: list[tuple[str, int, str]], today: str) -> None:
    _check(charts.timeline(rows, days=90, today=today, tall=True))


@given(
    st.lists(
        st.builds(Step, _words, _numbers, _words, st.sampled_from(("total", "change")), _styles, _tones), min_size=1
    )
)
def test_words_of_waterfalls_keep_clear(steps: list[Step]) -> None:
    _check(charts.waterfall(steps))


@given(st.lists(st.builds(Stage, _words, _numbers, _words, _words, st.none() | _numbers, _words, _tones), min_size=1))
def test_words_of_funnels_keep_clear(stages: list[Stage]) -> None:
    _check(charts.funnel(stages))


@given(
    st.lists(st.builds(Due, st.integers(-40, 500) | st.just(30), _words, _words, _tones), min_size=1, max_size=40),
    st.lists(st.tuples(st.integers(-40, 400), _words), max_size=14).map(sorted),
)
@example([Due(30, "Permits", f"{at} ends on the same day as all others", "act") for at in range(24)], [])
def test_words_of_calendars_keep_clear(items: list[Due], ticks: list[tuple[int, str]]) -> None:
    _check(charts.calendar(items, days=365, ticks=ticks))


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=12))
def test_each_step_of_a_waterfall_begins_where_the_one_before_ends(changes: list[int]) -> None:
    steps = [Step("start", 500_000, "", "total"), *(Step(f"{at}", value, "") for at, value in enumerate(changes))]
    steps.append(Step("end", 500_000 + sum(changes), "", "total"))
    for svg in layouts(charts.waterfall(steps)):
        bars, ties = _bars(svg), _xs(svg, "tie")
        assert len(ties) == len(bars) - 1
        for tie, before, after in zip(ties, bars, bars[1:], strict=False):
            assert min(abs(tie - edge) for edge in before) < 0.11
            assert min(abs(tie - edge) for edge in after) < 0.11


def _xs(svg: str, css: str) -> list[float]:
    return [float(x.attrib["x1"]) for x in ET.fromstring(svg).iter(f"{SVG}line") if x.attrib["class"] == css]


_dated = st.builds(
    Path,
    known=st.lists(_numbers, min_size=1, max_size=8).map(
        lambda values: [(30 * (at - len(values) + 1), value) for at, value in enumerate(values)]
    ),
    ahead=st.lists(_numbers, min_size=1, max_size=26).map(
        lambda values: [(7 * (at + 1), value) for at, value in enumerate(values)]
    ),
    levels=_levels,
    ticks=st.lists(st.tuples(st.integers(-200, 180), _words), max_size=12).map(sorted),
    events=st.lists(st.builds(Event, st.integers(0, 180) | st.just(30), _words, st.booleans()), max_size=24),
    now=_words,
    end=_words,
    gone=st.none() | st.integers(1, 180),
)


@given(_dated)
@example(
    Path([(0, 5)], [(100, -5)], events=[Event(30, f"{at} happens on the same day", at % 2 > 0) for at in range(24)])
)
@example(
    Path([(0, 5)], [(100, 90)], events=[Event(at, f"{at} happens a day later each", at % 2 > 0) for at in range(24)])
)
def test_words_of_dated_events_keep_clear_and_none_is_lost(path: Path) -> None:
    drawing = charts.dated(path)
    _check(drawing)
    for svg in layouts(drawing):
        days = {event.day for event in path.events if event.day <= path.ahead[-1][0]}
        assert svg.count('r="4.5"') >= min(len(days), 1 + len(days) // 2)


# Paper takes the tallest that fits: each has to be taller than the one before, and as wide.
def test_the_picture_of_page_one_is_drawn_ever_taller() -> None:
    months = [Point(f"m{month}", month, str(month)) for month in range(13)]
    path = Path([(-30, 100), (0, 90)], [(30, 50), (60, -10)], events=[Event(20, "A lease ends", when="May 20")])
    rows = [(f"contract {row}", 20 * row, "May 1") for row in range(4)]
    for drawing in (
        charts.columns(months, tall=True),
        charts.dated(path, tall=True),
        charts.timeline(rows, days=90, today="May 1", tall=True),
    ):
        sizes = [re.search(r'viewBox="0 0 (\d+) (\d+)"', svg) for svg in (drawing.wide, *drawing.taller)]
        wide, high = zip(*((int(size[1]), int(size[2])) for size in sizes if size), strict=True)
        assert (set(wide), len(high)) == ({760}, 6)
        assert all(before < after for before, after in pairwise(high))


@pytest.mark.parametrize("rising", [False, True])
def test_every_event_is_next_to_its_mark_with_all_of_its_words(rising: bool) -> None:
    texts = [
        "May 20: sails without insurance",
        "May 31: the lease ends",
        "Jun 1: lodging tax is due",
        "Aug 5: cash is gone",
    ]
    days = (19, 30, 31, 96)
    ahead = [(day, 400 + 4 * day if rising else 400 - 4 * day) for day in range(7, 120, 7)]
    path = Path([(-60, 500), (0, 400)], ahead, events=[Event(*one) for one in zip(days, texts, strict=True)])
    for svg in layouts(charts.dated(path)):
        words = " ".join(text.text or "" for text in ET.fromstring(svg).iter(f"{SVG}text"))
        assert all(word in words for text in texts for word in text.split())


def _heights(svg: str) -> list[float]:
    return [float(r.attrib["height"]) for r in ET.fromstring(svg).iter(f"{SVG}rect") if "x" in r.attrib]


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=24).filter(any))
def test_columns_start_at_zero(values: list[int]) -> None:
    for svg in layouts(charts.columns([Point(str(i), v, str(v)) for i, v in enumerate(values)])):
        heights = _heights(svg)
        largest = max(map(abs, values))
        scale = heights[[abs(v) for v in values].index(largest)] / largest
        for value, height in zip(values, heights, strict=True):
            assert height == pytest.approx(abs(value) * scale, abs=0.11)


def test_styles_of_what_is_planned_and_foreseen() -> None:
    for svg in layouts(charts.columns([Point("a", 1, "1", "plan"), Point("b", 1, "1", "forecast")])):
        plan, forecast = [r for r in ET.fromstring(svg).iter(f"{SVG}rect") if "x" in r.attrib]
        assert plan.attrib["fill"] == "none"
        assert forecast.attrib["fill"] == "url(#hatch)"


@given(st.lists(st.integers(1, 99), min_size=1, max_size=6), st.integers(1, 99))
def test_no_level_crosses_out_a_figure(values: list[int], level: int) -> None:
    points = [Point(f"m{i}", value, str(value)) for i, value in enumerate(values)]
    for svg in layouts(charts.columns(points, levels=[Level(level, "mean")])):
        tree = ET.fromstring(svg)
        (crossing,) = [float(x.attrib["y1"]) for x in tree.iter(f"{SVG}line") if x.attrib["class"] == "level"]
        figures = [float(t.attrib["y"]) for t in tree.iter(f"{SVG}text") if (t.text or "").isdigit()]
        # Digits stand between their baseline and about three quarters of their size above it.
        assert not [y for y in figures if y - 9 < crossing < y]


def test_what_came_of_a_plan_stands_inside_of_it() -> None:
    points = [Point("Apr", 100, "100", "plan"), Point("Apr", 60, "60"), Point("May", 80, "80", "plan")]
    for svg in layouts(charts.columns(points)):
        plan, actual, later = _bars(svg)
        assert plan[0] < actual[0] < actual[1] < plan[1]
        assert later[0] > plan[1]
        assert svg.count(">Apr<") == 1


def test_a_year_stands_next_to_the_year_before() -> None:
    points = [
        Point("Apr", 100, "", "prior"),
        Point("Apr", 60, "60"),
        Point("May", 90, "", "prior"),
        Point("May", 0, "0"),
    ]
    for svg in layouts(charts.columns(points)):
        before, now, _, _ = _bars(svg)
        assert before[1] == pytest.approx(now[0], abs=0.11)
        assert before[1] - before[0] < now[1] - now[0]


def _bars(svg: str) -> list[tuple[float, float]]:
    found = [r.attrib for r in ET.fromstring(svg).iter(f"{SVG}rect") if "x" in r.attrib]
    return [(float(r["x"]), float(r["x"]) + float(r["width"])) for r in found]


def test_of_many_values_the_first_the_last_and_the_extremes_are_written() -> None:
    values = [50, 40, 30, 99, 30, 20, 30, 11, 30, 40, 30, 40, 30, 40, 30, 40, 30, 40, 30, 40, 30, 40, 30, 60]
    points = [Point(f"{at}", value, f"${value},000") for at, value in enumerate(values)]
    for svg in layouts(charts.columns(points)):
        shown = {t.text for t in ET.fromstring(svg).iter(f"{SVG}text")}
        assert {"$50,000", "$60,000", "$99,000", "$11,000"} <= shown


@given(st.lists(st.floats(-50, 250), min_size=1, max_size=12))
def test_blocks_that_are_spread_do_not_overlap_and_keep_their_order(wanted: list[float]) -> None:
    placed = spread(wanted, [14.0] * len(wanted), 0, 200)
    order = sorted(range(len(wanted)), key=lambda at: (wanted[at], at))
    centers: Sequence[float] = [placed[at] for at in order]
    assert all(later - before >= 14 - 1e-6 for before, later in pairwise(centers))
    assert centers[0] >= 7 - 1e-6
    assert centers[-1] <= 193 + 1e-6


@pytest.mark.parametrize(
    "words", ["Cash runs out on Aug 5", "38.8 \u25b2", "JADA \u2212$4,225", "WAVE To. Ty", *_NASTY[2:]]
)
def test_no_words_are_wider_than_taken_for(words: str) -> None:
    """Measured by the typesetter, which sets paper and the pictures of mails."""
    shown = spelled(lettering.plain(words))
    page = "#set page(width: auto, height: auto, margin: 0pt)"
    source = f"{page}\n#set text(font: {STACK}, size: {lettering.SIZE}pt)\n#box({literal(shown)})"
    made = compiler().compile(input=source.encode(), format="svg")
    assert isinstance(made, bytes)
    assert float(ET.fromstring(made).attrib["width"].removesuffix("pt")) <= lettering.width(lettering.plain(words))
