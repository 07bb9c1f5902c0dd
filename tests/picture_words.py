"""Where the words of a picture stand, read from the finished SVG."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree as ET

from executive_suite.rendering.charts import Drawing, lettering

SVG = "{http://www.w3.org/2000/svg}"
_TOUCH = 0.2
"""Coordinates are written with one decimal."""
_HIGH, _DEEP = 9.3, 2.8
"""Points that letters reach above and under the baseline: Arial's tallest 0.716 and deepest 0.212 of the size of 13."""

Box = tuple[float, float, float, float, str]


def boxes(svg: str) -> list[Box]:
    """Left, top, right, bottom and words of each text of a picture."""
    found = []
    for text in ET.fromstring(svg).iter(f"{SVG}text"):
        words = text.text or ""
        wide = lettering.width(words)
        x, y = float(text.attrib["x"]), float(text.attrib["y"])
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[text.attrib["text-anchor"]]
        found.append((left, y - _HIGH, left + wide, y + _DEEP, words))
    return found


def faults(svg: str) -> list[str]:
    """Words that stand over each other or beyond the edge."""
    _, _, width, height = map(float, ET.fromstring(svg).attrib["viewBox"].split())
    found = boxes(svg)
    beyond = [
        f"{words!r} leaves the picture"
        for left, top, right, bottom, words in found
        if left < -_TOUCH or top < -_TOUCH or right > width + _TOUCH or bottom > height + _TOUCH
    ]
    over = [
        f"{one[4]!r} and {other[4]!r} collide"
        for one, other in combinations(found, 2)
        if one[0] < other[2] - _TOUCH
        and other[0] < one[2] - _TOUCH
        and one[1] < other[3] - _TOUCH
        and other[1] < one[3] - _TOUCH
    ]
    return beyond + over


def marks_outside(svg: str) -> list[str]:
    """Bars, lines and dots beyond the edge."""
    root = ET.fromstring(svg)
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    found = []
    for mark in root.iter():
        get = {name: float(value) for name, value in mark.attrib.items() if name in _PLACES}
        xs = [get[name] for name in ("x", "x1", "x2", "cx") if name in get]
        ys = [get[name] for name in ("y", "y1", "y2", "cy") if name in get]
        if mark.tag == f"{SVG}rect" and "x" in get:
            xs, ys = [*xs, get["x"] + get["width"]], [*ys, get["y"] + get["height"]]
        if any(not -1 <= x <= width + 1 for x in xs) or any(not -1 <= y <= height + 1 for y in ys):
            found.append(ET.tostring(mark, encoding="unicode"))
    return found


_PLACES = frozenset({"x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "width", "height"})


def layouts(drawing: Drawing) -> tuple[str, ...]:
    """The layouts of a drawing."""
    return drawing.wide, drawing.narrow, *drawing.taller
