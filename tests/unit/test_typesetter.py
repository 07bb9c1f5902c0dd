"""Paper and pictures come from locked fonts, whatever the machine has."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from executive_suite.rendering import charts, mail_html, typesetter
from executive_suite.rendering.charts import Point, svg
from executive_suite.rendering.render import TEMPLATES
from executive_suite.reports import pictures

_MARK = pictures.chart(
    "a", "Title", charts.columns([Point("Nov", 1, "1"), Point("Dez \u2713 \u05e9", -2, "\u22122")]), "words"
)


@pytest.mark.parametrize("family", ["Arial", "DejaVu Sans", "Liberation Sans", "Noto Sans"])
def test_fonts_of_the_machine_are_not_seen(family: str) -> None:
    source = f'#set text(font: "{family}")\nwords'
    _, warnings = typesetter.compiler().compile_with_warnings(input=source.encode(), format="svg")
    assert [warning.message for warning in warnings] == [f"unknown font family: {family.lower()}"]


def test_the_face_of_text_and_charts_is_there_in_every_style() -> None:
    source = f'#set text(font: "{typesetter.FACE}", fallback: false)\na _a_ *a* *_a_*'
    _, warnings = typesetter.compiler().compile_with_warnings(input=source.encode(), format="svg")
    assert warnings == []


@pytest.mark.parametrize("count", [0, 1, 3])
def test_each_chart_gives_one_picture_of_two_and_a_half_times_its_size(count: int) -> None:
    made = mail_html.pictures([_MARK] * count)
    # Width and height stand in bytes 16 to 24: PNG specification, 11.2.1 IHDR; narrow columns are 400 by 200 points.
    assert [struct.unpack(">II", part.body[16:24]) for part in made] == [(1000, 500)] * count


def test_the_same_chart_gives_the_same_bytes_alone_and_among_others() -> None:
    (alone,) = mail_html.pictures([_MARK])
    assert {part.body for part in mail_html.pictures([_MARK] * 3)} == {alone.body}


def test_pictures_drawn_side_by_side_have_the_same_bytes() -> None:
    (alone,) = mail_html.pictures([_MARK])
    with ThreadPoolExecutor(4) as threads:
        drawn = list(threads.map(lambda _: mail_html.pictures([_MARK] * 5), range(8)))
    assert {part.body for parts in drawn for part in parts} == {alone.body}


@pytest.mark.parametrize("words", ['"', "\\", '\\"', "\n", '" #panic("out") "', "#eval(1)"])
def test_a_literal_is_one_string(words: str) -> None:
    source = f"#assert.eq({typesetter.literal(words)}.len(), {len(words)})"
    assert typesetter.compiler().compile(input=source.encode(), format="svg")


def test_what_is_prepared_before_a_fork_starts_no_thread() -> None:
    # POSIX fork(): the child has the one thread that called it, so locks that others held are never let go.
    source = (
        "import os\n"
        "from executive_suite import config, folders, reports\n"
        "reports.prepare(config.load(folders.SHIPPED).report('cfo'))\n"
        "print(len(os.listdir('/proc/self/task')))"
    )
    paths = {"PYTHONPATH": os.pathsep.join(sys.path)}
    ran = subprocess.run(
        [sys.executable, "-c", source], env=paths, capture_output=True, text=True, timeout=60, check=True
    )
    assert ran.stdout == "1\n"


def test_a_picture_for_dark_screens_is_the_same_in_the_colors_of_the_dark_page() -> None:
    """page.css gives the same elements the same colors; nothing but colors differs."""
    dark = svg.darkened(_MARK.svg)
    assert re.sub("#[0-9a-f]{6}", "#", dark) == re.sub("#[0-9a-f]{6}", "#", _MARK.svg)
    styled = (TEMPLATES / "formats" / "page.css").read_text(encoding="utf-8")
    known = set(re.findall("#[0-9a-f]{6}", styled[styled.index("prefers-color-scheme") :]))
    assert set(re.findall("#[0-9a-f]{6}", dark)) <= known
    (light,), (night,) = mail_html.pictures([_MARK]), mail_html.dark_pictures([_MARK])
    assert light.body != night.body
    assert (night.name, night.content_id) == (f"{_MARK.chart_id}-dark.png", _MARK.dark_content_id)


def test_no_word_of_a_picture_is_taken_for_a_color() -> None:
    words = svg.text(0, 0, 'fill="#1f2933"', "start")
    assert "fill=&quot;#1f2933&quot;" in svg.darkened(words)
